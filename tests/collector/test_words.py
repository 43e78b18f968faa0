"""The words of IT's pages are words: no name of the program's own code among them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from readiness import collector
from readiness.collector import access_words, audit_words, requirement_words, requirements
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
