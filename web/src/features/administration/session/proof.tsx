import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { adminTexts } from "@/texts/en-admin";
import { meQuery } from "./me";
import { SignInForm } from "./sign-in-form";

/** Asks for the password once more; whether it was given. */
type Prove = () => Promise<boolean>;

const ProofContext = createContext<Prove>(async () => false);

export function useProve(): Prove {
  return useContext(ProofContext);
}

/** Lets what is inside ask for the password in a dialog, and go on where it was. */
export function ProofProvider({ children }: { children: ReactNode }) {
  const { data: me } = useQuery(meQuery);
  const [isOpen, setOpen] = useState(false);
  const answer = useRef<(proved: boolean) => void>(undefined);
  const prove = useCallback<Prove>(() => {
    answer.current?.(false);
    setOpen(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const end = (proved: boolean) => {
    setOpen(false);
    answer.current?.(proved);
  };
  return (
    <ProofContext value={prove}>
      {children}
      {isOpen && (
        <Dialog title={adminTexts.session.again} close={() => end(false)}>
          <p className="text-sm text-muted">{adminTexts.session.whyAgain}</p>
          <SignInForm username={me?.user.username} done={() => end(true)} />
        </Dialog>
      )}
    </ProofContext>
  );
}
