// Canonical base64 (RFC 4648, section 4), decoded strictly: one text for one content. The
// browsers' own `atob` ignores blanks and stray bits, and gives a string.

const VALUES = new Uint8Array(256).fill(255);
const SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
for (const [value, symbol] of [...SYMBOLS].entries()) {
  VALUES[symbol.charCodeAt(0)] = value;
}

/**
 * Decode `text[start:end]`, ASCII bytes without padding; null where it is not canonical.
 */
export function decode(text: Uint8Array, start = 0, end = text.length): Uint8Array<ArrayBuffer> | null {
  const rest = (end - start) % 4;
  if (rest === 1) return null;
  const out = new Uint8Array(Math.floor(((end - start) * 3) / 4));
  let at = 0;
  let wrong = 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const a = VALUES[text[i]!]!;
    const b = VALUES[text[i + 1]!]!;
    const c = VALUES[text[i + 2]!]!;
    const d = VALUES[text[i + 3]!]!;
    wrong |= a | b | c | d;
    out[at++] = (a << 2) | (b >> 4);
    out[at++] = (b << 4) | (c >> 2);
    out[at++] = (c << 6) | d;
  }
  if (rest > 0) {
    const a = VALUES[text[i]!]!;
    const b = VALUES[text[i + 1]!]!;
    const c = rest === 3 ? VALUES[text[i + 2]!]! : 0;
    wrong |= a | b | c;
    out[at++] = (a << 2) | (b >> 4);
    if (rest === 3) out[at++] = (b << 4) | (c >> 2);
    if ((rest === 2 ? b & 15 : c & 3) !== 0) return null; // bits that stand for nothing
  }
  return (wrong & 128) === 0 ? out : null;
}

/** Decode a text whose last group is padded with `=`; null where it is not canonical. */
export function decodePadded(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  let end = text.length;
  while (end > 0 && end > text.length - 2 && text[end - 1] === 61) end -= 1;
  return decode(text, 0, end);
}
