"""Protects people from a slip drawn by chance: a part of `python -m tests.batch.misaligned`."""

from __future__ import annotations

import pytest

from secshare import profiles
from tests.batch import drawn
from tests.batch.misaligned import KINDS, by_silence, evaluate

SEED, MANIFESTS = 8, 30


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return evaluate(SEED, MANIFESTS, tmp_path_factory.mktemp("drawn"), people=40, most=40)


def test_no_ordinary_manifest_is_stopped_and_none_of_its_rows_is_wrong(figures):
    ordinary = figures["ordinary"]
    assert ordinary.manifests == MANIFESTS
    assert (ordinary.stopped, ordinary.wrong) == (0, 0)
    assert ordinary.sealed > 0.9 * (ordinary.sealed + ordinary.failed)


def test_an_error_of_one_row_stops_nothing_and_is_not_sealed(figures):
    lone = figures["lone"]
    assert lone.manifests > MANIFESTS // 2
    assert (lone.stopped, lone.wrong) == (0, 0)


@pytest.mark.parametrize("spoil", drawn.DOCUMENTS)
def test_documents_that_moved_stop_the_batch_with_no_wrong_row_sealed(figures, spoil):
    it = figures[spoil.__name__]
    assert it.manifests == MANIFESTS // len(KINDS)
    assert it.stopped + it.told_nothing == it.manifests, it.missed
    assert it.stopped > 0
    assert it.wrong == 0


@pytest.mark.parametrize("spoil", drawn.ADDRESSES)
def test_addresses_that_moved_stop_the_batch(figures, spoil):
    it = figures[spoil.__name__]
    assert it.stopped + it.told_nothing == it.manifests, it.missed
    assert it.stopped > 0
    assert it.wrong == 0


def test_one_document_in_ten_that_tells_is_enough():
    wrong = by_silence(1, 0.1, rows_=4 * profiles.GUARD_ROWS, manifests=60)
    assert sum(map(bool, wrong)) <= 2  # slips of the very last rows
    assert sum(by_silence(1, 0, rows_=4 * profiles.GUARD_ROWS, manifests=3)) > 0
