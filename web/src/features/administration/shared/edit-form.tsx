import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { adminTexts } from "@/texts/en/admin";
import { Conflict } from "./conflict";
import { DraftForm } from "./draft-form";
import type { Edit } from "./use-edit";

interface EditFormProps<Name extends string, Body> {
  form: Edit<Name>;
  names: Readonly<Record<Name, string>>;
  /** What was changed; null while it cannot be sent. */
  body: Body | null;
  save: UseMutationResult<unknown, Error, { body: Body; tag: string }>;
  close: () => void;
  above?: ReactNode;
  children: ReactNode;
}

/** A form over something that others may edit too: what they changed is shown, and whoever saw it may go on. */
export function EditForm<Name extends string, Body>({
  form,
  names,
  body,
  save,
  close,
  above,
  children,
}: EditFormProps<Name, Body>) {
  const isOutdated = form.changes.length > 0;
  const send = () => {
    if (body) save.mutate({ body, tag: form.tag }, { onError: (error) => void form.refused(error) });
  };
  return (
    <DraftForm
      act={save}
      isReady={body !== null && form.touched.length > 0}
      button={isOutdated ? adminTexts.conflict.save : adminTexts.save}
      send={send}
      close={close}
      above={
        <>
          {above}
          {isOutdated && <Conflict changes={form.changes} names={names} take={form.type} />}
        </>
      }
      saysFailure={!isOutdated}
    >
      {children}
    </DraftForm>
  );
}
