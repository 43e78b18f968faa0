"""The packages for Linux: both programs as .deb and .rpm, written by nfpm."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from installer.packing import bill, compress, listing
from installer.packing.freeze import Frozen, freeze
from installer.packing.icons import place_icons
from installer.packing.libraries import OPENED_BY_NAME, Needs, needs
from installer.packing.product import (
    BUILD,
    CLIENT,
    COLLECTOR,
    DESCRIPTIONS,
    LICENCE,
    ROOT,
    SUMMARIES,
    BuildError,
    publisher,
    source_date,
    version,
)

WORK = BUILD / "linux"
FILES = ROOT / "installer" / "linux"
COMMANDS = {CLIENT: "readiness", COLLECTOR: "readiness-collector"}
_MANUALS = {CLIENT: "readiness.1", COLLECTOR: "readiness-collector.8"}
_SYSTEMS = {"deb": ("amd64", "deb"), "rpm": ("x86_64", "rpm")}


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that was written."""

    name: str
    file: Path
    installed_bytes: int


def build() -> list[Package]:
    """Both programs as .deb and .rpm in build/linux. Raises BuildError."""
    programs = freeze(FILES / "programs.spec", (CLIENT, COLLECTOR), WORK)
    wanted = {}
    for name, program in programs.items():
        stage = WORK / "stage" / name
        shutil.rmtree(stage, ignore_errors=True)
        stage_program(program, stage)
        stage_texts(name, stage)
        place_beside(name, stage)
        (WORK / f"{name}.files").write_text("\n".join(listing.listed(stage)) + "\n", "utf-8")
        print(f"\n{name}: {listing.size_bytes(stage) / listing.MIB:.1f} MiB installed")
        print(listing.shown(listing.parts(program.folder)))
        wanted[name] = needs(stage, OPENED_BY_NAME if name == CLIENT else ())
    with ThreadPoolExecutor() as pool:  # compressing takes most of the time, each package one core
        jobs = [
            pool.submit(write_package, name, kind, WORK / "stage" / name, wanted[name])
            for name in programs
            for kind in _SYSTEMS
        ]
        return [job.result() for job in jobs]


def stage_program(program: Frozen, stage: Path) -> None:
    """The program's folder, with what is inside told beside it."""
    folder = stage / "usr" / "lib" / program.name
    shutil.copytree(program.folder, folder, symlinks=True)
    told = stage / "usr" / "share" / "doc" / program.name
    told.mkdir(parents=True)
    parts = bill.parts_of(program.sources, Path(sysconfig.get_path("purelib")))
    bill.collect_licences(parts, told / "licences")
    (told / "sbom.cdx.json").write_text(bill.sbom(program.name, parts), "utf-8")
    for file in [folder, *folder.rglob("*")]:
        if not file.is_symlink():
            runs = file.is_dir() or file == folder / COMMANDS[program.name]
            file.chmod(0o755 if runs else 0o644)


def stage_texts(name: str, stage: Path) -> None:
    """Licence, changes and manual page."""
    told = stage / "usr" / "share" / "doc" / name
    told.mkdir(parents=True, exist_ok=True)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    (told / "copyright").write_text(
        f"{licence}\n\nEverybody else's work inside, and its licences: licences/ and sbom.cdx.json.\n",
        "utf-8",
    )
    date = datetime.fromtimestamp(source_date(), UTC)
    entry = (
        f"{name} ({version()}) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n"
        f" -- {publisher().maintainer}  {date:%a, %d %b %Y %H:%M:%S} +0000\n"
    )
    _gzip(entry.encode(), told / "changelog.gz")
    _gzip((ROOT / "CHANGELOG.md").read_bytes(), told / "CHANGELOG.md.gz")
    manual = _MANUALS[name]
    folder = stage / "usr" / "share" / "man" / f"man{manual[-1]}"
    folder.mkdir(parents=True, exist_ok=True)
    _gzip(_filled(FILES / manual, name).encode(), folder / f"{manual}.gz")


def place_beside(name: str, stage: Path) -> None:
    """What the desktop or the service manager needs, and the command on the PATH."""
    command = stage / "usr" / "bin" / COMMANDS[name]
    command.parent.mkdir(parents=True, exist_ok=True)
    command.symlink_to(f"../lib/{name}/{COMMANDS[name]}")
    if name == CLIENT:
        share = stage / "usr" / "share"
        _put(FILES / "motesklar.desktop", share / "applications" / "motesklar.desktop", name)
        _put(
            FILES / "motesklar.metainfo.xml", share / "metainfo" / "se.motesklar.Motesklar.metainfo.xml", name
        )
        place_icons(share / "icons" / "hicolor")
        for unit in ("motesklar-recheck.service", "motesklar-recheck.timer"):
            _put(FILES / unit, stage / "usr" / "lib" / "systemd" / "user" / unit, name)
        return
    library = stage / "usr" / "lib"
    _put(
        FILES / "motesklar-collector.service",
        library / "systemd" / "system" / "motesklar-collector.service",
        name,
    )
    _put(FILES / "motesklar-collector.sysusers", library / "sysusers.d" / "motesklar-collector.conf", name)
    _put(FILES / "collector.toml", stage / "etc" / "motesklar" / "collector.toml", name)


def write_package(name: str, kind: str, stage: Path, wanted: Needs) -> Package:
    """One package with what is in `stage`. Raises BuildError."""
    _dated(stage)
    architecture, ending = _SYSTEMS[kind]
    separator = {"deb": "_", "rpm": "-"}[kind]
    target = (
        WORK / f"{name}{separator}{version()}{separator if kind == 'deb' else '-1.'}{architecture}.{ending}"
    )
    description = WORK / f"{name}.{kind}.json"
    description.write_text(json.dumps(_described(name, kind, stage, wanted), indent=1), "utf-8")
    command = [_nfpm(), "package", "--config", str(description), "--packager", kind, "--target", str(target)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source_date())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"nfpm could not write {target.name}: {done.stderr.strip() or done.stdout.strip()}")
    compress.again(target, kind)
    return Package(name=name, file=target, installed_bytes=listing.size_bytes(stage))


def _described(name: str, kind: str, stage: Path, wanted: Needs) -> dict[str, Any]:
    """The package in nfpm's words."""
    contents: list[dict[str, Any]] = []
    for file in sorted(stage.rglob("*")):
        place = f"/{file.relative_to(stage).as_posix()}"
        if file.is_dir() and not file.is_symlink():
            # The folders of our own are the package's, so that removing it takes them away.
            if {f"lib/{name}", f"doc/{name}"} & {
                "/".join(file.parts[at : at + 2]) for at in range(len(file.parts))
            }:
                contents.append({"dst": place, "type": "dir", "file_info": {"mode": 0o755}})
        elif file.is_symlink():
            contents.append({"src": file.readlink().as_posix(), "dst": place, "type": "symlink"})
        elif file.is_file():
            entry: dict[str, Any] = {"src": str(file), "dst": place}
            entry["file_info"] = {"mode": file.stat().st_mode & 0o777, "owner": "root", "group": "root"}
            if place.startswith("/etc/"):
                entry["type"] = "config|noreplace"
            contents.append(entry)
    also = {"deb": wanted.debian(), "rpm": wanted.rpm()}[kind]
    if name == COLLECTOR:
        also = [*also, "systemd"]
    return {
        "name": name,
        "arch": "amd64",
        "platform": "linux",
        "version": version(),
        **({"release": "1"} if kind == "rpm" else {}),
        "section": "utils" if name == CLIENT else "net",
        "priority": "optional",
        "maintainer": publisher().maintainer,
        "homepage": publisher().homepage,
        "license": LICENCE,
        "description": f"{SUMMARIES[name]}\n{DESCRIPTIONS[name]}",
        "depends": also,
        "recommends": _recommended(name, kind),
        "contents": contents,
        "scripts": _scripts(name, kind),
        "mtime": datetime.fromtimestamp(source_date(), UTC).isoformat(),
        "deb": {"compression": compress.AS_NFPM_WRITES["deb"]},
        "rpm": {
            "compression": compress.AS_NFPM_WRITES["rpm"],
            "summary": SUMMARIES[name],
            "group": "Applications/Internet",
        },
    }


def _recommended(name: str, kind: str) -> list[str]:
    if name == COLLECTOR:
        return []
    return ["xdg-utils", "libasound2-plugins"] if kind == "deb" else ["xdg-utils"]


def _scripts(name: str, kind: str) -> dict[str, str]:
    """The package's scripts by nfpm's names for their occasions, filled in."""
    deb = {"preinstall": "preinst"}
    if name == COLLECTOR:
        deb |= {
            part: f"collector.{of}"
            for part, of in (("postinstall", "postinst"), ("preremove", "prerm"), ("postremove", "postrm"))
        }
    rpm = {"postinstall": "collector.rpm-postinstall", "preremove": "collector.rpm-preremove"}
    chosen: Mapping[str, str] = deb if kind == "deb" else (rpm if name == COLLECTOR else {})
    folder = WORK / "scripts" / name / kind
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for occasion, script in chosen.items():
        (folder / script).write_text(_filled(FILES / "scripts" / script, name), "utf-8")
        written[occasion] = str(folder / script)
    return written


def _nfpm() -> str:
    beside = Path(sys.executable).with_name("nfpm")
    found = str(beside) if beside.is_file() else shutil.which("nfpm")
    if found is None:
        raise BuildError("nfpm is missing; installer/build.py installs it.")
    return found


def _put(source: Path, target: Path, name: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_filled(source, name), "utf-8")


def _filled(source: Path, name: str) -> str:
    """A text of ours with the facts of this build in place of @VERSION@ and the like."""
    date = datetime.fromtimestamp(source_date(), UTC).date().isoformat()
    text = source.read_text("utf-8")
    facts = {
        "VERSION": version(),
        "DATE": date,
        "HOMEPAGE": publisher().homepage,
        "PUBLISHER": publisher().name,
        "PACKAGE": name,
    }
    for mark, fact in facts.items():
        text = text.replace(f"@{mark}@", escape(fact) if source.suffix == ".xml" else fact)
    return text


def _gzip(content: bytes, target: Path) -> None:
    target.write_bytes(gzip.compress(content, mtime=0))


def _dated(folder: Path) -> None:
    for file in [folder, *folder.rglob("*")]:
        os.utime(file, (source_date(), source_date()), follow_symlinks=False)
