/**
 * Text as Python takes it: the same blanks, the same line ends, the same letters.
 *
 * The patient's command and this page read the same SMS; a test compares them on thousands of texts.
 * No lookbehind in any pattern: Safari before 16.4 refuses the whole script for one.
 */

const BLANK = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "gu");
const ONLY_BLANKS = new RegExp(`^[${BLANK}]+$`, "u");
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u;
const JOINING = /^[\p{Pd}_\u2212\u00ad\u00b7\u02d7~]$/u;
const LIGATURES: Record<string, string> = { œ: "oe", æ: "ae", ı: "i" };

/** Return a text without the blanks around it. */
export function stripped(text: string): string {
  return text.replace(AROUND, "");
}

/** Say whether a text is nothing but blanks, and not empty. */
export function isBlank(text: string): boolean {
  return ONLY_BLANKS.test(text);
}

/** Return the lines of a text. */
export function linesOf(text: string): string[] {
  return text.split(LINE_END);
}

/** Say whether a character joins words: any Unicode dash, minus, underscore, soft hyphen. */
export function isDash(character: string): boolean {
  return JOINING.test(character);
}

/**
 * Return a text in lower case, without accents, ligatures, width or invisible characters.
 *
 * The soft hyphen stays: programs that break lines put it where a dash was. A letter beyond the
 * basic plane becomes one that no word has, so that a token's length is its number of letters.
 */
export function fold(text: string): string {
  const plain = caseless(text)
    .normalize("NFKD")
    .replace(/[œæı]/gu, (letter) => LIGATURES[letter] ?? letter)
    .replace(/[\p{Mn}\p{Cf}]/gu, (mark) => (mark === "\u00ad" ? mark : ""));
  return caseless(plain).replace(/[\u{10000}-\u{10ffff}]/gu, astral); // "ℂ" is a capital by now
}

/** Return a text in the case that is for comparing: both ways, as `ß` has a capital of two letters. */
function caseless(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replace(/ς/gu, "σ");
}

function astral(character: string): string {
  return /[\p{L}\p{N}]/u.test(character) ? "\u4e00" : " ";
}
