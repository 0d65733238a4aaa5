"""Where evidence is kept: a folder or a real S3 server, and what happens while that server is away."""

import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse

from shop_cs.evidence import keeping, vault
from shop_cs.evidence.address import storage_of
from shop_cs.evidence.collecting import collect
from shop_cs.evidence.previews import SMALL, preview
from shop_cs.models import Evidence, Rulebook, evidence_path
from shop_cs.moves import Refused
from tests.conftest import ROOT
from tests.factories import PNG, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import send

FOLDER = Path("/var/x")
S3 = "s3://KEY:SE%2FCRET@s3.example.org:9000/bucket"


def test_without_an_address_files_lie_in_the_usual_folder_and_with_one_in_that():
    assert storage_of("", folder=FOLDER)["OPTIONS"]["location"] == FOLDER
    assert storage_of("file:///srv/a%20b", folder=FOLDER)["OPTIONS"]["location"] == Path("/srv/a b")


@pytest.mark.parametrize(
    ("more", "endpoint", "region"),
    [
        ("", "https://s3.example.org:9000", "us-east-1"),
        ("?ssl=0&region=cn-east", "http://s3.example.org:9000", "cn-east"),
    ],
)
def test_an_address_of_object_storage_says_all_that_is_needed(more, endpoint, region):
    options = storage_of(S3 + more, folder=FOLDER)["OPTIONS"]
    assert options["secret_key"] == "SE/CRET"
    assert (options["endpoint_url"], options["region_name"], options["bucket_name"]) == (endpoint, region, "bucket")


@pytest.mark.parametrize(
    "url", ["s3://host/bucket", S3 + "/deeper", S3 + "?acl=public", "ftp://a", "file://relative", "s3://K:HUSH@h:x/b"]
)
def test_a_wrong_address_is_refused_without_telling_its_secret(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        storage_of(url, folder=FOLDER)
    assert "SE" not in str(caught.value).replace("SECRET@host", "")
    assert "HUSH" not in str(caught.value)


def test_nothing_of_object_storage_is_loaded_where_it_is_not_used():
    code = "import django; django.setup(); import sys; print('boto3' in sys.modules or 'botocore' in sys.modules)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop_cs.settings", "STORAGE_URL": ""}
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "False", ended.stderr


@pytest.fixture(scope="module")
def server():
    """A real S3 server on a free port of this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(server, settings, request):
    """The vault in an empty bucket of that server."""
    host, port = server.get_host_and_port()
    name = f"b{abs(hash(request.node.name))}"
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": storage_of(f"s3://KEY:SECRET@{host}:{port}/{name}?ssl=0", folder=FOLDER),
    }
    storages["evidence"].connection.create_bucket(Bucket=name)
    return name


@pytest.fixture
def put(cast):
    rules, order = Rulebook.objects.get(name="current").rules(), OrderFactory(shop=cast.shop)

    def put(content=PNG):
        said = {"order": order, "side": "merchant", "by": cast.as_bob, "now": TUESDAY_10, "rules": rules}
        return vault.store(file=io.BytesIO(content), name="a.png", **said)

    return put


@pytest.fixture
def gone(settings):
    """The vault on a server that is not there; it is asked for no longer than it must."""
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": storage_of("s3://KEY:SECRET@127.0.0.1:1/bucket?ssl=0", folder=FOLDER),
    }


def test_a_piece_is_kept_read_shown_and_collected_there(bucket, put, cast, client):
    piece = put()
    client.force_login(cast.bob)
    answer = client.get(reverse("evidence", args=[piece.pk]))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PNG)
    assert client.get(reverse("evidence-small", args=[piece.pk]))["Content-Type"] == "image/webp"
    assert sorted(path for path, _at in keeping.listed()) == sorted([evidence_path(piece.sha256), _small(piece)])
    keeping.put(io.BytesIO(b"x"), evidence_path("ab" * 32))
    later = max(at for _path, at in keeping.listed()) + timedelta(hours=24)
    assert list(collect(now=later)) == [evidence_path("ab" * 32)]
    assert preview(piece, SMALL).startswith(b"RIFF")


def _small(piece):
    return f"previews/{piece.sha256[:2]}/{piece.sha256}.{SMALL}.webp"


def test_objects_are_private_and_have_no_address(bucket, put):
    piece, store = put(), storages["evidence"]
    grants = store.connection.ObjectAcl(bucket, evidence_path(piece.sha256)).grants
    assert all(grant["Grantee"]["Type"] == "CanonicalUser" for grant in grants)
    with pytest.raises(NotImplementedError):
        store.url(evidence_path(piece.sha256))


def test_a_missing_object_is_not_found_but_a_missing_bucket_is_away(bucket, put, cast, client):
    piece = put()
    client.force_login(cast.bob)
    keeping.delete(evidence_path(piece.sha256))
    assert client.get(reverse("evidence", args=[piece.pk])).status_code == 404
    storages["evidence"].connection.Bucket(bucket).delete()
    assert client.get(reverse("evidence", args=[piece.pk])).status_code == 503


def test_while_the_server_is_away_an_upload_is_refused_in_words_and_nothing_is_half_done(gone, put, cast, client, at):
    with pytest.raises(Refused) as caught:
        put()
    assert caught.value.refusal.status == 503
    record = send(cast, order=OrderFactory(shop=cast.shop))
    client.force_login(cast.bob)
    page = reverse("request-attach", args=["S001", record.no])
    answer = client.post(page, {"attach-file_1": SimpleUploadedFile("b.png", PNG)}, headers={"accept-language": "en"})
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)
    assert not Evidence.everything.exists()


def test_while_the_server_is_away_a_piece_is_not_called_missing(put, cast, client, request):
    piece = put()
    request.getfixturevalue("gone")
    client.force_login(cast.bob)
    assert client.get(reverse("evidence", args=[piece.pk])).status_code == 503
    assert client.get(reverse("evidence-preview", args=[piece.pk])).status_code == 503


def test_a_folder_that_is_not_mounted_is_away_too(put, cast, client, settings, tmp_path):
    piece = put()
    settings.STORAGES = {**settings.STORAGES, "evidence": storage_of(f"file://{tmp_path}/nowhere", folder=FOLDER)}
    client.force_login(cast.bob)
    assert client.get(reverse("evidence", args=[piece.pk])).status_code == 503


def test_a_disk_that_fills_while_a_file_arrives_is_told_in_words(cast, client, at, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    record = send(cast, order=OrderFactory(shop=cast.shop))
    client.force_login(cast.bob)

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", full, raising=False)
    page = reverse("request-attach", args=["S001", record.no])
    answer = client.post(page, {"attach-file_1": SimpleUploadedFile("b.png", PNG)}, headers={"accept-language": "en"})
    assert (answer.status_code, "no room" in answer.content.decode()) == (507, True)
    assert not Evidence.everything.exists()
