"""What an uploaded file is called here, whatever it was called where it came from."""

import re
import unicodedata

NAME_LENGTH = 100
# Whatever follows the dot: Windows takes these for printers and the like, and cannot save a file of that name.
DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)")


def clean_name(name: str) -> str:
    """A name that is safe to keep and to show: no path, nothing invisible, at most NAME_LENGTH characters."""
    # Cc holds NUL and line ends, Cf the marks that turn "gpj.exe" around, Cs what no file system can write.
    visible = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    last = re.split(r"[/\\]", re.sub(r'[<>:"|?*]', "", visible))[-1]
    whole = unicodedata.normalize("NFC", last).strip(". \u3000\xa0")
    whole = f"_{whole}" if DEVICE.match(whole) else whole
    stem, dot, extension = whole.rpartition(".")
    if not stem or len(extension) > 10:
        stem, dot, extension = whole, "", ""
    kept = stem[: NAME_LENGTH - len(dot + extension)].rstrip(". ") + dot + extension
    return kept or "evidence"
