"""The engine of the built page, in a real Chromium: the very text that the page starts."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import browser, page_file

__all__ = ["Answer", "Document", "Engine", "browser", "engine", "page_file"]

# A worker is started as the page does it, under the page's own policy.
_SETUP = """() => {
  const code = document.getElementById("engine").textContent;
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
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
  const blobOf = (given) => given.base64 === undefined
    ? document.getElementById(given.input).files[0]
    : new Blob([bytes(given.base64)]);
  const input = document.createElement("input");
  input.type = "file";
  input.id = "probe";
  document.body.append(input);
  window.probe = {
    start,
    async run(asked) {
      const request = { ...asked };
      if (asked.file) request.file = blobOf(asked.file);
      if (asked.documents)
        request.documents = asked.documents.map(({ name, ...given }) => ({ name, blob: blobOf(given) }));
      const from = performance.now();
      const { answer, progress } = await ask(request);
      const told = { ...answer, progress, milliseconds: performance.now() - from };
      window.probe.last = answer;
      if (answer.blob) {
        told.size = answer.blob.size;
        if (!asked.keep) told.base64 = await base64(answer.blob);
        delete told.blob;
      }
      if (answer.documents) {
        told.documents = await Promise.all(answer.documents.map(async ({ name, blob, show }) => ({
          name, show, type: blob.type, size: blob.size, base64: asked.keep ? null : await base64(blob),
        })));
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
    """One document that was given out."""

    name: str
    show: str | None
    type: str
    size: int
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What came of a request; `reason` of a failed one, `documents` of an opened one."""

    kind: str
    reason: str | None
    documents: tuple[Document, ...]
    told: dict


class Engine:
    """A page with its engine; each request is answered before the next is made."""

    def __init__(self, page):
        self.page = page
        page.evaluate(_SETUP)

    def open(self, file: bytes | Path, *, name: str = "document.age", **secret) -> Answer:
        """Open with `words=[...]` or `identity="..."`."""
        return self.open_all([(file, {"name": name, **secret})])[0]

    def open_all(self, asked: list[tuple[bytes | Path, dict]]) -> list[Answer]:
        """Open many small files in one visit; a path is given as a file of the disk."""
        return self._all([self._request("open", file, more) for file, more in asked])

    def inspect(self, file: bytes | Path, name: str = "document.age") -> Answer:
        return self._all([self._request("inspect", file, {"name": name})])[0]

    def seal(self, documents: list[tuple[str, bytes]], recipient: str, answers=None) -> Answer:
        given = [{"name": name, "base64": _text(data)} for name, data in documents]
        request = {"kind": "seal", "documents": given, "recipient": recipient, "answers": answers}
        return self._all([request])[0]

    def restart(self) -> None:
        self.page.evaluate("window.probe.start()")

    def _request(self, kind: str, file: bytes | Path, more: dict) -> dict:
        if isinstance(file, Path):
            self.page.set_input_files("#probe", file)
            return {"kind": kind, "file": {"input": "probe"}, "name": file.name, **more}
        return {"kind": kind, "file": {"base64": _text(file)}, **more}

    def _all(self, requests: list[dict]) -> list[Answer]:
        return [_answer(told) for told in self.page.evaluate("many => probe.all(many)", requests)]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _answer(told: dict) -> Answer:
    documents = tuple(
        Document(
            one["name"],
            one["show"],
            one["type"],
            one["size"],
            base64.b64decode(one["base64"] or ""),
        )
        for one in told.get("documents", ())
    )
    return Answer(told["kind"], told.get("reason"), documents, told)


@pytest.fixture(scope="module")
def engine(browser, page_file):  # noqa: F811
    """One page for all tests of a module, and one engine that outlives its failures."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(page_file.as_uri())
    yield Engine(page)
    context.close()
