"""Whose turn it is: the pure choice of the member who gets the next request of a group."""

from datetime import UTC, datetime

IN_TURN, LEAST_OPEN = "round_robin", "load"
_NEVER = datetime.min.replace(tzinfo=UTC)


def next_member(way, turns, loads):
    """The key of the member who gets the next one; None when nobody is there.

    `turns` is {who is there: when he was last given something in this group, or None}, `loads` how many each has open.
    In turn comes who has waited longest, a newcomer first; by load who has least open, and of several the one whose
    turn it is.
    """

    def waiting(member):
        return turns[member] or _NEVER, member

    if way == LEAST_OPEN:
        return min(turns, key=lambda member: (loads.get(member, 0), waiting(member)), default=None)
    return min(turns, key=waiting, default=None)


def moment_of_turn(turns, now):
    """When the next one is given: now, but after all that were given before, that the order of a batch is kept."""
    latest = max(filter(None, turns.values()), default=None)
    return now if latest is None or latest < now else latest + datetime.resolution


def shared_out(keys, way, turns, loads, *, now):
    """{key: member} for each in order, as far as somebody is there; `turns` and `loads` are moved on."""
    given = {}
    for key in keys:
        member = next_member(way, turns, loads)
        if member is None:
            break
        turns[member] = moment_of_turn(turns, now)
        loads[member] = loads.get(member, 0) + 1
        given[key] = member
    return given
