"""Whom an address of the network counts as where tries, sockets and connections are counted."""

import ipaddress

HOME_BITS = 64
"""Of an IPv6 address: whoever has one has all that begin alike, and could use each of them once."""


def counted_as(address: str) -> str:
    """Return what addresses of one household have in common.

    Examples
    --------
    >>> counted_as("192.168.1.5"), counted_as("::ffff:192.168.1.5")
    ('192.168.1.5', '192.168.1.5')
    >>> counted_as("2001:db8::1:2:3:4")
    '2001:db8::'
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    if known.is_loopback:
        return str(known)
    return str(ipaddress.ip_network((known, HOME_BITS), strict=False).network_address)
