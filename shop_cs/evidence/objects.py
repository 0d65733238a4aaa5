"""Evidence in an S3-compatible bucket. Loaded only where STORAGE_URL names one."""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

# An answer is waited for by a person: a server that is away is told of soon, and tried once more.
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 10, 2
# What is read and is larger than this waits in a temporary file.
MEMORY_BYTES = 2_621_440


@contextmanager
def _as_file_errors():
    """What the service does wrong is an OSError, as with any other file."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError(f"object storage: {error}") from error


class ObjectStorage(S3Storage):
    """Private objects, signed requests, no public addresses; every failure is an OSError.

    An object may be written again: its name is the hash of its bytes, so it is the same object.
    """

    def __init__(self, **options):
        super().__init__(
            default_acl="private",
            file_overwrite=True,
            max_memory_size=MEMORY_BYTES,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                # Many servers that speak S3 know no newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )

    def url(self, name, *args, **kwargs):
        raise NotImplementedError("Evidence has no public address.")

    def _open(self, name, mode="rb"):
        with _as_file_errors():
            try:
                opened = super()._open(name, mode)
            except FileNotFoundError:
                # Without its bucket nothing is found either, and nothing is lost for that.
                self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
                raise
            # Read to the end here: what fails must fail before the answer begins.
            opened.file  # noqa: B018
            return opened

    def _save(self, name, content):
        with _as_file_errors():
            return super()._save(name, content)

    def delete(self, name):
        with _as_file_errors():
            super().delete(name)

    def exists(self, name):
        with _as_file_errors():
            return super().exists(name)

    def walk(self):
        """(name, when it was written) of every object."""
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name)
        with _as_file_errors():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["LastModified"]

    def get_modified_time(self, name):
        with _as_file_errors():
            return super().get_modified_time(name)
