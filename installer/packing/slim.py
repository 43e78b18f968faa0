"""What the wheels bring twice, or for uses that are not ours, taken out of a frozen program on Linux."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.packing.libraries import binaries
from installer.packing.product import ROOT, BuildError

_ONE_ALGEBRA = ROOT / "installer" / "linux" / "one_algebra.c"
_LANGUAGES = ("root", "sv", "sv_*", "en", "en_*")
_WITHOUT_LANGUAGE = ("res_index", "pool", "ucadata")
_CHARACTER_SETS = ("iso-8859*", "ibm-5348*")  # the second is Windows' own for western Europe, 1252
_UNUSED_OF_ICU = ("translit", "brkitr", "rbnf", "unit", "lang", "region", "curr")
"""Translation between scripts, breaks between words, numbers in words, names of things: Qt has its own, or none."""
_UNUSED_KINDS = ("spp",)
_UNUSED_TABLES = ("unames.icu", "confusables.cfu")
"""Preparing text for protocols (RFC 3454), names of characters, characters that look like others: as above."""
_NEVER_CALLED = ("libavif", "libvpx", "libssl", "libcrypto")
"""What OpenCV loads and we never ask for: AVIF pictures, writing WebM (FFmpeg reads it by itself), films over TLS."""


def slim(inside: Path) -> None:
    """Make a program's folder of libraries smaller without taking anything that it uses. Raises BuildError."""
    share_linear_algebra(inside)
    leave_out_never_called(inside)
    for data in sorted(inside.rglob("libicudata.so.*")):
        trim_languages(data)
    for library in binaries(inside):
        strip(library)


def share_linear_algebra(inside: Path) -> None:
    """Let OpenCV calculate with the OpenBLAS that NumPy brought, instead of another one of its own."""
    own = sorted((inside / "opencv_python_headless.libs").glob("libopenblas*"))
    shared = sorted((inside / "numpy.libs").glob("libscipy_openblas64_*"))
    if not own or not shared:
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / own[0].name
        origin = os.path.relpath(shared[0].parent, own[0].parent)
        link_algebra(made, shared[0], rpath=f"$ORIGIN/{origin}")
        wanted = set[str]().union(*(_symbols(file, "--undefined-only") for file in inside.glob("cv2/*.so")))
        missing = (wanted & _symbols(own[0], "--defined-only")) - _symbols(made, "--defined-only")
        if missing:
            raise BuildError(
                f"OpenCV asks for more than {_ONE_ALGEBRA.name} has: {', '.join(sorted(missing))}"
            )
        shutil.copyfile(made, own[0])


def link_algebra(target: Path, shared: Path, *, rpath: str) -> None:
    """Write the library that passes OpenCV's calls on to `shared`, which it finds at `rpath`. Raises BuildError."""
    # The name in the library, not its place: a full path as an argument would be looked for at that path.
    by_name = ("-L", str(shared.parent), f"-l:{shared.name}", f"-Wl,-rpath,{rpath}")
    allowed = "-Wl,--allow-shlib-undefined"
    _compile(target, str(_ONE_ALGEBRA), "-O2", "-fPIC", "-Wl,--no-as-needed", *by_name, allowed)


def leave_out_never_called(inside: Path) -> None:
    """Hollow what OpenCV's libraries name but never call for us, and drop what nothing names any more."""
    beside = inside / "opencv_python_headless.libs"
    for name in _NEVER_CALLED:
        for library in beside.glob(f"{name}-*"):
            users = [file for file in (*beside.iterdir(), *inside.glob("cv2/*.so")) if file != library]
            hollow(library, set[str]().union(*(_symbols(file, "--undefined-only") for file in users)))
    while unneeded := {file.name for file in beside.glob("*")} - _needed(inside):
        for name in unneeded:
            (beside / name).unlink()


def hollow(library: Path, asked: set[str]) -> None:
    """Leave of a library the functions in `asked`, under their versions; each does nothing and gives 0."""
    told = _run(_program("nm", "binutils"), "--dynamic", "--format=posix", "--defined-only", str(library))
    versions: dict[str, list[str]] = {}
    for line in told.splitlines():
        (name, _, version), kind = line.split()[0].replace("@@", "@").partition("@"), line.split()[1]
        if name not in asked:
            continue
        if kind != "T":
            raise BuildError(f"{library.name} gives {name} to others, which is no function.")
        versions.setdefault(version, []).append(name)
    with tempfile.TemporaryDirectory() as name:
        source, script = Path(name) / "hollow.c", Path(name) / "versions"
        source.write_text(
            "".join(f"long {one}(void) {{ return 0; }}\n" for group in versions.values() for one in group)
        )
        script.write_text(
            "".join(f"{label} {{ global: {'; '.join(group)}; }};\n" for label, group in versions.items())
        )
        labels = [f"-Wl,--version-script,{script}"] if any(versions) else []
        made = Path(name) / library.name
        _compile(made, str(source), "-nostdlib", "-fno-builtin", *labels)
        shutil.copyfile(made, library)


def trim_languages(library: Path) -> None:
    """Leave in ICU's data what Qt asks for in Swedish and English: order of words, capitals, time zones."""
    icupkg = _program("icupkg", "icu-devtools")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        symbol, content = _icu_data(library)
        whole, unused = folder / f"{symbol.removesuffix('_dat')}l.dat", folder / "unused.txt"
        kept = folder / "out" / whole.name
        kept.parent.mkdir()
        whole.write_bytes(content)
        names = _run(icupkg, "--list", str(whole)).split()
        unused.write_text("".join(f"{item}\n" for item in names if not icu_is_used(item)))
        _run(icupkg, "--remove", str(unused), str(whole), str(kept))
        assembly = folder / "data.s"
        assembly.write_text(
            f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}:\n.incbin "{kept}"\n'
            f'.size {symbol}, .-{symbol}\n.section .note.GNU-stack,"",@progbits\n'
        )
        _compile(folder / library.name, str(assembly), "-nostdlib")
        shutil.copyfile(folder / library.name, library)


def icu_is_used(item: str) -> bool:
    """Whether an item of ICU's data stays: `item` is its path in the package, as coll/sv.res."""
    *tree, name = item.split("/")
    stem, _, kind = name.rpartition(".")
    if kind in _UNUSED_KINDS or name in _UNUSED_TABLES:
        return False
    if kind == "cnv":
        return any(fnmatch.fnmatch(stem, wanted) for wanted in _CHARACTER_SETS)
    if tree and tree[0] in _UNUSED_OF_ICU:
        return False
    # Languages and countries have names like de, ckb, sr_Cyrl_BA; all else is data for every language.
    if kind == "res" and (tree or re.fullmatch(r"[a-z]{2,3}(_[A-Za-z0-9]+)*", stem)):
        return any(fnmatch.fnmatch(stem, wanted) for wanted in (*_LANGUAGES, *_WITHOUT_LANGUAGE))
    return True


def strip(library: Path) -> None:
    """Take away symbols that only a debugger reads, where the result is still laid out as the loader wants it."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / library.name
        _run(_program("strip", "binutils"), "--strip-unneeded", "-o", str(stripped), str(library))
        # strip may move parts of a library that auditwheel had changed already.
        if stripped.stat().st_size < library.stat().st_size and loads_evenly(stripped):
            shutil.copyfile(stripped, library)


def loads_evenly(library: Path) -> bool:
    """Whether every part lies in the file as in memory, counted in pages: else the loader refuses it."""
    headers = _run(_program("objdump", "binutils"), "-p", str(library))
    found = re.findall(r"LOAD off +0x([0-9a-f]+) vaddr 0x([0-9a-f]+) paddr \S+ align 2\*\*(\d+)", headers)
    return bool(found) and all(
        (int(off, 16) - int(address, 16)) % 2 ** int(power) == 0 for off, address, power in found
    )


def _icu_data(library: Path) -> tuple[str, bytes]:
    """The name and the content of ICU's one table."""
    told = _run(_program("objdump", "binutils"), "-T", "-h", str(library))
    table = re.search(r"^([0-9a-f]+) g +DO \.rodata\s+([0-9a-f]+)\s.*?(icudt\d+_dat)$", told, re.MULTILINE)
    section = re.search(r"\.rodata +[0-9a-f]+ +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)", told)
    if not table or not section:
        raise BuildError(f"{library.name} does not hold ICU's data in the way that was known.")
    at = int(table[1], 16) - int(section[1], 16) + int(section[2], 16)
    return table[3], library.read_bytes()[at : at + int(table[2], 16)]


def _symbols(library: Path, which: str) -> set[str]:
    told = _run(_program("nm", "binutils"), "--dynamic", "--format=posix", which, str(library))
    return {line.split()[0].split("@")[0] for line in told.splitlines() if line}


def _needed(inside: Path) -> set[str]:
    headers = (_run(_program("objdump", "binutils"), "-p", str(file)) for file in binaries(inside))
    return {name for told in headers for name in re.findall(r"^\s+NEEDED\s+(\S+)$", told, re.MULTILINE)}


def _compile(target: Path, *arguments: str) -> None:
    same = ("-Wl,--build-id=none", f"-Wl,-soname,{target.name}", "-s")
    _run(_program("gcc", "gcc libc6-dev"), "-shared", "-o", str(target), *arguments, *same)


def _program(name: str, package: str) -> str:
    if (found := shutil.which(name)) is None:
        raise BuildError(f"{name} is needed. On Debian and Ubuntu: apt-get install {package}")
    return found


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout
