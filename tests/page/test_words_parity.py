"""The page reads what people type exactly as the patient's command does, word for word."""

from __future__ import annotations

import json
import random
import string
import subprocess
from functools import cache
from pathlib import Path

from secshare import profiles
from secshare.messages import Language
from secshare.passphrase import lists, stop_list, understand, word_list
from secshare.roads import phone, sms
from tests.passphrase import mangling
from tests.passphrase.test_mangled import CHANGED, phrase
from tests.tools import ROOT, missing, need

SCRIPT = Path(__file__).with_name("understanding.mjs")
LETTERS = (
    string.ascii_letters
    + string.digits
    + " -.,;:!?'\n\té\u0153\u00a0\u2013\u00df\u0130\u03a3\ufb01"
)
STRANGE = "\u1e9e\u017f\u2124\u00bd\u2167\U0001d400\U00020000\u0660\u1d2c\u01c6\x1d\x85\u2028\u00ad"
OTHERS = (
    *("", " ", "\n", "\ufeff", "-", "...", "12345", "Mon chat 1958", "pässwörd", " two  spaces "),
    "correct horse battery staple",
    "Zoo ABLE about above absent absorb abstract absurd abuse access",
    "trombone-clavier-lampe-42",
    "x" * 30_000,
    "abai " * 4_100,
    "1. abaisser\n2.\n3. cabine\n4. dauphin\n5. ecarter\n6. fameux",
    "Réf. K7Q2-M9PX-8 : abaisser bateau K7Q2_M9PX_8 K7Q2-M9PX-9",
    "aaaa-bbbb-c AAAA-BBBB-C 0000-0000-0 K7Q2–M9PX–8",
)


@cache
def told(asked: str) -> dict:
    node = need("node")
    if not (ROOT / "secshare" / "page" / "node_modules" / "esbuild").is_dir():
        missing("npm ci was not run in secshare/page")
    done = subprocess.run([node, SCRIPT], input=asked.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def by_page(texts: list[str]) -> list[dict]:
    return told(json.dumps({"texts": texts}))["understood"]


def by_command(text: str) -> dict:
    understood = understand(text)

    def listed(items):
        return [{"position": item.position, "word": item.word} for item in items]

    return {
        "candidates": list(understood.candidates),
        "reference": understood.reference,
        "corrected": listed(understood.corrected),
        "completed": listed(understood.completed),
        "unread": [
            {"position": item.position, "nearest": list(item.nearest)} for item in understood.unread
        ],
        "words": understood.words,
        "said": [listed(understood.corrected_in(one)) for one in understood.candidates],
    }


def agree(texts: list[str]) -> None:
    for text, page in zip(texts, by_page(texts), strict=True):
        marks = page.pop("marks")
        assert page == by_command(text), text
        if len(text) <= profiles.TYPED_CHARACTERS:
            assert sum(mark["kind"] != "unread" for mark in marks) == page["words"]
            unread = [at for at, mark in enumerate(marks, 1) if mark["kind"] == "unread"]
            assert unread == [item["position"] for item in page["unread"]]


def test_mangled_phrases_are_read_alike():
    rng = random.Random("parity")
    texts = []
    for _ in range(40):
        texts += [kind(rng, phrase(rng).split("-")) for kind in mangling.SAME_LETTERS]
        texts += [rng.choice("- ,").join(change(rng, phrase(rng).split("-"))) for change in CHANGED]
        mistyped = mangling.one_wrong_letter(rng, phrase(rng).split("-"))
        texts.append(rng.choice(mangling.SAME_LETTERS)(rng, mistyped))
    assert len(texts) > 850
    agree(texts)


def test_every_sms_and_every_telephone_sheet_is_read_alike():
    rng = random.Random("roads")
    texts = []
    for language in Language:
        for name in ("Cabinet Martin", "A" * profiles.PUBLIC_NAME_CHARACTERS):  # both wordings
            for _ in range(10):
                words = phrase(rng)
                texts.append(sms.message(name, mangling.REFERENCE, words, language))
                for born, organisation in ((True, False), (False, False), (True, True)):
                    sheet = phone.sheet(
                        words,
                        reference=mangling.REFERENCE,
                        public_name=name,
                        phone=rng.choice((None, "+33639980000")),
                        language=language,
                        birth_date_known=born,
                        organisation=organisation,
                    )
                    texts += [sheet, sheet.replace("\n", "\r\n")]
    agree(texts)
    for page in by_page(texts):
        assert page["reference"] == str(mangling.REFERENCE)
        assert page["unread"] == []


def test_letters_as_they_are_typed_are_read_alike():
    rng = random.Random("typing")
    texts = []
    for _ in range(3):
        typed = " ".join(word[: rng.randint(3, 8)] for word in phrase(rng).split("-"))
        texts += [typed[:end] for end in range(len(typed) + 1)]
    agree(texts)


def test_other_programs_passphrases_and_noise_are_read_alike():
    rng = random.Random("noise")
    texts = list(OTHERS)
    for alphabet in (LETTERS, LETTERS + STRANGE):
        texts += ["".join(rng.choices(alphabet, k=rng.randint(1, 80))) for _ in range(60)]
    for _ in range(60):
        words = [
            rng.choice(word_list(rng.choice(list(Language)))) for _ in range(rng.randint(1, 40))
        ]
        texts.append("".join(word + rng.choice("- \n:.,1") for word in words))
    agree(texts)


def test_letters_are_folded_alike():
    characters = [chr(code) for code in range(0x20, 0x2600) if not 0x13A0 <= code < 0x1400]
    folded = told(json.dumps({"folded": characters}))["folded"]
    differing = {
        character: (lists.fold(character), page)
        for character, page in zip(characters, folded, strict=True)
        if lists.fold(character) != page and (lists.fold(character) + page).isascii()
    }
    assert differing == {}


def test_lists_stop_lists_and_limits_are_those_of_the_command():
    page = told(json.dumps({}))
    for language in Language:
        assert page["lists"][language] == lists._SHA256[language]
        assert page["stopped"][language] == sorted(stop_list(language))
    assert page["limits"]
    for name, value in page["limits"].items():
        assert value == getattr(profiles, name), name
