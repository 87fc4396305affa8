import { drawSite } from "./site";
import { isLanguage, ownLanguage, speakIfPossible } from "./texts/choice";
import "./styles/app.css";

async function draw(root: HTMLElement): Promise<void> {
  // An overlay and a frame on another site (public/early.js) are pages apart, made of the same parts.
  if (document.documentElement.dataset.frame) {
    const asked = new URLSearchParams(window.location.search).get("lang");
    await speakIfPossible(isLanguage(asked) ? asked : ownLanguage());
    const { drawFrame } = await import("./frame");
    drawFrame(root);
  } else {
    await speakIfPossible(ownLanguage());
    drawSite(root);
  }
}

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
// Not awaited here: no part of the program could be shared with one that still waits for itself.
void draw(root);
