"""Two languages: every message has its Chinese, and what is compiled is what is written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "shop_cs").glob("locale*/zh_Hans/LC_MESSAGES/django.po"))
ids = [str(path.relative_to(ROOT).parts[1]) for path in CATALOGUES]


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)[a-z]|{\w*}", text))


@pytest.mark.parametrize("path", CATALOGUES, ids=ids)
def test_every_message_is_translated_and_none_is_guessed(path):
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=ids)
def test_a_translation_fills_in_the_same_values(path):
    for entry in polib.pofile(str(path)):
        for said in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            assert placeholders(said) in (placeholders(entry.msgid), placeholders(entry.msgid_plural)), entry.msgid


def said(catalogue):
    return {entry.msgid_with_context: entry.msgstr or entry.msgstr_plural for entry in catalogue}


@pytest.mark.parametrize("path", CATALOGUES, ids=ids)
def test_the_compiled_catalogue_is_the_written_one(path):
    assert said(polib.mofile(str(path.with_suffix(".mo")))) == said(polib.pofile(str(path)))


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed: apt-get install gettext")
def test_the_catalogue_has_every_message_of_the_code(tmp_path):
    shutil.copy(ROOT / "manage.py", tmp_path)
    for name in ("shop_cs", "tickets", "disputes", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-obsolete", "--no-location"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")},
    )
    catalogue = "shop_cs/locale/zh_Hans/LC_MESSAGES/django.po"
    assert said(polib.pofile(str(tmp_path / catalogue))).keys() == said(polib.pofile(str(ROOT / catalogue))).keys()
