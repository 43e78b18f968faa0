"""A link as bad as one wishes, between two network namespaces of this machine. Linux, root, gcc, iproute2.

    python3 tests/lab/link.py "rate=2M rtt=40 queue=1000ms" COMMAND ...     # COMMAND on the client's side

The client is 10.78.0.2, the server 10.78.0.1. `link.c` names every parameter; `PROFILES` has some by name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SERVER = "10.78.0.1"
CLIENT = "10.78.0.2"
_SOURCE = Path(__file__).with_suffix(".c")
_CACHE = Path.home() / ".cache" / "motesklar-lab"

PROFILES = {
    "fibre": "rate=100M rtt=10 jitter=0.3 queue=40ms",
    "adsl": "down.rate=8M up.rate=1M rtt=40 queue=250ms jitter=1",
    "4g": "down.rate=20M up.rate=8M delay=20 jitter=10 shape=exp jcorr=20 loss=0.2 queue=300ms",
    "sym1500": "rate=1500 rtt=40 queue=200ms",
    "up500": "down.rate=10M up.rate=500 rtt=40 queue=200ms",
    "up200": "down.rate=10M up.rate=200 rtt=40 queue=200ms",
    "up120": "up.rate=120 down.rate=10M rtt=40 queue=200ms",
    "down500": "down.rate=500 up.rate=10M rtt=40 queue=200ms",
    "loss2": "rate=10M rtt=40 loss=2",
    "loss5": "rate=10M rtt=40 loss=5",
    "loss10": "rate=10M rtt=40 loss=10",
    "burst15": "rate=10M rtt=40 burst=15/5",
    "delay150": "rate=10M delay=150",
    "delay400": "rate=10M delay=400",
    "jitter30": "rate=10M delay=80 jitter=30 jcorr=50",
    "jitter60": "rate=10M delay=150 jitter=60 jcorr=50",
    "wifi-bad": "rate=15M delay=5 jitter=15 shape=exp jcorr=50 burst=3/8 outage=10000/400",
    "bloat2": "rate=2M rtt=40 queue=1000ms",
    "udpblock": "rate=20M rtt=20 block=udp",
    "udp3478only": "rate=20M rtt=20 block=udp!53+3478",
    "tcp443only": "rate=20M rtt=20 block=udp,tcp!443",
    "dead": "block=all",
}

ASIDE = {
    "cable": "down.rate=50M up.rate=5M rtt=24 queue=150ms jitter=2",
    "thin-far": "rate=3M rtt=180 queue=400ms loss=1",
    "mobile-edge": "down.rate=4M up.rate=1500 delay=45 jitter=25 shape=exp jcorr=40 loss=1.5 queue=500ms",
    "up-lossy": "rate=20M rtt=30 up.loss=4",
    "down-bursts": "rate=8M rtt=50 down.burst=6/10",
    "short-outages": "rate=30M rtt=20 outage=3000/150",
    "satellite": "down.rate=15M up.rate=3M delay=300 jitter=3 queue=300ms",
    "hopeless": "down.rate=300 up.rate=80 rtt=300 queue=900ms loss=6",
    "lossy-far": "rate=6M rtt=240 loss=12 jitter=20 jcorr=30",
    "udp-blocked-thin": "down.rate=4M up.rate=1M rtt=70 block=udp",
}
"""None of these was looked at while the prediction was fitted."""


class LinkError(Exception):
    """There can be no link here; the message names the command that failed, and why."""


class Link:
    """A link that is up. `client` and `server` put a command on either side."""

    def __init__(self, namespaces: tuple[str, str], process: subprocess.Popen[str]) -> None:
        self._namespaces = namespaces
        self._process = process

    def set(self, parameters: str) -> None:
        """Change it; packets under way keep what they had. All parameters are replaced."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(PROFILES.get(parameters, parameters) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        if said != "ok":
            raise LinkError(f"link: {said or 'it ended'}")

    def client(self, *command: str) -> list[str]:
        """`command` as it runs on the client's side."""
        return ["ip", "netns", "exec", self._namespaces[0], *command]

    def server(self, *command: str) -> list[str]:
        """`command` as it runs on the server's side."""
        return ["ip", "netns", "exec", self._namespaces[1], *command]


@contextlib.contextmanager
def link(parameters: str, *, congestion: str = "cubic") -> Iterator[Link]:
    """A link with `parameters` (or the name of a profile); gone without a trace afterwards.

    TCP in it is `congestion` (cubic fills queues, as most senders do). Raises LinkError.
    """
    program = built()
    names = (f"mk{os.getpid()}c", f"mk{os.getpid()}s")
    with contextlib.ExitStack() as stack:
        for name in names:
            do("ip", "netns", "add", name)
            stack.callback(subprocess.run, ["ip", "netns", "del", name], check=False)
            do("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            do("ip", "-n", name, "link", "set", "lo", "up")
        process = stack.enter_context(
            subprocess.Popen(
                [str(program), names[0], "wan0", names[1], "wan0"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(end, process)
        up = Link(names, process)
        up.set(parameters)
        for name, address, other in ((names[0], CLIENT, SERVER), (names[1], SERVER, CLIENT)):
            do("ip", "-n", name, "address", "add", f"{address}/32", "peer", other, "dev", "wan0")
            do("ip", "-n", name, "link", "set", "wan0", "mtu", "1500", "txqueuelen", "1000", "up")
            do(
                "ip",
                "-n",
                name,
                "route",
                "replace",
                other,
                "dev",
                "wan0",
                "src",
                address,
                "congctl",
                congestion,
            )
            do("ip", "-n", name, "route", "add", "default", "dev", "wan0", "congctl", congestion)
        yield up


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()  # which it takes as its end
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def built() -> Path:
    program = _CACHE / "link"
    if not program.exists() or program.stat().st_mtime < _SOURCE.stat().st_mtime:
        if shutil.which("gcc") is None:
            raise LinkError("gcc is missing (apt-get install gcc)")
        program.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.with_name(f"link-{os.getpid()}")
        do("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(fresh), str(_SOURCE), "-lm")
        fresh.replace(program)
    return program


def do(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise LinkError(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        raise LinkError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


def main(arguments: Sequence[str], environment: Mapping[str, Any] = os.environ) -> int:
    parameters, *command = arguments
    with link(parameters) as up:
        return subprocess.run(up.client(*command), env=dict(environment), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
