import { queryOptions } from "@tanstack/react-query";
import { api, done, read } from "@/api/client";
import type { components } from "@/api/schema";
import { OWN_KEY } from "@/session/me";

type Schemas = components["schemas"];
export type LinkRequest = Schemas["LinkRequestView"];
export type ApiKey = Schemas["ApiKeyView"];
export type ApiKeyMade = Schemas["ApiKeyMade"];
export type Session = Schemas["SessionView"];

export const sessionsQuery = queryOptions({
  queryKey: [...OWN_KEY, "sessions"],
  queryFn: () => read(api.GET("/api/auth/sessions")),
});
export const keysQuery = queryOptions({
  queryKey: [...OWN_KEY, "keys"],
  queryFn: () => read(api.GET("/api/users/me/api-keys")),
});
export const linkRequestsQuery = queryOptions({
  queryKey: [...OWN_KEY, "link-requests"],
  queryFn: () => read(api.GET("/api/account/link-requests")),
});
export const awardsQuery = queryOptions({
  queryKey: [...OWN_KEY, "awards"],
  queryFn: () => read(api.GET("/api/awards", { params: { query: { limit: 100 } } })),
});

export const editProfile = (body: Schemas["ProfileUpdate"], version: number) =>
  read(api.PATCH("/api/users/me", { body, params: { header: { "if-match": `"${version}"` } } }));
export const choosePrivacy = (privacy: Schemas["Privacy"]["privacy"]) =>
  read(api.PUT("/api/users/me/privacy", { body: { privacy } }));
export const confirmAge = (birthDate: string) => read(api.PUT("/api/users/me/age", { body: { birthDate } }));
export const changePassword = (body: Schemas["PasswordChange"]) =>
  read(api.POST("/api/auth/change-password", { body }));

export const endSession = (id: number) =>
  done(api.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id: id } } }));
export const endOtherSessions = () => done(api.DELETE("/api/auth/sessions"));

export const makeKey = (body: Schemas["ApiKeyCreate"]) => read(api.POST("/api/users/me/api-keys", { body }));
export const revokeKey = (id: number) =>
  done(api.DELETE("/api/users/me/api-keys/{key_id}", { params: { path: { key_id: id } } }));

export const askForLink = (body: Schemas["LinkRequestCreate"]) =>
  read(api.POST("/api/account/link-requests", { body }));
export const withdrawRequest = (id: number) =>
  done(api.DELETE("/api/account/link-requests/{request_id}", { params: { path: { request_id: id } } }));
export const askForSignature = (id: number) =>
  read(
    api.POST("/api/account/link-requests/{request_id}/signature", { params: { path: { request_id: id } } }),
  );
export const unlink = () => done(api.DELETE("/api/account/link"));

export const beginTotp = () => read(api.POST("/api/auth/totp"));
export const confirmTotp = (code: string) => read(api.POST("/api/auth/totp/confirm", { body: { code } }));
export const newRecoveryCodes = (code: string) =>
  read(api.POST("/api/auth/totp/recovery-codes", { body: { code } }));
export const disableTotp = (body: Schemas["SecondFactorGivenUp"]) =>
  done(api.POST("/api/auth/totp/disable", { body }));

export const excludeMyself = (until: string | null) =>
  read(api.POST("/api/users/me/self-exclusion", { body: until === null ? {} : { until } }));
export const eraseMe = () => done(api.DELETE("/api/users/me"));
