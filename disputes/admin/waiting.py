"""The order of the lists that are worked off."""

from django.db.models import Case, DateTimeField, F, IntegerField, When


class WaitingFirst:
    """What waits, the oldest first; then what is decided, the newest first. `waits` is the filter of the former."""

    waits = {}
    keys_first = True

    def get_queryset(self, request):
        # Not Django's own first: it orders at once, by columns that are not there yet.
        rows = self.model.everything.annotate(
            turn=Case(When(**self.waits, then=0), default=1, output_field=IntegerField()),
            waiting_since=Case(When(**self.waits, then=F("made_at")), output_field=DateTimeField()),
        )
        return rows.order_by(*self.get_ordering(request))

    def get_ordering(self, request):
        return ["turn", "waiting_since", "-made_at", "-pk"]
