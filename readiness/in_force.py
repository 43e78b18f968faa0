"""Which requirements this computer is rated by, and where they come from.

The profile that the settings name holds: policy, command line, environment, machine, person, in that
order. Where they name the organisation's own, and IT has adopted a version of it at the configured
server, that version takes the place of the one that came with the program.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from readiness.core.people import with_settings
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profiles
from readiness.core.text import Language, Text
from readiness.settings import Places, Settings
from readiness.submission.adopted import ORGANISATION, Adopted, AdoptedRequirements
from readiness.submission.enrolment import Enrolment


class Origin(StrEnum):
    """Where requirements come from."""

    PROGRAM = "program"
    SERVER = "server"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The requirements in force: the chosen profile first, then those of its services.

    `retrieved` is when IT's server said so, None where they came with the program. `remark` is what
    there is to say about them.
    """

    profiles: tuple[Profile, ...]
    origin: Origin = Origin.PROGRAM
    retrieved: datetime.date | None = None
    remark: Text | None = None

    @property
    def document(self) -> dict[str, str | None]:
        """Which requirements these are, as JSON values."""
        chosen = self.profiles[0]
        return {
            "id": chosen.id,
            "name": chosen.name,
            "version": chosen.version,
            "origin": self.origin.value,
            "retrieved": self.retrieved.isoformat() if self.retrieved else None,
        }

    @property
    def told(self) -> Text:
        """Which requirements these are, and what there is to say about them."""
        chosen = self.profiles[0]
        day = self.retrieved.isoformat() if self.retrieved else None
        said = {"name": chosen.name, "version": chosen.version, "day": day}
        parts = [_TOLD[self.origin], *([self.remark] if self.remark else [])]
        return Text(sv=_joined(parts, "sv", said), en=_joined(parts, "en", said))

    def with_helpdesk_of(self, settings: Settings) -> InForce:
        """With the helpdesk that the settings name, before the profile's."""
        chosen, *services = self.profiles
        helpdesk = with_settings(
            chosen.helpdesk, settings.helpdesk_phone, settings.helpdesk_mail, settings.helpdesk_hours
        )
        return dataclasses.replace(self, profiles=(dataclasses.replace(chosen, helpdesk=helpdesk), *services))


_TOLD = {
    Origin.PROGRAM: Text(
        sv="Krav: {name}, version {version}. De följde med programmet.",
        en="Requirements: {name}, version {version}. They came with the program.",
    ),
    Origin.SERVER: Text(
        sv="Krav: {name}, version {version}. De kommer från IT:s server.",
        en="Requirements: {name}, version {version}. They come from IT's server.",
    ),
    Origin.KEPT: Text(
        sv="Krav: {name}, version {version}. De hämtades från IT:s server {day}.",
        en="Requirements: {name}, version {version}. They were fetched from IT's server on {day}.",
    ),
}


def _joined(parts: Sequence[Text], language: Language, said: Mapping[str, object]) -> str:
    return " ".join(part.say(language, said) for part in parts)


def kept(settings: Settings, where: Places) -> InForce:
    """What is in force as far as this computer knows. Asks nobody. Raises ProfileError."""
    adopted = _adopted(settings, where)
    return _chosen(settings, where, adopted.kept() if adopted else Adopted())


async def asked(settings: Settings, where: Places, enrolment: Enrolment | None) -> InForce:
    """What is in force now: IT's server is asked where one is set. Raises ProfileError.

    A server that does not answer costs a few seconds, once; then what was kept holds.
    """
    adopted = _adopted(settings, where)
    if adopted is None or enrolment is None or not await enrolment.possible():
        return await asyncio.to_thread(kept, settings, where)
    token = await enrolment.checked()
    if token is None or not enrolment.answers:
        return await asyncio.to_thread(kept, settings, where)
    return _chosen(settings, where, await adopted.asked(token))


def _adopted(settings: Settings, where: Places) -> AdoptedRequirements | None:
    if settings.collector_url is None or settings.profile != ORGANISATION:
        return None
    return AdoptedRequirements(settings.collector_url, where.adopted_file, where.profiles)


def _chosen(settings: Settings, where: Places, adopted: Adopted) -> InForce:
    if adopted.profiles is None:
        return InForce(profiles=load_profiles(settings.profile, where.profiles), remark=adopted.remark)
    return InForce(
        profiles=adopted.profiles,
        origin=Origin.SERVER if adopted.fresh else Origin.KEPT,
        retrieved=adopted.retrieved,
        remark=adopted.remark,
    )
