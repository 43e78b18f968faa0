"""A guest machine with cameras and sound cards, for a computer that has none.

The guest is Linux as an ordinary program (User Mode Linux), built once from the distribution's own
kernel source with the test drivers of the kernel's developers: vivid (a V4L2 camera), snd-aloop and
snd-dummy (ALSA cards). It boots in a second, sees the files of this computer under an overlay in
memory (what it writes is gone afterwards), and runs programs at native speed on one processor.

    python3 tests/lab/guest.py prepare          build the kernel, once
    python3 tests/lab/guest.py run COMMAND...   boot, run the command, end; its exit status is returned

Standard library only: it is used before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("linux-source-6.1", "bc", "bison", "flex", "gcc", "libc6-dev", "make", "xz-utils")
"""What Debian 12 needs to build and run the guest."""

MARK = "MOTESKLAR_GUEST"
"""Set in the environment of whatever runs inside the guest."""

_SOURCE = Path("/usr/src/linux-source-6.1.tar.xz")
_CONFIG = Path(__file__).with_name("guest.config")
_PASSED_ON = ("PATH", "HOME", "LANG", "CI")
_DEVICES = (
    # Three webcams without tuner: /dev/video0, 2, 4. The odd numbers stay free, as on a real machine.
    "vivid.n_devs=3 vivid.node_types=0x1,0x1,0x1 vivid.num_inputs=1,1,1 vivid.input_types=0x0,0x0,0x0",
    "vivid.vid_cap_nr=0,2,4",
    # Card 0: what is played on device 0 is recorded on device 1, and the other way round. Card 1: silence.
    "snd_aloop.index=0 snd_aloop.id=Loopback snd_aloop.pcm_substreams=2 snd_dummy.index=1 snd_dummy.id=Dummy",
)
_INIT = """\
#!/bin/sh
# The guest's first process: lay an overlay over the host's files, and go on inside it.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t tmpfs -o size=75% tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
mkdir -p proc sys dev run tmp .guest
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t devtmpfs devtmpfs dev
mkdir -p dev/pts dev/shm
mount -t devpts devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs tmpfs run
mount -t hostfs -o {folder} none .guest
exec chroot /mnt/root /bin/sh /.guest/main
"""
_MAIN = """\
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
ln -sfn /proc/self/fd /dev/fd
hostname guest
{python} -c 'import fcntl, socket, struct
with socket.socket() as s:  # bring the loopback interface up: IFF_UP | IFF_LOOPBACK | IFF_RUNNING
    fcntl.ioctl(s, 0x8914, struct.pack("16sh22x", b"lo", 0x49))'
/bin/sh /.guest/command </dev/null >>/.guest/output 2>&1
echo $? >/.guest/status.new
mv /.guest/status.new /.guest/status
exec {python} -c 'import ctypes, os; os.sync(); ctypes.CDLL(None).reboot(0x4321FEDC)'
"""


class GuestError(Exception):
    """The guest cannot be built or did not run; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command in the guest ended with."""

    status: int
    output: str


def prepare(*, say: Callable[[str], None] = print) -> Path:
    """The guest's kernel, built if this computer does not have it yet (a few minutes)."""
    if not _SOURCE.exists():
        raise GuestError(f"{_SOURCE} is missing. Install: apt-get install {' '.join(PACKAGES)}")
    cache = _cache()
    cache.mkdir(parents=True, exist_ok=True)
    kernel = cache / f"linux-{_key()}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second builder waits for the first, and finds its work
        if not kernel.exists():
            for unfinished in cache.glob("build-*"):  # of a build that was killed
                shutil.rmtree(unfinished, ignore_errors=True)
            started = time.monotonic()
            say("Building the kernel of the guest with the test cameras and sound cards ...")
            _build(cache, kernel)
            say(f"Built in {time.monotonic() - started:.0f} s: {kernel}")
            for old in set(cache.glob("linux-*")) - {kernel}:
                old.unlink()
    return kernel


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    memory_mib: int = 2048,
    timeout_seconds: float = 600,
    write: Callable[[str], None] | None = None,
) -> Ran:
    """Boot, run `command` in `folder`, power off. `write` gets the output as it comes."""
    kernel = prepare(say=lambda line: print(line, file=sys.stderr))
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    variables |= {MARK: "1"} | dict(environment or {})
    with tempfile.TemporaryDirectory(prefix="motesklar-guest-") as name:
        shared = Path(name)
        python = shlex.quote(str(Path(sys.executable).resolve()))
        init = _file(shared / "init", _INIT.format(folder=shared))
        init.chmod(0o755)
        _file(shared / "main", _MAIN.format(python=python))
        _file(
            shared / "command",
            f"cd {shlex.quote(str(folder or Path.cwd()))}\n"
            + "".join(f"export {key}={shlex.quote(value)}\n" for key, value in variables.items())
            + f"exec {shlex.join(map(str, command))}\n",
        )
        output = _file(shared / "output", "")
        with _booted(kernel, init, memory_mib, shared / "console") as process:
            whole = _follow(process, output, shared / "status", time.monotonic() + timeout_seconds, write)
        try:
            status = int((shared / "status").read_text())
        except FileNotFoundError:
            console = (shared / "console").read_text(errors="replace")[-2000:]
            raise GuestError(
                f"The guest ended or hung before its command had finished (after at most {timeout_seconds:.0f} s). "
                f"It needs the right to trace processes (ptrace).\n{whole[-2000:]}\nIts console:\n{console}"
            ) from None
    return Ran(status=status, output=whole)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "motesklar-lab"


def _key() -> str:
    """Another configuration, or another version of the kernel's source, is another kernel."""
    source = _SOURCE.stat()
    parts = (_CONFIG.read_bytes(), f"{source.st_size} {int(source.st_mtime)}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _build(cache: Path, kernel: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="build-", dir=cache) as name:
        folder = Path(name)
        _step(["tar", "xf", str(_SOURCE), "--strip-components=1"], folder)
        # The kernel's only obstacle to ALSA in User Mode Linux is this one condition.
        choices = folder / "sound" / "Kconfig"
        choices.write_text(choices.read_text().replace("\nif !UML\n", "\nif y\n"))
        make = ["make", "-s", "ARCH=um", f"-j{os.cpu_count() or 1}"]
        _step([*make, f"KCONFIG_ALLCONFIG={_CONFIG}", "allnoconfig"], folder)
        taken = set((folder / ".config").read_text().splitlines())
        wanted = [line for line in _CONFIG.read_text().splitlines() if line.startswith("CONFIG_")]
        if missing := [line for line in wanted if line not in taken]:
            raise GuestError(f"The kernel's configuration did not take {', '.join(missing)}")
        _step([*make, "linux"], folder)
        _step(["strip", "linux"], folder)
        shutil.move(folder / "linux", kernel.with_suffix(".new"))
        kernel.with_suffix(".new").rename(kernel)


def _step(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except FileNotFoundError:
        raise GuestError(f"{command[0]} is missing. Install: apt-get install {' '.join(PACKAGES)}") from None
    if done.returncode:
        raise GuestError(f"{shlex.join(command)} failed:\n{done.stdout[-3000:]}")


def _file(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


@contextlib.contextmanager
def _booted(kernel: Path, init: Path, memory_mib: int, console: Path) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [
        str(kernel),
        f"mem={memory_mib}M",
        *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", "panic=-1"),
        *("con=null", "con0=null,fd:1"),
        f"init={init}",
        *" ".join(_DEVICES).split(),
    ]
    # The guest's memory is a file that is unlinked at once; in /dev/shm it is memory indeed.
    environment = os.environ | ({"TMPDIR": "/dev/shm"} if Path("/dev/shm").is_dir() else {})
    with console.open("wb") as sink:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            # Whatever the guest left (it is many processes in one group) ends with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _follow(
    process: subprocess.Popen[bytes],
    output: Path,
    status: Path,
    deadline: float,
    write: Callable[[str], None] | None,
) -> str:
    """The guest's output up to its end or the deadline, handed on as it comes."""
    whole: list[str] = []
    with output.open(encoding="utf-8", errors="replace") as stream:
        while True:
            ended = status.exists() or process.poll() is not None or time.monotonic() > deadline
            if text := stream.read():
                whole.append(text)
                if write:
                    write(text)
            if ended:
                break
            time.sleep(0.05)
    if status.exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    return "".join(whole)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("prepare", help="build the guest's kernel, once")
    runs = actions.add_parser("run", help="run a command in the guest")
    runs.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    # A request to end tidies up as Ctrl-C does: no build and no guest is left behind.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        if chosen.action == "prepare":
            prepare()
            return 0
        return run(chosen.command, write=lambda text: print(text, end="", flush=True)).status
    except GuestError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
