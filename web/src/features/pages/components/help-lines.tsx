import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { inOrder, ownCountry, useSiteNotices } from "@/hooks/use-site-notices";
import { country } from "@/lib/format";
import { texts } from "@/texts/en";

const HEAD = "px-3 py-2 font-medium sm:px-4";
const CELL = "px-3 py-2 sm:px-4";

/** Where there is help, the reader's own country first. */
export function HelpLines() {
  const notices = useSiteNotices();
  if (!notices) return null;
  const own = ownCountry();
  return (
    <div className="mt-6 max-w-3xl">
      <Panel id="help-lines" title={texts.info.help.title}>
        <p className="px-4 pb-3 text-muted">{texts.info.help.text}</p>
        <table aria-labelledby="help-lines" className="w-full text-left">
          <thead className="border-y border-line text-sm text-muted">
            <tr>
              <th scope="col" className={HEAD}>
                {texts.info.help.country}
              </th>
              <th scope="col" className={HEAD}>
                {texts.info.help.name}
              </th>
              <th scope="col" className={HEAD}>
                {texts.info.help.phone}
              </th>
            </tr>
          </thead>
          <tbody>
            {inOrder(notices.helpLines, own, country).map((line) => (
              <tr
                key={`${line.country} ${line.name}`}
                className={`border-b border-line last:border-0 ${line.country === own ? "bg-raised font-semibold" : ""}`}
              >
                <th scope="row" className={`${CELL} font-[inherit]`}>
                  {line.country ? country(line.country) : texts.info.help.everywhere}
                </th>
                <td className={CELL}>
                  {line.url ? (
                    <a href={line.url} rel="noopener noreferrer" className={`${LINK} inline-block py-1.5`}>
                      {line.name}
                    </a>
                  ) : (
                    line.name
                  )}
                </td>
                <td className={`${CELL} tabular-nums`}>
                  {line.phone && (
                    <a
                      href={`tel:${line.phone.replace(/[^+\d]/g, "")}`}
                      className={`${LINK} inline-block py-1.5`}
                    >
                      {line.phone}
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  );
}
