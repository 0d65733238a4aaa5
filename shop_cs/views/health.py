"""Whether this installation is well: for load balancers and those on call."""

from django.conf import settings
from django.db import Error
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import moment
from ..models import Heartbeat
from ..sweep import HEARTBEAT


@never_cache
@require_safe
def healthz(request):
    """200 while the database answers and a worker made a pass lately, else 503. No login, no session."""
    try:
        age, database = _worker_age(), True
    except Error:
        age, database = None, False
    ok = age is not None and age <= settings.HEARTBEAT_LIMIT_SECONDS
    body = {"ok": ok, "worker_age_seconds": age, "database": database}
    return JsonResponse(body, status=200 if ok else 503)


def _worker_age():
    """Seconds since a worker's last pass by the database's clock; None when there never was one."""
    beat = Heartbeat.objects.filter(name=HEARTBEAT).first()
    return (moment.now() - beat.at).total_seconds() if beat else None
