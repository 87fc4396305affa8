/** Of how many fields an emblem is wide and high; its right half mirrors the left. */
export const FIELDS = 5;
const HALF = Math.ceil(FIELDS / 2);

/** Which fields of somebody's emblem are filled: always the same for the same text. */
export function emblemOf(text: string): { x: number; y: number }[] {
  let bits = hash(text);
  const filled: { x: number; y: number }[] = [];
  for (let y = 0; y < FIELDS; y += 1) {
    for (let x = 0; x < HALF; x += 1) {
      if (bits & 1) {
        filled.push({ x, y });
        if (x !== FIELDS - 1 - x) filled.push({ x: FIELDS - 1 - x, y });
      }
      bits >>>= 1;
    }
  }
  // One that came out empty would be no emblem.
  return filled.length > 0 ? filled : [{ x: HALF - 1, y: HALF - 1 }];
}

/** FNV-1a with a last stir, so that names that differ in one letter look different. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const letter of text) bits = Math.imul(bits ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (bits ^ (bits >>> 13)) >>> 0;
}
