"""The world that the walk along the fences goes through, for the tests of the fences and of the walk itself."""

import logging

import pytest
from django.db import transaction

from tests import fenced, fences


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world, made once; Charlie's pages as they were before Alice had anything."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        world = fences.make_world(patch, tmp_path_factory.mktemp("evidence"))
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(_world, db, at, settings):
    at(fenced.NOW)
    settings.STORAGES = _world.storages
    logging.disable(logging.CRITICAL)
    yield _world
    logging.disable(logging.NOTSET)
