"""
Which servers lie within this machine or its network: whoever edits the tab `Petugas` must not reach them through us.

A mail server in the office is usual, so an administrator may allow this machine and its network
(`ADUAN_ALLOW_LOCAL_CHANNELS`); link-local addresses, where clouds keep their credentials, are refused even then.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa")
"""Names, and ends of names, that no server of the internet has."""


def named_inside(host: str, *, allowed: bool) -> bool:
    """Whether a host as written is an address or name of the inside that may not be used. Asks nobody."""
    bare = host.casefold().strip("[]").rstrip(".")
    address = _address(bare)
    if address is not None:
        return _is_refused(address, allowed=allowed)
    return not allowed and any(bare == name or bare.endswith(f".{name}") for name in _LOCAL_NAMES)


def leads_inside(host: str, *, allowed: bool) -> bool:
    """
    Whether any address of a host, as this machine's resolver knows it, may not be used; False if it knows none.

    May wait for name servers.
    """
    if named_inside(host, allowed=allowed):
        return True
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    addresses = (_address(str(entry[4][0])) for entry in found)
    return any(address is not None and _is_refused(address, allowed=allowed) for address in addresses)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address in any way of writing it that resolvers take: `127.1`, `0x7f000001`, `fe80::1%eth0`."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(text))
        except (OSError, UnicodeError, ValueError):
            return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_refused(address: IPv4Address | IPv6Address, *, allowed: bool) -> bool:
    if allowed:
        return address.is_link_local or address.is_multicast
    return not address.is_global or address.is_multicast
