"""The word lists have the properties that every promise about reading and entropy rests on."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import pytest

from secshare import passphrase
from secshare.errors import ExtraMissing
from secshare.messages import Language
from secshare.passphrase import lists, stop_list, word_list
from secshare.passphrase.nearness import Readings, readings

LANGUAGES = pytest.mark.parametrize("language", list(Language))


@LANGUAGES
def test_there_are_2048_plain_words_in_order(language: Language) -> None:
    words = word_list(language)
    assert len(set(words)) == 2048
    assert list(words) == sorted(words)
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert max(map(len, words)) == lists.LONGEST


@LANGUAGES
def test_four_letters_name_one_word(language: Language) -> None:
    assert len({word[: lists.PREFIX] for word in word_list(language)}) == 2048


def test_no_two_french_words_are_one_letter_apart_unless_two_are_exchanged() -> None:
    words = word_list(Language.FR)
    exchanged = {(a, b) for a, b in combinations(words, 2) if len(a) == len(b) and twins(a, b)}
    assert exchanged == {("cirer", "crier"), ("tuile", "utile")}
    keys: dict[tuple[int, str, str], str] = {}
    for word in words:
        for at in range(len(word)):
            cut = word[:at] + word[at + 1 :]
            assert cut not in words
            assert keys.setdefault((at, word[:at], word[at + 1 :]), word) == word


def twins(a: str, b: str) -> bool:
    differ = [at for at in range(len(a)) if a[at] != b[at]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and a[differ[0]] == b[differ[1]]
        and a[differ[1]] == b[differ[0]]
    )


@LANGUAGES
def test_a_word_of_the_list_stands_for_itself_only(language: Language) -> None:
    for word in word_list(language):
        assert readings(word, language) == Readings(exact=word)


@LANGUAGES
def test_every_stop_word_is_a_word_of_the_list_and_stands_once(language: Language) -> None:
    from secshare.passphrase import stop

    listed = [word for theme in stop._LISTS[language].values() for word in theme.split()]
    assert set(listed) <= set(word_list(language))
    assert len(listed) == len(set(listed)) == len(stop_list(language))


def test_what_a_patient_should_not_read_is_stopped() -> None:
    french = "biopsie psychose embryon sevrage therapie virus"
    assert set(french.split()) <= stop_list(Language.FR)
    assert {"disease", "virus", "kidney", "result", "negative"} <= stop_list(Language.EN)


def test_who_needs_no_words_does_not_load_the_lists() -> None:
    program = (
        "import sys; import secshare.passphrase; assert 'mnemonic' not in sys.modules;"
        "from secshare.messages import Language;"
        "secshare.passphrase.word_list(Language.FR); assert 'mnemonic' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_missing_list_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    word_list.cache_clear()
    monkeypatch.setitem(sys.modules, "mnemonic", None)
    with pytest.raises(ExtraMissing) as caught:
        word_list(Language.FR)
    assert caught.value.key == "passphrase.list_missing"


def test_a_list_of_other_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    word_list.cache_clear()
    monkeypatch.setitem(lists._FILES, Language.FR, "italian.txt")
    with pytest.raises(ExtraMissing) as caught:
        passphrase.draw()
    assert caught.value.key == "passphrase.list_altered"
