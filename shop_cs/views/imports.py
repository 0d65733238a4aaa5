"""The upload page of the imports, on the platform site: what would happen first, then for good."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from .. import moment
from ..access import platform_actor
from ..actors import Actor, Role
from ..imports import IMPORTERS, MAX_UPLOAD, run
from ..sites import platform

SHOWN = 500


class ImportForm(forms.Form):
    """Which file, of what; the trial run is the default."""

    kind = forms.ChoiceField(label=gettext_lazy("What the file holds"), widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    dry_run = forms.BooleanField(label=gettext_lazy("Only try: say what would happen, write nothing"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, importer.label) for name, importer in IMPORTERS.items()]


class ImportPage(View):
    """For who may `import_records`. 400 when rows are rejected, 413 for a file above 100 MB; what was chosen stays."""

    http_method_names = ["get", "post"]

    def dispatch(self, request, *args, **kwargs):
        user = platform_actor(request.user, "import_records")
        self.by = Actor(Role.IMPORT, user_id=user.user_id, name=user.name)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(ImportForm(initial={"kind": next(iter(IMPORTERS)), "dry_run": True}))

    def post(self, request):
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=400)
        file = form.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            most = {"size": filesizeformat(file.size), "most": filesizeformat(MAX_UPLOAD)}
            form.add_error("file", _("This file has %(size)s; at most %(most)s are taken. Split it.") % most)
            return self.page(form, status=413)
        report = run(
            IMPORTERS[form.cleaned_data["kind"]],
            file.read(),
            name=file.name,
            by=self.by,
            now=moment.now(),
            dry_run=form.cleaned_data["dry_run"],
        )
        return self.page(form, report=report, name=file.name, status=400 if report.rejected else 200)

    def page(self, form, *, status=200, report=None, name=""):
        context = {
            **platform.each_context(self.request),
            "title": _("Import"),
            "form": form,
            "report": report,
            "name": name,
            "shown": report.problems[:SHOWN] if report else [],
            "more": max(len(report.problems) - SHOWN, 0) if report else 0,
            "columns": [(kind.label, ", ".join(c.name for c in kind.columns)) for kind in IMPORTERS.values()],
            "most": filesizeformat(MAX_UPLOAD),
        }
        return TemplateResponse(self.request, "admin/import.html", context, status=status)
