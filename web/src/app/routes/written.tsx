import { HelpLines, NearestHelp } from "@/features/pages/components/help-lines";
import { WrittenPage } from "@/features/pages/components/written-page";

export const HowItWorksRoute = () => <WrittenPage name="how-it-works" />;
export const RulesRoute = () => <WrittenPage name="rules" />;
export const TermsRoute = () => <WrittenPage name="terms" />;
export const PrivacyRoute = () => <WrittenPage name="privacy" />;

export const HelpRoute = () => (
  <WrittenPage name="help" first={<NearestHelp />}>
    <HelpLines />
  </WrittenPage>
);
