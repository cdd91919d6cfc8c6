"""
The contents of files over HTTP: copied, exported, and replaced by an uploaded one.

Source: https://developers.google.com/workspace/drive/api/guides/ref-export-formats
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from flask import Response, request

from localsheets.api.http_edge import caller, json_body, shelf
from localsheets.drive.files import FEW_FIELDS, SPREADSHEET, file_fields, file_json, name_in, parents_in
from localsheets.drive.http import DriveError, blueprint, changing, readable, told
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.exchange import csv_text, ods, pdf, read_csv, tsv_text, xlsx
from localsheets.exchange.contents import Contents, replace_tabs
from localsheets.model.book import Book
from localsheets.model.sheet import Sheet
from localsheets.storage.images import entered

Json = dict[str, Any]
EXPORTS: dict[str, Callable[[Book], bytes]] = {
    xlsx.MIME_TYPE: xlsx.workbook_bytes,
    "text/csv": lambda book: csv_text(book, book.sheets[0]).encode(),
    "text/tab-separated-values": lambda book: tsv_text(book, book.sheets[0]).encode(),
    "application/pdf": pdf.document_bytes,
    ods.MIME_TYPE: ods.document_bytes,
    "application/x-vnd.oasis.opendocument.spreadsheet": ods.document_bytes,
}
_ONLY_AT_GOOGLE = {"application/zip", "text/html"}
_FILE = "/drive/v3/files/<file_id>"


@blueprint.post(f"{_FILE}/copy")
def copy_file(file_id: str) -> Response:
    """files.copy: whoever may read a file may have one like it, shared with nobody."""
    body, source = json_body(), readable(file_id)
    if body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise DriveError(400, "The requested conversion is not supported.", "badRequest", "convertTo")
    properties = {**source.properties, "title": name_in(body, f"Copy of {source.title}")}
    kept = {name: value for name, value in source.file.items() if name not in {"trashed", "starred"}}
    file = file_fields(body, kept | ({"parents": parents} if (parents := parents_in(body)) else {}))
    stored = shelf().read_to_keep(file_id, caller())
    book = shelf().create(caller(), properties, "files.copy", lambda draft: _fill_copy(draft, stored, file))
    return told(file_json(book), FEW_FIELDS)


_OF_ONE_BOOK = {
    "number", "book_id", "owner", "created_at", "modified_at", "properties", "revision", "sheets", "permissions",
    "file", "touched",
}  # fmt: skip
"""Fields of a `Book` that a copy has of its own; it takes over all others, also those that are yet to come."""


def _fill_copy(draft: Book, source: Book, file: Json) -> None:
    for field in dataclasses.fields(Book):
        if field.name not in _OF_ONE_BOOK:
            setattr(draft, field.name, getattr(source, field.name))
    draft.sheets = [_copied(sheet, draft) for sheet in source.sheets]
    draft.file = file
    draft.touched = True


def _copied(sheet: Sheet, draft: Book) -> Sheet:
    """The same sheet; row ids need only differ within one spreadsheet, and what hangs on a row keeps hanging on it."""
    copy = sheet.draft(draft.revision, draft.new_row_id)
    copy.rows = [row._replace(revision=draft.revision, cells=entered(row.cells)) for row in sheet.rows]
    copy.touched = {row.row_id: row for row in copy.rows}
    copy.reshaped = True
    return copy


@blueprint.get(f"{_FILE}/export")
def export_file(file_id: str) -> Response:
    """files.export: the whole spreadsheet, or its first sheet where the format holds only one."""
    book, kind = readable(file_id), request.args.get("mimeType")
    if not kind:
        raise DriveError(400, "Required parameter: mimeType", "required", "mimeType")
    if kind in _ONLY_AT_GOOGLE:
        raise UnimplementedError(f"This server does not export to {kind}.")
    if kind not in EXPORTS:
        raise DriveError(400, "The requested conversion is not supported.", "badRequest", "convertTo")
    return Response(EXPORTS[kind](book), content_type=kind)


@blueprint.put("/upload/drive/v2/files/<file_id>")
@blueprint.patch("/upload/drive/v3/files/<file_id>")
def upload(file_id: str) -> Response:
    """files.update with contents: a CSV or Excel file takes the place of everything that the spreadsheet held."""
    before = readable(file_id)
    if request.args.get("uploadType", "media") != "media":
        raise UnimplementedError(f"This server does not take uploadType={request.args['uploadType']}; send media.")
    contents, properties = _uploaded(before)
    with changing(file_id, "files.update media") as draft:
        replace_tabs(draft, caller(), contents)
        draft.properties = {**draft.properties, **properties}
        draft.touched = True
    file = file_json(readable(file_id))
    return told(_old_file_json(file), "*") if request.path.startswith("/upload/drive/v2") else told(file, FEW_FIELDS)


def _uploaded(book: Book) -> tuple[Contents, Json]:
    """What was sent, and what becomes of the spreadsheet's properties: CSV resets the time zone, as at Google."""
    kind, data = request.mimetype, request.get_data()
    if kind in {"text/csv", "text/plain", "text/tab-separated-values"}:
        return read_csv(data, book.title[:100], book.locale), {"timeZone": "Etc/GMT"}
    if kind in {xlsx.MIME_TYPE, "application/octet-stream"}:
        return xlsx.read_workbook(data, book.locale), {}
    raise InvalidRequestError(f"This server turns CSV and XLSX into spreadsheets, not {kind or 'unnamed contents'}.")


def _old_file_json(file: Json) -> Json:
    """The `File` of Drive v2, which the upload address of gspread still speaks."""
    return {
        "kind": "drive#file",
        "id": file["id"],
        "title": file["name"],
        "mimeType": file["mimeType"],
        "labels": {"starred": file["starred"], "trashed": file["trashed"], "hidden": False, "restricted": False},
        "createdDate": file["createdTime"],
        "modifiedDate": file["modifiedTime"],
        "version": file["version"],
        "alternateLink": file["webViewLink"],
        "parents": [{"kind": "drive#parentReference", "id": parent} for parent in file["parents"]],
        "owners": file["owners"],
        "ownerNames": [owner["displayName"] for owner in file["owners"]],
        "editable": file["capabilities"]["canEdit"],
        "copyable": True,
        "shared": file["shared"],
        "exportLinks": file["exportLinks"],
    }
