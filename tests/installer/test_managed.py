"""What is made from the settings' schema is up to date, and has the structure that its readers expect."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from installer.managed import ROOT, files
from installer.windows.templates import FOLDERS, NAMESPACE
from readiness.core.text import LANGUAGES
from readiness.settings import Places, load
from readiness.settings.places import BUNDLE, POLICY_KEY
from readiness.settings.schema import BY_NAME, SETTINGS, Kind
from tests.settings.registry import Winreg

POLICIES = ROOT / "installer" / "windows" / "policies"
ORDER = {
    "policyDefinitions": ["policyNamespaces", "resources", "supportedOn", "categories", "policies"],
    "policy": ["parentCategory", "supportedOn", "enabledValue", "disabledValue", "elements"],
    "policyDefinitionResources": ["displayName", "description", "resources"],
    "resources": ["stringTable", "presentationTable"],
}
"""Children stand in this order (they are xs:sequence in Microsoft's schema)."""
REFERENCE = re.compile(r"\$\((string|presentation)\.([A-Za-z_][\w.-]*)\)")
BY_POLICY = [setting for setting in SETTINGS if setting.by_policy]


@pytest.mark.parametrize("name", sorted(files()))
def test_the_file_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_bytes() == files()[name], "run: .venv/bin/python -m installer.managed"


def parsed(file: Path) -> Xml.Element:
    root = Xml.fromstring(file.read_bytes())
    for element in root.iter():
        assert element.tag.startswith(f"{{{NAMESPACE}}}")
        element.tag = element.tag.partition("}")[2]
    for element in root.iter():
        order = ORDER.get(element.tag)
        if order and len(element):
            places = [order.index(child.tag) for child in element]
            assert places == sorted(places), f"{element.tag}: children out of order"
    return root


def words(language: Any) -> tuple[dict[str, str], dict[str, Xml.Element]]:
    root = parsed(POLICIES / FOLDERS[language] / "Motesklar.adml")
    strings = [(row.attrib["id"], row.text or "") for row in root.iter("string")]
    presentations = [(row.attrib["id"], row) for row in root.iter("presentation")]
    assert len(dict(strings)) == len(strings), "an id stands twice"
    assert len(dict(presentations)) == len(presentations)
    return dict(strings), dict(presentations)


def references(root: Xml.Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        for value in element.attrib.values():
            if value.startswith("$("):
                found = REFERENCE.fullmatch(value)
                assert found, value
                yield found[1], found[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reference_of_the_template_has_its_words(language: Any) -> None:
    used = set(references(parsed(POLICIES / "Motesklar.admx")))
    strings, presentations = words(language)
    assert {name for kind, name in used if kind == "string"} == set(strings)
    assert {name for kind, name in used if kind == "presentation"} == set(presentations)
    assert all(said.strip() for said in strings.values())


def test_the_two_languages_say_different_words_of_the_same_things() -> None:
    swedish, english = words("sv")[0], words("en")[0]
    assert swedish.keys() == english.keys()
    same = {name for name in swedish if swedish[name] == english[name]}
    assert same == {"Motesklar"}


def test_every_policy_has_the_type_that_the_program_reads() -> None:
    root = parsed(POLICIES / "Motesklar.admx")
    categories = {row.attrib["name"] for row in root.iter("category")}
    definitions = {row.attrib["name"] for row in root.iter("definition")}
    policies = list(root.iter("policy"))
    assert [policy.attrib["name"] for policy in policies] == [setting.key for setting in BY_POLICY]
    for policy, setting in zip(policies, BY_POLICY, strict=True):
        assert policy.attrib["class"] == "Machine"
        assert policy.attrib["key"] == POLICY_KEY
        assert policy.find("parentCategory").attrib["ref"] in categories
        assert policy.find("supportedOn").attrib["ref"] in definitions
        elements = policy.find("elements")
        if setting.kind is Kind.TRUTH:
            assert policy.attrib["valueName"] == setting.key
            values = {
                tag: policy.find(f"{tag}/decimal").attrib["value"]
                for tag in ("enabledValue", "disabledValue")
            }
            assert values == {"enabledValue": "1", "disabledValue": "0"}
            assert elements is None
            continue
        (element,) = elements
        assert element.attrib["valueName"] == setting.key
        assert element.attrib["required"] == "true"
        if setting.kind is Kind.CHOICE:
            assert element.tag == "enum"
            assert tuple(row.text for row in element.iter("string")) == setting.allowed
        else:
            assert element.tag == "text"
            assert int(element.attrib["maxLength"]) == setting.longest


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_belongs_to_an_element(language: Any) -> None:
    root = parsed(POLICIES / "Motesklar.admx")
    elements = {policy.attrib["name"]: {row.attrib["id"] for row in policy.find("elements") or ()} for policy in root.iter("policy")}  # fmt: skip
    for name, presentation in words(language)[1].items():
        assert {row.attrib["refId"] for row in presentation} == elements[name]
        assert {row.tag for row in presentation} <= {"textBox", "dropdownList"}


def test_what_the_template_writes_the_program_reads(tmp_path: Path) -> None:
    """As the Group Policy client does: each policy enabled, its first choice or a text, written to the registry."""
    texts = {"CollectorUrl": "https://moten.example.se"}
    rows: list[tuple[str, Any, int]] = []
    for policy in parsed(POLICIES / "Motesklar.admx").iter("policy"):
        name = policy.attrib["name"]
        if (choice := policy.find("elements/enum/item/value/string")) is not None:
            rows.append((name, choice.text, Winreg.REG_SZ))
        elif policy.find("elements/text") is not None:
            rows.append((name, texts.get(name, "organisation"), Winreg.REG_SZ))
        else:
            rows.append((name, int(policy.find("disabledValue/decimal").attrib["value"]), Winreg.REG_DWORD))
    where = Places(
        settings_file=tmp_path / "none.toml",
        machine_settings_file=None,
        data=tmp_path,
        resources=ROOT / "resources",
        registry=True,
    )
    loaded = load(where, {}, winreg=Winreg({POLICY_KEY: rows}))
    assert loaded.remarks == ()
    assert loaded.managed == {setting.name for setting in BY_POLICY}
    assert loaded.settings.recheck is False


def test_the_example_of_a_profile_is_one_that_the_program_reads(tmp_path: Path) -> None:
    document = plistlib.loads((ROOT / "installer/macos/example.mobileconfig").read_bytes())
    (payload,) = document["PayloadContent"]
    assert payload["PayloadType"] == BUNDLE
    for part in (document, payload):
        assert {"PayloadIdentifier", "PayloadUUID", "PayloadVersion", "PayloadDisplayName"} <= part.keys()
    # The system writes what does not begin with Payload into the managed preferences.
    kept = {key: value for key, value in payload.items() if not key.startswith("Payload")}
    (tmp_path / "managed.plist").write_bytes(plistlib.dumps(kept))
    where = Places(
        settings_file=tmp_path / "none.toml",
        machine_settings_file=None,
        data=tmp_path,
        resources=ROOT / "resources",
        managed_preferences=(tmp_path / "managed.plist",),
    )
    loaded = load(where, {})
    assert loaded.remarks == ()
    assert {BY_NAME[name].key for name in loaded.managed} == set(kept)


def test_the_manifest_names_every_key_and_no_secret() -> None:
    document = plistlib.loads((ROOT / "installer/macos/se.motesklar.Motesklar.plist").read_bytes())
    assert document["pfm_domain"] == BUNDLE
    assert [row["pfm_name"] for row in document["pfm_subkeys"]] == [setting.key for setting in BY_POLICY]
    for row, setting in zip(document["pfm_subkeys"], BY_POLICY, strict=True):
        assert row["pfm_type"] == ("boolean" if setting.kind is Kind.TRUTH else "string")
        assert row.get("pfm_default") == setting.default
