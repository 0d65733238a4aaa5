"""All addresses. The workbench lies at /, the platform's desk at /admin/, consumers' links at /c/."""

from django.urls import path

from .sites import platform, workbench

urlpatterns = [
    path("admin/", platform.urls),
    path("", workbench.urls),
]
