"""The table of one run, as markdown: a column a database, beside it how the largest compares with a smaller one."""

MOST_APART = 1.3


def table(facts, columns):
    """`facts` are of the machine; `columns` are [(vendor and version, requests, shops, [Row])]."""
    yield facts
    yield ""
    head = [f"{vendor}, {requests:,} requests, {shops:,} shops" for vendor, requests, shops, _rows in columns]
    pairs = list(_pairs(columns))
    head += [f"{columns[large][1]:,} : {columns[small][1]:,}, ≤ {MOST_APART} ×" for large, small in pairs]
    yield _line(["", "limit", *head])
    yield _line(["---"] * (len(head) + 2))
    found = [{row.name: row for row in rows} for _vendor, _requests, _shops, rows in columns]
    for name in dict.fromkeys(name for rows in found for name in rows):
        row = next(rows[name] for rows in found if name in rows)
        cells = [rows[name].told() if name in rows else "" for rows in found]
        cells += [_apart(found[large].get(name), found[small].get(name)) for large, small in pairs]
        yield _line([name, row.limits(), *cells])
    yield ""
    yield "Bold: beyond its limit."


def _pairs(columns):
    """Places of the databases of one engine, the larger one first."""
    for large, (vendor, many, _shops, _rows) in enumerate(columns):
        for small, (other, few, _of_them, _found) in enumerate(columns):
            if vendor == other and many > few:
                yield large, small


def _apart(large, small):
    if large is None or small is None:
        return ""
    words = f"{(times := large.times(small)):.2f} ×"
    return f"**{words}**" if times > MOST_APART and large.is_limited else words


def _line(cells):
    return f"| {' | '.join(cells)} |"
