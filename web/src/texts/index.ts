import { setLocale } from "@/lib/formats";
import { texts as english } from "./en";

/**
 * The texts in the reader's language. English is part of the program, any other language is fetched.
 * Whoever reads a text reads it when it is shown: a constant of a module would stay in English.
 */

/** What each language has to say: all of it, or it does not compile. */
export type Texts = Said<typeof english>;

type Said<Of> = Of extends string
  ? string
  : Of extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof Of]: Said<Of[Key]> };

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const LOCALES: Record<Language, string> = { en: "en-US", de: "de-DE" };
const FETCHED: Record<Exclude<Language, "en">, () => Promise<{ texts: Texts }>> = {
  de: () => import("./de"),
};

export let texts: Texts = english;
export let language: Language = "en";

/** Let everything that is shown from now on be in this language; before the first page is drawn. */
export async function speak(wanted: Language): Promise<void> {
  texts = wanted === "en" ? english : (await FETCHED[wanted]()).texts;
  language = wanted;
  setLocale(LOCALES[wanted]);
  document.documentElement.lang = wanted;
}
