import { texts } from "@/texts";

/** A page's heading while there is nothing to name it after: it loads, or failed to. */
export function HiddenTitle({ title }: { title: string }) {
  return (
    <>
      <title>{texts.title(title)}</title>
      <h1 className="sr-only">{title}</h1>
    </>
  );
}
