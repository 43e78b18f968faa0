"""A small project in a folder of its own, set up by the real installer from a local wheel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Project:
    """The installer's own files beside a package and a lock list of one wheel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # As people start it: outside any environment, and with pip.
        self._system_python = str(getattr(sys, "_base_executable", sys.executable))
        self.python = folder / ".venv" / "bin" / "python"
        (folder / "installer").mkdir(parents=True)
        shutil.copy(ROOT / "installer" / "environment.py", folder / "installer")
        (folder / "pyproject.toml").write_text('[project]\nscripts = { greet = "greeting:main" }\n')
        (folder / "greeting.py").write_text(
            "import sys\nimport lucky\ndef main():\n    print(lucky.NUMBER, *sys.argv[1:])\n    return 7\n"
        )
        self.wheel = folder.parent / "wheels" / "lucky-1.0-py3-none-any.whl"
        self.lock(number=13)

    def lock(self, *, number: int, sha256: str | None = None) -> None:
        """Put a wheel in place, and write the lists that name it."""
        self.wheel.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(self.wheel, "w") as archive:
            archive.writestr("lucky.py", f"NUMBER = {number}\n")
            archive.writestr(
                "lucky-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lucky\nVersion: 1.0\n"
            )
            archive.writestr(
                "lucky-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(
                "lucky-1.0.dist-info/RECORD",
                "lucky.py,,\nlucky-1.0.dist-info/METADATA,,\nlucky-1.0.dist-info/WHEEL,,\nlucky-1.0.dist-info/RECORD,,\n",
            )
        sha256 = sha256 or hashlib.sha256(self.wheel.read_bytes()).hexdigest()
        for name in ("run", "test"):
            file = self.folder / "installer" / f"locked-{name}.txt"
            file.write_text(f"lucky==1.0 \\\n    --hash=sha256:{sha256}\n")

    def set_up(self, kind: str = "run") -> subprocess.CompletedProcess[str]:
        """Set up as run.py and test.py do, from the local wheel alone."""
        code = (
            "import sys, environment\n"
            "try:\n    print(environment.set_up(sys.argv[1], {}))\n"
            "except environment.SetUpError as error:\n    sys.exit(str(error))"
        )
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "installer"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheel.parent),
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.run(
            [self._system_python, "-c", code, kind],
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def greet(self, *arguments: str) -> tuple[int, str]:
        """Run the launcher that the set-up wrote."""
        done = subprocess.run(
            [self.python.with_name("greet"), *arguments], capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "a folder")


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the packages for Linux: built now, or named by MOTESKLAR_PACKAGES."""
    if (there := os.environ.get("MOTESKLAR_PACKAGES")) is not None:
        return Path(there)
    subprocess.run([sys.executable, ROOT / "installer" / "build.py", "linux"], check=True)
    return ROOT / "build" / "linux"
