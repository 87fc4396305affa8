import { Link } from "@tanstack/react-router";
import { ownCountry, useSiteNotices } from "@/hooks/use-site-notices";
import { count } from "@/lib/format";
import { LANGUAGES, type Language, language, texts } from "@/texts";
import { chooseLanguage } from "@/texts/choice";

const LINKS = ["tiers", "how-it-works", "rules", "fairness", "help", "terms", "privacy"] as const;
const LINK = "inline-flex min-h-11 items-center px-2 text-ink hover:underline hover:underline-offset-4";
/** Until the server has said it; most laws ask for this or less. */
const USUAL_AGE = 18;

/** What every page tells: from what age on, that it is advertising, where there is help, and the small print. */
export function SiteFooter() {
  const notices = useSiteNotices();
  const own = ownCountry();
  const near = notices?.helpLines.find((line) => line.country === own && line.url);
  const age = count(notices?.minimumAge ?? USUAL_AGE);
  const said = texts.info.footer;
  return (
    <footer className="border-t border-line bg-panel px-3 py-6 text-sm text-muted sm:px-6">
      <div className="mx-auto grid max-w-7xl gap-4">
        <nav aria-label={said.label}>
          <ul className="-mx-2 flex flex-wrap gap-x-2">
            {LINKS.map((name) => (
              <li key={name}>
                <Link to={`/${name}`} className={LINK}>
                  {said.links[name]}
                </Link>
              </li>
            ))}
            <li>
              <a href="/docs" className={LINK}>
                {said.api}
              </a>
            </li>
          </ul>
        </nav>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <span
            role="img"
            aria-label={said.adultLong(age)}
            className="rounded-full border-2 border-current px-2 py-1 font-display text-lg leading-none font-bold text-ink"
          >
            {said.adult(age)}
          </span>
          <span className="rounded border border-line px-2 py-0.5 text-xs font-semibold tracking-wide uppercase">
            {notices?.adLabel ?? said.ad}
          </span>
          <p>{said.warning}</p>
          {near ? (
            <a href={near.url ?? undefined} rel="noopener noreferrer" className={LINK}>
              {said.helpNear(near.phone ? `${near.name}, ${near.phone}` : near.name)}
            </a>
          ) : (
            <Link to="/help" className={LINK}>
              {said.help}
            </Link>
          )}
        </div>
        <p>{texts.footer}</p>
        <Languages />
      </div>
    </footer>
  );
}

/** The languages that the site speaks, each under its own name. */
function Languages() {
  return (
    <ul aria-label={texts.info.footer.language} className="-mx-2 flex gap-x-2">
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <li key={code}>
          <button
            type="button"
            lang={code}
            aria-current={code === language}
            onClick={() => chooseLanguage(code as Language)}
            className={`${LINK} aria-[current=true]:font-semibold aria-[current=true]:underline`}
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
