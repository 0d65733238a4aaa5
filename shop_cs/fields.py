"""Draws the fields of forms as Django does, by functions instead of templates: a page with a form has dozens of them,
and a template for every option of every choice takes longer than all else. tests/shop_cs/test_fields.py compares."""

from django.forms.renderers import Jinja2
from django.utils.choices import BaseChoiceIterator
from markupsafe import escape


class Choices(BaseChoiceIterator):
    """Choices that many fields share: Django takes them as they are, and neither copies nor orders them anew."""

    def __init__(self, choices):
        self.choices = tuple(choices)

    def __iter__(self):
        return iter(self.choices)

    def __len__(self):
        return len(self.choices)

    def __deepcopy__(self, memo):
        return self


class Fields(Jinja2):
    """A renderer for forms' `default_renderer`. What is rarer than inputs, choices and texts is left to Jinja2."""

    def render(self, template_name, context, request=None):
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _attrs(attrs):
    said = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in said)


def _input(widget):
    value = widget["value"]
    said = "" if value is None else f' value="{escape(value)}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{said}{_attrs(widget["attrs"])}>'


def _select(widget):
    parts = [f'<select name="{escape(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{escape(group)}">')
        parts += ["\n  " + _option(option) for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join(parts) + "\n</select>"


def _option(widget):
    return f'<option value="{escape(widget["value"])}"{_attrs(widget["attrs"])}>{escape(widget["label"])}</option>'


def _textarea(widget):
    value = widget["value"]
    said = escape(value) if value else ""
    return f'<textarea name="{escape(widget["name"])}"{_attrs(widget["attrs"])}>\n{said}</textarea>'


def _choice(widget):
    if not widget.get("wrap_label"):
        return _input(widget)
    of = widget["attrs"].get("id")
    start = f'<label for="{escape(of)}">' if of else "<label>"
    return f"{start}{_input(widget)} {escape(widget['label'])}</label>"


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "input")
DRAWN = {f"django/forms/widgets/{name}.html": _input for name in _INPUTS} | {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/select_option.html": _option,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/radio_option.html": _choice,
    "django/forms/widgets/checkbox_option.html": _choice,
    "django/forms/widgets/file.html": _input,
}
FIELDS = Fields()
