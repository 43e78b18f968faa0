"""The MSI: built of a small payload, its tables read; under Wine it is installed, upgraded and removed (`long`)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from installer.packing.product import BuildError, publisher
from installer.windows.definition import (
    DOWNGRADE,
    NAMESPACE,
    PROPERTIES,
    TASK_FILE,
    UPGRADE_CODE,
    PayloadError,
    definition,
    launchers,
    place_task,
)
from installer.windows.msi import PERMISSIONS, ROOT, build, make
from readiness.settings.places import MACHINE_KEY
from readiness.settings.schema import BY_NAME
from tests.lab.wine import Wine, fresh_wine

UTF8 = {**os.environ, "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("msi") / "en mapp med å"
    for name in (
        "python.exe",
        "pythonw.exe",
        "Lib/site-packages/readiness/cli.py",
        "Lib/med mellanslag/å.txt",
    ):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, "utf-8")
    place_task(folder)
    return folder


@pytest.fixture(scope="module")
def package(payload: Path) -> Path:
    target = payload.parent / "motesklar.msi"
    build(payload, target, "0.1.0")
    return target


def rows(package: Path, table: str) -> list[list[str]]:
    exported = subprocess.run(
        ["msiinfo", "export", package, table], capture_output=True, env=UTF8, check=True
    )
    lines = exported.stdout.decode().replace("\r\n", "\n").split("\n")
    return [line.split("\t") for line in lines[3:] if line]


def test_what_is_public_is_searched_kept_and_written(package: Path) -> None:
    properties = {row[0]: row[1] for row in rows(package, "Property")}
    assert properties["UpgradeCode"] == f"{{{UPGRADE_CODE}}}"
    assert (properties["ProductVersion"], properties["ALLUSERS"]) == ("0.1.0", "1")
    assert properties["ProductName"] == "Mötesklar"
    giver = publisher()
    about = [properties[name] for name in ("Manufacturer", "ARPCONTACT", "ARPURLINFOABOUT")]
    assert about == [giver.name, giver.email, giver.homepage]
    assert set(PROPERTIES) <= set(properties["SecureCustomProperties"].split(";"))
    assert properties["MsiHiddenProperties"] == "ENROLMENTKEY;KEPTENROLMENTKEY"
    searched = {row[0]: row[1:] for row in rows(package, "RegLocator")}
    written = {row[3]: row for row in rows(package, "Registry") if row[2] == MACHINE_KEY}
    actions = {row[0]: row for row in rows(package, "CustomAction")}
    sequence = {row[0]: (row[1], int(row[2])) for row in rows(package, "InstallExecuteSequence")}
    for name, setting in PROPERTIES.items():
        key = BY_NAME[setting].key
        assert searched[f"Kept{key}"] == ["2", MACHINE_KEY, key, "18"], "a value of the 64-bit registry"
        assert written[key][1:5] == ["2", MACHINE_KEY, key, f"[{name}]"]
        assert actions[f"Keep{key}"][1:4] == ["51", name, f"[KEPT{name}]"]
        condition, number = sequence[f"Keep{key}"]
        assert condition == f"NOT {name} AND KEPT{name}", "what is given anew stands above what was kept"
        assert sequence["AppSearch"][1] < number < sequence["LaunchConditions"][1]


def test_only_system_and_administrators_write_the_settings(package: Path) -> None:
    ((_, locked, table, words, _),) = rows(package, "MsiLockPermissionsEx")
    assert (locked, table, words) == ("ValueCollectorUrl", "Registry", PERMISSIONS)
    assert "KA;;;SY" in words
    assert "KA;;;BA" in words
    assert "KR;;;IU" in words
    assert words.startswith("D:PAI"), "nothing is inherited"
    assert words.count("(") == 3


def test_a_newer_version_replaces_within_the_transaction_and_an_older_is_refused(package: Path) -> None:
    newer, older = rows(package, "Upgrade")
    assert newer[0] == older[0] == f"{{{UPGRADE_CODE}}}"
    assert (newer[2], older[1]) == ("0.1.0", "0.1.0")
    assert ["NOT WIX_DOWNGRADE_DETECTED", DOWNGRADE] in rows(package, "LaunchCondition")
    numbers = {row[0]: int(row[2]) for row in rows(package, "InstallExecuteSequence")}
    assert numbers["InstallInitialize"] < numbers["RemoveExistingProducts"] < numbers["ProcessComponents"]


def test_the_link_scheme_and_the_start_menu(package: Path) -> None:
    classes = {(row[2], row[3]): row[4] for row in rows(package, "Registry") if "Classes" in row[2]}
    assert (r"Software\Classes\motesklar", "URL Protocol") in classes
    command = classes[r"Software\Classes\motesklar\shell\open\command", ""]
    assert command == '"[INSTALLFOLDER]pythonw.exe" -B -m readiness "%1"'
    ((name, folder, title, component, target, arguments, *_),) = rows(package, "Shortcut")
    assert (folder, title, arguments) == ("ProgramMenuFolder", "Mötesklar", "-B -m readiness")
    assert name == "StartMenu"
    assert target
    assert component in {row[0] for row in rows(package, "Component")}


def test_every_file_is_inside_in_a_component_of_its_own(package: Path, payload: Path) -> None:
    files = [file.name for file in payload.rglob("*") if file.is_file()]
    inside = rows(package, "File")
    assert sorted(row[2] for row in inside) == sorted(files)
    components = {row[0]: row for row in rows(package, "Component")}
    assert len({row[1] for row in inside}) == len(inside)
    assert len({row[1] for row in components.values()}) == len(components), "each has a GUID of its own"
    assert all(int(row[3]) & 256 for row in components.values()), "all are 64-bit"
    assert {row[1] for row in rows(package, "FeatureComponents")} == set(components)
    summary = subprocess.run(["msiinfo", "suminfo", package], capture_output=True, env=UTF8, check=True)
    assert "Template: x64;1053" in summary.stdout.decode()


def test_the_task_is_made_and_removed_with_the_package(package: Path, tmp_path: Path) -> None:
    sequence = {row[0]: (row[1], int(row[2])) for row in rows(package, "InstallExecuteSequence")}
    assert sequence["AddTask"][1] > sequence["InstallFiles"][1]
    assert sequence["RemoveTask"][1] < sequence["RemoveFiles"][1]
    assert "UPGRADINGPRODUCTCODE" in sequence["RemoveTask"][0], "an upgrade keeps it"
    for row in rows(package, "CustomAction"):
        if row[0] in ("AddTask", "RemoveTask"):
            # 50: a program named by a property; continue (64); deferred (1024); as the system (2048)
            assert int(row[1]) == 50 + 64 + 1024 + 2048


def test_two_builds_of_the_same_have_the_same_code_and_another_version_another(payload: Path) -> None:
    first, second = definition(payload, "0.1.0"), definition(payload, "0.1.0")
    assert first == second
    codes = [Xml.fromstring(made)[0].attrib["Id"] for made in (first, definition(payload, "0.2.0"))]
    assert codes[0] != codes[1]


def test_the_definition_is_wix_for_a_builder_on_windows(payload: Path) -> None:
    root = Xml.fromstring(definition(payload, "0.1.0"))
    assert root.tag == f"{{{NAMESPACE}}}Wix"
    ids = [element.attrib["Id"] for element in root.iter() if "Id" in element.attrib and element.tag.rpartition("}")[2] in ("Component", "File", "Directory", "RegistryValue", "CustomAction", "Property")]  # fmt: skip
    assert len(ids) == len(set(ids))
    assert all(len(found) <= 72 and found.replace("_", "").replace(".", "").isalnum() for found in ids)
    references = {element.attrib["Id"] for element in root.iter(f"{{{NAMESPACE}}}ComponentRef")}
    assert references == {element.attrib["Id"] for element in root.iter(f"{{{NAMESPACE}}}Component")}
    (media,) = root.iter(f"{{{NAMESPACE}}}MediaTemplate")
    assert media.attrib["CompressionLevel"] == "high"  # else WiX packs by MSZIP as well


def test_without_msitools_the_definition_is_written_whole(
    payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    made = make(payload, tmp_path)
    assert made == tmp_path / "motesklar.wxs"
    files = [element.attrib["Source"] for element in Xml.parse(made).iter(f"{{{NAMESPACE}}}File")]
    assert f"payload/{TASK_FILE}" in files
    assert "schtasks" in made.read_text("utf-8")
    monkeypatch.undo()
    assert make(payload, tmp_path).suffix == ".msi"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="apt-get install"):
        build(payload, tmp_path / "motesklar.msi")


def test_a_payload_with_programs_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(PayloadError, match="neither"):
        launchers(tmp_path)
    (tmp_path / "readiness.exe").touch()
    found = launchers(tmp_path)
    assert (found.window, found.terminal, found.arguments) == ("readiness.exe", "readiness.exe", "")


def test_it_is_signed_with_a_certificate_from_outside(package: Path, tmp_path: Path) -> None:
    signing = ROOT / "installer" / "windows" / "sign.sh"
    copy = Path(shutil.copy(package, tmp_path / "paket.msi"))
    before = copy.read_bytes()
    refused = subprocess.run([signing, copy], capture_output=True, text=True, env=UTF8)
    assert refused.returncode == 2
    assert "SIGN_PKCS12" in refused.stderr
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test", "-days", "2",
         "-addext", "extendedKeyUsage=codeSigning", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        ["openssl", "pkcs12", "-export", "-inkey", tmp_path / "key.pem", "-in", tmp_path / "cert.pem",
         "-passout", "pass:hemligt", "-out", tmp_path / "cert.p12"],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "password").write_text("hemligt")
    environment = {
        **UTF8,
        "SIGN_PKCS12": str(tmp_path / "cert.p12"),
        "SIGN_PASSWORD_FILE": str(tmp_path / "password"),
    }
    subprocess.run([signing, copy], check=True, capture_output=True, env=environment)
    assert copy.read_bytes() != before
    verified = subprocess.run(
        ["osslsigncode", "verify", "-CAfile", tmp_path / "cert.pem", "-in", copy],
        capture_output=True,
        text=True,
    )
    assert "Signature verification: ok" in verified.stdout
    wrong = {**environment, "SIGN_PKCS12": str(tmp_path / "cert.pem")}
    signed = copy.read_bytes()
    assert subprocess.run([signing, copy], capture_output=True, env=wrong).returncode != 0
    assert copy.read_bytes() == signed, "the earlier state is kept"
    assert not copy.with_suffix(".msi.signed").exists()


@pytest.fixture
def wine(tmp_path: Path) -> Iterator[Wine]:
    with fresh_wine(tmp_path / "prefix") as made:
        yield made


@pytest.mark.long
@pytest.mark.timeout(400)
def test_under_wine_it_is_installed_upgraded_and_removed(
    package: Path, payload: Path, wine: Wine, tmp_path: Path
) -> None:
    url, key = "https://moten.example.se", "mk_nyckel"
    assert wine.install("/i", package, f"COLLECTORURL={url}", f"ENROLMENTKEY={key}") == 0
    files = {file.relative_to(payload).as_posix() for file in payload.rglob("*") if file.is_file()}
    assert wine.files() == files
    assert wine.values(MACHINE_KEY) == {"CollectorUrl": url, "EnrolmentKey": key, "Profile": ""}
    assert "pythonw.exe" in wine.values(r"Software\Classes\motesklar\shell\open\command")["(Default)"]
    assert list(wine.drive.rglob("*.lnk"))

    shutil.copytree(payload, tmp_path / "payload")
    (tmp_path / "payload" / "new.txt").write_text("new")
    (tmp_path / "payload" / "Lib" / "med mellanslag" / "å.txt").unlink()
    newer = tmp_path / "newer.msi"
    build(tmp_path / "payload", newer, "0.2.0")
    assert wine.install("/i", newer, "PROFILE=teams") == 0
    assert wine.values(MACHINE_KEY) == {"CollectorUrl": url, "EnrolmentKey": key, "Profile": "teams"}
    assert wine.files() == (files | {"new.txt"}) - {"Lib/med mellanslag/å.txt"}

    assert wine.install("/i", package) != 0, "an older version"
    assert "new.txt" in wine.files(), "and the newer stands"
    assert wine.values(MACHINE_KEY)["Profile"] == "teams"

    mine = wine.drive / "users" / "someone" / "AppData" / "Local" / "motesklar"
    mine.mkdir(parents=True)
    (mine / "tested.json").write_text("{}")
    assert wine.install("/x", newer) == 0
    assert not (wine.drive / "Program Files" / "Motesklar").exists()
    assert wine.values(MACHINE_KEY) == {}
    assert wine.run("wine", "reg", "query", r"HKLM\Software\Classes\motesklar").returncode != 0
    assert not list(wine.drive.rglob("*.lnk"))
    assert (mine / "tested.json").exists(), "a person's own data stays"
