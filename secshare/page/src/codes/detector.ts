// What finds QR codes in a picture: the browser's own detector where it has one (telephones, Macs),
// else the npm package `qr`.

import { decodeQRBatch } from "qr/decode.js";

interface Native {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>;
}

interface NativeClass {
  new (options: { formats: string[] }): Native;
  getSupportedFormats(): Promise<string[]>;
}

/** Pixels of the picture that are scaled at a time, some 10 ms. */
const STRIP = 1_500_000;

let native: Promise<Native | null> | undefined;

async function found(): Promise<Native | null> {
  const Detector = (globalThis as { BarcodeDetector?: NativeClass }).BarcodeDetector;
  try {
    const formats = (await Detector?.getSupportedFormats()) ?? [];
    if (Detector === undefined || !formats.includes("qr_code")) return null;
    return new Detector({ formats: ["qr_code"] });
  } catch {
    return null;
  }
}

/** How hard to look: a photo once, or one frame of many. */
export interface Effort {
  /** Milliseconds for second looks, in slices that leave the page its time. */
  readonly milliseconds: number;
  /** The longest side that is looked at, in pixels. */
  readonly side: number;
}

/** The different texts of the codes in a picture, which is left open. */
export async function detect(picture: ImageBitmap, effort: Effort): Promise<string[]> {
  const detector = await (native ??= found());
  if (detector !== null) {
    const codes = await detector.detect(picture).catch(() => []);
    if (codes.length > 0) return [...new Set(codes.map((code) => code.rawValue))];
  }
  const image = await pixels(picture, effort.side);
  if (image === null) return [];
  const [results = []] = await yielding(() =>
    decodeQRBatch([image], {
      maxSize: { width: image.width, height: image.height },
      effort: Infinity,
      timeLimit: effort.milliseconds,
    }),
  );
  return [...new Set(results.filter((result) => typeof result === "string"))];
}

/**
 * Decode in slices between which everything else has its turn.
 *
 * `qr` pauses by `scheduler.yield` where a browser has it, which goes on before any timer and, for
 * some 100 ms, before the next frame: the page would stand still for as long as a photo takes. Where
 * there is no such function it waits for a timer, and so it does here.
 */
async function yielding<T>(work: () => Promise<T>): Promise<T> {
  const { scheduler } = globalThis as { scheduler?: object };
  if (scheduler === undefined) return work();
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  Object.defineProperty(scheduler, "yield", { value: pause, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(scheduler, "yield"); // the browser's own is that of its class
  }
}

/** The picture at most `side` pixels long, scaled in strips: the page is never held for long. */
async function pixels(picture: ImageBitmap, side: number): Promise<ImageData | null> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return null;
  context.fillStyle = "white"; // what a transparent picture is seen on
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  const image = new ImageData(width, height);
  const rows = Math.max(1, Math.floor((STRIP / picture.width) * scale));
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    const from = (top / height) * picture.height;
    const length = (count / height) * picture.height;
    context.drawImage(picture, 0, from, picture.width, length, 0, top, width, count);
    image.data.set(context.getImageData(0, top, width, count).data, top * width * 4);
    if (top + count < height) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return image;
}
