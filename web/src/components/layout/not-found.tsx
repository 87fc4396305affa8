import { Link } from "@tanstack/react-router";
import { BUTTON, QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";
import { PageTitle } from "./page-title";

export function NotFound() {
  return (
    <div className="py-10">
      {/* The server answers every page's address alike; this keeps such a one out of search engines. */}
      <meta name="robots" content="noindex" />
      <PageTitle title={texts.notFound.title} />
      <p className="text-muted">{texts.notFound.text}</p>
      <p className="mt-4 flex flex-wrap items-end gap-3">
        <Link to="/" className={BUTTON}>
          {texts.notFound.home}
        </Link>
        <Link to="/leaderboard" className={QUIET_BUTTON}>
          {texts.notFound.leaderboard}
        </Link>
      </p>
    </div>
  );
}
