import { afterEach, expect, test, vi } from "vitest";
import { count, date, money, percent } from "@/lib/format";
import { isLanguage, ownLanguage } from "./choice";
import { texts as german } from "./de";
import { texts as english } from "./en";
import { speak, texts } from "./index";

afterEach(() => speak("en"));

/** The address of every text, with how many values it takes. */
function keys(said: object, path = ""): string[] {
  return Object.entries(said).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "object") return keys(value, at);
    return [typeof value === "function" ? `${at}(${value.length})` : at];
  });
}

const sentences = (said: object): string[] =>
  Object.values(said).flatMap((value) =>
    typeof value === "string" ? [value] : typeof value === "object" ? sentences(value) : [],
  );

test("both languages say the same things", () => {
  const names = (all: string[]) => all.map((key) => key.replace(/\(\d\)$/, "")).sort();

  expect(names(keys(german))).toEqual(names(keys(english)));
});

test("no text takes more values in German than in English", () => {
  const asked = new Map(
    keys(english).map((key) => [key.replace(/\(\d\)$/, ""), Number(/\((\d)\)$/.exec(key)?.[1])]),
  );
  const beyond = keys(german).filter((key) => {
    const [, name = "", values] = /^(.*)\((\d)\)$/.exec(key) ?? [];
    return values !== undefined && Number(values) > (asked.get(name) ?? 0);
  });

  expect(beyond).toEqual([]);
});

test("long sentences are translated, not copied", () => {
  const ours = new Set(sentences(english));

  expect(sentences(german).filter((text) => text.split(" ").length > 3 && ours.has(text))).toEqual([]);
});

test("figures and dates follow the language", async () => {
  const figures = () => [money("1234.5"), count(12_345), percent(0.125), date("2026-11-05T12:00:00Z")];
  expect(figures()).toEqual(["$1,234.50", "12,345", "12.5%", "Nov 5, 2026"]);

  await speak("de");

  expect(figures().map((text) => text.replace(/\s/g, " "))).toEqual([
    "1.234,50 $",
    "12.345",
    "12,5 %",
    "5. Nov. 2026",
  ]);
  expect(texts.retry).toBe("Noch einmal");
  expect(document.documentElement.lang).toBe("de");
});

test.each([
  [["fr-FR", "de-AT", "en"], null, "de"],
  [["fr-FR"], null, "en"],
  [["de"], "en", "en"],
  [["en-GB"], "klingon", "en"],
])("a browser that speaks %j and chose %j is spoken to in %s", (spoken, chosen, expected) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(spoken);
  if (chosen) localStorage.setItem("language", chosen);

  expect(ownLanguage()).toBe(expected);
  localStorage.removeItem("language");
});

test("a language is one of ours", () => {
  expect([isLanguage("de"), isLanguage("toString"), isLanguage(null)]).toEqual([true, false, false]);
});
