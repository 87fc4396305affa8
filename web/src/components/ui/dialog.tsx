import { type ReactNode, useEffect, useId, useRef } from "react";
import { texts } from "@/texts";

interface DialogProps {
  title: string;
  close: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog, open while it is mounted: it keeps the focus, and Escape closes it. */
export function Dialog({ title, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        // It is unmounted by whoever opened it.
        event.preventDefault();
        close();
      }}
      className="m-auto max-h-[90dvh] w-[min(34rem,calc(100vw-1.5rem))] overflow-y-auto rounded-lg border border-line bg-panel p-0 text-ink backdrop:bg-black/60"
    >
      <div className="flex items-start justify-between gap-3 px-4 pt-3">
        <h2 id={id} className="pt-2 font-display text-2xl leading-tight font-bold">
          {title}
        </h2>
        <button
          type="button"
          aria-label={texts.close}
          onClick={close}
          className="grid size-11 shrink-0 place-items-center rounded-md text-xl hover:bg-raised"
        >
          <span aria-hidden="true">×</span>
        </button>
      </div>
      <div className="grid gap-4 px-4 pt-2 pb-4">{children}</div>
    </dialog>
  );
}
