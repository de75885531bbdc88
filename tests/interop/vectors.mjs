// Prints the conformance vectors as one JSON object: name, then the vector in base64.
import * as vectors from "cctv-age";

const all = Object.entries(vectors).map(([name, bytes]) => [
  name,
  Buffer.from(bytes).toString("base64"),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(all)));
