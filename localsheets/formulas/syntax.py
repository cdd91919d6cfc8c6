"""
Whether a formula's tokens make sense together, before anything else reads them.

Sheets answers `#ERROR!` to what it cannot read. The calculator is more forgiving (`=1 1` is 1 to it), so the question
is settled here, and so are the limits that keep a formula from being a burden.
"""

from dataclasses import dataclass, field

from localsheets.formulas.tokens import Token

LONGEST_FORMULA = 8192
"""Characters."""
DEEPEST_NESTING = 64
"""Brackets inside brackets, and signs one after another."""
UNREADABLE = "Formula parse error."
_OPERANDS = frozenset({"text", "reference", "error", "number", "name"})
_SIGNS = frozenset("+-")
_BINARY = frozenset({"+", "-", "*", "/", "^", "&", "=", "<", ">", "<=", ">=", "<>", ":"})
_CLOSERS = {"(": ")", "call": ")", "{": "}"}
_SEPARATORS = {"call": frozenset(","), "{": frozenset(",;"), "(": frozenset()}


@dataclass
class _Reader:
    open: list[str] = field(default_factory=list)
    wants_operand: bool = True
    may_close: bool = False  # right after an opening bracket or a comma of a call, where an argument may be left out
    signs: int = 0
    deepest: int = 0

    def take(self, kind: str, text: str) -> bool:
        """Whether the token may stand here; it is noted if so."""
        return self._operand(kind, text) if self.wants_operand else self._operator(kind, text)

    def _operand(self, kind: str, text: str) -> bool:
        if kind in _OPERANDS:
            self._has_operand()
        elif kind == "function":
            self._opened("function")
        elif text in _SIGNS:
            self.signs += 1
            self.may_close = False
        elif text == "(":
            self._opened(text)
        elif text == "{":
            self.open.append(text)
            self.may_close = False
        elif self.may_close and text in {",", ")"}:
            return self._closed() if text == ")" else self._next_argument()
        else:
            return False
        self.deepest = max(self.deepest, len(self.open) + self.signs)
        return True

    def _opened(self, text: str) -> None:
        called = bool(self.open) and self.open[-1] == "function"
        if called:
            self.open[-1] = "call"
        else:
            self.open.append(text)
        self.may_close = called

    def _operator(self, kind: str, text: str) -> bool:
        inside = self.open[-1] if self.open else ""
        if text in _BINARY:
            self.wants_operand, self.signs, self.may_close = True, 0, False
        elif text == "(":  # a LAMBDA called on the spot
            self.open.append("call")
            self.wants_operand, self.may_close = True, True
        elif text in _SEPARATORS.get(inside, frozenset()):
            return self._next_argument()
        elif inside and text == _CLOSERS.get(inside):
            return self._closed()
        else:
            return text == "%"
        return True

    def _next_argument(self) -> bool:
        self.wants_operand, self.signs, self.may_close = True, 0, self.open[-1] == "call"
        return True

    def _closed(self) -> bool:
        self.open.pop()
        self._has_operand()
        return True

    def _has_operand(self) -> None:
        self.wants_operand, self.signs, self.may_close = False, 0, False


def missing_brackets(parts: list[Token]) -> str:
    """The brackets that are still open at the formula's end, as they would be closed; "" if something else is wrong."""
    reader = _read(parts)
    if reader is None or reader.wants_operand or len(reader.open) > DEEPEST_NESTING:
        return ""
    return "".join(_CLOSERS[bracket] for bracket in reversed(reader.open))


def complaint(formula: str, parts: list[Token]) -> str:
    """Why the formula cannot be calculated, for people; "" if nothing is wrong with its form."""
    if len(formula) > LONGEST_FORMULA:
        return f"The formula is longer than {LONGEST_FORMULA} characters."
    reader = _read(parts)
    if reader is None or reader.open or reader.wants_operand:
        return UNREADABLE
    if reader.deepest > DEEPEST_NESTING:
        return f"The formula is nested more than {DEEPEST_NESTING} levels deep."
    return ""


def _read(parts: list[Token]) -> _Reader | None:
    reader = _Reader()
    solid = (part for part in parts if part.kind != "space")
    return reader if all(reader.take(part.kind, part.text) for part in solid) else None
