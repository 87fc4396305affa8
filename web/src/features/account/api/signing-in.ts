import { api, done, read } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export const login = (body: Schemas["Login"]) => read(api.POST("/api/auth/login", { body }));
export const register = (body: Schemas["Registration"]) => read(api.POST("/api/auth/register", { body }));
export const logout = () => done(api.POST("/api/auth/logout"));
export const verifyEmail = (token: string) => read(api.POST("/api/auth/verify-email", { body: { token } }));
export const resendVerification = () => read(api.POST("/api/auth/resend-verification"));
export const forgotPassword = (email: string) =>
  read(api.POST("/api/auth/forgot-password", { body: { email } }));
export const resetPassword = (body: Schemas["PasswordReset"]) =>
  read(api.POST("/api/auth/reset-password", { body }));
