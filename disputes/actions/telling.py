"""Notices for many records of a kind at once."""

from shop_cs import notices


def tell_each(kind, records, *, now, folder):
    """One notice each, gathered per shop when they are many: then it leads to the shop's `folder`, a list."""
    if not records:
        return
    shop_no = {record.shop_id: record.shop.no for record in records}
    notices.tell_many(
        kind,
        [(record.shop_id, record.path, {"no": record.no}) for record in records],
        now=now,
        gathered_path=lambda shop_id: f"/s/{shop_no[shop_id]}/{folder}/",
    )
