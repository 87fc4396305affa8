import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { ProofForm } from "@/components/layout/proof-form";
import { Dialog } from "@/components/ui/dialog";
import { texts } from "@/texts";

/** Asks for the password once more; whether it was given. */
type Prove = () => Promise<boolean>;

const ProofContext = createContext<Prove>(async () => false);

export function useProve(): Prove {
  return useContext(ProofContext);
}

/** Lets what is inside ask for the password in a dialog, and go on where it was. */
export function ProofProvider({ children }: { children: ReactNode }) {
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
      {isOpen && <ProofDialog end={end} />}
    </ProofContext>
  );
}

function ProofDialog({ end }: { end: (proved: boolean) => void }) {
  return (
    <Dialog title={texts.account.signIn.title} close={() => end(false)}>
      <ProofForm proved={() => end(true)} />
    </Dialog>
  );
}
