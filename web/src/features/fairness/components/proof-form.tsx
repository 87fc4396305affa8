import { type DragEvent, type FormEvent, useId, useRef, useState } from "react";
import { BUTTON, QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";

interface ProofFormProps {
  busy: boolean;
  complaint: string | null;
  takeFiles: (files: File[]) => void;
  takeText: (text: string) => void;
}

// Read when it is shown: the language comes after this file.
const said = () => texts.info.fairness.verifier;

/** Where a proof comes in: dropped, chosen, pasted, or by the address of its race. */
export function ProofForm({ busy, complaint, takeFiles, takeText }: ProofFormProps) {
  const [text, setText] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    takeText(text);
  };
  return (
    <form onSubmit={submit} aria-busy={busy} className="grid gap-4 p-4">
      <DropZone takeFiles={takeFiles} />
      <div>
        <label htmlFor={id} className="mb-1 block text-sm font-medium">
          {said().paste}
        </label>
        <textarea
          id={id}
          value={text}
          rows={3}
          required
          spellCheck={false}
          autoCapitalize="off"
          aria-invalid={complaint !== null}
          aria-describedby={`${id}-complaint`}
          onChange={(event) => setText(event.target.value)}
          className="block w-full rounded-md border border-line bg-page p-3 font-mono text-sm"
        />
      </div>
      <p id={`${id}-complaint`} role="alert" className="font-medium text-fall empty:hidden">
        {complaint}
      </p>
      <p>
        <button type="submit" disabled={busy} className={`${BUTTON} mt-0 disabled:opacity-60`}>
          {busy ? said().checking : said().check}
        </button>
      </p>
    </form>
  );
}

function DropZone({ takeFiles }: { takeFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length > 0) takeFiles([...event.dataTransfer.files]);
  };
  const hover = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button does the same
    <div
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`grid justify-items-center gap-3 rounded-lg border-2 border-dashed px-4 py-8 text-center ${over ? "border-accent bg-raised" : "border-line"}`}
    >
      <p>{said().drop}</p>
      <button type="button" className={QUIET_BUTTON} onClick={() => input.current?.click()}>
        {said().choose}
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        aria-label={said().choose}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          takeFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </div>
  );
}
