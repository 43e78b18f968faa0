"""A complete run of camera, microphone and speaker: seconds and processor time, unattended and guided.

    python -m tests.benchmarks.av_run [runs]              camera: a film of 3 s
    python3 tests/lab/guest.py run .venv/bin/python -m tests.benchmarks.av_run --cameras   in the guest: its cameras

The sound is a real sound server's whose microphone hears the speaker and a voice. Prints for each kind
of run the seconds from the program's start to its end, those of the checks alone (from the report: the
first check's start to the last one's end), and the processor seconds of the program with its device
hosts. Aims: unattended at most 8 s, guided at most 15 s, analysis at most 2 s of processor time. The
last lines tell how soon a change of devices is noticed, and what the watch over them costs meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from readiness.devices.machine import LocalMachine
from readiness.devices.ports import DeviceKind
from tests.gui.recordings import film, voice
from tests.lab.sound_server import SoundServer, sound_server

IDLE_SECONDS = 20.0
CHANGES = 10


def main(arguments: list[str]) -> None:
    cameras = "--cameras" in arguments
    runs = next((int(word) for word in arguments if word.isdigit()), 5)
    with tempfile.TemporaryDirectory() as name, sound_server() as server:
        folder = Path(name)
        os.environ.update(server.environment)
        os.environ.update({"XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name})
        voice(folder / "voice.wav", times=14)
        given = [] if cameras else ["--camera-file", str(film(folder / "film.avi", 3.0))]
        with server.looped():
            for words, more in (("unattended", ["--unattended"]), ("guided", [])):
                taken = [_run(server, folder, [*given, *more]) for _ in range(runs)]
                print(f"{words}, start to end:  {_spread([row[0] for row in taken])} s ({runs} runs)")
                print(f"{words}, checks alone:  {_spread([row[1] for row in taken])} s")
                print(f"{words}, processor:     {_spread([row[2] for row in taken])} s")
                print(f"{words}, first findings: {taken[-1][3]}")
        asyncio.run(_watch(server))


def _run(server: SoundServer, folder: Path, arguments: list[str]) -> tuple[float, float, float, str]:
    saved = folder / "report.json"
    command = [sys.executable, "-m", "readiness", "check", "--only", "camera,microphone,speaker"]
    command += ["--save", str(saved), "--lang", "en", *arguments]
    with contextlib.ExitStack() as stack:
        if "--unattended" not in arguments:
            stack.enter_context(server.playing(folder / "voice.wav"))
        before, started = os.times(), time.monotonic()
        _on_a_terminal(command)
        seconds, after = time.monotonic() - started, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    report = json.loads(saved.read_text("utf-8"))
    saved.unlink()
    results = {result["check_id"]: result for result in report["results"]}
    # Camera and sound run side by side, microphone and speaker in turn.
    alone = max(
        results["camera"]["seconds"], results["microphone"]["seconds"] + results["speaker"]["seconds"]
    )
    first = {name: [f["code"] for f in result["findings"]][:1] for name, result in results.items()}
    return seconds, alone, busy, str(first)


def _on_a_terminal(command: list[str]) -> None:
    """Run a command on a terminal of its own, as a person would, and wait for its end."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(command[0], command)
    with contextlib.suppress(OSError):
        while os.read(terminal, 65536):
            pass
    os.waitpid(process, 0)
    os.close(terminal)


async def _watch(server: SoundServer) -> None:
    local = LocalMachine()
    reports: asyncio.Queue[set[str]] = asyncio.Queue()
    watching = asyncio.create_task(
        local.machine.devices.watch(
            lambda found: reports.put_nowait({device.id for device in found[DeviceKind.MICROPHONE]})
        )
    )
    try:
        await reports.get()
        noticed: list[float] = []
        for number in range(CHANGES):
            plugged = number % 2 == 0
            change = server.plug_another_microphone if plugged else server.unplug_another_microphone
            await asyncio.to_thread(change, "headset")
            started = time.monotonic()
            while ("headset" in await reports.get()) is not plugged:
                pass
            noticed.append(time.monotonic() - started)
        pid = local._watch.pid
        assert pid is not None
        process = psutil.Process(pid)
        before = process.cpu_times()
        await asyncio.sleep(IDLE_SECONDS)
        after = process.cpu_times()
        busy = after.user + after.system - before.user - before.system
        print(f"a change is noticed after: {_spread(noticed)} s ({CHANGES} changes)")
        print(
            f"the watch meanwhile:       {100 * busy / IDLE_SECONDS:.2f} % of a processor, {process.memory_full_info().pss / 2**20:.0f} MiB"
        )
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await local.close()


def _spread(values: list[float]) -> str:
    return f"min {min(values):.2f}, median {statistics.median(values):.2f}, max {max(values):.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
