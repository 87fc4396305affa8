import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { adminTexts } from "@/texts/en-admin";
import { meQuery } from "../session/me";
import { useAct } from "../session/use-act";

export function SignOut() {
  const cache = useQueryClient();
  const out = useAct({
    call: (_: undefined, headers) => api.POST("/api/auth/logout", { headers }),
    done: () => {
      // Nothing of what he saw stays with the next one at this screen.
      cache.clear();
      cache.setQueryData(meQuery.queryKey, null);
    },
  });
  return (
    <button
      type="button"
      onClick={() => out.mutate()}
      disabled={out.isPending}
      className="min-h-11 rounded-md px-3 text-sm font-medium hover:bg-raised"
    >
      {adminTexts.session.signOut}
    </button>
  );
}
