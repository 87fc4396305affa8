import { useSearch } from "@tanstack/react-router";
import { FairnessPage } from "@/features/fairness/components/fairness-page";

export function FairnessRoute() {
  const { race } = useSearch({ from: "/fairness" });
  return <FairnessPage race={race} />;
}
