"""A fresh Debian system in a folder, for tests of packages: nothing is there but what its packages bring.

Made once with debootstrap and kept; each test gets a copy. Commands run in namespaces of their own, so
that mounts and processes are gone when a command ends. Needs root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

KEPT = Path.home() / ".cache" / "motesklar-lab" / "bookworm-root"
_ENTER = """
mount --rbind /dev "$0/dev"; mount -t proc proc "$0/proc"; mount -t tmpfs tmpfs "$0/run"
mkdir -p /tmp/.X11-unix "$0/tmp/.X11-unix"; mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
exec chroot "$0" "$@"
"""


class DebianRoot:
    """The system in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, arguments: Sequence[str], *, user: str = "root") -> list[str]:
        """The command that runs `arguments` inside."""
        become = [] if user == "root" else ["runuser", "-u", user, "--"]
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", _ENTER]
        return [*enter, str(self.folder), *become, *arguments]

    def run(
        self,
        *arguments: str,
        user: str = "root",
        check: bool = True,
        timeout: float = 300,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside. Raises AssertionError with what it said, unless `check` is off."""
        done = subprocess.run(
            self.command(arguments, user=user),
            env=self.surroundings(user, environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert not check or done.returncode == 0, (
            f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    def start(
        self, *arguments: str, user: str = "root", environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a command inside; killing it ends all that it started."""
        return subprocess.Popen(
            self.command(arguments, user=user),
            env=self.surroundings(user, environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def surroundings(self, user: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a person who logs in there, and no more."""
        home = "/root" if user == "root" else f"/home/{user}"
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        silent = {"DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8"}
        return {"PATH": path, "HOME": home, **silent, **(more or {})}

    def install(self, *files: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`apt-get install` package files with what they depend on."""
        places = []
        for file in files:
            shutil.copy(file, self.folder / "tmp" / file.name)
            places.append(f"/tmp/{file.name}")
        return self.run("apt-get", "-y", "-qq", "--no-install-recommends", "install", *places, check=check)

    def paths(self) -> set[str]:
        """Every file and folder, without what only runs (/proc, /dev, /run) or passes (/tmp)."""
        found = set()
        for folder, folders, files in os.walk(self.folder):
            if Path(folder) == self.folder:
                folders[:] = [name for name in folders if name not in ("proc", "dev", "sys", "run", "tmp")]
            found.update(str(Path(folder, name).relative_to(self.folder)) for name in (*folders, *files))
        return found


def fresh_root(folder: Path) -> DebianRoot:
    """A copy of the kept system in `folder`, which must not exist yet."""
    if (
        not (KEPT / "etc" / "debian_version").is_file()
        or not (KEPT / "var" / "lib" / "apt" / "lists").is_dir()
    ):
        _make()
    subprocess.run(["cp", "--archive", "--reflink=auto", str(KEPT), str(folder)], check=True)
    shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
    # Nothing of it need outlive a loss of power.
    (folder / "etc" / "dpkg" / "dpkg.cfg.d" / "not-kept").write_text("force-unsafe-io\n")
    return DebianRoot(folder)


def _make() -> None:
    making = KEPT.with_name(f"{KEPT.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", str(making)], check=True, stdout=subprocess.DEVNULL
    )
    DebianRoot(making).run("apt-get", "-qq", "update")
    shutil.rmtree(KEPT, ignore_errors=True)
    making.rename(KEPT)
