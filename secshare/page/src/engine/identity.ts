// The key on a card, as somebody typed, pasted or scanned it (secshare/opener/card.py does the same).

const DATA = 58; // symbols: 32 bytes and a check of six, in Bech32 (BIP 173)
const SYMBOLS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
// What Bech32 does without, and what it is taken for.
const LOOKALIKES: Readonly<Record<string, string>> = { O: "0", I: "L", "1": "L", B: "8" };
const BEGINNING = /AGE\W*SECRET\W*KEY\W*(PQ\W*)?[1IL]/;
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/**
 * The key in a text, in its one form: in small letters, in groups, on lines, among comments. One
 * wrong symbol, or two in each other's place, is put right: the check leaves no doubt about which.
 * Null where there is no key, a part is missing, or more is wrong.
 */
export function keyIn(text: string): string | null {
  const folded = text.replace(/^\s*#.*$/gm, "").replace(/[\p{Z}\p{C}]/gu, "").toUpperCase();
  const found = BEGINNING.exec(folded);
  if (found === null) return null;
  const prefix = found[1] === undefined ? "AGE-SECRET-KEY-" : "AGE-SECRET-KEY-PQ-";
  const rest = folded.slice(found.index + found[0].length).replace(/[^0-9A-Z]/g, "").slice(0, DATA);
  const data = [...rest].map((symbol) => LOOKALIKES[symbol] ?? symbol).join("");
  if (data.length < DATA) return null;
  const begun = begin(prefix);
  for (const reading of readings(data)) {
    if (checks(begun, reading)) return `${prefix}1${reading}`;
  }
  return null;
}

/** What was typed, then everything that is one mistake away from it. */
function* readings(data: string): Generator<string> {
  yield data;
  for (let at = 0; at + 1 < DATA; at += 1) {
    yield data.slice(0, at) + data[at + 1]! + data[at]! + data.slice(at + 2);
  }
  for (let at = 0; at < DATA; at += 1) {
    for (const symbol of SYMBOLS) yield data.slice(0, at) + symbol + data.slice(at + 1);
  }
}

function checks(begun: number, data: string): boolean {
  const values = [...data].map((symbol) => SYMBOLS.indexOf(symbol));
  if (values.includes(-1) || (values[DATA - 7]! & 15) !== 0) return false; // four bits too many: zero
  return values.reduce(step, begun) === 1;
}

/** What the check of a key is after its prefix. */
function begin(prefix: string): number {
  const codes = [...prefix.toLowerCase()].map((letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)].reduce(step, 1);
}

function step(sum: number, value: number): number {
  const top = sum >>> 25;
  let next = ((sum & 0x1ffffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit += 1) {
    if (((top >> bit) & 1) === 1) next ^= GENERATORS[bit]!;
  }
  return next;
}
