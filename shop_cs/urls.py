"""All addresses. The workbench lies at /, the platform's desk at /admin/, consumers' links at /c/."""

from django.urls import include, path, register_converter
from django.views.i18n import set_language

from disputes.admin.dossier import DossierPage
from disputes.views.consumer import ConsumerCase
from tickets.views.consumer import ConsumerPage

from .access import Key, Number, Token
from .evidence.previews import LARGE, SMALL
from .sites import PLATFORM_URLS, platform, workbench
from .views import (
    contact,
    errors,
    evidence,
    exporting,
    health,
    home,
    imports,
    notices,
    people,
    samples,
    second_step,
    sessions,
)

PLATFORM_URLS += [
    ("import/", imports.ImportPage.as_view(), "import"),
    ("dossier/<slug:key>/", DossierPage.as_view(), "dossier"),
    ("contact/<number:shop_no>/<number:no>/", contact.DeskContact.as_view(), "contact"),
]
# Before the apps' addresses are read: they use it.
register_converter(Number, "number")
register_converter(Key, "key")
register_converter(Token, "token")

urlpatterns = [
    path("", home.root, name="root"),
    path("s/<number:shop_no>/", home.ShopHome.as_view(), name="home"),
    path("s/<number:shop_no>/notices/", notices.NoticeList.as_view(), name="notices"),
    path("s/<number:shop_no>/notices/read/", notices.ReadAll.as_view(), name="notices-read"),
    path("s/<number:shop_no>/notices/<int:pk>/", notices.OpenNotice.as_view(), name="notice"),
    path("s/<number:shop_no>/exports/", exporting.MyExports.as_view(), name="exports"),
    path("s/<number:shop_no>/exports/<int:pk>/file/", exporting.FetchExport.as_view(), name="export-file"),
    path("s/<number:shop_no>/exports/<int:pk>/cancel/", exporting.CancelExport.as_view(), name="export-cancel"),
    path("s/<number:shop_no>/exports/<int:pk>/again/", exporting.ExportAgain.as_view(), name="export-again"),
    path("s/<number:shop_no>/people/", people.People.as_view(), name="people"),
    path("s/<number:shop_no>/people/new/", people.AddMember.as_view(), name="member-new"),
    path("s/<number:shop_no>/people/<int:pk>/", people.EditMember.as_view(), name="member"),
    path("s/<number:shop_no>/people/<int:pk>/deactivate/", people.Deactivate.as_view(), name="member-deactivate"),
    path("s/<number:shop_no>/people/<int:pk>/reactivate/", people.Reactivate.as_view(), name="member-reactivate"),
    path("s/<number:shop_no>/posts/new/", people.AddPost.as_view(), name="post-new"),
    path("s/<number:shop_no>/posts/<int:pk>/", people.EditPost.as_view(), name="post"),
    path("s/<number:shop_no>/posts/<int:pk>/delete/", people.DeletePost.as_view(), name="post-delete"),
    path("s/<number:shop_no>/orders/<number:no>/contact/", contact.ShopContact.as_view(), name="contact"),
    path("evidence/sample/<slug:code>/good/", samples.show, {"is_good": True}, name="evidence-sample-good"),
    path("evidence/sample/<slug:code>/bad/", samples.show, {"is_good": False}, name="evidence-sample-bad"),
    path("evidence/<int:pk>/", evidence.serve, name="evidence"),
    path("evidence/<int:pk>/preview/", evidence.preview, {"side": LARGE}, name="evidence-preview"),
    path("evidence/<int:pk>/preview/small/", evidence.preview, {"side": SMALL}, name="evidence-small"),
    path("c/case/<token:token>/", ConsumerCase.as_view(), name="consumer-case"),
    path("c/<token:token>/", ConsumerPage.as_view(), name="consumer"),
    path("account/code/", second_step.Verify.as_view(), name="second-step"),
    path("account/authenticator/", second_step.SetUp.as_view(), name="second-step-setup"),
    path("account/sessions/", sessions.Sessions.as_view(), name="sessions"),
    path("healthz", health.healthz, name="healthz"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("", include("tickets.urls")),
    path("", include("disputes.urls")),
    path("admin/", platform.urls),
    path("", workbench.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
