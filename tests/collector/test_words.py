"""The words of IT's pages are words: no name of the program's own code among them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from readiness import collector
from readiness.collector import access_words, audit_words, fleet_words, requirement_words, requirements
from readiness.core.text import Text


def texts() -> Iterator[tuple[str, Text]]:
    for module in pkgutil.iter_modules(collector.__path__):
        if module.ispkg or module.name == "__main__":
            continue
        for name, value in vars(importlib.import_module(f"readiness.collector.{module.name}")).items():
            for text in value.values() if isinstance(value, dict) else (value,):
                if isinstance(text, Text):
                    yield f"{module.name}.{name}", text


def test_no_name_of_code_stands_in_words_for_people() -> None:
    found = list(texts())
    assert len(found) > 100
    for name, text in found:
        for words in (text.sv, text.en):
            assert not re.search(r"\w_\w|[a-z][A-Z]", re.sub(r"\{\w+[^}]*\}", "", words)), name


def test_the_log_and_the_limits_units_are_said_in_both_languages() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(access_words.__file__).parent.glob("*.py"))
    written = set(
        re.findall(r'(?:noted\(request, reader, |, (?:who|reader\.name|None), )"([a-z ]+)"', source)
    )
    written |= {"gave another token", "changed choices", "changed prices"}
    assert len(written) > 12
    assert written - audit_words.DONE.keys() == set()
    units = {
        limit.unit
        for profile in requirements.shipped(requirements.folder()).values()
        for limit in profile.limits
    }
    alike = {"kbit/s", "%", "dB", "ms", "GiB", "px", "Hz", "s", "dBFS", "MHz", "dBm", "CIELAB"}
    assert {unit for unit in units if unit} - alike == requirement_words.UNIT_WORDS.keys()


@pytest.mark.parametrize(
    ("what", "target", "swedish", "english"),
    [
        ("purged", "12 reports, 3 log entries", "12 rapporter, 3 rader i loggen", "12 reports, 3 log entries"),
        ("changed choices", "2100 expected", "2100 datorer ska finnas", "2100 computers there should be"),
        ("added an account", "eva lund support", "eva lund: läsa, anteckna och exportera", "eva lund: read, write notes and export"),
        ("adopted requirements", "2026-11-29.a1, made from shipped:teams", "2026-11-29.a1, utifrån shipped:teams", "2026-11-29.a1, made from shipped:teams"),
        ("erased a computer", "4 reports", "4 rapporter", "4 reports"),
        ("exported a list", "needs", "behoven", "the needs"),
        ("tried requirements", "job 7", "försök 7", "trial 7"),
        ("made a key", "…x{9}", "…x{9}", "…x{9}"),
        ("of a newer version", "{count} reports", "{count} reports", "{count} reports"),
        ("changed prices", None, "", ""),
    ],
)  # fmt: skip
def test_what_the_log_is_about_is_said_in_both_languages(
    what: str, target: str | None, swedish: str, english: str
) -> None:
    entry = SimpleNamespace(what=what, target=target, host_name=None)
    assert audit_words.about(entry, "sv") == swedish
    assert audit_words.about(entry, "en") == english
    assert audit_words.place(entry) is None


def test_a_kind_of_network_is_said_in_both_languages_and_a_newer_one_as_it_is() -> None:
    assert fleet_words.network_name("ethernet", "sv") == "nätsladd"
    assert fleet_words.common_value("network", "wifi", "en") == "Wi-Fi"
    assert fleet_words.common_value("network", "6g", "sv") == "6g"
    assert fleet_words.common_value("model", "wifi", "en") == "wifi"
    assert fleet_words.common_value("model", None, "sv") == "Okänt"
    assert fleet_words.network_name(None, "sv") == ""
