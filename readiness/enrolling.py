"""This computer's token for IT's collector, for what is measured against it and sent to it."""

from __future__ import annotations

from readiness.settings import Places, Settings
from readiness.submission.enrolment import Enrolment
from readiness.submission.token_place import TokenPlace


def enrolment_of(url: str, settings: Settings, where: Places) -> Enrolment:
    """The enrolment with the collector at `url`. Asks nobody yet."""

    def this_computer() -> str:
        from readiness.devices.system import device_id

        return device_id(where.data)

    return Enrolment(url, settings.enrolment_key, this_computer, TokenPlace(where.tokens))
