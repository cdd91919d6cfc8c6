"""What can go wrong in the automation, each with a stable code and a sentence that says how to mend it."""

from register.errors import AduanError


class CalendarEndsError(AduanError):
    """The calendar holds no service time as far ahead as anybody would wait, so a deadline has no place to fall."""

    code = "calendar_ends"


class OfficeHoursError(AduanError):
    """A setting of office hours or of Ramadan dates cannot be read."""

    code = "office_hours"


class NormError(AduanError):
    """The text is not a norm such as "10 menit" or "2 hari kerja"."""

    code = "norm"


class QuestionError(AduanError):
    """What was asked on the command line cannot be read: no such SOP or step, instant, or officer."""

    code = "question"


class ProcedureError(AduanError):
    """The SOP or the acts, as data, contradict themselves."""

    code = "procedure"


class SheetEditError(AduanError):
    """A delivered edit of the sheet does not say what a delivery must say."""

    code = "sheet_edit"


class TrainingError(AduanError):
    """The child process that trains a model did not answer."""

    code = "training"
