import { useState } from "react";
import { texts } from "@/texts";
import { QUIET_BUTTON } from "./states";

/** Hands the page's address to whatever the device shares with, or copies it where there is nothing. */
export function ShareButton({ title }: { title: string }) {
  const [said, setSaid] = useState("");
  const share = async () => {
    const url = window.location.href;
    if (typeof navigator.share === "function") {
      // Whoever closes the dialog has changed his mind, which is no failure.
      await navigator.share({ title, url }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      setSaid(texts.share.copied);
    } catch {
      setSaid(texts.share.failed);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void share()} className={QUIET_BUTTON}>
        {texts.share.share}
      </button>
      <span role="status" className="text-sm text-muted">
        {said}
      </span>
    </>
  );
}
