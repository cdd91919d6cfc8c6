"""What can be wrong with a whole file; what is wrong with a row is a `checking.Trouble`."""

from register.errors import AduanError


class TableError(AduanError):
    """The file cannot be read as a table at all."""

    code = "table"


class MappingError(AduanError):
    """The mapping cannot be used, or not with this file."""

    code = "mapping"


class TakeOverError(AduanError):
    """An export cannot be taken over, or not into this office."""

    code = "take_over"
