"""What people type is read as they meant it, or they are told which word could not be read."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.messages import Language
from secshare.model import Reference
from secshare.passphrase import Understood, draw, understand

WORDS = "abaisser-bateau-cabine-dauphin-ecarter-fameux-gagner-hameau-jaguar-kayak"
LIST = WORDS.split("-")


def replaced(at: int, typed: str, between: str = "-") -> str:
    return between.join([*LIST[: at - 1], typed, *LIST[at:]])


def said(understood: Understood) -> list[tuple[int, str]]:
    return [(item.position, item.word) for item in understood.corrected]


@pytest.mark.parametrize(
    "typed", ["Mon chat 1958", "pässwörd", " two  spaces ", "a", "12345", "-", "É" * 300]
)
def test_the_text_itself_is_tried_first(typed: str) -> None:
    assert understand(typed).candidates[0] == typed
    assert understand(typed + "\r\n").candidates[0] == typed


def test_both_ways_to_write_an_accent_are_tried() -> None:
    assert {"caf\u00e9 noir", "cafe\u0301 noir"} <= set(understand("caf\u00e9 noir").candidates)
    assert {"caf\u00e9 noir", "cafe\u0301 noir"} <= set(understand("cafe\u0301 noir").candidates)


@pytest.mark.parametrize("typed", ["", "\n", " \t ", "\ufeff", "\udcff\udcfe", "abc\ud800"])
def test_nothing_to_try_is_nothing_to_try(typed: str) -> None:
    understood = understand(typed)
    assert understood.candidates == ()
    assert understood.words == 0


def test_age_phrases_of_ten_english_words_are_read() -> None:
    typed = "Zoo ABLE about above absent absorb abstract absurd abuse access"
    assert typed.lower().replace(" ", "-") in understand(typed).candidates


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("abaiser", "abaisser"),
        ("abaissser", "abaisser"),
        ("abaixser", "abaisser"),
        ("baaisser", "abaisser"),
        ("a6aisser", "abaisser"),
        ("abaissers", "abaisser"),
        ("Abaïsser?", None),
        ("abaisse", None),
        ("abais", None),
        ("abai", None),
    ],
)
def test_one_wrong_letter_is_corrected_and_said(typed: str, word: str | None) -> None:
    understood = understand(replaced(1, typed))
    assert WORDS in understood.candidates
    assert [(i.position, i.word) for i in understood.corrected_in(WORDS)] == (
        [(1, word)] if word else []
    )
    assert understood.words == 10
    assert not understood.unread


def test_a_cut_word_is_said_too() -> None:
    understood = understand(replaced(2, "bate"))
    assert [(item.position, item.word) for item in understood.completed] == [(2, "bateau")]


@pytest.mark.parametrize("typed", ["aba", "abx", "zzzz", "abxi", "abaixxer", "été", "1234x", "b"])
def test_a_word_that_cannot_be_read_is_reported_and_never_guessed(typed: str) -> None:
    understood = understand(replaced(1, typed))
    assert [item.position for item in understood.unread] == [1]
    assert understood.candidates == (replaced(1, typed),) or "é" in typed
    assert WORDS not in understood.candidates
    assert understood.words == 9


def test_the_nearest_words_are_proposed() -> None:
    assert understand(replaced(1, "abaixxer")).unread[0].nearest[0] == "abaisser"
    assert "abaisser" in understand(replaced(1, "abxi")).unread[0].nearest
    assert understand(replaced(1, "zzzzzzzz")).unread[0].nearest == ()
    assert len(understand(replaced(1, "manxx")).unread[0].nearest) == profiles.NEAREST


def test_a_missing_word_is_not_invented() -> None:
    understood = understand("-".join(LIST[:9]))
    assert understood.candidates == ("-".join(LIST[:9]),)
    assert understood.words == 9


@pytest.mark.parametrize(("typed", "other"), [("tuile", "utile"), ("crier", "cirer")])
def test_a_word_that_is_exactly_a_word_is_never_replaced(typed: str, other: str) -> None:
    understood = understand(replaced(1, typed))
    assert understood.candidates == (replaced(1, typed),)
    assert replaced(1, other) not in understood.candidates
    assert said(understood) == []


def test_an_ambiguous_word_gives_several_candidates_and_each_is_said() -> None:
    understood = understand("zoo able wood about above absent absorb abstract absurd coo")
    last = [candidate.split("-")[-1] for candidate in understood.candidates[1:]]
    assert len(last) > 2
    assert sorted(last) == sorted(word for _, word in said(understood))
    assert {position for position, _ in said(understood)} == {10}
    for candidate in understood.candidates[1:]:
        assert [item.word for item in understood.corrected_in(candidate)] == [
            candidate.split("-")[-1]
        ]


def test_there_are_never_more_than_the_profile_allows() -> None:
    rng = random.Random(5)
    for _ in range(50):
        words = draw(12, Language.EN, randbelow=rng.randrange).words
        typed = " ".join(word[:-1] for word in words)
        assert len(understand(typed).candidates) <= profiles.CANDIDATES


def test_words_of_the_stop_list_are_tried_last() -> None:
    understood = understand("able wood about above absent absorb abstract absurd access rad")
    last = [candidate.split("-")[-1] for candidate in understood.candidates[1:]]
    assert len(last) > 2
    assert set(last[-2:]) == {"mad", "sad"}


@pytest.mark.parametrize(
    "written", ["K7Q2-M9PX-{}", "k7q2-m9px-{}", "K7Q2–M9PX–{}", "(K7Q2-M9PX-{})", "K7Q2‑M9PX‑{}."]
)
def test_the_reference_of_a_pasted_message_is_found(written: str) -> None:
    check = next(c for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if valid(f"K7Q2-M9PX-{c}"))
    message = f"Document {written.format(check)} : {WORDS}"
    understood = understand(message)
    assert understood.reference == f"K7Q2-M9PX-{check}"
    assert understood.candidates[-1] == WORDS


def valid(reference: str) -> bool:
    from secshare.errors import ShareUnknown

    try:
        Reference.parse(reference)
    except ShareUnknown:
        return False
    return True


def test_words_are_never_taken_for_a_reference() -> None:
    rng = random.Random(6)
    for _ in range(300):
        words = draw(12, Language.EN, randbelow=rng.randrange).words
        assert understand("-".join(words)).reference is None
        assert understand("-".join(word[:4] for word in words)).reference is None


def test_a_reference_with_a_wrong_check_is_no_reference() -> None:
    check = next(c for c in "0123456789" if not valid(f"K7Q2-M9PX-{c}"))
    assert understand(f"Ref K7Q2-M9PX-{check} {WORDS}").reference is None


@pytest.mark.parametrize(
    "message",
    [
        "SMS recu de Cabinet Soleil : {words}",
        "Cabinet Soleil\n{words}",
        "K7Q2-M9PX-0 Soleil. {words}.",
        "Bonjour docteur, voici : {words}\nMerci beaucoup",
        "https://cabinet-du-lac.example/open#{words}",
        "> {words}\n> --\n> Cabinet Martin, 12 rue de la Riviere",
        "{blanks}",
        "mes mots secrets : {blanks}",
        "1.{dots}",
    ],
)
def test_the_phrase_is_found_in_a_message(message: str) -> None:
    typed = message.format(
        words=WORDS, blanks=WORDS.replace("-", " "), dots=WORDS.replace("-", ".")
    )
    assert WORDS in understand(typed).candidates
    assert not understand(typed).unread


def test_an_unreadable_word_of_a_pasted_message_is_counted_from_the_first_word() -> None:
    understood = understand(f"Cabinet Martin. Vos mots : {replaced(4, 'dxxphin')}")
    assert [item.position for item in understood.unread] == [4]
    assert understood.unread[0].nearest == ("dauphin",)


def test_an_entry_of_a_numbered_sheet_that_is_two_words_is_reported_at_its_number() -> None:
    lines = [f"{at}. {word}" for at, word in enumerate(LIST, 1)]
    lines[2] = "3. ca bi ne"
    assert [item.position for item in understand("\n".join(lines)).unread] == [3]


def test_what_is_shown_by_accident_holds_no_word() -> None:
    for typed in (WORDS, replaced(1, "abaiser"), replaced(1, "abaixxer"), replaced(1, "abais")):
        understood = understand(f"Ref : {typed}")
        shown = f"{understood!r} {understood}" + "".join(
            f"{item!r}" for item in understood.corrected + understood.unread + understood.completed
        )
        assert not any(word[:4] in shown for word in LIST)


@settings(max_examples=150, database=None, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_is_survived(typed: str) -> None:
    understood = understand(typed)
    assert len(understood.candidates) <= profiles.CANDIDATES
    assert all(candidate.encode() for candidate in understood.candidates)
    places = [item.position for item in understood.unread]
    assert places == sorted(set(places))
    if typed.strip() and typed.isprintable():
        assert understood.candidates[0] == typed


@settings(max_examples=150, database=None, deadline=None)
@given(st.lists(st.sampled_from(LIST), min_size=1, max_size=30), st.text(max_size=40))
def test_words_in_any_surroundings_are_survived(words: list[str], noise: str) -> None:
    understood = understand(f"{noise}{'-'.join(words)}{noise}")
    assert all(candidate.encode() for candidate in understood.candidates)


def test_a_huge_text_is_only_tried_as_it_is() -> None:
    typed = f"{WORDS} " * 1000
    assert understand(typed).words == 0
    assert understand(typed).candidates[0] == typed


def test_words_in_an_address_are_no_words_of_the_phrase():
    words = "saturer-museum-reflexe-flocon-ovation-escalier-bobine-inspirer-bilingue-neurone"
    address = "https://escalier.museum-bobine.example/flocon-ovation"
    for text in (
        f"Cabinet K7Q2-M9PX-8 {address} : {words}",
        f"{address}#{words}",
        f"{address} {words.replace('-', ' ')}",
    ):
        understood = understand(text)
        assert words in understood.candidates
        assert (understood.words, understood.unread) == (10, ())
