from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from readiness.core.inventory import ChangeKind, Inventory, changes, least_changes

HOME = Inventory(
    system="Windows 11 Pro 24H2 (26100)",
    drivers={"Realtek Audio": "6.0.1", "Intel Graphics": "31.0"},
    devices={"camera": ("HD Camera",), "microphone": ("Array",), "speaker": ("Speakers",)},
)
DOCKED = dataclasses.replace(
    HOME,
    drivers={**HOME.drivers, "Realtek USB GbE": "10.5"},
    devices={**HOME.devices, "camera": ("HD Camera", "Studio"), "speaker": ("Dock audio", "Speakers")},
)


def kinds(before: Inventory, now: Inventory) -> list[ChangeKind]:
    return [change.kind for change in changes(before, now)]


def test_a_newer_driver_a_newer_system_and_a_dock_are_changes() -> None:
    newer = dataclasses.replace(HOME, drivers={**HOME.drivers, "Realtek Audio": "6.0.2"})
    (change,) = changes(HOME, newer)
    assert change.kind is ChangeKind.DRIVER
    assert change.text.en == "The driver Realtek Audio is now 6.0.2."
    assert kinds(HOME, dataclasses.replace(HOME, system="Windows 11 Pro 25H2 (26200)")) == [ChangeKind.SYSTEM]
    assert kinds(HOME, DOCKED) == [ChangeKind.DRIVER, ChangeKind.DEVICE, ChangeKind.DEVICE]
    assert "Studio is gone." in [change.text.en for change in changes(DOCKED, HOME)]


def test_a_permission_taken_away_is_a_change() -> None:
    denied = dataclasses.replace(HOME, denied={"camera": "webcam: all apps, this user"})
    assert [change.text.sv for change in changes(HOME, denied)] == [
        "Program får inte längre använda kameran."
    ]
    assert [change.text.sv for change in changes(denied, HOME)] == ["Program får nu använda kameran."]


def test_between_two_places_that_were_both_tested_nothing_has_changed() -> None:
    assert least_changes([HOME, DOCKED], HOME) == ()
    assert least_changes([HOME, DOCKED], DOCKED) == ()
    assert least_changes([], HOME) is None
    another = dataclasses.replace(DOCKED, devices={**DOCKED.devices, "camera": ("HD Camera", "Other")})
    assert len(least_changes([HOME, DOCKED], another) or ()) == 2, "told against the dock, not against home"


def test_what_could_not_be_listed_is_no_change() -> None:
    assert changes(HOME, Inventory()) == ()
    assert changes(Inventory(), HOME) == ()


NAMES = st.text(max_size=8)
INVENTORIES = st.builds(
    Inventory,
    system=st.none() | NAMES,
    drivers=st.dictionaries(NAMES, NAMES, max_size=4),
    devices=st.dictionaries(
        st.sampled_from(["camera", "microphone", "speaker"]), st.lists(NAMES, max_size=4).map(tuple)
    ),
    denied=st.dictionaries(st.sampled_from(["camera", "microphone"]), NAMES),
)


@given(INVENTORIES, INVENTORIES)
def test_the_same_is_never_a_change_and_words_are_in_both_languages(one: Inventory, other: Inventory) -> None:
    assert changes(one, one) == ()
    for change in changes(one, other):
        assert change.text.sv != change.text.en
    assert len(least_changes([one, other], other) or ()) == 0
