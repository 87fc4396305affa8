import type { HelpLine } from "@/api/types";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { inOrder, ownCountry, useSiteNotices } from "@/hooks/use-site-notices";
import { country } from "@/lib/format";
import { texts } from "@/texts";

// Read when it is shown: the language comes after this file.
const said = () => texts.info.help;

/** Where there is help, the reader's own country first. */
export function HelpLines() {
  const notices = useSiteNotices();
  if (!notices) return null;
  const own = ownCountry();
  return (
    <div className="mt-8 max-w-3xl">
      <Panel id="help-lines" title={said().title}>
        <p className="px-4 pb-3 text-muted">{said().text}</p>
        <table aria-labelledby="help-lines" className="w-full text-left">
          <thead className="border-y border-line text-sm text-muted">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium">
                {said().country}
              </th>
              <th scope="col" className="px-4 py-2 font-medium">
                {said().contact}
              </th>
            </tr>
          </thead>
          <tbody>
            {inOrder(notices.helpLines, own, country).map((line) => (
              <tr
                key={`${line.country} ${line.name}`}
                className={`border-b border-line last:border-0 ${line.country === own ? "bg-raised" : ""}`}
              >
                <th scope="row" className="px-4 py-1 align-top leading-10 font-medium">
                  {line.country ? country(line.country) : said().everywhere}
                </th>
                <td className="px-4 py-1">
                  <Contact line={line} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  );
}

/** The help line of the reader's country, before everything else. */
export function NearestHelp() {
  const own = ownCountry();
  const near = useSiteNotices()?.helpLines.filter((line) => line.country === own) ?? [];
  if (own === null || near.length === 0) return null;
  return (
    <aside
      aria-label={said().title}
      className="mb-6 max-w-prose rounded-lg border-2 border-accent bg-panel px-4 py-2"
    >
      <p className="text-sm text-muted">{said().near(country(own))}</p>
      {near.map((line) => (
        <Contact key={line.name} line={line} />
      ))}
    </aside>
  );
}

function Contact({ line: { name, phone, url } }: { line: HelpLine }) {
  return (
    <p className="flex flex-wrap gap-x-4">
      {url ? (
        <a href={url} rel="noopener noreferrer" className={`${LINK} py-2`}>
          {name}
        </a>
      ) : (
        <span className="py-2">{name}</span>
      )}
      {phone && (
        <a
          href={`tel:${phone.replace(/[^+\d]/g, "")}`}
          className={`${LINK} py-2 whitespace-nowrap tabular-nums`}
        >
          {phone}
        </a>
      )}
    </p>
  );
}
