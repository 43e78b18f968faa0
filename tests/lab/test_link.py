"""The emulated link does what it says: it is what the network checks are measured on."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from tests.lab.link import CLIENT, SERVER, LinkError, link

pytestmark = pytest.mark.device

ECHO = """
import socket, sys
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind((sys.argv[1], 4000)); print(flush=True)
while True: udp.sendto(*udp.recvfrom(2000))
"""
ASK = """
import socket, sys, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.settimeout(1.5)
count, size, gap = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
sent, came = {}, []
for n in range(count):
    sent[n] = time.monotonic(); udp.sendto(n.to_bytes(4, "big") + bytes(size - 4), (sys.argv[1], 4000))
    end = time.monotonic() + gap
    while (left := end - time.monotonic()) > 0:
        udp.settimeout(left)
        try: data = udp.recv(2000)
        except TimeoutError: break
        came.append(time.monotonic() - sent[int.from_bytes(data[:4], "big")])
udp.settimeout(1.5)
try:
    while len(came) < count:
        data = udp.recv(2000); came.append(time.monotonic() - sent[int.from_bytes(data[:4], "big")])
except TimeoutError: pass
came.sort()
print(len(came), 1000 * came[len(came) // 2] if came else 0, 1000 * (came[-1] if came else 0))
"""


def asked(
    parameters: str, *, count: int = 40, size: int = 100, gap: float = 0.01
) -> tuple[int, float, float]:
    """How many echoes came, and their median and longest time in ms."""
    with link(parameters) as up:
        server = subprocess.Popen(up.server(sys.executable, "-c", ECHO, SERVER), stdout=subprocess.PIPE)
        assert server.stdout is not None
        try:
            server.stdout.readline()
            done = subprocess.run(
                up.client(sys.executable, "-c", ASK, SERVER, str(count), str(size), str(gap)),
                capture_output=True, text=True, check=True, timeout=60,
            )  # fmt: skip
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
    came, median, longest = done.stdout.split()
    return int(came), float(median), float(longest)


def test_delay_is_half_of_the_round_trip_each_way() -> None:
    came, median, _ = asked("rtt=60")
    assert came == 40
    assert 60 <= median < 75


def test_what_is_blocked_does_not_pass_and_the_rest_does() -> None:
    assert asked("block=udp", count=5)[0] == 0
    assert asked("block=udp!4000", count=5)[0] == 5
    assert asked("block=tcp", count=5)[0] == 5
    assert asked("block=all", count=5)[0] == 0


def test_loss_and_bursts_are_as_many_as_said() -> None:
    assert 110 <= asked("loss=20 seed=3", count=200, gap=0.002)[0] <= 146  # 128: both ways
    assert 80 <= asked("up.burst=40/5 seed=3", count=200, gap=0.002)[0] <= 160


def test_a_queue_delays_and_then_drops() -> None:
    came, _, longest = asked("up.rate=1M queue=200ms", count=60, size=1000, gap=0)
    assert came < 60
    assert 150 <= longest <= 260


def test_it_can_be_changed_while_it_is_up_and_leaves_nothing_behind() -> None:
    with link("rtt=1") as up:
        up.set("block=all")
        with pytest.raises(LinkError, match="colour"):
            up.set("colour=red")
        command = up.client("ip", "-o", "address", "show", "dev", "wan0")
        names = re.search(r"netns exec (\S+)", " ".join(command))
        assert names is not None
        assert CLIENT in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    time.sleep(0.1)
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    assert names[1] not in listed
