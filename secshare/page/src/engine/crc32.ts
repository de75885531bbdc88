// CRC-32 as ZIP has it (PKWARE, APPNOTE.TXT 6.3.10, 4.4.7), eight bytes at a time.

const TABLES = Array.from({ length: 8 }, () => new Uint32Array(256));
for (let value = 0; value < 256; value += 1) {
  let crc = value;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  TABLES[0]![value] = crc;
}
for (let table = 1; table < 8; table += 1) {
  for (let value = 0; value < 256; value += 1) {
    const before = TABLES[table - 1]![value]!;
    TABLES[table]![value] = (before >>> 8) ^ TABLES[0]![before & 255]!;
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
  Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array,
];

/** The CRC of some bytes that follow those whose CRC is `crc`. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let value = ~crc;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low =
      value ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    value =
      t7[low & 255]! ^ t6[(low >>> 8) & 255]! ^ t5[(low >>> 16) & 255]! ^ t4[low >>> 24]! ^
      t3[bytes[at + 4]!]! ^ t2[bytes[at + 5]!]! ^ t1[bytes[at + 6]!]! ^ t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at += 1) value = (value >>> 8) ^ t0[(value ^ bytes[at]!) & 255]!;
  return ~value >>> 0;
}

/** The CRC of a Blob, read a mebibyte at a time. */
export async function crcOf(blob: Blob): Promise<number> {
  let crc = 0;
  for (let at = 0; at < blob.size; at += 1 << 20) {
    crc = crc32(new Uint8Array(await blob.slice(at, at + (1 << 20)).arrayBuffer()), crc);
  }
  return crc;
}
