"""Profiles from a folder of TOML files: read, checked, and joined with what they extend."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from readiness.core.limits import in_force
from readiness.core.profile import Profile
from readiness.core.profile_faults import contradiction, contradiction_with_inherited
from readiness.core.profile_file import Document, ProfileError, parsed, read, unknown, validated
from readiness.core.text import Text

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_INHERITED = ("known_pages", "systems", "programs")
"""Rows, other than limits, that stand with the profile's own first and the inherited after them."""


def load_profile(profile_id: str, folder: Path) -> Profile:
    """The profile `profile_id` from `folder`, with what it extends.

    Raises ProfileError where it is missing, unreadable or contradicts itself.
    """
    return _load(profile_id, folder, (), {})


def load_profiles(profile_id: str, folder: Path) -> tuple[Profile, ...]:
    """The chosen profile first, then those of the services it names.

    Raises ProfileError as `load_profile`.
    """
    loaded: dict[str, Profile] = {}
    return _with_services(_load(profile_id, folder, (), loaded), folder, loaded)


def profile_from_text(text: str, folder: Path) -> Profile:
    """The profile in a TOML text that is in no file; what it extends is in `folder`.

    Raises ProfileError as `load_profile`.
    """
    return _assembled(parsed(text, Path("profile.toml")), None, folder, (), {})


def profiles_from_text(text: str, folder: Path) -> tuple[Profile, ...]:
    """As `load_profiles`, for a chosen profile that is in no file. Raises ProfileError."""
    return _with_services(profile_from_text(text, folder), folder, {})


def _with_services(chosen: Profile, folder: Path, loaded: dict[str, Profile]) -> tuple[Profile, ...]:
    return (chosen, *(_load(service, folder, (), loaded) for service in chosen.services))


def _load(profile_id: str, folder: Path, seen: tuple[str, ...], loaded: dict[str, Profile]) -> Profile:
    """`loaded` holds what was read before: most profiles extend the same one."""
    if profile_id in loaded and profile_id not in seen:
        return loaded[profile_id]
    path = folder / f"{profile_id}.toml"
    _existing(profile_id, folder)
    loaded[profile_id] = _assembled(read(path), profile_id, folder, seen, loaded)
    return loaded[profile_id]


def _assembled(
    document: Document,
    profile_id: str | None,
    folder: Path,
    seen: tuple[str, ...],
    loaded: dict[str, Profile],
) -> Profile:
    """The document with what it extends; `profile_id` is the one it must have, if it must have one."""
    profile = validated(document, Profile)
    profile_id = profile_id or profile.id
    if profile.id != profile_id:
        raise document.fault(("id",), f"skriv ”{profile_id}”, som filen heter", f"write “{profile_id}”, the file's name")  # fmt: skip
    if found := contradiction(profile):
        raise document.fault(*found)
    if profile.extends is not None:
        if profile.extends in (*seen, profile_id):
            raise document.fault(
                ("extends",), "profilen bygger på sig själv. Ta bort raden", "it extends itself. Remove the line"
            )  # fmt: skip
        base = _load(profile.extends, folder, (*seen, profile_id), loaded)
        if found := contradiction_with_inherited(profile.limits, base.limits):
            raise document.fault(*found)
        joined: dict[str, Any] = {name: getattr(profile, name) + getattr(base, name) for name in _INHERITED}
        profile = dataclasses.replace(profile, limits=in_force(profile.limits, base.limits), **joined)
    return profile


def _existing(profile_id: str, folder: Path) -> None:
    """Raises ProfileError, with the names there are, where `folder` has no such profile."""
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if not known:
        raise ProfileError(
            Text(
                sv=f"Det finns inga profiler i {folder}. Installera programmet på nytt, eller be IT om hjälp.",
                en=f"There are no profiles in {folder}. Install the program again, or ask IT for help.",
            )
        )
    if profile_id not in known or not _ID.fullmatch(profile_id):
        sv, en = unknown("profilen", "profile", profile_id, known)
        raise ProfileError(Text(sv=f"{sv[0].upper()}{sv[1:]}.", en=f"{en[0].upper()}{en[1:]}."))
