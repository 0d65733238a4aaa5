"""From which network address somebody comes, behind as many proxies as are trusted."""

from ipaddress import IPv6Address, ip_address


def client_address(meta, *, trusted):
    """The address as text, or None where there is none (a local socket).

    `meta` holds REMOTE_ADDR and maybe HTTP_X_FORWARDED_FOR, to which each proxy adds, at its end, whom it saw. Only the
    last `trusted` entries are our own proxies' words: whatever a caller wrote there himself stands further left.
    """
    seen = meta.get("REMOTE_ADDR", "")
    if trusted:
        hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        # Fewer entries than proxies: it came past one of them, and nobody vouches for what it says.
        seen = (hops[-trusted] if len(hops) >= trusted else "") or seen
    return _plain(seen) or _plain(meta.get("REMOTE_ADDR", ""))


def _plain(text):
    """One spelling for each address; None for what is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)
