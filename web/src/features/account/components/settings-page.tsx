import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageSkeleton } from "@/components/layout/page-states";
import { PageTitle } from "@/components/layout/page-title";
import { Form } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { BUTTON, QUIET_BUTTON } from "@/components/ui/states";
import { leave, useMe } from "@/session/me";
import { texts } from "@/texts";
import { logout, resendVerification } from "../api/signing-in";
import { AwardsSection } from "./awards-section";
import { KeysSection } from "./keys-section";
import { DataSection, ErasureSection, ExclusionSection } from "./leaving-sections";
import { LinkSection } from "./link-section";
import { PasswordSection } from "./password-section";
import { AgeSection, PrivacySection, ProfileSection } from "./profile-section";
import { SessionsSection } from "./sessions-section";
import { TotpSection } from "./totp-section";

/** All that somebody can do with his own account. */
export function SettingsPage() {
  const cache = useQueryClient();
  const me = useMe();
  const words = texts.account.settings;
  if (me === undefined) return <PageSkeleton rows={8} />;
  if (me === null) {
    return (
      <>
        <PageTitle title={words.title} />
        <p>{words.signInFirst}</p>
        <Link to="/sign-in" search={{ to: "/settings" }} className={BUTTON}>
          {texts.user.signIn}
        </Link>
      </>
    );
  }
  const signOut = async () => {
    await logout();
    leave(cache);
  };
  return (
    <>
      <PageTitle title={words.title}>
        <button type="button" onClick={() => void signOut()} className={QUIET_BUTTON}>
          {words.signOut}
        </button>
      </PageTitle>
      {!me.emailVerified && (
        <div className="mb-4 grid justify-items-start gap-2">
          <Notice>{words.unverified}</Notice>
          <Form send={resendVerification} submit={words.resend} done={words.sent} />
        </div>
      )}
      <div className="gap-4 lg:columns-2">
        <ProfileSection me={me} />
        <LinkSection me={me} />
        <AwardsSection />
        <PrivacySection me={me} />
        <PasswordSection me={me} />
        <TotpSection me={me} />
        <SessionsSection />
        <KeysSection me={me} />
        <AgeSection me={me} />
        <DataSection />
        <ExclusionSection me={me} />
        <ErasureSection />
      </div>
    </>
  );
}
