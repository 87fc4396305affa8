import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { signedOut } from "@/session/me";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";

export function SignOut() {
  const cache = useQueryClient();
  const out = useAct({
    call: (_: undefined, headers) => api.POST("/api/auth/logout", { headers }),
    done: () => signedOut(cache),
  });
  return (
    <button
      type="button"
      onClick={() => out.mutate()}
      disabled={out.isPending}
      className="min-h-11 rounded-md px-3 text-sm font-medium hover:bg-raised"
    >
      {adminTexts.signOut}
    </button>
  );
}
