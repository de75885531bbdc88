// Builds open.html, the page in one file: `npm ci --ignore-scripts`, then `npm run build`
// (or `node build.mjs ELSEWHERE.html`).
//
// What page.html holds, once each:
//   <!-- build:csp -->       the content security policy; first thing in <head>
//   <!-- build:style -->     page.css, as <style>
//   <!-- build:engine -->    the engine (src/engine/worker.ts), as <script type="text/plain" id="engine">
//   <!-- build:script -->    the page's script (src/main.ts), as <script>; after the three below
//   <!-- build:licences -->  the licences of what is inside, as <script type="text/plain" id="licences">
//   <script type="application/json" id="practice">null</script>
//   <script type="application/octet-stream" id="sealed" data-name=""></script>
// The last two are filled by secshare.page, which looks for exactly these characters.
//
// The texts are ../messages/page.toml, both languages, as a module: `import texts from "texts"`
// gives the tables of that file as they are, `texts.some_key.fr`.
//
// The same sources and the same lock file give the same bytes, whatever folder they stand in.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { parse } from "smol-toml";

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(join(here, name), "utf8").replaceAll("\r\n", "\n");

const texts = {
  name: "texts",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^texts$/ }, () => ({ path: "texts", namespace: "texts" }));
    esbuild.onLoad({ filter: /.*/, namespace: "texts" }, () => ({
      contents: JSON.stringify(parse(read("../messages/page.toml"))),
      loader: "json",
    }));
  },
};

async function bundle(entry, options = {}) {
  const made = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    preserveSymlinks: true, // a package is known by where it is installed
    legalComments: "none", // their whole licences are in the page
    logLevel: "warning",
    ...options,
  });
  return { text: made.outputFiles[0].text.trim(), inputs: Object.keys(made.metafile.inputs) };
}

// Browsers of the last four years; a patient's telephone is not new.
const script = { format: "iife", target: ["es2022", "chrome94", "firefox93", "safari15.4"] };

function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  return [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const files = readdirSync(folder).filter((one) => /^licen[cs]e/i.test(one)).sort();
    const file = files.find((one) => /mit/i.test(one)) ?? files[0]; // of two, the shorter choice
    if (file === undefined) throw new Error(`${name} has no licence file`);
    const text = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
    return `${name} ${about.version} (${about.license})\n\n${text}\n`;
  }).join(`\n${"-".repeat(72)}\n\n`);
}

// Nothing in a script element may end it, nor open a comment inside it.
function element(open, text) {
  if (/<\/(script|style)|<!--|\r/i.test(text)) throw new Error(`${open} cannot stand in the page`);
  return `${open}${text}</${/^<(\w+)/.exec(open)[1]}>`;
}

function once(page, mark, replacement) {
  if (page.split(mark).length !== 2) throw new Error(`page.html must hold once: ${mark}`);
  return page.replace(mark, () => replacement);
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const engine = await bundle("src/engine/worker.ts", script);
const main = await bundle("src/main.ts", { ...script, plugins: [texts] });
const style = await bundle("page.css", { target: script.target });
const policy = [
  "default-src 'none'",
  `script-src ${hash(main.text)}`,
  `style-src ${hash(style.text)}`,
  "worker-src blob:",
  "img-src blob:",
  "frame-src blob:",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

let page = read("page.html");
for (const place of [
  '<script type="application/json" id="practice">null</script>',
  '<script type="application/octet-stream" id="sealed" data-name=""></script>',
]) {
  once(page, place, place);
}
page = once(page, "<!-- build:csp -->", `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
page = once(page, "<!-- build:style -->", element("<style>", style.text));
page = once(page, "<!-- build:engine -->", element('<script type="text/plain" id="engine">', engine.text));
page = once(page, "<!-- build:script -->", element("<script>", main.text));
page = once(
  page,
  "<!-- build:licences -->",
  element('<script type="text/plain" id="licences">', `\n${licences([...engine.inputs, ...main.inputs])}`),
);
// In its place at once: whoever reads it meanwhile has the old one or the new one.
const target = resolve(process.argv[2] ?? join(here, "open.html"));
writeFileSync(`${target}.part`, page);
renameSync(`${target}.part`, target);
const kilo = (text) => `${Math.round(Buffer.byteLength(text) / 1000)} kB`;
console.log(`open.html: ${kilo(page)} (engine ${kilo(engine.text)}, script ${kilo(main.text)})`);
