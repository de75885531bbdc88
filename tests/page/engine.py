"""The engine of the built page, in a real Chromium: the very text that the page starts."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import pytest

# A worker is started as the page does it, under the page's own policy.
_SETUP = """() => {
  const SHORT = 1 << 20;
  const code = document.getElementById("engine").textContent;
  const hex = async (blob) => Array.from(
    new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
  const base64 = async (blob) => {
    const data = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < data.length; at += 8192)
      text += String.fromCharCode(...data.subarray(at, at + 8192));
    return btoa(text);
  };
  let worker;
  let last = 0;
  const start = () => {
    worker?.terminate();
    worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  };
  const ask = (request) => new Promise((resolve, reject) => {
    const id = ++last;
    const progress = [];
    worker.onerror = (event) => reject(new Error(event.message || "the engine fell"));
    worker.onmessage = ({ data }) => {
      if (data.id !== id) reject(new Error("an answer to something else"));
      else if (data.kind === "progress") progress.push(data);
      else resolve({ answer: data, progress });
    };
    worker.postMessage({ id, ...request });
  });
  const blobOf = ({ from, to }) => {
    const file = document.getElementById("probe").files[0];
    return from === undefined ? file : file.slice(from, to);
  };
  const input = document.createElement("input");
  input.type = "file";
  input.id = "probe";
  document.body.append(input);
  window.probe = {
    start,
    use: (another) => {
      worker.terminate();
      worker = another;
    },
    async run(asked) {
      const request = { ...asked };
      if (asked.file) request.file = blobOf(asked.file);
      if (asked.documents)
        request.documents = asked.documents.map((one) => ({ name: one.name, blob: blobOf(one) }));
      const from = performance.now();
      const { answer, progress } = await ask(request);
      const told = { ...answer, progress, milliseconds: performance.now() - from };
      window.probe.last = answer;
      if (answer.blob) {
        told.size = answer.blob.size;
        told.base64 = await base64(answer.blob);
        delete told.blob;
      }
      if (answer.documents) {
        const each = async ({ name, blob, show, caution }) => ({
          name,
          show,
          caution,
          type: blob.type,
          size: blob.size,
          digest: await hex(blob),
          base64: blob.size > SHORT ? null : await base64(blob),
        });
        told.documents = await Promise.all(answer.documents.map(each));
      }
      return told;
    },
    all: async (many) => {
      const told = [];
      for (const one of many) told.push(await window.probe.run(one));
      return told;
    },
  };
  start();
}"""


@dataclass(frozen=True)
class Document:
    """One document that was given out; `data` only where it is short."""

    name: str
    show: str | None
    caution: str | None
    type: str
    size: int
    digest: str
    data: bytes | None


@dataclass(frozen=True)
class Answer:
    """What came of a request; `reason` of a failed one, `documents` of an opened one."""

    kind: str
    reason: str | None
    documents: tuple[Document, ...]
    told: dict

    @property
    def data(self) -> bytes:
        """The file that was sealed."""
        return base64.b64decode(self.told["base64"])


class Engine:
    """A page with its engine; each request is answered before the next is made."""

    def __init__(self, page, folder: Path):
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self._given = folder / "given"
        page.evaluate(_SETUP)

    def open(self, file: bytes | Path, *, name: str = "document.age", **secret) -> Answer:
        """Open with `words=[...]` or `identity="..."`."""
        return self.open_all([(file, {"name": name, **secret})])[0]

    def open_all(self, asked: list[tuple[bytes, dict]]) -> list[Answer]:
        """Open many files in one visit."""
        return self._all([({"kind": "open", **more}, [file]) for file, more in asked])

    def inspect(self, file: bytes | Path, name: str = "document.age") -> Answer:
        return self._all([({"kind": "inspect", "name": name}, [file])])[0]

    def seal(self, documents: list[tuple[str, bytes]], recipient: str, answers=None) -> Answer:
        names = [{"name": name} for name, _ in documents]
        request = {"kind": "seal", "documents": names, "recipient": recipient, "answers": answers}
        return self._all([(request, [data for _, data in documents])])[0]

    def restart(self) -> None:
        self.page.evaluate("window.probe.start()")

    def _said(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _all(self, asked: list[tuple[dict, list[bytes | Path]]]) -> list[Answer]:
        """Hand all files to the page as one file of the disk: messages are slow for megabytes."""
        requests, held = [], []
        path = next((one for _, files in asked for one in files if isinstance(one, Path)), None)
        at = 0
        for request, files in asked:
            places = []
            for file in files:
                size = 0 if isinstance(file, Path) else len(file)
                places.append({} if isinstance(file, Path) else {"from": at, "to": at + size})
                held.append(b"" if isinstance(file, Path) else file)
                at += size
            if request["kind"] == "seal":
                named = zip(request["documents"], places, strict=True)
                requests.append({**request, "documents": [{**name, **at} for name, at in named]})
            else:
                requests.append({**request, "file": places[0]})
        assert path is None or at == 0, "one file of the disk, or many in memory"
        if path is None:
            self._given.write_bytes(b"".join(held))
        self.page.set_input_files("#probe", path or self._given)
        return [_answer(told) for told in self.page.evaluate("many => probe.all(many)", requests)]


def _answer(told: dict) -> Answer:
    documents = tuple(
        Document(
            **{key: one[key] for key in ("name", "show", "caution", "type", "size", "digest")},
            data=data,
        )
        for one in told.get("documents", ())
        for data in [None if one["base64"] is None else base64.b64decode(one["base64"])]
    )
    return Answer(told["kind"], told.get("reason"), documents, told)


@pytest.fixture(scope="module")
def engine(browser, page_file, tmp_path_factory):
    """One page for all tests of a module, and one engine that outlives its failures."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(page_file.as_uri())
    made = Engine(page, tmp_path_factory.mktemp("engine"))
    yield made
    context.close()
    assert made.complaints == []  # no breach of the policy, no rejection that nobody handled
