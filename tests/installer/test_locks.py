"""The locked lists: whole, pinned, and silent about where files come from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer.environment import LOCKS, ROOT


def pins(kind: str) -> dict[str, str]:
    lines = LOCKS[kind].read_text().splitlines()
    found = [re.match(r"([a-z0-9][a-z0-9.-]*)==([^ ;]+)", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("kind", ["run", "test", "build"])
def test_every_requirement_is_pinned_and_hashed(kind: str):
    entries = re.split(r"\n(?=\S)", LOCKS[kind].read_text().strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+", entry), entry
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("kind", ["run", "test", "build"])
def test_no_registry_is_named(kind: str):
    text = LOCKS[kind].read_text()
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|^-[if]\b| @ ", text, re.MULTILINE)


@pytest.mark.parametrize("kind", ["test", "build"])
def test_the_longer_lists_hold_the_list_for_running(kind: str):
    assert pins("run").items() <= pins(kind).items()


def test_what_the_project_asks_for_is_in_the_lists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for kind, wanted in (
        ("run", [*project["dependencies"], *extras["client"], *extras["collector"]]),
        ("test", [*project["dependencies"], *(line for extra in extras.values() for line in extra)]),
    ):
        pinned = pins(kind)
        for requirement in map(Requirement, wanted):
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement
