"""The microphone's check on a real sound server: every cause that the device alone can tell has its code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from readiness.checks import microphone
from readiness.core.check import Context, Options
from readiness.core.model import Notice
from readiness.core.profile_loading import load_profile
from readiness.devices.machine import LocalMachine
from readiness.settings import places
from tests.lab.sound_server import SoundServer

pytestmark = pytest.mark.device
PROFILE = load_profile("organisation", places().profiles)


def first_codes(*steps: tuple[bool, Callable[[], object]]) -> list[str]:
    """The first code of each run on one machine: `(guided, what happens)`.

    What happens comes before an unattended run, and while a guided one listens.
    """

    async def run() -> list[str]:
        local = LocalMachine()
        codes = []
        try:
            for guided, happens in steps:
                heard = asyncio.Event()

                def tell(_notice: Notice, heard: asyncio.Event = heard) -> None:
                    heard.set()

                context = Context(
                    machine=local.machine,
                    profile=PROFILE,
                    profiles=(PROFILE,),
                    options=Options(unattended=not guided),
                    tell=tell,
                )
                if not guided:
                    await asyncio.to_thread(happens)
                measuring = asyncio.create_task(microphone.measure(context))
                if guided:
                    await heard.wait()
                    await asyncio.to_thread(happens)
                codes.append(microphone.judge(await measuring, PROFILE)[0].code)
        finally:
            await local.close()
        return codes

    return asyncio.run(run())


def test_what_the_system_does_to_the_microphone_is_the_cause(sound_server: SoundServer) -> None:
    sound_server.plug_another_microphone("other")

    def muted() -> None:
        sound_server.mute()

    def at_no_volume() -> None:
        sound_server.mute(False)
        sound_server.control("set-source-volume", "lab_microphone", "0")

    def silent() -> None:
        sound_server.control("set-source-volume", "lab_microphone", "65536")

    def pulled_out() -> None:
        sound_server.unplug_microphone()

    def nothing_left() -> None:
        sound_server.unplug_another_microphone("other")

    def back() -> None:
        sound_server.plug_microphone()

    codes = first_codes(
        (False, muted), (False, at_no_volume), (False, silent), (True, pulled_out), (False, nothing_left),
        (False, back),
    )  # fmt: skip
    assert codes[:2] == ["microphone.muted_by_system"] * 2
    assert codes[2] in ("microphone.silent", "microphone.not_proven")
    assert codes[3] in ("microphone.removed", "microphone.replaced")  # which one is seen first
    assert codes[4] == "microphone.absent", "the server's default is now what the speaker plays"
    assert codes[5] == codes[2], "after all that the next run works as before"
