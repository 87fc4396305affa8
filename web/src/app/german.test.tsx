import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderSite } from "@/testing/render-site";
import { speak } from "@/texts";
import { texts as english } from "@/texts/en";

beforeEach(() => speak("de"));
afterEach(() => speak("en"));

const sentences = (said: object): string[] =>
  Object.values(said).flatMap((value) =>
    typeof value === "string" ? [value] : typeof value === "object" ? sentences(value) : [],
  );
/** Short words may be the same in both languages; whoever reads English finds these. */
const ENGLISH = sentences(english).filter((text) => text.split(" ").length > 2);

test.each([
  ["/", "Preistopf"],
  ["/leaderboard", "Rangliste"],
  ["/races", "Vergangene Rennen"],
  ["/races/7", "Nächste Plätze"],
  ["/players/12", "Verlauf"],
  ["/tiers", "Stufen"],
  ["/fairness", "Einen Beweis prüfen"],
  ["/help", "Sprich mit jemandem"],
  ["/sign-in", "Anmelden"],
  ["/register", "Konto anlegen"],
  ["/nothing/here", "Diese Seite gibt es nicht"],
])("%s speaks German and no English", async (address, german) => {
  renderSite(address);

  await screen.findAllByText(german);
  await screen.findByText("Werbung");
  const shown = document.body.textContent ?? "";
  expect(ENGLISH.filter((text) => shown.includes(text))).toEqual([]);
});
