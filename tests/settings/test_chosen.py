from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.settings import Chosen, keep_chosen, read_chosen


@pytest.mark.parametrize(
    "chosen",
    [Chosen(), Chosen(text_percent=150), Chosen(language="en"), Chosen(text_percent=200, language="sv")],
)
def test_what_was_chosen_is_remembered(chosen: Chosen, tmp_path: Path) -> None:
    file = tmp_path / "new" / "window.json"
    assert read_chosen(file) == Chosen()
    keep_chosen(file, Chosen(text_percent=125, language="sv"))
    keep_chosen(file, chosen)
    assert read_chosen(file) == chosen
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b'"large"',
        b'{"text_percent": "150"}',
        b'{"text_percent": true}',
        b'{"text_percent": 99}',
        b'{"text_percent": 201}',
        b'{"text_percent": 1e9}',
        b'{"text_percent": null, "language": "de"}',
        b'{"language": ["sv"]}',
        b'{"a": ' + b"[" * 2000,
        b'{"text_percent": 150, "padding": "' + b"x" * 5000 + b'"}',
    ],
)
def test_what_cannot_be_used_counts_as_not_chosen(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "window.json").write_bytes(content)
    assert read_chosen(tmp_path / "window.json") == Chosen()


def test_one_bad_value_does_not_spoil_the_other(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    file.write_text(json.dumps({"text_percent": 175, "language": 7, "of_a_newer_version": {}}), "utf-8")
    assert read_chosen(file) == Chosen(text_percent=175)


@given(content=st.binary(max_size=200))
def test_whatever_is_in_the_file_the_window_opens(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("chosen") / "window.json"
    file.write_bytes(content)
    assert isinstance(read_chosen(file), Chosen)


def test_where_it_cannot_be_kept_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", "utf-8")
    keep_chosen(tmp_path / "data" / "window.json", Chosen(text_percent=150))
    assert [file.name for file in tmp_path.iterdir()] == ["data"]
