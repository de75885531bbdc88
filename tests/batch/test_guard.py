"""Protects the people of a manifest from a column that slipped, ordinary manifests from a stop."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from secshare import profiles
from secshare.batch.guard import Guard, Seen, refuse
from secshare.batch.listed import Listed
from secshare.errors import ExitCode, PreflightStopped
from secshare.messages import Language, without_numbers

ROWS = 600


def right(number):
    return Seen(number, own=True, address=True)


def silent(number):
    return Seen(number)


def others(number, *fits):
    return Seen(number, own=False, fits=fits, address=True)


def told(rows, *, order=None, shares=None):
    """Tell a guard rows, the first of which has the number 2; return what stopped it, or None."""
    guard = Guard(shares or len(rows))
    for position in order or range(len(rows)):
        try:
            guard.see(position, rows[position])
        except PreflightStopped as error:
            assert all(error.explain(language) for language in Language)
            return error
    assert guard.knows(len(rows) - 1)
    return None


def manifest(*changed):
    """Return rows that are right, but for those given."""
    rows = {number: right(number) for number in range(2, ROWS + 2)}
    rows |= {seen.number: seen for seen in changed}
    return list(rows.values())


def test_an_ordinary_manifest_is_never_stopped():
    assert told(manifest()) is None
    assert told([silent(number) for number in range(2, ROWS)]) is None


def test_a_column_that_slipped_stops_with_its_first_row_and_its_direction():
    rows = manifest(*(others(number, number - 1) for number in range(14, ROWS + 2)))
    error = told(rows)
    assert error.code is ExitCode.PREFLIGHT_STOPPED
    assert error.key == "guard.documents_above"
    assert (error.fields["first"], error.fields["offset"]) == (14, -1)
    assert error.fields["pairs"][0] == (14, 13)
    assert "14" in error.explain(Language.FR)[0]

    rows = manifest(*(others(number, number + 1) for number in range(14, ROWS + 1)))
    error = told(rows)
    assert error.key == "guard.documents_below"
    assert error.fields["pairs"][:2] == ((14, 15), (15, 16))


def test_a_slip_by_several_rows_says_how_many():
    error = told(manifest(*(others(number, number - 3) for number in range(14, ROWS + 2))))
    assert error.key == "guard.documents_above_far"
    assert error.fields["count"] == 3


def test_rows_of_groups_are_counted_as_shares():
    numbers = range(2, 3 * ROWS, 3)
    rows = [right(n) if n < 50 else others(n, n - 3) for n in numbers]
    error = told(rows)
    assert (error.key, error.fields["first"]) == ("guard.documents_above", 50)


@pytest.mark.parametrize("column", ["documents", "addresses"])
@pytest.mark.parametrize("offset", [-4, -1, 1, 2])
def test_both_columns_say_where_they_went(column, offset):
    changed = others if column == "documents" else to_another
    error = told(manifest(*(changed(number, number + offset) for number in range(14, ROWS - 4))))
    way = ("above" if offset < 0 else "below") + ("_far" if abs(offset) > 1 else "")
    assert error.key == f"guard.{column}_{way}"
    assert error.fields["offset"] == offset


def test_it_does_not_say_for_sure_that_it_was_the_files_that_slipped():
    """Names that slipped beside birth dates and files look the same: these stay as they are."""
    error = told(manifest(*(others(number, number - 1) for number in range(14, ROWS + 2))))
    french, english = (error.explain(each)[0] for each in (Language.FR, Language.EN))
    assert "fichiers a glissé, ou celle des noms" in french
    assert "files slipped, or that of names" in english
    error = told([others(number) for number in range(2, ROWS)])
    french, english = (error.explain(each) for each in (Language.FR, Language.EN))
    assert "la date de naissance" in french[0]
    assert "triée seule" in french[1]
    assert "the birth dates" in english[0]
    assert "sorted by itself" in english[1]


def test_addresses_sorted_alone_name_the_rows():
    error = told(manifest(*(to_another(row, 2 + row * 7 % 50) for row in range(10, 40))))
    assert error.key == "guard.addresses_apart"


def test_a_column_sorted_alone_names_the_rows():
    error = told(manifest(others(2, 40), others(3, 9), others(9, 2), others(40, 3)))
    assert error.key == "guard.documents_apart"
    assert str(error.fields["rows"]) == "2, 3 and 9"


@pytest.mark.parametrize("column", ["documents", "addresses"])
def test_a_column_sorted_alone_is_not_to_be_sorted_again(column):
    """All columns sorted together keep the wrong pairs: only what was before has the right ones."""
    error = PreflightStopped(f"guard.{column}_apart", rows=Listed((2, 3, 9)))
    french, english = (error.explain(each)[1] for each in (Language.FR, Language.EN))
    assert "Triez" not in french
    assert "annulez le tri (Ctrl-Z)" in french
    assert "Sort the" not in english
    assert "undo the sort (Ctrl-Z)" in english


@pytest.mark.parametrize(
    ("rows", "french", "english"),
    [
        (range(2, 17), "lignes 2 à 16)", "rows 2 to 16)"),
        ((2, 3), "lignes 2 et 3)", "rows 2 and 3)"),
        ((2, 3, 5, 6, 7, 100), "lignes 2, 3, 5 à 7 et 100)", "rows 2, 3, 5 to 7 and 100)"),
    ],
)
def test_rows_are_named_by_their_ranges(rows, french, english):
    error = PreflightStopped("guard.documents_above", first=2, rows=Listed(tuple(rows)))
    assert french in error.explain(Language.FR)[0]
    assert english in error.explain(Language.EN)[0]


@pytest.mark.parametrize("step", [2, 3, 1_234])
@pytest.mark.parametrize("first", [2, 101, 1_801_012, 9_997])
def test_rows_in_a_sentence_are_no_social_security_number(first, step):
    """What masks one where it is shown once left "(lignes 2, …112, …)" of rows 2 to 16."""
    for count in range(2, 20):
        rows = Listed(tuple(range(first, first + count * step, step)))
        for language in Language:
            said = PreflightStopped("guard.strangers", rows=rows).explain(language)[0]
            assert said == without_numbers(said)
            assert str(first) in said
            assert said.count("…") == (count > 12)


def test_two_rows_with_each_others_are_not_told_to_be_sorted():
    for one, other in ((7, 8), (7, 20)):
        error = told(manifest(others(one, other), others(other, one)))
        assert error.key == "guard.documents_swapped"
        what, advice = error.explain(Language.FR)
        assert f"{one} et {other}" in what
        assert "tri" not in advice.casefold()
    error = told(manifest(to_another(7, 8, sure=True), to_another(8, 7, sure=True)))
    assert error.key == "guard.addresses_swapped"
    assert told(manifest(others(7, 8), others(8, 9))).key != "guard.documents_swapped"


def test_one_wrong_document_is_an_error_of_its_row_where_the_other_row_has_its_own():
    assert told(manifest(others(10, 400))) is None
    assert told(manifest(others(400, 10))) is None
    assert told(manifest(others(10, 400), others(300, 12))) is None
    assert told(manifest(others(10))) is None  # somebody who is in no row


def test_one_wrong_document_stops_where_the_other_row_has_not_its_own():
    for other in (silent(11), others(11)):
        error = told(manifest(others(10, 11), other))
        assert error.key == "guard.documents_one"
        assert (error.fields["first"], error.fields["other"]) == (10, 11)
    assert told(manifest(others(10, 11, 90), silent(90))).fields["pairs"] == ((10, 11), (10, 90))


def test_a_row_of_somebody_with_several_documents_explains_nothing_by_one_of_them():
    """The documents of 5, 6, 7 slipped to 6, 7, 8: two of them are where their person is."""
    rows = manifest(others(5, 4), right(6), right(7), others(8, 5, 6, 7))
    assert told(rows) is not None


def test_documents_of_rows_far_below_stop_before_those_are_read():
    rows = manifest(others(100, 590), others(102, 580))
    guard = Guard(len(rows))
    with pytest.raises(PreflightStopped):
        for position, seen in enumerate(rows[:400]):
            guard.see(position, seen)
    far_apart = manifest(others(2, 400), others(3, 500))
    assert told(far_apart).key == "guard.documents_apart"
    far = manifest(others(100, 590), others(140, 580))
    assert told(far) is None  # two errors, of which nothing says yet that they are one


def test_a_slip_that_begins_late_stops_before_its_rows_may_be_sealed():
    shares, first = 60_000, 50_000
    guard, known = Guard(shares), 0
    with pytest.raises(PreflightStopped):
        for position in range(shares):
            slipped = position >= first
            guard.see(position, others(position, position - 1) if slipped else right(position))
            while known < shares and guard.knows(known):
                known += 1
    assert first - profiles.GUARD_ROWS <= known < first


def test_nothing_is_known_before_enough_rows_were_told():
    guard = Guard(ROWS)
    for position in range(profiles.GUARD_ROWS):
        guard.see(position, right(position))
        assert not guard.knows(0)
    guard.see(profiles.GUARD_ROWS, right(profiles.GUARD_ROWS))
    assert guard.knows(0)
    assert not guard.knows(1)


def test_a_short_manifest_is_known_when_all_of_it_was_told():
    guard = Guard(3)
    guard.see(0, right(2))
    guard.see(2, right(4))
    assert not guard.knows(0)
    guard.see(1, right(3))
    assert all(map(guard.knows, range(3)))


def test_the_order_in_which_rows_are_told_changes_nothing():
    rows = manifest(*(others(number, number - 1) for number in range(200, ROWS + 2)))
    first = told(rows)
    for seed in range(5):
        order = list(range(len(rows)))
        draw = random.Random(seed)
        for at in range(0, len(order), 40):
            part = order[at : at + 40]
            draw.shuffle(part)
            order[at : at + 40] = part
        error = told(rows, order=order)
        assert (error.key, error.fields) == (first.key, first.fields)


def test_what_was_found_late_is_said_before_a_row_is_known():
    """A row asked for before the sentence has all its rows is not sealed: it is stopped."""
    guard = Guard(ROWS)
    for position in range(profiles.GUARD_ROWS):
        guard.see(position, right(position + 2))
    at = profiles.GUARD_ROWS
    guard.see(at, others(at + 2, at + 1))  # the person above has their own
    guard.see(at + 1, others(at + 3, at + 2))
    with pytest.raises(PreflightStopped):
        guard.knows(0)


def test_documents_of_nobody_in_the_manifest_stop_where_none_is_right():
    """The folder of another night, whose files have the same names."""
    strangers = [others(number) if number % 3 else silent(number) for number in range(2, ROWS)]
    error = told(strangers)
    assert (error.key, error.fields["first"]) == ("guard.strangers", 2)
    assert told([right(2), *strangers[1:]]) is None
    few = [others(number) for number in range(2, 1 + profiles.GUARD_STRANGERS)]
    assert told([*few, *map(silent, range(20, 40))]) is None


def test_rows_sealed_before_explain_and_stop_nothing():
    rows = [Seen.sealed(number) for number in range(2, 300)]
    rows += [right(number) for number in range(300, 400)]
    assert told(rows) is None
    rows[350] = others(352, 20)
    assert told(rows) is None


def to_another(number, other, *, sure=False):
    return Seen(number, own=True, address=False, address_fits=(other,), address_sure=sure)


def test_addresses_that_slipped_stop_although_each_document_is_right():
    error = told(manifest(*(to_another(number, number - 1) for number in range(20, ROWS + 2))))
    assert error.key == "guard.addresses_above"
    assert error.fields["first"] == 20


def test_an_address_of_a_relative_in_another_row_stops_nothing():
    assert told(manifest(to_another(20, 21), to_another(60, 59), to_another(120, 380))) is None
    twice = [to_another(number, 30) for number in range(26, 30)]  # in each row of the same person
    assert told(manifest(*twice)) is None
    assert told(manifest(to_another(20, 21), to_another(22, 24))) is None


def test_one_address_stops_where_the_other_row_has_a_thirds():
    error = told(manifest(to_another(20, 21, sure=True)))
    assert error.key == "guard.addresses_one"
    assert (error.fields["first"], error.fields["other"]) == (20, 21)


def test_a_row_with_anothers_document_is_refused_whatever_its_own_check_let_pass():
    with pytest.raises(PreflightStopped) as caught:
        refuse(others(10, 400))
    assert caught.value.fields == {"row": 10, "other": 400}
    for passing in (right(10), silent(10), others(10), to_another(10, 11)):
        refuse(passing)


def test_many_documents_of_rows_to_come_stop():
    """Nobody can keep them all in mind, and no ordinary manifest has so many."""
    changed = [others(2 + 3 * at, 3_000 + at) for at in range(profiles.GUARD_ROWS)]
    rows = {number: right(number) for number in range(2, 4_000)}
    rows |= {seen.number: seen for seen in changed}
    assert told(list(rows.values())[:2_000], shares=4_000) is not None


def test_what_it_keeps_does_not_grow_with_the_rows():
    rows, peaks = (2_000, 40_000), []
    for count in rows:
        guard = Guard(1_000_000)
        tracemalloc.start()
        for position in range(count):
            guard.see(position, right(position + 2))
        peaks.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 3 * (rows[1] - rows[0])  # bytes: one a row, and some to spare
