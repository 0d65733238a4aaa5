"""Files on their way in: what does not fit into memory waits in a temporary file, for which there may be no room."""

import errno

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoomError(MultiPartParserError):
    """The disk has no room for what is being sent; nothing of it stays."""


class TemporaryFiles(TemporaryFileUploadHandler):
    """As Django's; a full disk is told in words. Raises NoRoomError."""

    def receive_data_chunk(self, raw_data, start):
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as error:
            if error.errno in FULL:
                raise NoRoomError(str(error)) from error
            raise
