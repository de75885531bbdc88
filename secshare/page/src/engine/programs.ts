// Whether a PDF holds a program, or something that begins by itself: ISO 32000-1, 12.6.
//
// Names in clear, as most programs write them. What stands in a packed part of the file is not seen.

import { PDF_SEARCHED } from "./limits.ts";

const STEP = 1 << 20;
const MOST = 512; // characters that one match takes: what is read twice where two steps meet
const BLANK = "[\\0\\t\\n\\f\\r ]{0,99}"; // 7.2.2
const BLANKS = "[\\0\\t\\n\\f\\r ]{1,99}";
const OTHER = `${BLANK}\\d{1,10}${BLANKS}\\d{1,5}${BLANKS}R`; // the value is elsewhere

// Each with what must follow it: three letters alone stand somewhere in any megabyte of an image.
const PROGRAMS = new RegExp(
  [
    name("JavaScript"),
    name("Launch"),
    `${name("JS")}${BLANK}(?:[(<]|${OTHER})`,
    `${name("AA")}${BLANK}(?:<<|${OTHER})`,
    `${name("OpenAction")}${BLANK}(?:<<|${OTHER})`, // an array is a place to begin reading at
  ].join("|"),
);

/** Say whether a PDF holds a program in clear, within `PDF_SEARCHED` of its beginning or its end. */
export async function mayRun(file: Blob): Promise<boolean> {
  const end = Math.max(0, file.size - PDF_SEARCHED);
  const parts = [
    [0, Math.min(end, PDF_SEARCHED)],
    [end, file.size],
  ] as const;
  const decoder = new TextDecoder("latin1");
  for (const [from, to] of parts) {
    for (let at = from; at < to; at += STEP) {
      const bytes = await file.slice(at, Math.min(to, at + STEP + MOST)).arrayBuffer();
      if (PROGRAMS.test(decoder.decode(bytes))) return true;
    }
  }
  return false;
}

/** A name, each character as it is or as `#4A` (7.3.5), and nothing of a longer one after it. */
function name(text: string): string {
  const letters = [...text].map((letter) => {
    const code = letter.charCodeAt(0).toString(16);
    return `(?:${letter}|#${[...code].map((digit) => `[${digit}${digit.toUpperCase()}]`).join("")})`;
  });
  return `/${letters.join("")}(?![^\\0\\t\\n\\f\\r ()<>\\[\\]{}/%])`;
}
