"""A Windows of Wine's own making, in a folder; and what Wine lacks that the whole program asks for.

Debian's Wine is 8.0. Three things are put in its place, and nothing else of the program is changed:
`bcryptprimitives.dll` (random bytes, for Rust), functions of complex numbers that ucrtbase only names (for
NumPy), and Python's `_wmi` (Windows' own questions about itself), which Python can be without.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MATHS = "api-ms-win-crt-math-l1-1-0.dll"
_OUR_MATHS = "what-wine-does-not-have-01.dll"
"""As long a name, which is written over the other in NumPy's library."""
_COMPLEX = ("creal", "cimag", "creall", "cimagl", "crealf", "cimagf", "cexp", "cexpf")
_MATHS_SOURCE = """
typedef struct { double re, im; } D; typedef struct { float re, im; } F;
#define OF_C __declspec(dllimport)
OF_C double exp(double); OF_C double cos(double); OF_C double sin(double);
double creal(D z) { return z.re; }
double cimag(D z) { return z.im; }
double creall(D z) { return z.re; }
double cimagl(D z) { return z.im; }
float crealf(F z) { return z.re; }
float cimagf(F z) { return z.im; }
D cexp(D z) { double e = exp(z.re); return (D){e * cos(z.im), e * sin(z.im)}; }
F cexpf(F z) { double e = exp(z.re); return (F){(float)(e * cos(z.im)), (float)(e * sin(z.im))}; }
int __stdcall DllMain(void *a, unsigned long b, void *c) { return 1; }
"""
_RANDOM_SOURCE = """
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *, unsigned long);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *to, unsigned long long count)
{ return SystemFunction036(to, (unsigned long)count); }
int __stdcall DllMain(void *a, unsigned long b, void *c) { return 1; }
"""


class Wine:
    """A Windows of Wine's own making, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.drive = folder / "drive_c"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "DISPLAY"},
            "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(folder),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",
        }

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600
        )
        return subprocess.CompletedProcess(
            command, done.returncode, done.stdout.decode("utf-8", "replace"), ""
        )

    def install(self, *arguments: str | Path) -> int:
        # What it says is not read: Windows' services would hold its pipe while a program is at work.
        command = ("wine", "msiexec", *arguments, "/qn")
        none = subprocess.DEVNULL
        return subprocess.run(
            command, env=self._environment, stdin=none, stdout=none, stderr=none, timeout=600
        ).returncode

    def values(self, key: str) -> dict[str, str]:
        lines = self.run("wine", "reg", "query", rf"HKLM\{key}").stdout.splitlines()
        found = (line.strip().split("    ") for line in lines if "    REG_SZ" in line)
        return {name: (rest[1] if len(rest) > 1 else "") for name, *rest in found}

    def files(self) -> set[str]:
        top = self.drive / "Program Files" / "Motesklar"
        return {file.relative_to(top).as_posix() for file in top.rglob("*") if file.is_file()}

    @property
    def installed(self) -> Path:
        """Where the package puts the program."""
        return self.drive / "Program Files" / "Motesklar"

    def readiness(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The installed program, its words in the code page that Windows gives a pipe."""
        command = ("wine", self.installed / "readiness.exe", *arguments)
        done = subprocess.run(
            command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300
        )
        out, complaints = (said.decode("cp1252", "replace") for said in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(command, done.returncode, out, complaints)

    @contextmanager
    def running(self, script: str) -> Iterator[subprocess.Popen[bytes]]:
        """The installed program's Python at work on `script`, ended when the block is left."""
        command = ("wine", self.installed / "python" / "python.exe", "-B", "-c", script)
        piped = subprocess.PIPE
        started = subprocess.Popen(
            command, env=self._environment, stdin=piped, stdout=piped, stderr=subprocess.STDOUT
        )
        try:
            yield started
        finally:
            started.kill()
            started.communicate(timeout=60)


@contextmanager
def fresh_wine(folder: Path) -> Iterator[Wine]:
    """A new Windows, ended when the block is left. Fails the test where there is no Wine."""
    if shutil.which("wine") is None:
        pytest.fail("Wine is missing. On Debian: apt-get install wine64 wine", pytrace=False)
    made = Wine(folder)
    made.run("wineboot", "-i")
    try:
        yield made
    finally:
        made.run("wineserver", "-k")


def lend(payload: Path) -> None:
    """Put into the whole program what Wine lacks for it."""
    (payload / "python" / "_wmi.pyd").unlink()
    _library(payload / "python" / "bcryptprimitives.dll", _RANDOM_SOURCE, "-ladvapi32")
    (numpy,) = (payload / "packages" / "numpy" / "_core").glob("_multiarray_umath.*.pyd")
    content = numpy.read_bytes()
    place, names = _imports(content)[_MATHS]
    numpy.write_bytes(content[:place] + _OUR_MATHS.encode() + content[place + len(_MATHS) :])
    passed_on = [name if name in _COMPLEX else f"{name} = ucrtbase.{name}" for name in names]
    exports = payload.parent / "exports.def"
    exports.write_text("\n".join(["EXPORTS", *passed_on, ""]))
    _library(numpy.with_name(_OUR_MATHS), _MATHS_SOURCE, str(exports), "-lucrtbase")


def _library(target: Path, source: str, *arguments: str) -> None:
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if compiler is None:
        pytest.fail("On Debian: apt-get install gcc-mingw-w64-x86-64", pytrace=False)
    plain = ("-shared", "-nostdlib", "-fno-builtin", "-Wl,-e,DllMain", "-x", "c", "-", "-x", "none")
    subprocess.run([compiler, "-o", target, *plain, *arguments], input=source, text=True, check=True)


def _imports(library: bytes) -> dict[str, tuple[int, list[str]]]:
    """What a 64-bit library of Windows asks of others: where in the file each one's name is, and functions.

    https://learn.microsoft.com/windows/win32/debug/pe-format
    """
    header = struct.unpack_from("<I", library, 0x3C)[0]
    sections, optional = (struct.unpack_from("<H", library, header + at)[0] for at in (6, 20))
    table = [struct.unpack_from("<8s4I", library, header + 24 + optional + 40 * n) for n in range(sections)]

    def placed(address: int) -> int:
        return next(
            address - start + raw
            for _, size, start, held, raw in table
            if start <= address < start + max(size, held)
        )

    def text(at: int) -> str:
        return library[at : library.index(b"\0", at)].decode()

    found = {}
    at = placed(struct.unpack_from("<I", library, header + 24 + 112 + 8)[0])
    while (entry := struct.unpack_from("<5I", library, at))[3]:
        thunk, names = placed(entry[0]), []
        while value := struct.unpack_from("<Q", library, thunk)[0]:
            if not value >> 63:  # else asked for by number
                names.append(text(placed(value) + 2))
            thunk += 8
        found[text(placed(entry[3]))] = (placed(entry[3]), names)
        at += 20
    return found
