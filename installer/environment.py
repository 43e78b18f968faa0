"""Sets up the program's surroundings: system libraries, a virtual environment, locked dependencies.

Shared by run.py, test.py and build.py. Standard library only, because nothing is installed yet. What is
already done is skipped; what was interrupted is done again.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {kind: ROOT / "installer" / f"locked-{kind}.txt" for kind in ("run", "test", "build")}

PROGRAM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libportaudio.so.2": "libportaudio2",
    "libpulse.so.0": "libpulse0",
    "libsecret-1.so.0": "libsecret-1-0",
}
"""What Qt without a screen, sound (PortAudio; names and mute from libpulse) and the keyring need, and their Debian packages."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""What Qt loads as well when it opens a window under X or Wayland."""

_INCOMPLETE = "motesklar-incomplete"
_STAMP = "motesklar-installed.json"
_LISTS = Path("/var/lib/apt/lists")


class SetUpError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def say(line: str) -> None:
    """Tell how it goes. On standard error: standard output belongs to the program's own answer."""
    print(line, file=sys.stderr, flush=True)


def has_screen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can be opened here."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def set_up(
    kind: str, libraries: Mapping[str, str], *, packages: Iterable[str] = (), venv: Path = VENV
) -> Path:
    """Make everything ready for `kind` ("run", "test" or "build"); return the environment's Python."""
    if sys.platform == "linux":
        install([*missing_packages(libraries), *packages])
        if absent := missing_packages(libraries):
            raise SetUpError(f"These packages are installed, but cannot be loaded: {', '.join(absent)}")
    with _alone():
        return _environment(kind, venv)


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not _loads(library)]


def install(packages: Sequence[str]) -> None:
    """Install Debian packages, or raise SetUpError with the command that does."""
    wanted = list(dict.fromkeys(packages))
    if not wanted:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *wanted]
    if not shutil.which("apt-get"):
        raise SetUpError(
            "This computer lacks system libraries or programs, and has no apt to install them with. "
            f"On Debian and Ubuntu they are called: {' '.join(wanted)}"
        )
    if os.geteuid() != 0:
        raise SetUpError(
            "This computer lacks system packages, and installing them needs the administrator (root). "
            f"Run this, then start again:\n\n  sudo {shlex.join(command)}\n"
        )
    say(f"Installing system packages: {' '.join(wanted)}")
    if not any(_LISTS.glob("*_Packages*")):
        _apt(["apt-get", "update"])
    try:
        _apt(command)
    except SetUpError:  # the lists may be so old that the files they name are gone
        _apt(["apt-get", "update"])
        _apt(command)


def launcher(name: str, venv: Path = VENV) -> Path:
    """The program `name` inside the environment."""
    return venv / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def locked(kind: str, version: str) -> str:
    """What an installation of `kind` is known by: another list or another Python is another."""
    content = LOCKS[kind].read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return f"{version} {hashlib.sha256(content).hexdigest()}"


def _environment(kind: str, venv: Path) -> Path:
    python, incomplete, stamp = launcher("python", venv), venv / _INCOMPLETE, venv / _STAMP
    version = None if incomplete.exists() else _version(python, venv)
    if version is None:
        _remove(venv)
        say(f"Making the Python environment {venv.relative_to(ROOT)}")
        _checked([sys.executable, "-m", "venv", "--without-pip", str(venv)])
        version = _version(python, venv)
    if version is None:
        raise SetUpError(f"The Python environment was made, but {python} does not run.")
    done = _stamped(stamp)
    if done.get(kind) == locked(kind, version):
        return python
    say("Installing the locked Python packages (the first time takes a few minutes)")
    incomplete.touch()
    stamp.unlink(missing_ok=True)
    pip = _pip(python)
    lock = LOCKS[kind]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    _checked(
        [*pip, "install", *quiet, "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(lock)]
    )
    _place_project(python)
    # The list for tests holds all of the list for running, so it satisfies both.
    kinds = ("run", "test") if kind == "test" else (kind,)
    stamp.write_text(json.dumps({name: locked(name, version) for name in kinds}), "utf-8")
    incomplete.unlink()
    return python


def _version(python: Path, venv: Path) -> str | None:
    """The version of the environment's Python; None where it is broken, moved or too old."""
    code = "import sys; print(sys.prefix, *sys.version_info[:3], sep='\\n')"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    prefix, *version = answer.stdout.splitlines() or [""]
    if answer.returncode or Path(prefix) != venv or tuple(map(int, version)) < (3, 11):
        return None
    return ".".join(version)


def _stamped(stamp: Path) -> dict[str, str]:
    try:
        content = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _pip(python: Path) -> list[str]:
    """A pip that installs into the environment: the system's own, or one that Python brings along."""
    if _succeeds([sys.executable, "-m", "pip", "--python", str(python), "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(python)]
    if not _succeeds([str(python), "-m", "ensurepip"]):
        install(["python3-pip"])
        return [sys.executable, "-m", "pip", "--python", str(python)]
    return [str(python), "-m", "pip"]


def _place_project(python: Path) -> None:
    """Make the checkout importable in the environment, and write the launchers pyproject.toml names.

    This is what an editable installation does, without a build backend among the dependencies.
    """
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", question], text=True).strip())
    (packages / "motesklar.pth").write_text(f"{ROOT}\n", "utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, target in project["scripts"].items():
        module, _, function = target.partition(":")
        code = f"import sys; from {module} import {function} as main; sys.exit(main())"
        if os.name == "nt":
            script = python.with_name(f"{name}.cmd")
            script.write_text(f'@"%~dp0python.exe" -c "{code}" %*\n', "utf-8")
        else:
            script = python.with_name(name)
            # A folder's path may hold spaces, which #! cannot: sh finds Python beside the launcher.
            script.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -c \'{code}\' "$@"\n', "utf-8")
            script.chmod(0o755)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _remove(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time: a second waits for the first, and finds its work done."""
    if os.name == "nt":
        yield
        return
    import fcntl

    folder = os.open(ROOT / "installer", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _apt(command: Sequence[str]) -> None:
    silent = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    waiting = [command[0], "-qq", "-o", "DPkg::Lock::Timeout=300", *command[1:]]
    done = subprocess.run(
        waiting,
        env=silent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SetUpError(f"This command failed:\n\n  {shlex.join(command)}\n\n{done.stdout[-3000:]}")


def _checked(command: Sequence[str]) -> None:
    """Run a step; what it prints goes to standard error."""
    try:
        subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(f"This command failed:\n\n  {shlex.join(command)}\n\n{error}") from error


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
