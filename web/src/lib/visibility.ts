/** Which elements can be seen, or nearly: what happens outside the window needs no motion. */

const NEARLY = "25% 0%";
const seen = new WeakSet<Element>();
const observer =
  typeof IntersectionObserver === "undefined"
    ? null
    : new IntersectionObserver(
        (entries) => {
          for (const { target, isIntersecting } of entries) {
            if (isIntersecting) seen.add(target);
            else seen.delete(target);
          }
        },
        { rootMargin: NEARLY },
      );

/** Keep track of an element until the returned function is called. */
export function watchVisibility(element: Element): () => void {
  observer?.observe(element);
  return () => observer?.unobserve(element);
}

/** Whether an element that is kept track of was near the window when the page was last drawn. */
export const isVisible = (element: Element) => seen.has(element);

// As high as any row or step.
const MARGIN = 200;

/** Return what says whether something so many pixels below an element's top can be seen, or nearly. */
export function nearWindow(root: Element): (offset: number) => boolean {
  const { top } = root.getBoundingClientRect();
  return (offset) => top + offset > -MARGIN && top + offset < window.innerHeight + MARGIN;
}
