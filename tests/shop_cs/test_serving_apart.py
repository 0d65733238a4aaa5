"""`manage.py serve --only`: the web on some machines, the workers on others."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from shop_cs.management.commands import serve

WEB, SWEEP, JOBS = "the web server", "the worker", "the worker of exports"


@pytest.mark.parametrize(("only", "wanted"), [(None, [WEB, SWEEP, JOBS]), ("web", [WEB]), ("workers", [SWEEP, JOBS])])
def test_each_machine_starts_what_it_is_for(only, wanted):
    assert list(serve._commands("127.0.0.1", 8000, 2, only)) == wanted


def test_there_is_nothing_else_to_serve_alone():
    with pytest.raises(CommandError, match="invalid choice: 'mail'"):
        call_command("serve", "--only=mail")


def test_workers_alone_open_no_port_and_end_together(tmp_path):
    env = {**os.environ, "VAR_DIR": str(tmp_path), "LOG_LEVEL": "CRITICAL", "DATABASE_URL": f"sqlite:///{tmp_path}/db"}
    # A port that nobody may open: theirs is not tried.
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--only=workers", "--port=99999"]
    with subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as served:
        told = served.stdout.readline()
        served.send_signal(signal.SIGTERM)
        rest = served.communicate(timeout=120)[0]
    assert (told, served.returncode) == ("The workers work. Ctrl-C ends them.\n", 0), rest
