"""How much may come from one sender: token buckets, in the memory of this process alone.

Several processes that serve one database count each for itself, and a restart begins anew: the
limits hold off floods, they are no quota.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_SENDERS = 20_000
"""Senders that are remembered; the one heard from longest ago is forgotten first."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many at once, and so many a second in the long run; 0 a second is no limit."""

    burst: float
    per_second: float


ADDRESS = Rate(burst=2_000, per_second=100)
"""High: a whole municipality may be behind one address."""
DEVICE = Rate(burst=120, per_second=2)
KEY = Rate(burst=1_000, per_second=20)
"""Computers that get their first token, say while a room full of them is set up."""
REFUSED = Rate(burst=60, per_second=0.5)
"""Unknown keys and tokens from one address. Those that are known go on being let in."""


class Buckets:
    """One bucket for each sender. Not for several threads."""

    def __init__(
        self, rate: Rate, *, most: int = MOST_SENDERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._most = most
        self._clock = clock
        self._left: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def take(self, sender: object) -> int:
        """0 where the sender may go on, else after how many whole seconds it may try again."""
        rate, now = self._rate, self._clock()
        if rate.per_second <= 0:
            return 0
        left, at = self._left.pop(sender, (rate.burst, now))
        left = min(rate.burst, left + (now - at) * rate.per_second)
        wait = 0 if left >= 1 else math.ceil((1 - left) / rate.per_second)
        self._left[sender] = (left if wait else left - 1, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return wait


class Rates:
    """The buckets of one collector process; `address` stands in for the usual rate of an address."""

    def __init__(self, address: Rate = ADDRESS) -> None:
        self.address = Buckets(address)
        self.device = Buckets(DEVICE)
        self.key = Buckets(KEY)
        self.refused = Buckets(REFUSED)


def sender(address: str) -> str:
    """What counts as one sender: an address, and of IPv6 the network that one customer has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
