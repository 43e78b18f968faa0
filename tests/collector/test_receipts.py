from __future__ import annotations

import pytest

from readiness.collector import receipts


def test_codes_have_seven_unambiguous_characters() -> None:
    codes = {receipts.new_receipt() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {7}
    assert not set("".join(codes)) & set("01OILU")


def test_a_code_is_shown_in_groups() -> None:
    assert receipts.shown("K7M4PQ2") == "K7M-4PQ2"


@pytest.mark.parametrize("written", ["K7M-4PQ2", "k7m 4pq2", " k7m4pq2 ", "K7M–4PQ2"])
def test_a_code_is_read_however_it_was_written(written: str) -> None:
    assert receipts.read(written) == "K7M4PQ2"


@pytest.mark.parametrize("written", ["", "K7M-4PQ", "K7M-4PQ22", "O7M-4PQ2", "K7M_4PQ2", "ß7M4PQ2"])
def test_what_is_no_code_is_not_read(written: str) -> None:
    assert receipts.read(written) is None
