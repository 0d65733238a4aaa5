"""The door: who may try a password, from where, how often; and that somebody has come in or gone."""

import logging
from datetime import timedelta

from axes.backends import AxesBackend
from axes.handlers.base import AxesHandler
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.shortcuts import render

from .. import moment
from ..login import otp, signins, tries
from ..login.addresses import client_address
from ..login.steps import SECOND
from ..models import User

log = logging.getLogger(__name__)
# What a session remembers beside: when it began and was last used (ISO).
SINCE, SEEN = "since", "seen"


def address_of(request):
    return client_address(request.META, trusted=settings.TRUSTED_PROXIES)


class Doorkeeper(AxesBackend):
    """Django's own backend between two looks at the limits: of many tries at once, too, only so many count."""

    def authenticate(self, request, username=None, password=None, **said):
        if request is None:
            # Nobody stands at the door: a command or a test asks.
            return ModelBackend.authenticate(self, request, username, password, **said)
        super().authenticate(request, username, password, **said)
        user = ModelBackend.authenticate(self, request, username, password, **said)
        if user is not None:
            super().authenticate(request, username, password, **said)
        return user


class Tries(AxesHandler):
    """How django-axes asks and tells of tries; the counting is `login.tries`."""

    def is_locked(self, request, credentials=None):
        key = tries.key_of(credentials["username"])
        request.locked_until = tries.locked_until(key, request.axes_ip_address, now=moment.now())
        return request.locked_until is not None

    def user_login_failed(self, sender, credentials, request=None, **said):
        if request is None:
            return
        name, address = credentials.get("username"), request.axes_ip_address
        if request.axes_locked_out:
            log.warning("a login was refused unseen: too many failures, from %s", address)
            return
        tries.failed(tries.key_of(name), address, now=moment.now())
        # What is no name of ours may be somebody's password: it is not written down.
        is_known = User.objects.filter(username=name).exists()
        log.warning("a login failed: %s, from %s", name if is_known else "no such user", address)
        request.axes_locked_out = self.is_locked(request, credentials)

    def user_logged_in(self, sender, request, user, **said):
        tries.succeeded(tries.key_of(user.get_username()), request.axes_ip_address)


def locked_out(request, response=None, credentials=None):
    """429 with the time from which on tries are taken again."""
    until = request.locked_until
    # To the next full minute: that is what is written.
    shown = until + timedelta(seconds=-until.second % 60, microseconds=-until.microsecond)
    answer = render(request, "login/locked.html", {"until": shown}, status=429)
    answer["Retry-After"] = str(max(1, -int((moment.now() - until).total_seconds() // 1)))
    return answer


def remember(request, user, *, now):
    """What the session and the table of sign-ins know of a login."""
    session = request.session
    if session.session_key is None:
        session.create()
    agent = request.META.get("HTTP_USER_AGENT", "")
    row = signins.begin(user, session.session_key, address=address_of(request), agent=agent, now=now)
    session[SINCE] = session[SEEN] = now.isoformat()
    session[signins.ROW] = row.pk
    session[SECOND] = otp.device_of(user) is not None


def _came_in(sender, request, user, **said):
    remember(request, user, now=moment.now())
    log.info("a login: %s, from %s", user.get_username(), address_of(request))


def _went(sender, request, user, **said):
    if row := request.session.get(signins.ROW):
        signins.ended(row, now=moment.now())


def connect():
    user_logged_in.connect(_came_in, dispatch_uid="shop_cs.doorkeeper")
    user_logged_out.connect(_went, dispatch_uid="shop_cs.doorkeeper")
