"""Bad files: refused with a reason or taken safely, none for long, none with much memory, none with a 5xx."""

import json
import os
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shop_cs.evidence.checks import Kind
from shop_cs.evidence.names import clean_name
from shop_cs.evidence.previews import NoPreviewError, draw
from shop_cs.models import Evidence
from tests.bad_files import FILES, NAMES
from tests.conftest import ROOT
from tests.factories import PNG, OrderFactory
from tests.stories import send

# What was promised of each file, in seconds of the processor's time; and of all of them, in megabytes.
MOST_SECONDS, MOST_MEGABYTES = 2, 512
SAMPLE = ["nothing", "png of 50,000 by 50,000", "jpeg and zip", "elf", "pdf that does Launch", "mp4 nested for ever"]


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """What one process says that has examined them all."""
    folder, lines = tmp_path_factory.mktemp("bad"), []
    for number, (name, (make, _codes)) in enumerate(FILES.items()):
        (folder / str(number)).write_bytes(make())
        lines.append(f"{name}\t{folder / str(number)}")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop_cs.settings"}
    argv = [sys.executable, "-W", "ignore", "-m", "tests.bad_files"]
    ended = subprocess.run(argv, input="\n".join(lines), cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_there_are_enough_of_them():
    assert len(FILES) >= 60


def test_each_is_refused_for_what_it_is_or_taken(examined):
    expected = {name: list(codes) for name, (_make, codes) in FILES.items()}
    assert examined["codes"] == expected


def test_none_takes_long_and_all_together_take_little_memory(examined):
    slow = {name: seconds for name, seconds in examined["seconds"].items() if seconds > MOST_SECONDS}
    assert (slow, examined["megabytes"] <= MOST_MEGABYTES) == ({}, True)


@pytest.mark.parametrize(("name", "cleaned"), NAMES.items(), ids=lambda name: name[:12].encode().hex())
def test_a_bad_name_becomes_a_plain_one(name, cleaned):
    assert clean_name(name) == cleaned


def test_through_the_page_each_gets_an_answer_in_words_and_none_is_kept(cast, client, at):
    record = send(cast, order=OrderFactory(shop=cast.shop))
    client.force_login(cast.bob)
    page = reverse("request-attach", args=["S001", record.no])
    for name in SAMPLE:
        file = SimpleUploadedFile("证据.png", FILES[name][0]())
        answer = client.post(page, {"attach-file_1": file})
        assert (answer.status_code, "证据.png" in answer.content.decode()) == (400, True), name
    assert not Evidence.everything.exists()
    for bad in ("../../a.png", "a\r\nb.png", "con.png"):
        assert client.post(page, {"attach-file_1": SimpleUploadedFile(bad, PNG + bad.encode())}).status_code == 302


def test_what_is_taken_is_drawn_or_not_and_breaks_nothing():
    kinds = {"jpeg": Kind.JPEG, "png": Kind.PNG, "webp": Kind.WEBP}
    taken = [name for name, (_make, codes) in FILES.items() if not codes and name.split()[0] in kinds]
    drawn = 0
    for name in taken:
        if "as large as allowed" not in name:
            try:
                drawn += draw(FILES[name][0](), kinds[name.split()[0]], 320).startswith(b"RIFF")
            except NoPreviewError:
                continue
    assert drawn >= 3
