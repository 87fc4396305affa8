import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, read } from "@/api/client";
import { PageTitle } from "@/components/layout/page-title";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/states";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { QUIET } from "../shared/buttons";
import { KEYS } from "../shared/keys";
import { Loaded } from "../shared/loaded";
import { ActDialog } from "../shared/reason-dialog";
import { Time } from "../shared/time";
import type { ApiKey } from "../shared/types";
import { MakeKey } from "./make-key";

const text = adminTexts.keys;
const keysQuery = queryOptions({
  queryKey: KEYS.keys,
  queryFn: () => read(api.GET("/api/admin/api-keys")),
});

const COLUMNS: Column<ApiKey>[] = [
  { title: text.name, cell: ({ name, hint }) => `${name} (${hint}…)` },
  {
    title: text.owner,
    cell: ({ userId }) => (
      <Link to="/admin/users/$id" params={{ id: String(userId) }} className="hover:underline">
        {text.user(userId)}
      </Link>
    ),
  },
  { title: text.scopes, cell: ({ scopes }) => scopes.join(", ") },
  { title: text.lastUsed, cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  { title: text.ends, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  { title: adminTexts.acts, cell: (key) => <Revoke apiKey={key} /> },
];

/** Everybody's keys: who has one, what it opens, when it was last used. */
export function KeysPage() {
  const keys = useQuery(keysQuery);
  return (
    <>
      <PageTitle title={text.title}>
        <MakeKey />
      </PageTitle>
      <section className="overflow-clip rounded-lg border border-line bg-panel">
        <Loaded query={keys}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState {...text.none} />
            ) : (
              <DataTable label={text.title} rows={data} keyOf={({ id }) => id} columns={COLUMNS} />
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const [isOpen, setOpen] = useState(false);
  const revoke = useAct({
    call: (_: undefined, headers) =>
      api.DELETE("/api/admin/api-keys/{key_id}", { params: { path: { key_id: apiKey.id } }, headers }),
    touches: [KEYS.keys],
    said: text.saidRevoked(apiKey.name),
    done: () => setOpen(false),
  });
  return (
    <>
      <button type="button" className={QUIET} onClick={() => setOpen(true)}>
        {text.revoke}
      </button>
      {isOpen && (
        <ActDialog
          title={text.revoke}
          says={text.revokeSays(apiKey.name)}
          button={text.revoke}
          danger
          close={() => setOpen(false)}
          send={() => revoke.mutate()}
          act={revoke}
        />
      )}
    </>
  );
}
