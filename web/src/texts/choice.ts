import { LANGUAGES, type Language, speak } from "./index";

const KEY = "language";

export function isLanguage(text: string | null): text is Language {
  return text !== null && Object.hasOwn(LANGUAGES, text);
}

/** The language that the reader chose here; else the first of his browser's that we have. */
export function ownLanguage(): Language {
  const chosen = stored();
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((each) => each.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

/** Remember a language, and show everything in it. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Storage may be forbidden; then the browser's language is what counts.
    return;
  }
  window.location.reload();
}

/** Speak a language, or English if it cannot be fetched: words in another language are better than none. */
export async function speakIfPossible(language: Language): Promise<void> {
  await speak(language).catch(() => speak("en"));
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
