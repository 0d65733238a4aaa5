"""Where evidence is kept, as one address: a folder of this machine or a bucket of object storage."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXAMPLES = "file:///folder or s3://KEY:SECRET@host:port/bucket?region=…&ssl=0"


def storage_of(url: str, *, folder: Path) -> dict:
    """The entry of STORAGES for a STORAGE_URL; without one files lie in `folder`. Raises ImproperlyConfigured.

    What is wrong is never repeated: it may hold the secret.
    """
    if not url:
        return _in_folder(folder)
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ImproperlyConfigured(f"STORAGE_URL is not an address. Say {EXAMPLES}.") from None
    path = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc and path.startswith("/") and not options:
        return _in_folder(Path(path))
    bucket = path.strip("/")
    complete = parts.username and parts.password and parts.hostname and bucket and "/" not in bucket
    if parts.scheme != "s3" or not complete or options.keys() - {"region", "ssl"}:
        raise ImproperlyConfigured(f"STORAGE_URL is not one that is known. Say {EXAMPLES}.")
    scheme = "http" if options.get("ssl") == "0" else "https"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "BACKEND": "shop_cs.evidence.objects.ObjectStorage",
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "endpoint_url": f"{scheme}://{host}{port}",
            "bucket_name": bucket,
            "region_name": options.get("region", "us-east-1"),
        },
    }


def _in_folder(folder):
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }
