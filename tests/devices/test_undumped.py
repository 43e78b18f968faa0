"""A crash writes no memory to a disk: real crashes of real processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from readiness.devices.machine import LocalMachine
from readiness.devices.undumped import report_no_crash

CRASH = """
import ctypes, os, resource, signal
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
{protect}
print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""
NEVER = "from readiness.devices.undumped import never_dump; never_dump()"
NO_FILE = "from readiness.devices.undumped import no_core_file; no_core_file()"


@pytest.mark.parametrize(("protect", "dumpable"), [(NEVER, 0), (NO_FILE, 1)])
def test_a_crash_leaves_no_core_file(tmp_path: Path, protect: str, dumpable: int) -> None:
    def crashed(how: str) -> tuple[list[int], int, list[str]]:
        folder = tmp_path / ("bare" if not how else "protected")
        folder.mkdir()
        code = f"import sys; sys.path[:0] = {sys.path!r}\n" + CRASH.format(protect=how)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
        return (
            [int(word) for word in done.stdout.split()],
            done.returncode,
            [path.name for path in folder.iterdir()],
        )

    bare, _, left = crashed("")
    assert bare[0] == 1, "an ordinary process may be dumped"
    if left:  # where the kernel puts core files beside the program, it would have
        assert bare[1] != 0
    assert crashed(protect) == ([dumpable, 0], -11, [])


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the limits are read from /proc")
def test_the_hosts_of_camera_and_sound_are_never_dumped() -> None:
    async def limits() -> list[str]:
        local = LocalMachine()
        await local.start()
        try:
            await local.machine.camera.devices()
            await local.machine.microphone.devices()
            pids = [host.pid for host in local._hosts]
            return [
                line
                for pid in pids
                for line in Path(f"/proc/{pid}/limits").read_text().splitlines()
                if line.startswith("Max core file size")
            ]
        finally:
            await local.close()

    found = asyncio.run(limits())
    assert [line.split()[4:6] for line in found] == [["0", "0"]] * 2


def test_on_windows_no_crash_is_reported() -> None:
    class Kernel:
        mode = 0x8000

        def GetErrorMode(self) -> int:
            return self.mode

        def SetErrorMode(self, mode: int) -> None:
            self.mode = mode

    kernel = Kernel()
    report_no_crash(kernel)
    assert kernel.mode == 0x8003
