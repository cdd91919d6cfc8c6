"""
Keeping tokens out of logs: urllib3 logs addresses, and channels put tokens into them.

A bot's stands in the path of Telegram's addresses, and what lets us fetch a file in the query of Meta's.
"""

import logging
import re

_BOT_TOKEN = re.compile(r"/bot[^/\s'\"]+")
_QUERY = re.compile(r"\?[^\s'\"]+")


class _Redacted(logging.Filter):
    """Lets every record pass, without tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        redacted = _QUERY.sub("?…", _BOT_TOKEN.sub("/bot…", told))
        if redacted != told:
            record.msg, record.args = redacted, ()
        return True


_REDACTED = _Redacted()


def redact_addresses() -> None:
    """From now on; once is enough, and more often does no harm."""
    for name in ("urllib3.connectionpool", "urllib3.connection"):
        logging.getLogger(name).addFilter(_REDACTED)
