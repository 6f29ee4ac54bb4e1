"""Which host looks after which part of the songs, so that its memory holds these and no others."""

from collections.abc import Mapping
from hashlib import blake2b


def homes(n_parts: int, hosts: Mapping[str, int]) -> list[str]:
    """Give every part a host.

    A host has as many parts as its share of the workers, and nearly all of them stay where they are
    when another host comes or goes.

    Args:
        n_parts: How many there are.
        hosts: Workers of each, at least one in all.

    Source:
        Rendezvous hashing with bounded loads: Thaler & Ravishankar (1998),
        doi:10.1109/90.663936; Mirrokni, Thorup & Zadimoghaddam (2018).
    """
    n_workers = sum(hosts.values())
    room = {host: -(-n_parts * workers // n_workers) for host, workers in hosts.items()}
    chosen: list[str] = []
    for part in range(n_parts):
        host = max((host for host in hosts if room[host]), key=lambda host: _liking(host, part))
        room[host] -= 1
        chosen.append(host)
    return chosen


def _liking(host: str, part: int) -> bytes:
    return blake2b(f"{part} {host}".encode()).digest()
