from __future__ import annotations

import dataclasses
import plistlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.settings import Places, Settings, load
from readiness.settings.places import MACHINE_KEY, POLICY_KEY
from readiness.settings.schema import SETTINGS
from readiness.settings.sources import Rank, Reading, Weight, from_property_list, from_registry, from_toml
from tests.settings.registry import Winreg

TYPES = (0, 1, 2, 3, 4, 7, 11)


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(
        settings_file=tmp_path / "user.toml",
        machine_settings_file=tmp_path / "machine" / "settings.toml",
        data=tmp_path / "data",
        resources=tmp_path / "resources",
    )


def on_windows(where: Places) -> Places:
    return dataclasses.replace(where, registry=True, machine_settings_file=None)


def test_the_registry_is_policy_and_machine(where: Places) -> None:
    where.settings_file.write_text('unit = "mine"\nasset_tag = "7"\n', "utf-8")
    winreg = Winreg(
        {
            POLICY_KEY: [("CollectorUrl", "https://policy.example", 1), ("RECHECK", 0, 4)],
            MACHINE_KEY: [
                ("", "default of the key", 1),
                ("CollectorUrl", "https://machine.example", 1),
                ("EnrolmentKey", "mk_1", 1),
                ("Unit", "Skolan", 2),
                ("InstallFolder", "C:\\", 1),
            ],
        }
    )
    loaded = load(on_windows(where), {}, winreg=winreg)
    assert loaded.settings == Settings(
        collector_url="https://policy.example",
        recheck=False,
        enrolment_key="mk_1",
        unit="Skolan",
        asset_tag="7",
    )
    assert loaded.origins["collector_url"].place == r"HKLM\Software\Policies\Motesklar"
    assert loaded.origins["enrolment_key"].rank is Rank.MACHINE
    assert [(remark.weight, remark.key) for remark in loaded.remarks] == [(Weight.HINT, "InstallFolder")]
    assert not any(key.open for key in winreg.opened)


@pytest.mark.parametrize(
    ("name", "data", "kind", "says"),
    [
        ("Recheck", "1", 1, "Recheck does not fit: '1'. Write true or false (1 or 0 in the registry)"),
        ("Recheck", 2, 4, "Recheck does not fit: 2"),
        ("Recheck", None, 4, "Recheck does not fit: None"),
        ("CollectorUrl", 7, 4, "CollectorUrl does not fit: 7. Write an address such as https://"),
        ("CollectorUrl", ["https://a.example"], 7, "CollectorUrl does not fit"),
        ("CollectorUrl", b"\x01", 3, "CollectorUrl does not fit"),
        ("CollectorUrl", "file:///c:/", 1, "CollectorUrl: The address of IT's server cannot be used"),
        ("Unit", "x" * 5000, 1, "Unit does not fit"),
        ("EnrolmentKey", "mk_secret", 1, "EnrolmentKey cannot be set by a policy"),
    ],
)
def test_a_value_of_a_policy_that_cannot_be_used_is_told_with_what_is_expected(
    where: Places, name: str, data: Any, kind: int, says: str
) -> None:
    before = [("CollectorUrl", "https://machine.example", 1)]
    loaded = load(
        on_windows(where), {}, winreg=Winreg({POLICY_KEY: [(name, data, kind)], MACHINE_KEY: before})
    )
    (remark,) = loaded.faults
    assert says in remark.text.en
    assert r"HKLM\Software\Policies\Motesklar" in remark.text.en
    assert r"HKLM\Software\Policies\Motesklar" in remark.text.sv
    assert len(remark.text.en) < 400
    assert "secret" not in remark.text.en.replace("mk_secret", "")
    assert loaded.settings == Settings(collector_url="https://machine.example")


def test_a_key_that_is_not_for_us_is_told(where: Places) -> None:
    (remark,) = load(on_windows(where), {}, winreg=Winreg({POLICY_KEY: None})).faults
    assert "permission is missing. Ask IT" in remark.text.en


def test_a_property_list_is_a_policy_the_users_above_the_computers(where: Places, tmp_path: Path) -> None:
    files = (tmp_path / "anna.plist", tmp_path / "all.plist")
    files[0].write_bytes(plistlib.dumps({"Unit": "Skolan", "Recheck": False}))
    files[1].write_bytes(
        plistlib.dumps({"Unit": "Vården", "Profile": "teams", "Language": 7}, fmt=plistlib.FMT_BINARY)
    )
    loaded = load(dataclasses.replace(where, managed_preferences=files), {})
    assert loaded.settings == Settings(unit="Skolan", recheck=False, profile="teams")
    assert loaded.managed == {"unit", "recheck", "profile"}
    (remark,) = loaded.faults
    assert "Language does not fit: 7. Write sv or en" in remark.text.en


@pytest.mark.parametrize("content", [b"", b"bplist00", b"<plist><dict><key>", b"<plist><array/></plist>"])
def test_a_property_list_that_is_none(where: Places, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.plist").write_bytes(content)
    loaded = load(dataclasses.replace(where, managed_preferences=(tmp_path / "all.plist",)), {})
    assert loaded.settings == Settings()
    assert len(loaded.faults) == 1


def test_secrets_of_the_machine_stand_in_a_file_of_their_own(where: Places) -> None:
    assert where.secrets_file is not None
    where.secrets_file.parent.mkdir()
    where.secrets_file.write_text('enrolment_key = "mk_1"\nunit = "no secret"\n')
    where.secrets_file.chmod(0o640)
    loaded = load(where, {})
    assert loaded.settings == Settings(enrolment_key="mk_1")
    assert loaded.remarks == ()
    where.secrets_file.chmod(0o644)
    loaded = load(where, {})
    assert loaded.settings.enrolment_key == "mk_1"
    assert "chmod 640" in loaded.remarks[0].text.en
    assert loaded.faults == ()


def test_a_secret_in_a_file_that_everybody_reads_is_a_hint(where: Places) -> None:
    where.settings_file.write_text('enrolment_key = "mk_1"\n')
    where.settings_file.chmod(0o644)
    loaded = load(where, {})
    assert loaded.settings == Settings(enrolment_key="mk_1")
    assert ["chmod 600" in remark.text.en for remark in loaded.remarks] == [True]
    assert loaded.faults == ()
    where.settings_file.chmod(0o600)
    assert load(where, {}).remarks == ()


def test_a_secrets_file_for_the_service_alone_is_no_fault_for_others(
    where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert where.secrets_file is not None
    secrets = where.secrets_file
    opened = Path.open

    def refused(self: Path, *arguments: Any, **more: Any) -> Any:
        if self == secrets:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **more)

    monkeypatch.setattr(Path, "open", refused)
    loaded = load(where, {})
    assert (loaded.settings, loaded.remarks) == (Settings(), ())


def plausible(reading: Reading, rank: Rank) -> None:
    """What every reading keeps, whatever was in its source."""
    for name, found in reading.values.items():
        (setting,) = (setting for setting in SETTINGS if setting.name == name)
        assert setting.fits(found.value)
        assert found.rank is rank
        assert rank is not Rank.POLICY or setting.by_policy
    for remark in reading.remarks:
        assert remark.text.sv
        assert len(remark.text.en) < 2000


DATA = st.one_of(
    st.none(), st.integers(0, 2**64), st.booleans(), st.text(max_size=40), st.binary(max_size=40), st.lists(st.text(max_size=9), max_size=4)
)  # fmt: skip
NAMES = st.one_of(st.sampled_from([setting.key for setting in SETTINGS]), st.text(max_size=20))


@given(st.lists(st.tuples(NAMES, DATA, st.sampled_from(TYPES)), max_size=8), st.sampled_from([Rank.POLICY, Rank.MACHINE]))  # fmt: skip
def test_whatever_is_in_the_registry(values: list[tuple[str, Any, int]], rank: Rank) -> None:
    plausible(from_registry(rank, POLICY_KEY, Winreg({POLICY_KEY: values})), rank)


PLIST = st.recursive(
    st.one_of(st.integers(0, 2**63), st.booleans(), st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=20), st.binary(max_size=20), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "Unit"]), inner, max_size=2)),
    max_leaves=6,
)  # fmt: skip


@given(document=st.one_of(PLIST, st.dictionaries(st.sampled_from([setting.key for setting in SETTINGS]), PLIST, max_size=6)), cut=st.integers(0, 4000), flip=st.integers(0, 255), binary=st.booleans())  # fmt: skip
def test_whatever_is_in_a_property_list(
    tmp_path_factory: pytest.TempPathFactory, document: Any, cut: int, flip: int, binary: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.plist"
    content = bytearray(plistlib.dumps(document, fmt=plistlib.FMT_BINARY if binary else plistlib.FMT_XML))
    file.write_bytes(content)
    plausible(from_property_list(Rank.POLICY, file), Rank.POLICY)
    content[cut % len(content)] ^= flip
    file.write_bytes(content)
    plausible(from_property_list(Rank.POLICY, file), Rank.POLICY)
    file.write_bytes(content[: cut % len(content)])
    plausible(from_property_list(Rank.POLICY, file), Rank.POLICY)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")), st.lists(st.tuples(st.sampled_from([setting.name for setting in SETTINGS]), st.sampled_from(["1", "true", '""', '"x"', "[]", "{}", "1979-05-27", "nan", "[[1]]", '"\\u0000"'])), max_size=6).map(lambda rows: "\n".join(f"{name} = {value}" for name, value in rows).encode())))  # fmt: skip
def test_whatever_is_in_a_file(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_bytes(content)
    for rank in (Rank.POLICY, Rank.MACHINE, Rank.USER):
        plausible(from_toml(rank, file), rank)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"#" * (1024 * 1024 + 1))
    (remark,) = from_toml(Rank.USER, file).remarks
    assert "too large" in remark.text.en
