"""Which libraries of the installed system a program needs, in the words of both kinds of package."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from installer.environment import PROGRAM_LIBRARIES, WINDOW_LIBRARIES
from installer.packing.product import BuildError

_MORE = {
    "libc.so.6": "libc6",
    "libm.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "libmvec.so.1": "libc6",
    "libresolv.so.2": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libz.so.1": "zlib1g",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11.so.6": "libx11-6",
    "libxcb.so.1": "libxcb1",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-util.so.1": "libxcb-util1",
    "libdrm.so.2": "libdrm2",
    "libzstd.so.1": "libzstd1",
    "libfreetype.so.6": "libfreetype6",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libbrotlicommon.so.1": "libbrotli1",
}
PACKAGES = PROGRAM_LIBRARIES | WINDOW_LIBRARIES | _MORE
"""A library, and the Debian package that brings it."""

OPENED_BY_NAME = ("libportaudio.so.2", "libpulse.so.0", "libsecret-1.so.0")
"""What the client opens while it runs; nothing in its files says so."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a folder of programs needs of the system: libraries, and the newest glibc it was linked with."""

    libraries: frozenset[str]
    glibc: tuple[int, int]

    def debian(self) -> list[str]:
        """For the field Depends of a .deb. Raises BuildError where a library has no package here."""
        unknown = sorted(self.libraries - PACKAGES.keys())
        if unknown:
            raise BuildError(
                f"These libraries are needed, and libraries.py names no package for them: {', '.join(unknown)}"
            )
        oldest = f"libc6 (>= {self.glibc[0]}.{self.glibc[1]})"
        names = {PACKAGES[library] for library in self.libraries} | {"libc6"}
        return sorted(oldest if name == "libc6" else name for name in names)

    def rpm(self) -> list[str]:
        """For the tags Requires of an .rpm, where a package is asked for by the library it brings."""
        wanted = sorted(library for library in self.libraries if PACKAGES.get(library) != "libc6")
        glibc = f"libc.so.6(GLIBC_{self.glibc[0]}.{self.glibc[1]})(64bit)"
        return [glibc, *(f"{library}()(64bit)" for library in wanted)]


def needs(folder: Path, more: tuple[str, ...] = ()) -> Needs:
    """What the programs and libraries below `folder` need beside one another, and `more`."""
    inside, wanted, newest = set[str](), set(more), (2, 17)
    for file in binaries(folder):
        inside.add(file.name)
        headers = _headers(file)
        inside.update(re.findall(r"^\s+SONAME\s+(\S+)$", headers, re.MULTILINE))
        wanted.update(re.findall(r"^\s+NEEDED\s+(\S+)$", headers, re.MULTILINE))
        versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)\b", headers)
        newest = max([newest, *((int(major), int(minor)) for major, minor in versions)])
    return Needs(libraries=frozenset(wanted - inside), glibc=newest)


def binaries(folder: Path) -> list[Path]:
    """The programs and libraries below `folder`, each once."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    return [file for file in files if _starts_with(file, b"\x7fELF")]


def _starts_with(file: Path, magic: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(magic)) == magic


def _headers(file: Path) -> str:
    objdump = shutil.which("objdump")
    if objdump is None:
        raise BuildError("objdump is needed. On Debian and Ubuntu: apt-get install binutils")
    done = subprocess.run([objdump, "-p", str(file)], capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{file} cannot be read: {done.stderr.strip()}")
    return done.stdout
