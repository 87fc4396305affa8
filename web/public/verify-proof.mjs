/*
 * Checks the proofs of GoatedVIPs' races from their files alone: no network, no dependency, one file.
 *
 *   with Node.js   node verify-proof.mjs FILE...        several files of one chain in any order
 *   in a page      import { check } from "/verify-proof.mjs"
 *   in a worker    new Worker("/verify-proof.mjs", { type: "module" }), post what `check` takes
 *
 * The format and the rules are docs/proof.md, section by section in the same order as here. It finds what
 * `goatedvips verify proof` finds, under the same codes, and is tested with the same files.
 *
 * Money never becomes a float: wagers are BigInts of 10⁻⁸ dollars, prizes BigInts of cents.
 */

const FORMAT = "goatedvips-race-proof/1";
const COLUMNS = ["commitment", "baseline", "total", "reachedRun", "position", "prize", "excluded"];
const [COMMITMENT, BASELINE, TOTAL, REACHED, POSITION, PRIZE, EXCLUDED] = COLUMNS.keys();
const OUT = 1;
const FORFEITED = 2;
const MOST_UNITS = 2n ** 63n - 1n;
const MOST_PLACES = 10_000;
/** How many rows are named for one reason; the rest are counted. */
const MOST_NAMED = 20;

/** What is checked, in this order, and the codes of what can be wrong there. */
export const STEPS = {
  form: ["not_json", "format", "shape", "duplicate_member", "not_canonical"],
  hash: ["hash"],
  openings: ["openings", "opening", "commitment_twice", "uid_twice"],
  window: ["columns", "previous", "instant", "boundaries", "reached"],
  positions: ["amount", "forfeited", "position"],
  prizes: ["rules", "prize"],
  awards: ["award"],
  totals: ["totals"],
};

/** Check files of the shape `{ name, bytes }`, each by itself and all beside each other. */
export function check(files) {
  const checked = files.map(({ name, bytes }) => ({ name, ...verify(bytes) }));
  const chain = link(checked);
  const holds = checked.every((file) => file.holds) && chain.findings.length === 0;
  return { holds, files: checked.map(({ proof: _, ...file }) => file), chain };
}

/** Check one file. `findings` are faults, `notes` are none; a step that could not be done is `null`. */
export function verify(bytes) {
  const findings = [];
  const notes = [];
  const file = read(bytes, findings);
  if (file === null) return verdict(findings, notes, { undone: Object.keys(STEPS).slice(1) });
  const { proof, openings } = file;
  const sha256 = hex(hash(utf8(canonical(proof))));
  if (file.sha256 !== sha256) {
    say(findings, "hash", `The file says that the proof's SHA-256 is ${file.sha256}, but it is ${sha256}.`);
  }
  checkOpenings(openings, proof.standings, findings, notes);
  checkWindow(proof, findings, notes);
  const undone = recount(proof, findings);
  const { race, version, previous, standings, awards } = proof;
  return verdict(findings, notes, {
    undone,
    sha256,
    proof,
    about: {
      raceId: race.id,
      name: race.name,
      seriesId: race.seriesId,
      version,
      previous,
      participants: standings.length,
      ranked: standings.filter((row) => row[POSITION] !== null).length,
      awards: awards.length,
      erased: openings.filter((opening) => opening === null).length,
      winners: awards.slice(0, MOST_NAMED).map(({ place, prize, standing }) => {
        return { place, prize, name: openings[standing]?.[2] ?? null };
      }),
    },
  });
}

function verdict(findings, notes, { undone, sha256 = null, proof = null, about = null }) {
  const steps = Object.entries(STEPS).map(([step, codes]) => {
    const wrong = findings.filter(({ code }) => codes.includes(code));
    return { step, held: wrong.length > 0 ? false : undone.includes(step) ? null : true, findings: wrong };
  });
  return { holds: findings.length === 0, steps, findings, notes, sha256, about, proof };
}

function say(list, code, text) {
  list.push({ code, text });
}

/** Say what is wrong with each of these, up to `MOST_NAMED`, and how many more there are. */
function sayEach(list, code, wrong, text) {
  for (const each of wrong.slice(0, MOST_NAMED)) say(list, code, text(each));
  const more = wrong.length - MOST_NAMED;
  if (more > 0) say(list, code, `${more} more are wrong in the same way.`);
}

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

const rowsWhere = (rows, test) => rows.flatMap((row, index) => (test(row, index) ? [index] : []));

// ---- The file ------------------------------------------------------------------------------------------

const NUMBER = whole(1);
const COUNT = whole(0);
const PLACE = whole(1, 2 ** 31 - 1);
const INSTANT = written(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "an instant");
const HASH = written(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
const WAGER = written(/^(0|[1-9]\d{0,10})\.\d{8}$/, "dollars with eight decimals");
const SUM = written(/^(0|[1-9]\d{0,19})\.\d{8}$/, "dollars with eight decimals");
const MONEY = written(/^(0|[1-9]\d{0,11})\.\d\d$/, "dollars with two decimals");
const TEXT = written(/^/, "text");
const BOUNDARY = members({ run: NUMBER, asOf: INSTANT, reportSha256: HASH });
const SHARE = { place: NUMBER, from: NUMBER, to: NUMBER, amount: TEXT, percent: TEXT };
const FILE = members({
  openings: list(orNull(row(written(/^[0-9a-f]{32}$/, "32 hexadecimal digits"), TEXT, TEXT))),
  sha256: HASH,
  proof: members({
    format: oneOf(FORMAT),
    race: members({
      id: NUMBER,
      name: TEXT,
      type: oneOf("daily", "weekly", "monthly", "special"),
      seriesId: orNull(NUMBER),
      startDate: INSTANT,
      endDate: INSTANT,
      timezone: TEXT,
    }),
    version: NUMBER,
    rules: members({
      prizePool: MONEY,
      prizes: list(members(SHARE, { optional: true })),
      tiePolicy: oneOf("first_to_reach", "shared"),
      rejectPolicy: oneOf("forfeit", "move_up"),
      minWager: WAGER,
    }),
    boundaries: members({ start: BOUNDARY, end: BOUNDARY }),
    settledAt: INSTANT,
    previous: orNull(HASH),
    columns: list(TEXT),
    standings: list(row(HASH, WAGER, WAGER, COUNT, orNull(PLACE), MONEY, whole(0, 2))),
    awards: list(members({ place: PLACE, prize: MONEY, standing: COUNT })),
    totals: members({ participants: COUNT, ranked: COUNT, wagered: SUM, prizes: MONEY }),
  }),
});

/** Return what the bytes say, or null if they are no proof; add what is wrong with their form. */
function read(bytes, findings) {
  let text;
  let said;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    said = parse(text);
  } catch (error) {
    say(findings, "not_json", `The file is not JSON: ${error.message}.`);
    return null;
  }
  const format = said.value?.proof?.format;
  if (typeof format === "string" && format !== FORMAT) {
    const known = `this program knows "${FORMAT}"`;
    say(findings, "format", `The proof's format is ${JSON.stringify(format.slice(0, 50))}; ${known}.`);
    return null;
  }
  const unlike = FILE(said.value, "");
  if (unlike !== null) {
    say(findings, "shape", `The file is not built like a proof: ${unlike}.`);
    return null;
  }
  if (said.repeated !== null) {
    say(findings, "duplicate_member", `An object has the member ${JSON.stringify(said.repeated)} twice.`);
  }
  if (canonical(said.value) !== text) {
    say(findings, "not_canonical", "The file is not canonical JSON (RFC 8785): it was written again.");
  }
  return said.value;
}

// A form is a function that says what is unlike it, or null.

function whole(least, most = Number.MAX_SAFE_INTEGER) {
  return (value, at) =>
    Number.isInteger(value) && value >= least && value <= most
      ? null
      : `${at} is no whole number from ${least} to ${most}`;
}

function written(pattern, what) {
  return (value, at) => (typeof value === "string" && pattern.test(value) ? null : `${at} is not ${what}`);
}

function oneOf(...values) {
  return (value, at) => (values.includes(value) ? null : `${at} is none of ${values.join(", ")}`);
}

function orNull(form) {
  return (value, at) => (value === null ? null : form(value, at));
}

function list(form) {
  return (value, at) =>
    Array.isArray(value) ? firstOf(value, (item, i) => form(item, `${at}[${i}]`)) : no(at);
}

function row(...forms) {
  return (value, at) =>
    Array.isArray(value) && value.length === forms.length
      ? firstOf(forms, (form, i) => form(value[i], `${at}[${i}]`))
      : `${at} is no array of ${forms.length}`;
}

function members(forms, { optional = false } = {}) {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return no(at);
    const inside = (name) => (at ? `${at}.${name}` : name);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(forms, name));
    if (unknown !== undefined) return `${inside(unknown)} does not belong there`;
    return firstOf(Object.entries(forms), ([name, form]) => {
      if (!Object.hasOwn(value, name)) return optional ? null : `${inside(name)} is missing`;
      return form(value[name], inside(name));
    });
  };
}

const no = (at) => `${at || "the whole"} is of another kind`;

function firstOf(items, complaint) {
  for (const [index, item] of items.entries()) {
    const said = complaint(item, index);
    if (said !== null) return said;
  }
  return null;
}

// ---- Canonical form ------------------------------------------------------------------------------------

/** Write a value as RFC 8785 wants it; this format has whole numbers only. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/**
 * Parse JSON. The built-in parser would take 1.0 for 1 and the last of two members with one name; here
 * the first is no whole number any more, and the second is told.
 */
function parse(text) {
  // Plain are all characters from the space on but " and \.
  const string = /"[ !#-[\]-\u{10FFFF}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10FFFF}]*)*"/uy;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
  const space = /[ \t\n\r]*/y;
  let at = 0;
  let repeated = null;

  function take(pattern) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw new SyntaxError(`what stands at character ${at} does not belong there`);
    at += found.length;
    return found;
  }
  function takeText() {
    const meant = JSON.parse(take(string));
    if (/\p{Surrogate}/u.test(meant)) throw new SyntaxError(`half a character stands before character ${at}`);
    return meant;
  }
  function skip(letter) {
    take(space);
    if (text[at] !== letter) return false;
    at += 1;
    take(space);
    return true;
  }
  function need(letter) {
    if (!skip(letter)) throw new SyntaxError(`a ${letter} is missing at character ${at}`);
  }
  function items(close, item) {
    if (skip(close)) return;
    do item();
    while (skip(","));
    need(close);
  }
  function object() {
    const made = {};
    items("}", () => {
      const name = takeText();
      need(":");
      if (Object.hasOwn(made, name)) repeated = name;
      // Not an assignment: that would lose a member named __proto__.
      Object.defineProperty(made, name, {
        value: value(),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    });
    return made;
  }
  function array() {
    const made = [];
    items("]", () => made.push(value()));
    return made;
  }
  function value() {
    if (skip("{")) return object();
    if (skip("[")) return array();
    if (text[at] === '"') return takeText();
    for (const [word, meant] of [
      ["null", null],
      ["true", true],
      ["false", false],
    ]) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return meant;
    }
    const token = take(number);
    return /^-?\d+$/.test(token) ? Number(token) : Number.NaN;
  }

  const all = value();
  take(space);
  if (at < text.length) throw new SyntaxError(`something follows it at character ${at}`);
  return { value: all, repeated };
}

// ---- Commitments ---------------------------------------------------------------------------------------

function checkOpenings(openings, standings, findings, notes) {
  if (openings.length !== standings.length) {
    const counted = `There are ${openings.length} openings for ${standings.length} standings`;
    say(findings, "openings", `${counted}; each standing has one, or null.`);
  }
  const both = openings.slice(0, standings.length);
  const shut = rowsWhere(
    both,
    (opening, n) => opening && commitment(...opening) !== standings[n][COMMITMENT],
  );
  sayEach(findings, "opening", shut, (n) => `standing ${n}: the name or uid does not open its commitment.`);
  checkTwice(
    "commitment",
    standings.map((standing) => standing[COMMITMENT]),
    findings,
  );
  checkTwice(
    "uid",
    openings.map((opening) => opening?.[1]),
    findings,
  );
  const erased = openings.filter((opening) => opening === null).length;
  if (erased > 0) {
    const text = `${erased} of the standings cannot be opened, since their people were erased`;
    say(notes, "erased", `${text}: the names are not checked, all else is.`);
  }
}

/** SHA-256( salt ‖ len(uid) ‖ uid ‖ len(username) ‖ username ), with each `len` as four bytes. */
function commitment(salt, uid, username) {
  const parts = [unhex(salt)];
  for (const text of [uid, username].map(utf8)) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, text.length);
    parts.push(length, text);
  }
  return hex(hash(joined(parts)));
}

function checkTwice(what, values, findings) {
  const first = new Map();
  const again = rowsWhere(values, (value, n) => {
    if (value === undefined) return false;
    if (!first.has(value)) first.set(value, n);
    return first.get(value) !== n;
  });
  const other = (n) => first.get(values[n]);
  sayEach(
    findings,
    `${what}_twice`,
    again,
    (n) => `standing ${n}: its ${what} is also that of standing ${other(n)}.`,
  );
}

// ---- Boundaries ----------------------------------------------------------------------------------------

function checkWindow(proof, findings, notes) {
  const { race, settledAt, columns, version, previous, standings } = proof;
  const { start, end } = proof.boundaries;
  if (canonical(columns) !== canonical(COLUMNS))
    say(findings, "columns", `The columns are not ${COLUMNS.join(", ")}.`);
  if (version > 1 && previous === null) {
    say(findings, "previous", "A correction follows the proof that it corrects, but this one names none.");
  }
  const instants = [race.startDate, race.endDate, start.asOf, end.asOf, settledAt];
  sayEach(
    findings,
    "instant",
    instants.filter((each) => !isReal(each)),
    (each) => `${each} is no moment that ever was.`,
  );
  // All instants are written alike and in UTC, so that their text has their order.
  const wrong = (is, text) => is && say(findings, "boundaries", text);
  wrong(race.endDate <= race.startDate, "The race ends before it starts.");
  wrong(end.run < start.run || end.asOf < start.asOf, "The end's report is from before the start's.");
  wrong(
    end.run === start.run && canonical(end) !== canonical(start),
    "The boundaries are one run, but not one report.",
  );
  wrong(settledAt < race.endDate || settledAt < end.asOf, "The race was settled before it could be.");
  const late = rowsWhere(standings, (standing) => standing[REACHED] > end.run);
  sayEach(findings, "reached", late, (n) => `standing ${n}: its total was reached after the end boundary.`);
  if (start.asOf < race.startDate) {
    const text = "The race before this one was settled on the last report before its end";
    say(notes, "started_early", `${text}, so this one counts from there: ${start.asOf}.`);
  }
  if (end.asOf < race.endDate) {
    const text = "An administrator settled the race on the last report before its end";
    say(notes, "settled_early", `${text}: what was wagered after ${end.asOf} does not count.`);
  }
}

function isReal(instant) {
  const date = new Date(instant);
  return !instant.startsWith("0000") && !Number.isNaN(date.getTime()) && date.toISOString() === instant;
}

// ---- The rules -----------------------------------------------------------------------------------------

/** Rank, pay and add up the standings once more; return the steps that could not be done. */
function recount(proof, findings) {
  const { rules, standings, version } = proof;
  const held = standings.map((standing) => [units(standing[BASELINE]), units(standing[TOTAL])]);
  const beyond = rowsWhere(held, ([baseline, total]) => baseline > MOST_UNITS || total > MOST_UNITS);
  sayEach(findings, "amount", beyond, (n) => `standing ${n}: nobody can have wagered so much.`);
  if (beyond.length > 0) return ["prizes", "awards", "totals"];
  if (version === 1 || rules.rejectPolicy === "move_up") {
    const why = version === 1 ? "by the settlement itself" : "where those behind move up";
    const marked = rowsWhere(standings, (standing) => standing[EXCLUDED] === FORFEITED);
    sayEach(findings, "forfeited", marked, (n) => `standing ${n}: no place is forfeited ${why}.`);
  }
  const amounts = held.map(([baseline, total]) => (total > baseline ? total - baseline : 0n));
  const { order, positions } = rank(rules, standings, amounts);
  const keeps = (n) => standings[n][EXCLUDED] !== FORFEITED;
  differing(
    "position",
    (n) => standings[n][POSITION],
    (n) => (keeps(n) ? positions[n] : null),
    String,
  );
  const paid = places(rules, findings);
  if (paid !== null) {
    const due = award(order, positions, paid);
    differing(
      "prize",
      (n) => units(standings[n][PRIZE]),
      (n) => (keeps(n) ? due[n] : 0n),
      dollars,
    );
  }
  checkAwards(proof, findings);
  checkTotals(proof, amounts, findings);
  return paid === null ? ["prizes"] : [];

  function differing(what, said, due, written) {
    const wrong = rowsWhere(standings, (_, n) => said(n) !== due(n));
    const told = (value) => (value === null ? "none" : written(value));
    sayEach(findings, what, wrong, (n) => {
      return `standing ${n}: its ${what} is ${told(said(n))}, but by the rules ${told(due(n))}.`;
    });
  }
}

/** Return the rows that rank, best first, and everybody's position, or null. A forfeited place is still held. */
function rank({ minWager, tiePolicy }, standings, amounts) {
  const least = units(minWager);
  const order = rowsWhere(standings, (standing, n) => {
    return standing[EXCLUDED] !== OUT && amounts[n] > 0n && amounts[n] >= least;
  });
  const reached = (n) => standings[n][REACHED];
  order.sort((a, b) => {
    if (amounts[a] !== amounts[b]) return amounts[a] > amounts[b] ? -1 : 1;
    return reached(a) - reached(b) || a - b;
  });
  const positions = standings.map(() => null);
  for (const [index, n] of order.entries()) {
    const above = order[index - 1];
    const ties = tiePolicy === "shared" && above !== undefined && amounts[above] === amounts[n];
    positions[n] = ties ? positions[above] : index + 1;
  }
  return { order, positions };
}

/** A hundred-millionth of a cent: the finest percentage that can be written, of one cent. */
const WHOLE = 100_000_000n;

/** Return the cents of each place by largest remainder, or null if the table is none. */
function places(rules, findings) {
  const before = findings.length;
  const wrong = (text) => say(findings, "rules", text);
  const pool = units(rules.prizePool);
  const exact = [];
  if (pool <= 0n) wrong("The prize pool is 0.");
  if (rules.prizes.length === 0) wrong("The table pays no place.");
  for (const share of rules.prizes) readShare(share, pool, exact, wrong);
  const missing = exact.findIndex((prize) => !prize);
  if (missing >= 0) wrong(`Place ${missing + 1} pays nothing, though a later one does.`);
  if (findings.length > before) return null;
  const sum = exact.reduce((all, prize) => all + prize, 0n);
  if (sum > pool * WHOLE) {
    wrong("The table pays more than the pool.");
    return null;
  }
  const cents = exact.map((prize) => prize / WHOLE);
  const spare = sum / WHOLE - cents.reduce((all, prize) => all + prize, 0n);
  const rest = (place) => exact[place] % WHOLE;
  const byRest = [...exact.keys()].sort((a, b) => (rest(a) === rest(b) ? a - b : rest(a) > rest(b) ? -1 : 1));
  for (const place of byRest.slice(0, Number(spare))) cents[place] += 1n;
  return cents;
}

/** Put an entry's prize to each of its places, counted from 0. */
function readShare(share, pool, exact, wrong) {
  const written = JSON.stringify(share);
  const ranged = share.place === undefined;
  const [first, last] = ranged ? [share.from, share.to] : [share.place, share.place];
  if (
    ranged ? first === undefined || last === undefined : share.from !== undefined || share.to !== undefined
  ) {
    return wrong(`${written} names neither one place nor a range.`);
  }
  if (last < first || last > MOST_PLACES) return wrong(`${written} is for places that cannot be.`);
  const { amount, percent } = share;
  const known = /^\d{1,12}(\.\d{1,2})?$/.test(amount ?? "") ? scaled(amount, 2) * WHOLE : 0n;
  const prize = /^\d{1,3}(\.\d{1,6})?$/.test(percent ?? "") ? scaled(percent, 6) * pool : known;
  if ((amount === undefined) === (percent === undefined) || prize <= 0n) {
    return wrong(`${written} needs an amount or a percentage, more than 0.`);
  }
  for (let place = first; place <= last; place++) {
    if (exact[place - 1] !== undefined)
      return wrong(`${written} pays place ${place}, which is paid already.`);
    exact[place - 1] = prize;
  }
}

/** Return what each standing is owed: who share a position split what all their places pay. */
function award(order, positions, paid) {
  const prizes = positions.map(() => 0n);
  const groups = grouped(order, (n) => positions[n]);
  for (const [position, group] of groups) {
    let pot = 0n;
    for (let nth = 0; nth < group.length; nth++) pot += paid[position - 1 + nth] ?? 0n;
    const [each, odd] = [pot / BigInt(group.length), pot % BigInt(group.length)];
    // The cents that do not divide go to the first in the order of the file.
    for (const [nth, n] of group.toSorted((a, b) => a - b).entries())
      prizes[n] = each + (nth < odd ? 1n : 0n);
  }
  return prizes;
}

function checkAwards({ standings, awards }, findings) {
  const paid = rowsWhere(standings, (standing) => units(standing[PRIZE]) !== 0n);
  paid.sort((a, b) => standings[a][POSITION] - standings[b][POSITION] || a - b);
  const due = paid.map((n) => ({ place: standings[n][POSITION], prize: standings[n][PRIZE], standing: n }));
  const [said, owed] = [awards, due].map((those) => those.map(canonical));
  const [listed, right] = [new Set(said), new Set(owed)];
  const told = (text) => (entry) =>
    `The award of ${entry.prize} for place ${entry.place} to standing ${entry.standing} ${text}.`;
  sayEach(
    findings,
    "award",
    awards.filter((_, i) => !right.has(said[i])),
    told("is not what the standings say"),
  );
  sayEach(
    findings,
    "award",
    due.filter((_, i) => !listed.has(owed[i])),
    told("is missing"),
  );
  const same = said.every((entry) => right.has(entry)) && owed.every((entry) => listed.has(entry));
  if (same && said.join() !== owed.join()) {
    say(findings, "award", "The awards are not listed once each, by place and then by standing.");
  }
}

function checkTotals({ standings, totals }, amounts, findings) {
  const sum = (values) => values.reduce((all, value) => all + value, 0n);
  const due = {
    participants: standings.length,
    ranked: standings.filter((standing) => standing[POSITION] !== null).length,
    wagered: dollars(sum(amounts), 8),
    prizes: dollars(sum(standings.map((standing) => units(standing[PRIZE])))),
  };
  for (const [name, value] of Object.entries(due)) {
    if (totals[name] === value) continue;
    say(findings, "totals", `totals.${name} is ${totals[name]}, but the standings come to ${value}.`);
  }
}

/** Money in its smallest unit; its decimals are always all there. */
function units(money) {
  return BigInt(money.replace(".", ""));
}

function scaled(text, decimals) {
  const [integer, fraction = ""] = text.split(".");
  return BigInt(integer + fraction.padEnd(decimals, "0"));
}

function dollars(amount, decimals = 2) {
  const digits = String(amount).padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

// ---- Chain ---------------------------------------------------------------------------------------------

/** Check verdicts of `verify` beside each other; a proof whose previous is not among them is no fault. */
export function link(verdicts) {
  const findings = [];
  const notes = [];
  const proofs = new Map(verdicts.filter(({ proof }) => proof).map(({ sha256, proof }) => [sha256, proof]));
  const there = [...proofs.values()];
  for (const same of grouped(there, (proof) => `${proof.race.id}/${proof.version}`).values()) {
    if (same.length > 1)
      say(findings, "two_results", `${title(same[0])} has ${same.length} proofs that differ.`);
  }
  for (const same of grouped(there, (proof) => `${proof.race.seriesId}/${proof.previous}`).values()) {
    const names = same.map(title).join(" and ");
    if (same.length > 1)
      say(findings, "fork", `${names} each claim to follow the same proof: a chain has one there.`);
  }
  for (const proof of there) checkOrder(proof, proofs, findings);
  compareVersions(there, findings, notes);
  for (const proof of there) tellPrevious(proof, proofs.get(proof.previous), findings, notes);
  return { findings, notes };
}

const title = (proof) => `Version ${proof.version} of race ${proof.race.id}`;

function tellPrevious(proof, before, findings, notes) {
  if (proof.previous === null) {
    say(notes, "first", `${title(proof)} says that it is the first of its chain.`);
  } else if (!before) {
    const text = `${title(proof)} follows the proof ${proof.previous}, which is not among the files`;
    say(notes, "previous_missing", `${text}: that link cannot be checked without it.`);
  } else if (before.race.seriesId !== proof.race.seriesId) {
    say(findings, "series", `${title(proof)} follows a proof of another series; each has its own chain.`);
  } else {
    say(notes, "follows", `${title(proof)} follows ${title(before).toLowerCase()}.`);
  }
}

function checkOrder(proof, proofs, findings) {
  if (proof.previous === null) return;
  let oldest = proof;
  let before = proofs.get(oldest.previous);
  while (before && before.race.id !== proof.race.id) {
    oldest = before;
    before = proofs.get(oldest.previous);
  }
  if (before && before.version !== proof.version - 1) {
    const text = `${title(proof)} comes next after version ${before.version} in the chain`;
    say(findings, "version_order", `${text}, but versions go on from 1 by one.`);
  } else if (!before && oldest.previous === null && proof.version > 1) {
    const text = `${title(proof)} corrects version ${proof.version - 1}`;
    say(findings, "version_order", `${text}, which is nowhere before it in a chain that is complete.`);
  }
}

// ---- Corrections ---------------------------------------------------------------------------------------

function compareVersions(proofs, findings, notes) {
  for (const versions of grouped(proofs, (proof) => proof.race.id).values()) {
    const sorted = versions.toSorted((a, b) => a.version - b.version);
    for (const [index, proof] of sorted.entries()) {
      const before = sorted[index - 1];
      if (proof.version > 1 && before?.version !== proof.version - 1) {
        const text = `${title(proof)} corrects version ${proof.version - 1}, which is not among the files`;
        say(notes, "correction_unchecked", `${text}: what it changed cannot be checked without it.`);
      }
      // Two proofs of one version are a fault by themselves.
      if (before && before.version !== proof.version) compare(before, proof, findings, notes);
    }
  }
}

/** A correction excludes at least one standing more, and changes nothing else that counts. */
function compare(old, now, findings, notes) {
  const before = findings.length;
  const terms = ({ race, rules, boundaries }) => new Map(leaves({ race, rules, boundaries }, ""));
  const [was, is] = [terms(old), terms(now)];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => was.get(name) !== is.get(name),
  );
  sayEach(findings, "terms_changed", changed, (name) => {
    const told = (value) => value ?? "not there";
    return `${title(now)}: ${name} is ${told(is.get(name))}, but in version ${old.version} ${told(was.get(name))}.`;
  });
  if (now.settledAt < old.settledAt) {
    say(findings, "settled_before", `${title(now)} was settled before version ${old.version}.`);
  }
  const more = compareStandings(old, now, findings);
  if (findings.length === before) {
    const text = `${title(now)} is version ${old.version} with ${more} more excluded`;
    say(notes, "corrects", `${text}, and nothing else changed.`);
  }
}

/** Compare row by row; return how many more are excluded. */
function compareStandings(old, now, findings) {
  const rows = now.standings;
  if (old.standings.length !== rows.length) {
    const text = `${title(now)} has ${rows.length} standings, but version ${old.version} has ${old.standings.length}`;
    say(findings, "standings_changed", `${text}: a correction takes none away and adds none.`);
    return 0;
  }
  for (const column of [COMMITMENT, BASELINE, TOTAL, REACHED]) {
    const wrong = rowsWhere(rows, (standing, n) => standing[column] !== old.standings[n][column]);
    sayEach(findings, "standings_changed", wrong, (n) => {
      const [is, was] = [rows[n][column], old.standings[n][column]];
      return `${title(now)}, standing ${n}: its ${COLUMNS[column]} is ${is}, but in version ${old.version} ${was}.`;
    });
  }
  const due = old.rules.rejectPolicy === "move_up" ? OUT : FORFEITED;
  const differ = rowsWhere(rows, (standing, n) => standing[EXCLUDED] !== old.standings[n][EXCLUDED]);
  const isMore = (n) => old.standings[n][EXCLUDED] === 0 && rows[n][EXCLUDED] === due;
  sayEach(
    findings,
    "exclusion_changed",
    differ.filter((n) => !isMore(n)),
    (n) => {
      return `${title(now)}, standing ${n}: by the race's rules a correction only makes an excluded of 0 a ${due}.`;
    },
  );
  const more = differ.filter(isMore).length;
  if (more < now.version - old.version) {
    const text = `${title(now)} excludes ${more} more than version ${old.version}`;
    say(findings, "exclusion_missing", `${text}, but each correction excludes at least one.`);
  }
  return more;
}

function leaves(value, name) {
  if (typeof value !== "object" || value === null) return [[name, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([inner, each]) => leaves(each, name ? `${name}.${inner}` : inner));
}

// ---- Bytes and SHA-256 (FIPS 180-4) --------------------------------------------------------------------
// A browser has SHA-256 built in, but lets only pages use it that came over TLS.

const utf8 = (text) => new TextEncoder().encode(text);
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (bytes) => Array.from(bytes, (byte) => DIGITS[byte]).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The first 32 bits of the fractions of the roots of the first primes: square for the state, cubic for the rounds. */
const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && ![2, 3, 5, 7, 11, 13, 17].some((p) => n > p && n % p === 0),
);
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
const STATE = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(PRIMES.slice(0, 64), (prime) => fraction(Math.cbrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));
const WORDS = new Int32Array(64);

export function hash(message) {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = STATE.slice();
  for (let block = 0; block < padded.length; block += 64) mix(state, view, block);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of state.entries()) digest.setInt32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

function mix(state, view, block) {
  for (let i = 0; i < 16; i++) WORDS[i] = view.getInt32(block + i * 4);
  for (let i = 16; i < 64; i++) {
    const near = WORDS[i - 2];
    const far = WORDS[i - 15];
    const one = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    const other = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    WORDS[i] = one + WORDS[i - 7] + other + WORDS[i - 16];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const right = (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + h + ROUNDS[i] + WORDS[i];
    const left = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + right) | 0;
    d = c;
    c = b;
    b = a;
    a = (right + left) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word;
}

// ---- As a worker, and as a program ---------------------------------------------------------------------

if (typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope) {
  globalThis.onmessage = ({ data }) => globalThis.postMessage(check(data));
}

if (globalThis.process?.argv?.[1]?.endsWith("verify-proof.mjs")) {
  const { readFile } = await import("node:fs/promises");
  const names = process.argv.slice(2);
  const said = check(await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(name) }))));
  for (const { name, steps, notes, sha256 } of said.files) {
    console.log(`${name}\n  SHA-256 ${sha256 ?? "–"}`);
    for (const { step, held, findings } of steps) {
      console.log(`  ${held === null ? "–" : held ? "✓" : "✗"} ${step}`);
      for (const { text } of findings) console.log(`      ${text}`);
    }
    for (const { text } of notes) console.log(`  · ${text}`);
  }
  for (const { text } of said.chain.findings) console.log(`✗ ${text}`);
  for (const { text } of said.chain.notes) console.log(`· ${text}`);
  console.log(
    names.length === 0 ? "Usage: node verify-proof.mjs FILE..." : said.holds ? "All hold." : "Not all hold.",
  );
  process.exitCode = names.length > 0 && said.holds ? 0 : 1;
}
