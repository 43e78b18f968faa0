from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.inventory import Change, ChangeKind, Inventory
from readiness.core.text import Text
from readiness.submission.known_states import KEPT, KnownStates
from tests.submission.samples import a_report as report

CHANGE = Change(kind=ChangeKind.DRIVER, text=Text(sv="Ny drivrutin.", en="New driver."))


def inventory(number: int) -> Inventory:
    return Inventory(
        system="Debian 12",
        drivers={"snd": str(number)},
        devices={"camera": ("Å", "B")},
        denied={"camera": "x"},
    )


def test_a_state_is_kept_whole_and_the_latest_is_last(tmp_path: Path) -> None:
    tested = KnownStates(tmp_path / "data")
    assert tested.states() == ()
    for number in (1, 2, 1):
        tested.record(inventory(number), report())
    assert [state.inventory for state in tested.states()] == [inventory(2), inventory(1)]
    assert tested.states()[-1].overall is report().rating.overall


def test_only_so_many_states_are_kept(tmp_path: Path) -> None:
    tested = KnownStates(tmp_path)
    for number in range(KEPT + 3):
        tested.record(inventory(number), report())
    assert tested.states()[0].inventory == inventory(3)
    assert len(tested.states()) == KEPT


def test_the_person_is_asked_once_for_the_same_changes_and_no_more_after_a_test(tmp_path: Path) -> None:
    tested = KnownStates(tmp_path)
    assert tested.ask((), "2026-01-01T00:00:00Z"), "never tested"
    assert not tested.ask((), "2026-01-02T00:00:00Z")
    assert tested.ask((CHANGE,), "2026-01-03T00:00:00Z")
    assert not tested.ask((CHANGE,), "2026-01-04T00:00:00Z")
    asked = tested.asked()
    assert asked is not None
    assert (asked.reasons, asked.since_utc) == ((CHANGE,), "2026-01-03T00:00:00Z")
    tested.record(inventory(1), report())
    assert tested.asked() is None
    tested.ask((CHANGE,), "2026-01-05T00:00:00Z")
    tested.settle()
    assert tested.asked() is None
    assert len(tested.states()) == 1


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tested = KnownStates(tmp_path)
    tested.record(inventory(1), report())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        tested.record(inventory(2), report())
    assert [state.inventory for state in tested.states()] == [inventory(1)]
    assert [file.name for file in tmp_path.iterdir()] == ["tested.json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["states", "asked", "inventory", "drivers", "devices", "kinds", "sv", "overall"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.one_of(st.binary(max_size=60), JSON.map(lambda document: json.dumps(document).encode())))
def test_whatever_is_in_the_file(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "tested.json").write_bytes(content)
    tested = KnownStates(folder)
    assert all(dataclasses.is_dataclass(state.inventory) for state in tested.states())
    asked = tested.asked()
    assert asked is None or isinstance(asked.reasons, tuple)
