import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/ui/panel";
import { EmptyState, LINK } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { awardsQuery } from "../awards/get-awards";
import { Totals } from "../awards/totals";
import { Loaded } from "../shared/loaded";

const text = adminTexts.awards;

/** What all races together owe, and have paid. */
export function MoneyOwed() {
  const awards = useQuery(awardsQuery({}));
  return (
    <Panel
      id="owed"
      title={text.owed}
      aside={
        <Link to="/admin/awards" className={`${LINK} py-2 text-sm`}>
          {text.all}
        </Link>
      }
    >
      <Loaded query={awards} rows={2}>
        {({ totals }) =>
          totals.some(({ awards: many }) => many > 0) ? (
            <div className="px-4 pb-4">
              <Totals totals={totals} />
            </div>
          ) : (
            <EmptyState {...text.none} />
          )
        }
      </Loaded>
    </Panel>
  );
}
