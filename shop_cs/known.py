"""Rows that were read by other means, put where Django would look for those that it prefetched."""


def known(record, name, rows):
    """`record.<name>.all()` are these rows from now on, and each knows its record.

    What is asked beyond them, by a filter say, is refused as `Unscoped`: it would be asked of all shops.
    """
    relation = record._meta.get_field(name)
    for row in rows:
        relation.field.set_cached_value(row, record)
    told = relation.related_model.objects.all()
    told._result_cache, told._prefetch_done = list(rows), True
    if not hasattr(record, "_prefetched_objects_cache"):
        record._prefetched_objects_cache = {}
    record._prefetched_objects_cache[relation.cache_name] = told
