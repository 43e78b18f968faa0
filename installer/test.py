#!/usr/bin/env python3
"""Sets up everything and runs every test.

    python3 installer/test.py [--long] [arguments of pytest]

On Debian and Ubuntu, as root, it installs what is missing; otherwise it names the command and stops.
The tests of devices run against real drivers: on this computer against a sound server in user space,
and in a guest machine with cameras and sound cards whose kernel is built once, while the other tests run.
`--long` runs as well what takes longer than everyday work allows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this is how people learn of it
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

import environment
from environment import ROOT, SetUpError, say

TOOLS = {
    # The sound server of the device tests
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "/usr/share/alsa/alsa.conf": "libasound2-data",
    "/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so": "libasound2-plugins",
    # The guest with cameras and sound cards: building it, and looking around in it
    "/usr/src/linux-source-6.1.tar.xz": "linux-source-6.1",
    "bc": "bc",
    "bison": "bison",
    "flex": "flex",
    "gcc": "gcc",
    "/usr/include/stdio.h": "libc6-dev",
    "make": "make",
    "xz": "xz-utils",
    "v4l2-ctl": "v4l-utils",
    "aplay": "alsa-utils",
    "ip": "iproute2",
    "setpriv": "util-linux",
    # People reading aloud, and keys of a keyboard, for the sound tests
    "/usr/share/pocketsphinx/test/data": "pocketsphinx-testdata",
    "/usr/share/tuxpaint/stamps": "tuxpaint-stamps-default",
    "/usr/share/codec2/raw": "codec2-examples",
    "/usr/share/buckle/wav": "bucklespring-data",
    "/usr/share/asterisk/sounds/fr_CA_f_June": "asterisk-core-sounds-fr-g722",
    "/usr/share/asterisk/sounds/it_IT_m_Carlo": "asterisk-core-sounds-it-g722",
    "/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU": "asterisk-core-sounds-ru-g722",
    "ffmpeg": "ffmpeg",
    # Packages: read, and installed in a fresh Debian system
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    "rpm": "rpm",
    "objdump": "binutils",
    "debootstrap": "debootstrap",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    # A keyring, on a bus of its own
    "dbus-daemon": "dbus-daemon",
    "gnome-keyring-daemon": "gnome-keyring",
    # A voice of any language, and the collector's other database
    "espeak-ng": "espeak-ng",
    "/usr/lib/postgresql/*/bin/initdb": "postgresql",
    # The browser that the collector's pages are looked at in
    "chromium": "chromium",
    # The package for Windows: building, reading and signing it; and the scripts for all systems
    "wixl": "wixl",
    "msiinfo": "msitools",
    "osslsigncode": "osslsigncode",
    "openssl": "openssl",
    "shellcheck": "shellcheck",
}
"""What the tests need of a Debian system: a program on the PATH or a file, and its package."""

LONG_TOOLS = {
    "wine": "wine",
    "/usr/lib/wine/wine64": "wine64",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64",
}
"""What `--long` needs beside that: a Windows to install the MSI on, and a compiler for what it lacks."""

LAB = ROOT / "tests" / "lab" / "guest.py"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One part of the test run, and how it ended."""

    name: str
    status: int
    seconds: float


def missing_tools(*, long: bool = False) -> list[str]:
    """The packages of those programs and files that are not here."""
    wanted = TOOLS | LONG_TOOLS if long else TOOLS
    return [package for what, package in wanted.items() if not _is_here(what)]


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    long = "--long" in arguments
    chosen = [argument for argument in arguments if argument != "--long"]
    try:
        libraries = environment.PROGRAM_LIBRARIES | environment.WINDOW_LIBRARIES
        python = environment.set_up("test", libraries, packages=missing_tools(long=long))
    except SetUpError as error:
        say(f"\n{error}")
        return 1
    say(f"Set up in {time.monotonic() - started:.0f} s.")
    return _summary(_run_everything(python, chosen, long=long), started)


def _run_everything(python: Path, chosen: list[str], *, long: bool) -> list[Step]:
    only = "" if long else " and not long"
    pytest = [str(python), "-m", "pytest"]
    results = []
    with tempfile.TemporaryFile("w+") as log:
        # The build takes minutes and all processors it gets; the tests beside it come first.
        kernel = subprocess.Popen(
            ["nice", "-n", "15", str(python), str(LAB), "prepare"], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            results.append(_step("style", [str(python), "-m", "ruff", "check", "."]))
            results.append(_step("format", [str(python), "-m", "ruff", "format", "--check", "."]))
            for system in ("linux", "win32", "darwin"):
                results.append(_step(f"types, {system}", [str(python), "-m", "mypy", "--platform", system]))
            results.append(_step("tests", [*pytest, "-m", f"not device{only}", *chosen]))
            waiting = time.monotonic()
            say("\n== the guest's kernel")
            built = kernel.wait()
            log.seek(0)
            say(log.read().rstrip())
            results.append(Step(name="the guest's kernel", status=built, seconds=time.monotonic() - waiting))
        finally:
            if kernel.poll() is None:
                kernel.terminate()
                kernel.wait()
    results.append(_step("device tests here", [*pytest, "-m", f"device and not guest{only}", *chosen]))
    # Collecting everything else as well would take a minute in there.
    where = [] if any(Path(argument.partition("::")[0]).exists() for argument in chosen) else ["tests/guest"]
    in_guest = [*pytest, "-m", f"guest{only}", "-p", "no:cacheprovider", *chosen, *where]
    results.append(_step("device tests in the guest", [str(python), str(LAB), "run", *in_guest]))
    return results


def _step(name: str, command: Sequence[str]) -> Step:
    say(f"\n== {name}")
    started = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
    return Step(name=name, status=status, seconds=time.monotonic() - started)


def _summary(results: list[Step], started: float) -> int:
    # pytest says 5 where the arguments chose no test of this part: right, unless no part had one.
    chosen_none = 5
    say("")
    for step in results:
        word = {0: "passed", chosen_none: "no test chosen"}.get(step.status, f"FAILED ({step.status})")
        say(f"{word:>16}  {step.seconds:6.0f} s  {step.name}")
    failed = any(step.status not in (0, chosen_none) for step in results)
    failed |= all(step.status == chosen_none for step in results if "test" in step.name)
    say(f"{'FAILED' if failed else 'All passed'} after {time.monotonic() - started:.0f} s.")
    return int(failed)


def _is_here(what: str) -> bool:
    if what.startswith("/"):
        return any(Path("/").glob(what.lstrip("/")))
    return shutil.which(what, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
