import { BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";
import { PageTitle } from "./page-title";

/** Shown when a page throws, or when its code could not be fetched. */
export function Crash() {
  return (
    <div role="alert" className="py-10">
      <PageTitle title={texts.failed.title} />
      <p className="text-muted">{texts.failed.crash}</p>
      <button type="button" onClick={() => window.location.reload()} className={BUTTON}>
        {texts.failed.reload}
      </button>
    </div>
  );
}
