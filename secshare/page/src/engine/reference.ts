// The reference of a share, `K7Q2-M9PX-8`: eight symbols and a check character.

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
// Alone in the name. No look-behind: the Safari of an older telephone does not read the whole engine then.
const IN_NAME = /(?:^|[^A-Za-z0-9])([0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z])(?![A-Za-z0-9])/g;

/** The first reference in a file's name, in its written form; null without one. */
export function referenceIn(name: string): string | null {
  for (const [, found] of name.matchAll(IN_NAME)) {
    const written = found!.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").replaceAll("U", "V");
    if (isReference(written)) return written;
  }
  return null;
}

/** Whether it is a reference in its written form, its check character right. */
export function isReference(written: string): boolean {
  if (!/^.{4}-.{4}-.$/.test(written)) return false;
  const numbers = [...written.replaceAll("-", "")].map((symbol) => SYMBOLS.indexOf(symbol));
  const check = numbers.pop();
  // A weighted sum in the field of 32 elements: doubling is a shift, reduced when it overflows.
  const total = numbers.reduceRight((sum, number) => {
    const doubled = (sum ^ number) << 1;
    return (doubled & 32) !== 0 ? doubled ^ 0b100101 : doubled;
  }, 0);
  return !numbers.includes(-1) && total === check;
}
