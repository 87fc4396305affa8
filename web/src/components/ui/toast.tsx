import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";

type Say = (text: string) => void;

const ToastContext = createContext<Say>(() => {});
// Long enough to read two sentences.
const SHOWN_FOR = 6_000;

/** Lets whatever is inside say in a corner, and aloud, that something was done. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ text: string; at: number } | null>(null);
  const say = useCallback<Say>((text) => setSaid({ text, at: Date.now() }), []);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <ToastContext value={say}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-3 z-30 grid"
      >
        {said && (
          <p
            key={said.at}
            className="justify-self-center rounded-md border border-line bg-raised px-4 py-3 font-medium shadow-lg"
          >
            {said.text}
          </p>
        )}
      </div>
    </ToastContext>
  );
}

export function useToast(): Say {
  return useContext(ToastContext);
}
