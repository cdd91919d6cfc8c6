"""Who asks, as far as an address tells: what tries and forms are counted by."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

WEBHOOKS = "/webhooks/"
"""Below it programs deliver: they get problem JSON, and neither languages nor cookies."""
_IPV6_HOME = 64
"""Bits of an IPv6 address that name a subscriber; the rest they choose themselves."""


def subscriber() -> str:
    """An IPv4 address, or the part of an IPv6 one that is not for them to choose."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, _IPV6_HOME), strict=False))
    return str(found)


def is_this_machine() -> bool:
    """
    Whether it is this computer that asks: the office's own tools, or a proxy that `ADUAN_TRUSTED_PROXIES` does not tell
    of, behind which nobody can be told from another.
    """
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
