import type { PageView, SiteNotices, TierList } from "@/api/types";
import { AS_OF } from "./examples";

/** Made-up answers about the site itself. */

export function notices(change: Partial<SiteNotices> = {}): SiteNotices {
  return {
    minimumAge: 18,
    adLabel: null,
    helpLines: [
      { country: "GB", name: "National line", phone: "0808", url: "https://gb.example" },
      { country: null, name: "Anywhere", phone: null, url: "https://all.example" },
      { country: "AT", name: "Hilfe", phone: "01 23", url: null },
    ],
    ...change,
  };
}

export function aPage(change: Partial<PageView> = {}): PageView {
  const html =
    '<p>See <a href="/fairness">the proof</a>.</p><h2 id="who">Who</h2><h2 id="what">What</h2>' +
    '<h2 id="places">Places &amp; <em>prizes</em></h2>';
  return { name: "rules", title: "Our rules", html, lang: "en", ...change };
}

export function tiers(): TierList {
  const bronze = {
    name: "bronze",
    displayName: "Bronze",
    minWager: 0,
    color: "#CD7F32",
    players: 3,
  } as const;
  const silver = {
    name: "silver",
    displayName: "Silver",
    minWager: 10_000,
    color: "#C0C0C0",
    players: 1,
  } as const;
  return {
    tiers: [
      { ...bronze, benefits: ["Entry to monthly races"] },
      { ...silver, benefits: ["Priority customer support"] },
    ],
    asOf: AS_OF,
    version: 41,
  };
}
