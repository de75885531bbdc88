// Reads texts as JSON on stdin, and prints how the page understands each, as JSON.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const page = new URL("../../secshare/page/", import.meta.url);
const { build } = createRequire(new URL("build.mjs", page))("esbuild");
const entry = ["understanding", "lists", "limits", "stop", "text", "nearness"]
  .map((module) => `export * from "./${module}";`)
  .join("\n");
const bundle = await build({
  stdin: { contents: entry, resolveDir: new URL("src/words", page).pathname, loader: "ts" },
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
});
const source = Buffer.from(bundle.outputFiles[0].text).toString("base64");
const words = await import(`data:text/javascript;base64,${source}`);
const asked = JSON.parse(readFileSync(0, "utf8"));

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const each = (make) => Object.fromEntries(words.LANGUAGES.map((name) => [name, make(name)]));
const { WORDS, WORDS_STRONG, CANDIDATES, TYPED_CHARACTERS, NEAREST } = words;
const answers = {
  lists: each((name) => sha256(words.list(name).words.join("\n"))),
  stopped: each((name) => [...words.stopList(name)].sort()),
  limits: { WORDS, WORDS_STRONG, CANDIDATES, TYPED_CHARACTERS, NEAREST },
  folded: (asked.folded ?? []).map(words.fold),
  understood: (asked.texts ?? []).map((text) => {
    const understood = words.understand(text);
    const said = understood.candidates.map((c) => words.correctedIn(understood, c));
    return { ...understood, said };
  }),
};
process.stdout.write(JSON.stringify(answers));
