"""How many requests of one address the web server answers."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_OF_ONE_HOME = 64
"""Bits of an IPv6 address that a household or a server has to itself."""


class AddressLimit:
    """A bucket of tokens for each address: full at first, refilled steadily, one a request."""

    def __init__(
        self,
        *,
        burst: int,
        per_s: float,
        most_addresses: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with full buckets.

        Args:
            burst: Requests that are answered at once.
            per_s: Further ones each second.
            most_addresses: Buckets that are kept; those that were not used for longest go.
            clock: Seconds that never go back.
        """
        self._burst = float(burst)
        self._per_s = per_s
        self._most = most_addresses
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Count a request; return 0 if it may be answered, else the seconds until one may."""
        key, now = _household(address), self._clock()
        tokens, since = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._per_s)
        is_allowed = tokens >= 1
        tokens -= is_allowed
        self._buckets[key] = tokens, now
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if is_allowed else (1 - tokens) / self._per_s


def forwarded_for(header: str) -> str | None:
    """Return the address that the nearest proxy saw; None where the header has none.

    Whatever stands before it came from outside and may be made up.
    """
    last = header.rpartition(",")[2].strip()
    return last if _parsed(last) else None


def _household(address: str) -> str:
    """Return what one household shares: an IPv4 address, or the network of an IPv6 one."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), _OF_ONE_HOME), strict=False))
    return address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
