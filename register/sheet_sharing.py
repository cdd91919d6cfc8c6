"""
Who may write in a spreadsheet, by the permissions of its file.

API: https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
"""

from collections.abc import Callable, Mapping, Set
from typing import Any

from register.errors import SheetRefusedError


class Sharing:
    """
    The permissions of one spreadsheet.

    Args:
        ask: As `register.sheet_connection.Connection.ask`.
        url: Where they are.
    """

    def __init__(self, ask: Callable[..., dict[str, Any]], url: str) -> None:
        self._ask = ask
        self._url = url

    def people(self) -> list[str]:
        """Their addresses, the owner left out. Raises: as `Connection.ask`."""
        return sorted(_whose(item) for item in self._given() if item["role"] != "owner")

    def set_writers(self, people: Set[str]) -> None:
        """
        Have exactly these addresses write in it, besides the owner. One that is refused holds up no other.

        Raises: SheetUnavailableError, after which the rest was not tried; SheetRefusedError, once all were, which tells
        how many and nobody's address.
        """
        given, wanted = self._given(), {email.casefold() for email in people}
        writers = {_whose(item) for item in given if item["role"] in ("owner", "writer")}
        refused = [self._refused("delete", f"{self._url}/{item['id']}") for item in given if _ends(item, wanted)]
        for email in sorted(wanted - writers):
            body = {"type": "user", "role": "writer", "emailAddress": email}
            refused.append(self._refused("post", self._url, params={"sendNotificationEmail": "false"}, body=body))
        if errors := [error for error in refused if error is not None]:
            raise SheetRefusedError(
                f"{len(errors)} dari {len(refused)} perubahan izin atas spreadsheet ditolak; yang lain sudah berlaku. "
                "Periksa alamat pada kolom Akun di tab Petugas.",
                refused=len(errors),
                status=errors[0].facts.get("status"),
            )

    def _refused(self, method: str, url: str, **asked: Any) -> SheetRefusedError | None:
        """Of one change, what may be due to its address alone. Raises: SheetUnavailableError."""
        try:
            self._ask(method, url, safe=False, **asked)
        except SheetRefusedError as error:
            return error
        return None

    def _given(self) -> list[dict[str, Any]]:
        query = {"fields": "permissions(id,type,role,emailAddress)", "pageSize": "100"}
        return list(self._ask("get", self._url, params=query, safe=True).get("permissions", []))


def _ends(permission: Mapping[str, Any], wanted: Set[str]) -> bool:
    """Whether it is neither the owner's nor that of somebody who is to write."""
    return permission["role"] != "owner" and (permission["role"] != "writer" or _whose(permission) not in wanted)


def _whose(permission: Mapping[str, Any]) -> str:
    return str(permission.get("emailAddress") or permission["type"]).casefold()
