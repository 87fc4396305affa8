import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError, api, read } from "@/api/client";
import { TextField } from "@/components/ui/field";
import { adminTexts } from "@/texts/en-admin";
import { ACT } from "../shared/buttons";
import { FormFailure } from "../shared/form-failure";
import { meQuery } from "./me";

interface SignInFormProps {
  /** Whose password is asked for; without one he says it himself. */
  username?: string | undefined;
  done?: () => void;
}

const text = adminTexts.session;

/** Name, password, and a code once the server asks for one. */
export function SignInForm({ username, done }: SignInFormProps) {
  const cache = useQueryClient();
  const [login, setLogin] = useState(username ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const enter = useMutation({
    mutationFn: () =>
      read(api.POST("/api/auth/login", { body: { login, password, totp: code.trim() || null } })),
    onSuccess: (me) => {
      cache.setQueryData(meQuery.queryKey, me);
      done?.();
    },
  });
  const asksForCode =
    enter.error instanceof ApiError && ["totp_required", "wrong_totp"].includes(enter.error.code);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField
        name="login"
        label={text.login}
        value={login}
        change={setLogin}
        autoComplete="username"
        disabled={username !== undefined}
        required
      />
      <TextField
        name="password"
        label={text.password}
        type="password"
        value={password}
        change={setPassword}
        autoComplete="current-password"
        required
      />
      {(asksForCode || code !== "") && (
        <TextField
          name="totp"
          label={text.code}
          value={code}
          change={setCode}
          autoComplete="one-time-code"
          required
        />
      )}
      <FormFailure error={enter.error} />
      <button type="submit" disabled={enter.isPending} className={`${ACT} justify-self-start`}>
        {text.signIn}
      </button>
    </form>
  );
}
