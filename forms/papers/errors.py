"""Why a paper cannot be made."""

from register.errors import AduanError


class NotClosedError(AduanError):
    """A paper about the end of a complaint that has not ended."""

    code = "not_closed"


class NotEditableError(AduanError):
    """A paper that there is no Word version of."""

    code = "not_editable"


class LogoError(AduanError):
    """The logo's file is too large."""

    code = "logo"


class TypesettingError(AduanError):
    """The paper could not be set; most likely the logo is no image."""

    code = "typesetting"
