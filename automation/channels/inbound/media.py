"""Fetching a file that came with a message, from the channel that keeps it."""

import re
import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from automation.channels.inbound.downloads import DirectSession, Download, DownloadError, Home, Reason
from automation.channels.inbound.json_reading import Json
from forms.attachments.kinds import LARGEST_VIDEO_BYTES
from forms.attachments.names import harmless_name
from register.complaint import Channel
from register.inbound import Media

META_HOSTS = ("fbsbx.com", "fbcdn.net", "whatsapp.net", "cdninstagram.com")
"""Names, and ends of names, of the servers that keep files for Meta's channels."""
_MEDIA_ID = re.compile(r"[A-Za-z0-9]{1,100}")
_FILE_PATH = re.compile(r"(?!.*(^|/)\.\.?(/|$))[^/].*")
"""Within the bot's files: no step upwards, and not from the root."""

_FOR_GOOD = {Reason.NO_ADDRESS, Reason.FOREIGN_HOST, Reason.TOO_LARGE, Reason.GONE}


@dataclass(frozen=True)
class Servers:
    """
    Where files are fetched, and by what right.

    Args:
        graph_url: Meta's Graph API with its version, without a slash at the end; files may lie on its host, too.
        telegram_url: Likewise of the Bot API.
        timeout_seconds: How long a server may keep silent.
        total_seconds: How long one file may take.
    """

    graph_url: str
    telegram_url: str
    whatsapp_token: str = field(default="", repr=False)
    telegram_token: str = field(default="", repr=False)
    timeout_seconds: float = 10
    total_seconds: float = 90


@dataclass(frozen=True)
class Fetched:
    """
    A file as the channel handed it out; nothing in it has been checked yet.

    Args:
        name: Fit to be shown; never a path.
        mime: As the channel says.
    """

    content: bytes = field(repr=False)
    name: str
    mime: str


@dataclass(frozen=True)
class Failed:
    """
    Why there is no file.

    Args:
        again: Whether it may come later. Meta blocks whoever meets 20 errors in an hour, so let hours lie between.
    """

    reason: Reason
    again: bool


def fetch(
    media: Media, channel: Channel, account: str, *, servers: Servers, limit_bytes: int = LARGEST_VIDEO_BYTES
) -> Fetched | Failed:
    """
    The file, or why not; raises nothing. WhatsApp keeps files for 7 days, other addresses end sooner.

    Args:
        account: Ours, on that channel: WhatsApp makes sure that the file was sent to it.
        limit_bytes: What is larger is not fetched to its end.
    """
    way = _WAYS.get(channel)
    if way is None:
        return _failed(Reason.NO_ADDRESS)
    try:
        with DirectSession() as session:
            visit = _Visit(
                Download(session, servers.timeout_seconds, time.monotonic() + servers.total_seconds),
                servers,
                limit_bytes,
            )
            return way(visit, media, account)
    except DownloadError as failure:
        return _failed(failure.reason)


def _failed(reason: Reason) -> Failed:
    return Failed(reason, again=reason not in _FOR_GOOD)


@dataclass(frozen=True)
class _Visit:
    download: Download
    servers: Servers
    limit_bytes: int

    def file(self, home: Home, url: str, token: str = "") -> tuple[bytes, str]:
        return self.download.get(home, url, self.limit_bytes, token=token)


# -- the ways of the channels -----------------------------------------------------------------------------------------


def _from_whatsapp(visit: _Visit, media: Media, account: str) -> Fetched:
    """First where it is, then the file, both with the token (Meta, Media: the address holds for minutes)."""
    token = visit.servers.whatsapp_token
    if not token:
        raise DownloadError(Reason.NOT_SET_UP)
    home = Home(visit.servers.graph_url, META_HOSTS)
    url, mime = media.url, media.mime
    if media.id:
        if not _MEDIA_ID.fullmatch(media.id):
            raise DownloadError(Reason.NO_ADDRESS)
        params = {"phone_number_id": account} if account else {}
        told = visit.download.answer(home, f"{home.url}/{media.id}", params, token)
        _check_size(told, "file_size", visit.limit_bytes)
        url, mime = told.text("url"), mime or told.text("mime_type")
        if not url:
            raise DownloadError(Reason.BAD_ANSWER)
    if not url:
        raise DownloadError(Reason.NO_ADDRESS)
    content, kind = visit.file(home, url, token)
    return Fetched(content, harmless_name(media.name), mime or kind)


def _from_meta(visit: _Visit, media: Media, account: str) -> Fetched:
    """Attachments and pictures of comments lie open at addresses that nobody can guess."""
    if not media.url:
        raise DownloadError(Reason.NO_ADDRESS)
    content, kind = visit.file(Home(visit.servers.graph_url, META_HOSTS), media.url)
    return Fetched(content, harmless_name(media.name), media.mime or kind)


def _from_telegram(visit: _Visit, media: Media, account: str) -> Fetched:
    """First the path, then the file (Bot API, getFile)."""
    home, token = Home(visit.servers.telegram_url), visit.servers.telegram_token
    if not token:
        raise DownloadError(Reason.NOT_SET_UP)
    if not media.id:
        raise DownloadError(Reason.NO_ADDRESS)
    told = visit.download.answer(home, f"{home.url}/bot{token}/getFile", {"file_id": media.id}).at("result")
    _check_size(told, "file_size", visit.limit_bytes)
    path = told.text("file_path")
    if not _FILE_PATH.fullmatch(path):
        raise DownloadError(Reason.BAD_ANSWER)
    content, kind = visit.file(home, f"{home.url}/file/bot{token}/{quote(path)}")
    return Fetched(content, harmless_name(media.name or PurePosixPath(path).name), media.mime or kind)


def _check_size(told: Json, key: str, limit_bytes: int) -> None:
    if (told.number(key) or 0) > limit_bytes:
        raise DownloadError(Reason.TOO_LARGE)


_WAYS = {
    Channel.WHATSAPP: _from_whatsapp,
    Channel.FACEBOOK: _from_meta,
    Channel.INSTAGRAM: _from_meta,
    Channel.TELEGRAM: _from_telegram,
}
