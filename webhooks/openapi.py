"""The API's description in OpenAPI 3.1, built from the fields, so that it cannot drift from what is checked."""

from typing import Any

from forms.schema import complaint_schema
from register.complaint import STATUS_LABELS, Status
from webhooks.language import gettext

_INSTANT = {"type": "string", "format": "date-time"}
_TICKET = {"type": "string", "examples": ["7K3M-Q9TX-2"]}


def describe(base: str) -> dict[str, Any]:
    """
    The whole document, in the running request's language.

    Args:
        base: Where the application is reached, with or without a closing slash.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": gettext("Pengaduan masyarakat"),
            "version": "1",
            "description": gettext(
                "Menyampaikan pengaduan dan melihat statusnya. Kesalahan dijawab sebagai problem+json (RFC 9457); "
                "pesan berbahasa Indonesia, atau Inggris dengan Accept-Language: en."
            ),
        },
        "servers": [{"url": base.rstrip("/")}],
        "paths": {
            "/api/v1/complaints": {"post": _filing()},
            "/api/v1/complaints/{ticket}": {"get": _looking_up()},
        },
        "components": {
            "schemas": {
                "Complaint": complaint_schema(gettext),
                "Accepted": _accepted(),
                "Status": _status(),
                "Problem": _problem(),
            }
        },
    }


def _filing() -> dict[str, Any]:
    return {
        "operationId": "fileComplaint",
        "summary": gettext("Menyampaikan pengaduan"),
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": gettext(
                    "Kunci acak (UUID). Kiriman ulang dengan kunci dan isi yang sama dijawab 201 dengan tiket yang "
                    "sama; dengan isi yang berbeda dijawab 409."
                ),
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Complaint")}}},
        "responses": {
            "201": {
                "description": gettext("Pengaduan sudah tersimpan."),
                "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
                "content": {"application/json": {"schema": _ref("Accepted")}},
            },
            **_problems("400", "409", "413", "415", "422", "429", "503"),
        },
    }


def _looking_up() -> dict[str, Any]:
    return {
        "operationId": "getComplaint",
        "summary": gettext("Melihat status pengaduan"),
        "parameters": [{"name": "ticket", "in": "path", "required": True, "schema": _TICKET}],
        "responses": {
            "200": {
                "description": gettext("Status pengaduan, tanpa data pribadi."),
                "content": {"application/json": {"schema": _ref("Status")}},
            },
            **_problems("404", "503"),
        },
    }


def _problems(*codes: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    meaning = {
        "400": gettext("Isi bukan objek JSON, atau Idempotency-Key salah."),
        "404": gettext("Tiket tidak ditemukan atau salah ketik."),
        "409": gettext("Idempotency-Key sudah dipakai untuk isi yang berbeda."),
        "413": gettext("Isi terlalu besar."),
        "415": gettext("Isi bukan application/json."),
        "422": gettext("Ada kolom yang perlu diperbaiki; semuanya disebut di errors."),
        "429": gettext("Terlalu banyak pengaduan dari alamat ini; Retry-After menyebut berapa detik lagi."),
        "503": gettext("Sedang ada gangguan; tidak ada yang tersimpan."),
    }
    return {code: {"description": meaning[code], "content": content} for code in codes}


def _accepted() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"ticket": _TICKET, "status_url": {"type": "string", "format": "uri"}},
        "required": ["ticket", "status_url"],
    }


def _status() -> dict[str, Any]:
    labels = "; ".join(f"{status.value}: {gettext(STATUS_LABELS[status])}" for status in Status)
    moment = {
        "type": "object",
        "properties": {"at": _INSTANT, "label": {"type": "string"}},
        "required": ["at", "label"],
    }
    properties = {
        "ticket": _TICKET,
        "status": {"type": "string", "enum": [status.value for status in Status], "description": labels},
        "status_label": {"type": "string"},
        "stage": {"type": "string"},
        "received_at": _INSTANT,
        "due_at": {**_INSTANT, "type": ["string", "null"]},
        "updated_at": _INSTANT,
        "bidang": {"type": ["string", "null"]},
        "timeline": {"type": "array", "items": moment},
        "reply": {"type": ["string", "null"]},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _problem() -> dict[str, Any]:
    error = {name: {"type": "string"} for name in ("field", "code", "message")}
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "errors": {"type": "array", "items": {"type": "object", "properties": error, "required": list(error)}},
        },
        "required": ["type", "title", "status", "detail", "code"],
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
