/** The language of the texts, as two letters. */
export const LANGUAGE = "en";
