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
  for (const reading of readings(data)) {
    if (checks(prefix, reading)) return `${prefix}1${reading}`;
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

function checks(prefix: string, data: string): boolean {
  const letters = [...prefix.toLowerCase()].map((letter) => letter.charCodeAt(0));
  const values = [...data].map((symbol) => SYMBOLS.indexOf(symbol));
  if (values.includes(-1) || (values[DATA - 7]! & 15) !== 0) return false; // four bits too many: zero
  let sum = 1;
  const expanded = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31)];
  for (const value of [...expanded, ...values]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) {
      if (((top >> bit) & 1) === 1) sum ^= generator;
    }
  }
  return sum === 1;
}
