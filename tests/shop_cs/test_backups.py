"""Backup and restore: a drill under load, and archives that are broken, forged or meant for somewhere else."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop_cs.backups import archive, engines, restoring
from shop_cs.backups.engines import BackupError
from tests.crowd import ON_POSTGRESQL

ROOT = Path(__file__).resolve().parents[2]
SHA = "ab" * 32


def heard(_many):
    """Nobody watches."""


@pytest.fixture
def places(tmp_path):
    """(URL of this test's own database, URL of an empty one beside it)."""
    if connection.vendor == "sqlite":
        file = tmp_path / "drill.sqlite3"
        file.write_bytes(connection.connection.serialize())
        yield f"sqlite:///{file}", f"sqlite:///{tmp_path}/other.sqlite3"
        return
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}_restored" TEMPLATE template0')
    yield tuple(urlunsplit(url._replace(path=f"/{one}")) for one in (name, f"{name}_restored"))
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}_restored"')


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_a_backup_taken_while_people_write_is_restored_whole_and_proved(places, tmp_path):
    url, other_url = places
    keys = {name: f"{name} of the drill" * 4 for name in archive.KEYS}
    env = {**os.environ, **keys, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shop_cs.settings"}
    env |= {"VAR_DIR": str(tmp_path / "var"), "LOG_LEVEL": "ERROR"}
    argv = [sys.executable, "-m", "tests.shop_cs.restore_drill", tmp_path / "b.tar.gz", tmp_path / "other", other_url]
    ended = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["restored"] == 0, found["told"]
    assert "evidence, ledger and trail hold" in found["told"]
    assert found["before"] >= 40
    assert found["during"] > 0
    assert found["lost"] == []
    assert found["pieces"] >= 3
    assert found["pieces_without_file"] == []
    assert "The database is not empty" in found["again"]


@pytest.fixture
def made(tmp_path):
    """Writes an archive of a database that is only bytes and one piece; `made(name=bytes)` adds to it."""

    def make(manifest=None, **more):
        path = tmp_path / "made.tar"
        with open(path, "wb") as file:
            writer = archive.Writer(file, packed=False)
            dump = engines.DUMPS[connection.vendor]
            for name, data in {dump: b"rows" * 5_000, archive.piece_name(SHA): b"piece", **more}.items():
                writer.add(name, io.BytesIO(data), len(data))
            writer.finish({"engine": connection.vendor, "product": "shop_cs", **(manifest or {})})
        return path

    return make


def look(path, tmp_path, **options):
    room = tmp_path / "room"
    room.mkdir(exist_ok=True)
    return archive.checked(path, room, **{"vouched": True, "progress": heard, **options})


def test_an_archive_as_it_was_made_is_taken(made, tmp_path):
    found = look(made(), tmp_path)
    assert found.dump.read_bytes() == b"rows" * 5_000
    assert [(sha, file.read()) for sha, file in archive.pieces(found.path)] == [(SHA, b"piece")]


@pytest.mark.parametrize("share", [0, 0.001, 0.02, 0.5, 0.9])
def test_a_cut_off_archive_is_refused(made, tmp_path, share):
    path = made()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data.rstrip(b"\0")) * share)])
    with pytest.raises(BackupError, match="cut off|missing"):
        look(path, tmp_path)


@pytest.mark.parametrize("what", [b"rows", b"piece", b'"engine"'])
def test_one_other_byte_anywhere_is_found(made, tmp_path, what):
    path = made()
    path.write_bytes(path.read_bytes().replace(what, what[:-1] + b"x", 1))
    with pytest.raises(BackupError, match="was changed"):
        look(path, tmp_path)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "evidence/../../evil", f"evidence/{SHA}/x", "evil", "a\x1b[2J"]
)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(made, tmp_path, name):
    with pytest.raises(BackupError, match="which no backup of ours does"):
        look(made(**{name: b"evil"}), tmp_path)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_link_under_a_good_name_is_refused(tmp_path, kind):
    path = tmp_path / "link.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo("database.sqlite3")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(BackupError, match="which no backup of ours does"):
        look(path, tmp_path)


def test_an_archive_of_another_key_is_restored_only_when_asked_for_and_the_keys_are_named(made, tmp_path, settings):
    path = made({"keys": archive.fingerprints()})
    settings.TRAIL_KEY = "another"
    with pytest.raises(BackupError, match="TRAIL_KEY"):
        look(path, tmp_path)
    (tmp_path / "room" / engines.DUMPS[connection.vendor]).unlink()
    manifest = look(path, tmp_path, vouched=False).manifest
    other = [name for name, mark in archive.fingerprints().items() if manifest["keys"][name] != mark]
    assert other == ["TRAIL_KEY"]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"engine": "oracle"}, "This is a backup of oracle"),
        ({"migrations": ["shop_cs.9999_of_tomorrow"]}, "another version of the product"),
        ({}, "cannot be read|pg_restore failed"),
    ],
)
def test_what_does_not_fit_here_changes_nothing(made, tmp_path, db, monkeypatch, manifest, words):
    monkeypatch.setattr(engines, "load", lambda dump: pytest.fail("the database was touched"))
    monkeypatch.setattr(restoring, "_put_pieces", lambda path: pytest.fail("the evidence was touched"))
    with pytest.raises(BackupError, match=words):
        restoring.restore(made(manifest), folder=tmp_path, replace=True)


def test_a_database_that_is_not_empty_is_only_replaced_when_asked_for(db, made, capsys):
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", made())


def test_a_file_that_is_there_is_never_overwritten(db, tmp_path):
    (tmp_path / "b.tar").write_text("precious")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", tmp_path / "b.tar")
    with pytest.raises(CommandError, match="must end with"):
        call_command("backup", tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tar"] == ["b.tar"]
    assert (tmp_path / "b.tar").read_text() == "precious"


def test_a_missing_program_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupError, match="pg_dump is not on the PATH"):
        engines._run("pg_dump")
