export interface Heading {
  id: string;
  title: string;
}

/** The second-level headings of a page's HTML that can be linked to, as text. */
export function headings(html: string): Heading[] {
  const page = new DOMParser().parseFromString(html, "text/html");
  return [...page.querySelectorAll("h2[id]")].map(({ id, textContent }) => ({
    id,
    title: textContent ?? "",
  }));
}
