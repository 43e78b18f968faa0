"""A building with a router of its own: a client, the network inside, a router, the line, a server. Root, Linux.

client 10.79.1.2 --the network inside-- 10.79.1.1 router 10.79.0.2 --the line-- 10.79.0.1 server
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

from tests.lab.link import PROFILES, Link, built, do, end

SERVER, OUTSIDE, GATEWAY, CLIENT = "10.79.0.1", "10.79.0.2", "10.79.1.1", "10.79.1.2"


@contextlib.contextmanager
def building(*, inside: str, line: str) -> Iterator[Link]:
    """Both links with parameters as `link.link` takes them; gone afterwards. Raises LinkError.

    What is given runs commands on the client's and the server's side, and its `set` changes the line.
    """
    client, router, server = (f"mk{os.getpid()}{end_}" for end_ in ("c", "r", "s"))
    with contextlib.ExitStack() as stack:
        for name in (client, router, server):
            do("ip", "netns", "add", name)
            stack.callback(subprocess.run, ["ip", "netns", "del", name], check=False)
            do("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            do("ip", "-n", name, "link", "set", "lo", "up")
        do("ip", "netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        legs = (
            (client, "lan0", CLIENT, router, "lan0", GATEWAY, inside),
            (router, "wan0", OUTSIDE, server, "wan0", SERVER, line),
        )
        for near, near_device, near_address, far, far_device, far_address, parameters in legs:
            process = stack.enter_context(
                subprocess.Popen(
                    [str(built()), near, near_device, far, far_device],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(end, process)
            leg = Link((client, server), process)
            leg.set(PROFILES.get(parameters, parameters))
            for name, device, address in ((near, near_device, near_address), (far, far_device, far_address)):
                do("ip", "-n", name, "address", "add", f"{address}/24", "dev", device)
                do("ip", "-n", name, "link", "set", device, "mtu", "1500", "txqueuelen", "1000", "up")
        do("ip", "-n", client, "route", "add", "default", "via", GATEWAY)
        do("ip", "-n", server, "route", "add", "default", "via", OUTSIDE)
        yield leg
