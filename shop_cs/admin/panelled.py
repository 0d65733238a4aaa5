"""Records of the ground whose page in the desk shows what other apps register for it."""

from .. import moment
from ..access import actor_for
from ..panels import panels
from .base import PlatformAdmin


class WithPanels(PlatformAdmin):
    """`panel_place` is the place that the apps register their panels at; shown to the roles that see the record."""

    panel_place = ""
    change_form_outer_after_template = "admin/_record_panels.html"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        actor = actor_for(request.user, self.see_act)
        record = self.get_object(request, object_id) if actor else None
        shown = panels(self.panel_place, record, actor=actor, now=moment.now()) if record else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panels": shown})
