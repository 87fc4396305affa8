import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { linksQuery } from "../links/get-links";
import { Loaded } from "../shared/loaded";

const text = adminTexts.links;

/** How many wait to be linked. */
export function WaitingLinks() {
  const queue = useQuery(linksQuery({ status: "pending" }));
  return (
    <Panel id="waiting" title={text.title}>
      <Loaded query={queue} rows={1}>
        {({ pagination }) => (
          <p className="flex flex-wrap items-center gap-4 px-4 pb-4">
            <span>{text.waiting(count(pagination.total))}</span>
            <Link to="/admin/links" className={`${LINK} py-2 text-sm`}>
              {text.open}
            </Link>
          </p>
        )}
      </Loaded>
    </Panel>
  );
}
