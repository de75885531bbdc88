// How large a picture is, read from its header: what it takes to show it is known before it is tried.

// SOF0 to SOF15 (ITU T.81, table B.1).
const FRAMES_OF_JPEG = /^[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]$/;

/**
 * The pixels of a PNG, JPEG, GIF or WebP, from its first bytes; null where they do not say.
 *
 * A GIF is as large as its first frame where that is larger than its screen, as browsers draw it.
 */
export function pixelsOf(head: Uint8Array): number | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    const start = text(view, 0, 4);
    if (start === "\x89PNG") return png(view);
    if (start === "GIF8") return gif(view);
    if (start === "RIFF") return webp(view);
    return view.getUint16(0) === 0xffd8 ? jpeg(view) : null;
  } catch {
    return null; // it ends before it says: a RangeError
  }
}

/** W3C, PNG 11.2.1: the first chunk, or it is no PNG. */
function png(view: DataView): number | null {
  return text(view, 12, 4) === "IHDR" ? view.getUint32(16) * view.getUint32(20) : null;
}

/** GIF89a, 18 to 23: the screen, then blocks of which the first image is wanted. */
function gif(view: DataView): number | null {
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  const flags = view.getUint8(10);
  let at = 13 + ((flags & 0x80) !== 0 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (view.getUint8(at) === 0x21) {
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at += 1;
  }
  if (view.getUint8(at) !== 0x2c) return null;
  const [left, top, across, down] = [1, 3, 5, 7].map((more) => view.getUint16(at + more, true)) as [
    number, number, number, number,
  ];
  width = Math.max(width, left + across);
  height = Math.max(height, top + down);
  return width * height;
}

/** RFC 9649: the extended form's canvas, else the one picture of the simple forms. */
function webp(view: DataView): number | null {
  const form = text(view, 12, 4);
  if (form === "VP8X") {
    const three = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16;
    return (three(24) + 1) * (three(27) + 1);
  }
  if (form === "VP8L") {
    const bits = view.getUint32(21, true);
    return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
  }
  if (form !== "VP8 ") return null;
  return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff);
}

/** ITU T.81, B.1 and B.2: segments by their lengths, up to the frame. */
function jpeg(view: DataView): number | null {
  let at = 2;
  for (;;) {
    while (view.getUint8(at) !== 0xff) at += 1; // as decoders go on to the next marker
    while (view.getUint8(at) === 0xff) at += 1;
    const marker = view.getUint8(at);
    at += 1;
    if (FRAMES_OF_JPEG.test(String.fromCharCode(marker))) {
      return view.getUint16(at + 3) * view.getUint16(at + 5);
    }
    if (marker === 0xd9 || marker === 0xda) return null; // its end, or pixels before their frame
    const alone = marker <= 1 || (marker >= 0xd0 && marker <= 0xd8);
    if (!alone) at += view.getUint16(at);
  }
}

function text(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}
