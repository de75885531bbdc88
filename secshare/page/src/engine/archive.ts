// Several documents in one file: the stored ZIP that secshare writes, read and written
// (secshare/files/archive; PKWARE, APPNOTE.TXT 6.3.10). Nothing is unpacked, so nothing can be a bomb.

import { streamOf } from "./blobs.ts";
import { crcOf } from "./crc32.ts";
import { Failure } from "./failure.ts";
import { ARCHIVE_BYTES, ARCHIVE_DOCUMENTS } from "./limits.ts";
import { safeName, uniqueName } from "./names.ts";

const LOCAL = 0x04034b50; // 4.3.7
const LOCAL_SIZE = 30;
const CENTRAL = 0x02014b50; // 4.3.12
const CENTRAL_SIZE = 46;
const END = 0x06054b50; // 4.3.16
const END_SIZE = 22;
const UTF8_NAMES = 0x0800;
const VERSION = 20;
const FIRST_DATE = 0x21; // 1 January 1980: when a document was last saved is nobody's business
const FULL32 = 0xffffffff;
const DIRECTORY_BYTES = ARCHIVE_DOCUMENTS * 4096;

/** The comment of an archive of documents; any other ZIP is one document. */
export const DOCUMENTS = "secshare documents";

export interface Member {
  readonly name: string;
  readonly blob: Blob;
}

/** Whether a file is an archive of documents made by secshare. */
export async function isOurs(file: Blob): Promise<boolean> {
  const size = END_SIZE + DOCUMENTS.length;
  if (file.size < size) return false;
  const start = view(await file.slice(0, 4).arrayBuffer()).getUint32(0, true);
  const tail = await file.slice(-size).arrayBuffer();
  return (
    (start === LOCAL || start === END) &&
    view(tail).getUint32(0, true) === END &&
    new TextDecoder("latin1").decode(tail.slice(END_SIZE)) === DOCUMENTS
  );
}

/**
 * The documents of such an archive, in their order, as parts of the file itself.
 *
 * `bad_archive` where its records do not agree, a document is packed, encrypted, lies on another or
 * has another CRC; `too_large` above the limits, or in the form (ZIP64) of 4 GiB and more.
 */
export async function readArchive(file: Blob): Promise<Member[]> {
  const endAt = file.size - END_SIZE - DOCUMENTS.length;
  const end = view(await file.slice(endAt).arrayBuffer());
  const [disk, first, here, count] = [4, 6, 8, 10].map((at) => end.getUint16(at, true)) as [
    number, number, number, number,
  ];
  const length = end.getUint32(12, true);
  const start = end.getUint32(16, true);
  if (count > ARCHIVE_DOCUMENTS || length > DIRECTORY_BYTES || start === FULL32) {
    throw new Failure("too_large");
  }
  const wrong = disk !== 0 || first !== 0 || here !== count || start + length !== endAt;
  if (wrong || end.getUint16(20, true) !== DOCUMENTS.length) throw new Failure("bad_archive");
  const directory = view(await file.slice(start, endAt).arrayBuffer());
  const members: Member[] = [];
  const taken = new Set<string>();
  let at = 0;
  let before = 0;
  for (let number = 0; number < count; number += 1) {
    const found = entry(directory, at);
    at = found.next;
    const local = view(await file.slice(found.offset, found.offset + LOCAL_SIZE).arrayBuffer());
    // In their order and none on another, as they were written.
    if (found.offset < before || local.byteLength < LOCAL_SIZE || local.getUint32(0, true) !== LOCAL) {
      throw new Failure("bad_archive");
    }
    const from = found.offset + LOCAL_SIZE + local.getUint16(26, true) + local.getUint16(28, true);
    before = from + found.size;
    if (before > start) throw new Failure("bad_archive");
    const blob = file.slice(from, before);
    if ((await crcOf(blob)) !== found.crc) throw new Failure("bad_archive");
    if (/[/\\]$/.test(found.name)) continue; // a folder
    members.push({ name: uniqueName(safeName(found.name), taken), blob });
  }
  if (at !== directory.byteLength) throw new Failure("bad_archive");
  return members;
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
  readonly next: number;
}

function entry(directory: DataView, at: number): Entry {
  if (at + CENTRAL_SIZE > directory.byteLength) throw new Failure("bad_archive");
  const short = (offset: number): number => directory.getUint16(at + offset, true);
  const long = (offset: number): number => directory.getUint32(at + offset, true);
  const [size, offset] = [long(24), long(42)];
  const nameAt = at + CENTRAL_SIZE;
  const next = nameAt + short(28) + short(30) + short(32);
  const [flags, method, packed] = [short(8), short(10), long(20)];
  if (size === FULL32 || offset === FULL32) throw new Failure("too_large");
  const damaged = long(0) !== CENTRAL || next > directory.byteLength;
  if (damaged || (flags & 1) !== 0 || method !== 0 || packed !== size) throw new Failure("bad_archive");
  const name = new TextDecoder().decode(new Uint8Array(directory.buffer, nameAt, short(28)));
  return { name, size, crc: long(16), offset, next };
}

/** An archive that is made while it is read, and its size. */
export interface Archive {
  readonly size: number;
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * The archive of some documents, sizes and CRC before each. Each document is read twice; the memory
 * used does not depend on their sizes. `too_large` above the limits.
 */
export async function writeArchive(documents: readonly Member[], comment: string): Promise<Archive> {
  if (documents.length > ARCHIVE_DOCUMENTS) throw new Failure("too_large");
  const taken = new Set<string>();
  const parts: (Uint8Array<ArrayBuffer> | Blob)[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const document of documents) {
    if (offset + document.blob.size >= ARCHIVE_BYTES - DIRECTORY_BYTES) throw new Failure("too_large");
    const name = new TextEncoder().encode(uniqueName(safeName(document.name), taken));
    const crc = await crcOf(document.blob);
    const { size } = document.blob;
    const common = [VERSION, UTF8_NAMES, 0, 0, FIRST_DATE].map(two);
    const known = [...common, four(crc), four(size), four(size), two(name.length), two(0)];
    const local = bytes([four(LOCAL), ...known, name]);
    parts.push(local, document.blob);
    const nothing = [0, 0, 0, 0, 0].map(two); // comment, disk, attributes
    directory.push(bytes([four(CENTRAL), two(VERSION), ...known, ...nothing, four(offset), name]));
    offset += local.length + size;
  }
  const central = bytes(directory);
  const note = new TextEncoder().encode(comment);
  const counts = [0, 0, documents.length, documents.length].map(two);
  const end = bytes([four(END), ...counts, four(central.length), four(offset), two(note.length), note]);
  return { size: offset + central.length + end.length, stream: streamOf([...parts, central, end]) };
}

function view(buffer: ArrayBuffer): DataView {
  return new DataView(buffer);
}

function two(value: number): Uint8Array {
  return new Uint8Array([value & 255, value >>> 8]);
}

function four(value: number): Uint8Array {
  return new Uint8Array([value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
}

function bytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
