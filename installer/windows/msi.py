"""Builds the MSI on Debian with msitools (wixl and msibuild).

    .venv/bin/python -m installer.windows.msi --payload build/windows/payload

With `--only-definition` it writes motesklar.wxs alone, for WiX 3.14 on Windows:
candle -arch x64 motesklar.wxs && light motesklar.wixobj
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from installer.packing.product import BuildError
from installer.windows.definition import PROPERTIES, definition
from readiness import __version__
from readiness.settings.schema import BY_NAME

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("wixl", "msibuild")

PERMISSIONS = "D:PAI(A;OICI;KA;;;SY)(A;OICI;KA;;;BA)(A;OICI;KR;;;IU)"
"""Of HKLM, Software\\Motesklar: the system and administrators write; who sits at the computer reads.

Services and accounts from the network do not: the enrolment key stands there.
"""
SEQUENCE = {
    "KeepCollectorUrl": 51,
    "KeepEnrolmentKey": 52,
    "KeepProfile": 53,
    "NameScheduler": 1010,
    "RemoveExistingProducts": 1501,
    "RemoveTask": 1502,
    "AddTask": 4001,
}
"""wixl does not order by After, and removes the old version last. After InstallInitialize it is removed
within the transaction: where the new one cannot be installed, the old one comes back whole."""


def build(payload: Path, target: Path, version: str = __version__) -> None:
    """Make `target` of the payload. Raises BuildError."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            raise BuildError(f"{program} is missing. On Debian: apt-get install wixl msitools")
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "motesklar.wxs", Path(folder) / "motesklar.msi"
        (Path(folder) / "payload").symlink_to(payload.absolute())
        source.write_bytes(definition(payload, version))
        _run(["wixl", "--arch", "x64", "--output", str(made), source.name], Path(folder))
        _complete(made)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)


def _complete(package: Path) -> None:
    """Put into the tables what the definition says and wixl does not: order, what is secret, permissions."""
    properties = [*PROPERTIES, *(f"KEPT{name}" for name in PROPERTIES)]
    secret = [name for name in properties if BY_NAME[PROPERTIES[name.removeprefix("KEPT")]].secret]
    secure = ";".join([*properties, "WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED"])
    statements = [
        f"UPDATE `Property` SET `Value` = '{secure}' WHERE `Property` = 'SecureCustomProperties'",
        f"INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', '{';'.join(secret)}')",
        *(
            f"UPDATE `InstallExecuteSequence` SET `Sequence` = {number} WHERE `Action` = '{action}'"
            for action, number in SEQUENCE.items()
        ),
        # A plain setting of a property is no script, and has nobody to impersonate.
        "UPDATE `CustomAction` SET `Type` = 51 WHERE `Type` = 2099",
        "CREATE TABLE `MsiLockPermissionsEx` (`MsiLockPermissionsEx` CHAR(72) NOT NULL, `LockObject` CHAR(72)"
        " NOT NULL, `Table` CHAR(32) NOT NULL, `SDDLText` CHAR(0) NOT NULL, `Condition` CHAR(0)"
        " PRIMARY KEY `MsiLockPermissionsEx`)",
        "INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, `Table`, `SDDLText`)"
        f" VALUES ('MachineSettings', 'ValueCollectorUrl', 'Registry', '{PERMISSIONS}')",
    ]
    for statement in statements:
        _run(["msibuild", str(package), "-q", statement])
    _run(["msibuild", str(package), "-s", "Mötesklar", "Mötesklar", "x64;1053"])


def _run(command: list[str], folder: Path | None = None) -> None:
    # Without a locale of UTF-8 wixl does not find files whose names have å in them.
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    if done.returncode:
        # wixl warns of each attribute that it does not know; what stopped it stands last.
        lines = [
            line for line in done.stderr.splitlines() if line.strip() and "no property named" not in line
        ]
        raise BuildError(f"{command[0]}: {' '.join(lines[-3:]) or f'exit status {done.returncode}'}")


def make(payload: Path, folder: Path, *, only_definition: bool = False) -> Path:
    """The MSI of `payload` in `folder`, or its definition where msitools are not at hand. Raises BuildError."""
    folder.mkdir(parents=True, exist_ok=True)
    if not only_definition and all(map(shutil.which, PROGRAMS)):
        target = folder / f"motesklar-{__version__}-x64.msi"
        build(payload, target)
    else:
        target = folder / "motesklar.wxs"
        target.write_bytes(definition(payload, __version__))
    return target


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Builds the MSI of the program.")
    parser.add_argument("--payload", type=Path, default=ROOT / "build" / "windows" / "payload")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "windows")
    parser.add_argument("--only-definition", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        print(make(chosen.payload, chosen.out, only_definition=chosen.only_definition))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
