import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { ForgotPasswordPage } from "@/features/account/components/forgot-password-page";
import { RegisterPage } from "@/features/account/components/register-page";
import { ResetPasswordPage } from "@/features/account/components/reset-password-page";
import { SettingsPage } from "@/features/account/components/settings-page";
import { SignInPage } from "@/features/account/components/sign-in-page";
import { VerifyEmailPage } from "@/features/account/components/verify-email-page";

export function SignInRoute() {
  const { to } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  return <SignInPage go={() => router.history.push(to)} />;
}

export function RegisterRoute() {
  const navigate = useNavigate();
  return <RegisterPage go={() => void navigate({ to: "/settings" })} />;
}

export function ResetPasswordRoute() {
  const navigate = useNavigate();
  return <ResetPasswordPage go={() => void navigate({ to: "/sign-in" })} />;
}

export {
  ForgotPasswordPage as ForgotPasswordRoute,
  SettingsPage as SettingsRoute,
  VerifyEmailPage as VerifyEmailRoute,
};
