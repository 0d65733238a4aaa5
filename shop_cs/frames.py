"""The frame around a page: sidebar, header, palette. Drawn once for those to whom it looks the same, and kept.

Unfold draws it anew for every answer, which takes longer than most pages do. Here its template is rendered with marks
where pages differ; what lies between them becomes the text of a template that our pages extend in its stead.
"""

import re
import secrets
import threading
from collections import OrderedDict

from django.template import engines
from django.utils.translation import get_language

# About 60 kB each.
MOST = 200
# Nobody's name has this in it.
NONCE = secrets.token_hex(8)
MARK = f"\ue000{NONCE}:%s\ue000"
_MARKS = re.compile(f"\ue000{NONCE}:([a-z_0-9]+)\ue000")
# What stands at a mark in the kept template: a block that pages fill, or what differs from answer to answer.
_WIDTH = "{% if not cl.model_admin.list_fullwidth %}container{% endif %}"
HOLES = {
    "title": "{% block title %}{% if subtitle %}{{ subtitle }} | {% endif %}"
    "{{ title }} | {{ site_title }}{% endblock %}",
    "extrastyle": "{% block extrastyle %}{% endblock %}",
    "extrahead": "{% block extrahead %}{% endblock %}",
    "bodyclass": "{% block bodyclass %}{% endblock %}",
    "header": "{% block header %}{% include 'unfold/helpers/header.html' %}{% endblock %}",
    "messages": f'{{% block messages %}}<div class="px-4"><div class="{_WIDTH} mx-auto ">'
    "{% include 'unfold/helpers/messages.html' %}</div></div>{% endblock %}",
    "width": _WIDTH,
    "coltype": "{% block coltype %}colM{% endblock %}",
    "content": "{% if cl %}{% tab_list 'changelist' cl.opts %}{% elif opts %}"
    "{% tab_list 'changeform' opts %}{% endif %}"
    "{% block content %}{{ content }}{% endblock %}{% block sidebar %}{% endblock %}",
    "footer": "{% block footer %}{% endblock %}",
    "tab": "{% if opts %}activeTab: 'general', {% endif %}",
    "tab_now": "{% if opts %}getCurrentTab() || 'general'{% else %}''{% endif %}",
    "csrf": "{{ csrf_token }}",
}
# The header shows what pages put into these blocks: (name, what stands there by itself).
CAPTURED = (
    ("content_title", "{{ title|default:'' }}"),
    ("content_subtitle", "{{ subtitle|default:'' }}"),
    ("nav-global", ""),
    ("nav-global-side", ""),
    ("actions-items", ""),
)
# Marks that no block of unfold's leaves room for: a wide list's content is wider; of a form the first tab is open.
SET_IN = {
    '<div id="content" class="container ': f'<div id="content" class="{MARK % "width"} ',
    "sidebarMobileOpen: false,": f"{MARK % 'tab'}sidebarMobileOpen: false,",
    "activeTab = '';": f"activeTab = {MARK % 'tab_now'};",
}


class Frames:
    """The kept frames, the one that was not asked for longest goes first. Safe for threads."""

    def __init__(self):
        self._kept, self._door = OrderedDict(), threading.Lock()

    def get(self, key):
        """(template, context) or None."""
        with self._door:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key, context, request):
        """Draws the frame with the `context` of its site; returns what `get` will."""
        # Belongs to one answer only.
        kept = {name: value for name, value in context.items() if name != "log_entries"}
        found = draw(context, request), kept
        with self._door:
            self._kept[key] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


frames = Frames()


def key_of(site, request, navigation):
    """All that a frame's looks depend on."""
    user = request.user
    others = site._get_site_dropdown_items("SITE_DROPDOWN", request) or ()
    return (
        *(site.name, get_language(), user.pk, user.get_username(), user.get_full_name(), user.email),
        *(str(site._get_config(name, request)) for name in ("SITE_SUBHEADER", "ENVIRONMENT")),
        tuple((one.title, one.link) for one in others),
        tuple((str(group.get("title", "")), *map(_look, group["items"])) for group in navigation),
    )


def _look(item):
    return str(item["title"]), item["icon"], str(item["link"]), item["active"], "badge" in item


def settled(site, request, navigation):
    """The navigation with what unfold works out of it: what is active, and that each entry may be seen."""
    return [{**group, "items": [_settled(site, request, item) for item in group["items"]]} for group in navigation]


def _settled(site, request, item):
    active = item["active"](request) if "active" in item else site._get_is_active(request, item["link"])
    return {**item, "active": active, "has_permission": True}


def badges_of(navigation):
    """{mark: badge} in the order of the entries."""
    badges = [item["badge"] for group in navigation for item in group["items"] if "badge" in item]
    return {f"badge_{place}": badge for place, badge in enumerate(badges)}


def marked(navigation):
    """The navigation with marks in place of its badges."""
    names = iter(badges_of(navigation))
    return [
        {**group, "items": [{**one, "badge": MARK % next(names)} if "badge" in one else one for one in group["items"]]}
        for group in navigation
    ]


def draw(context, request):
    """The template that pages extend, from unfold's own."""
    marks = {name: MARK % name for name in HOLES}
    django = engines["django"]
    page = django.get_template("frame.html").render({**context, "holes": marks, "csrf_token": marks["csrf"]}, request)
    for text, with_mark in SET_IN.items():
        page = page.replace(text, with_mark)
    parts = _MARKS.split(page)
    texts = [f"{{% verbatim {NONCE} %}}{part}{{% endverbatim {NONCE} %}}" for part in parts[::2]]
    holes = [HOLES.get(name, f"{{{{ badges.{name} }}}}") for name in parts[1::2]]
    between = "".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True))
    return django.from_string("{% load unfold %}" + "".join(_captured(*one) for one in CAPTURED) + between)


def _captured(block, text):
    name = block.replace("-", "_")
    return f"{{% capture as {name} silent %}}{{% block {block} %}}{text}{{% endblock %}}{{% endcapture %}}"
