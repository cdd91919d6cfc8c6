"""
Drive v3 over HTTP, as far as spreadsheets need it: files as they are made, found, copied, exported and replaced.

Folders are not kept: a file remembers the ids of its parents, whatever they are.
Source: https://developers.google.com/workspace/drive/api/reference/rest/v3
"""

from typing import Any

from flask import Response, request

from localsheets.api.http_edge import caller, json_body, shelf
from localsheets.drive import contents as drive_contents
from localsheets.drive import http as drive_http
from localsheets.drive.files import FEW_FIELDS, SPREADSHEET, file_fields, file_json, held_by, name_in, parents_in
from localsheets.drive.http import DriveError, changing, no_file, not_allowed, page_of, readable, told
from localsheets.drive.queries import parse_query
from localsheets.errors import UnimplementedError
from localsheets.model.book import Book
from localsheets.storage.shelf import add_first_sheet

Json = dict[str, Any]
blueprint = drive_http.blueprint
__all__ = ["blueprint", "drive_contents"]  # drive_contents adds its own addresses to the blueprint
FILES = "/drive/v3/files"
_FILE = f"{FILES}/<file_id>"
_SORT_KEYS = {
    "createdTime": "createdTime",
    "folder": "kind",
    "modifiedTime": "modifiedTime",
    "name": "name",
    "name_natural": "name",
    "recency": "modifiedTime",
    "starred": "starred",
}


@blueprint.get(FILES)
def list_files() -> Response:
    """files.list: the spreadsheets the caller may read and that fit `q`, the last changed first."""
    fits = parse_query(request.args.get("q", ""))
    found = [(book, file_json(book)) for book in shelf().books_for(caller())]
    files = [file for book, file in found if fits(file | held_by(book))]
    page, more = page_of(_ordered(files, request.args.get("orderBy", "")), default=100, most=1000)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False, "files": list(page)}
    if more:
        answer["nextPageToken"] = more
    fields = ",".join(f"files/{name}" for name in FEW_FIELDS.split(","))
    return told(answer, f"kind,incompleteSearch,nextPageToken,{fields}")


def _ordered(files: list[Json], text: str) -> list[Json]:
    for part in reversed([part.split() for part in text.split(",") if part.strip()]):
        name, backwards = part[0], part[1:] == ["desc"]
        if name not in _SORT_KEYS or (part[1:] and not backwards):
            raise DriveError(400, "Invalid Value", "invalid", "orderBy")
        values = {file["id"]: _sort_key(file[_SORT_KEYS[name]]) for file in files}
        files = sorted(files, key=lambda file: values[file["id"]], reverse=backwards)
    return files


def _sort_key(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


@blueprint.post(FILES)
def create_file() -> Response:
    """files.create: an empty spreadsheet."""
    body = json_body()
    if body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise UnimplementedError(f"This server keeps spreadsheets only, not {body['mimeType']}.")
    file = file_fields(body, {"parents": parents_in(body)})
    book = shelf().create(caller(), {"title": name_in(body, "Untitled")}, "files.create", lambda d: _begin(d, file))
    return told(file_json(book), FEW_FIELDS)


def _begin(draft: Book, file: Json) -> None:
    add_first_sheet(draft)
    draft.file = file


@blueprint.get(_FILE)
def get_file(file_id: str) -> Response:
    """files.get"""
    if request.args.get("alt") == "media":
        message = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        raise DriveError(403, message, "fileNotDownloadable", "alt")
    return told(file_json(readable(file_id)), FEW_FIELDS)


@blueprint.patch(_FILE)
def update_file(file_id: str) -> Response:
    """files.update: another name, another folder, into the trash and out of it."""
    body = json_body()
    if "parents" in body:
        message = (
            "The parents field is not directly writable in update requests."
            " Use the addParents and removeParents parameters instead."
        )
        raise DriveError(403, message, "fieldNotWritable")
    with changing(file_id, "files.update", owner_only="trashed" in body) as draft:
        if "name" in body:
            draft.properties = {**draft.properties, "title": name_in(body, "Untitled")}
        draft.file = _moved(file_fields(body, draft.file))
        draft.touched = True
    return told(file_json(readable(file_id)), FEW_FIELDS)


def _moved(file: Json) -> Json:
    """The file in the folder that the request puts it into; out of all folders it lies at the root."""
    parents = [p for p in file.get("parents", []) if p not in _ids("removeParents")] + _ids("addParents")
    elsewhere = {name: value for name, value in file.items() if name != "parents"}
    return elsewhere | ({"parents": parents[-1:]} if parents else {})


def _ids(parameter: str) -> list[str]:
    return [part for part in request.args.get(parameter, "").split(",") if part]


@blueprint.delete(_FILE)
def delete_file(file_id: str) -> Response:
    """files.delete: at once and for good; answers 204 like Google."""
    if shelf().role(readable(file_id), caller()) != "owner":
        raise not_allowed()
    shelf().delete(file_id, caller())
    return Response(status=204)


@blueprint.get(f"{_FILE}/comments")
def list_comments(file_id: str) -> Response:
    """comments.list: there are none; notes on cells are part of the sheet."""
    readable(file_id)
    if not request.args.get("fields"):
        raise DriveError(400, "The 'fields' parameter is required for this method.", "required", "fields")
    page_of([], default=20, most=100)
    return told({"kind": "drive#commentList", "comments": []}, "*")


@blueprint.post(f"{_FILE}/comments")
def create_comment(file_id: str) -> Response:
    """comments.create"""
    readable(file_id)
    raise UnimplementedError("This server keeps no comments; write a note on the cell.")


@blueprint.route(f"{FILES}/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown(rest: str) -> Response:
    """Everything else, so that its error has Drive's form, too."""
    raise no_file(rest.partition("/")[0])
