import { ApiError } from "@/api/client";
import { texts } from "@/texts";

/** Why the server did not do it, in its own words. */
export function FormFailure({ error }: { error: Error | null }) {
  if (!error) return null;
  const answered = error instanceof ApiError && error.status > 0;
  return (
    <div role="alert" className="rounded-md border-l-4 border-fall bg-raised px-3 py-2 text-sm">
      <p className="font-medium text-fall">{answered ? error.message : texts.failed.network}</p>
      {answered && error.requestId && (
        <p className="text-xs text-muted">{texts.failed.reference(error.requestId)}</p>
      )}
    </div>
  );
}

/** What the server says of single fields. */
export function fieldsOf(error: Error | null) {
  return error instanceof ApiError ? error.fields : {};
}
