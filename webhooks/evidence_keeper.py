"""Evidence as the form's steps need it: five acts upon a holder's files, at the present instant."""

from werkzeug.datastructures import FileStorage, MultiDict

from forms.problems import Problem
from webhooks import evidence
from webhooks.context import here


class EvidenceKeeper:
    """Does nothing where the application keeps no files. A holder is `draft:<key>` or `ticket:<ticket>`."""

    def panel(self, holder: str, *, back: str, problems: tuple[Problem, ...] = ()) -> evidence.Panel:
        """What `evidence.html` shows; `back` is the path of the page that shows it."""
        return evidence.panel(holder, back=back, problems=problems)

    def take(self, holder: str, files: MultiDict[str, FileStorage]) -> tuple[Problem, ...]:
        """Keep the files that are good; what is wrong with the others."""
        return evidence.take(holder, files)

    def count(self, holder: str) -> int:
        """How many are kept."""
        attachments = here().attachments
        return len(attachments.of(holder)) if attachments else 0

    def hand_over(self, from_holder: str, to_holder: str) -> None:
        """Make them another holder's; done twice it changes nothing."""
        if attachments := here().attachments:
            attachments.hand_over(from_holder, to_holder, now=here().clock())

    def discard(self, holder: str) -> None:
        """Give all of them up."""
        if attachments := here().attachments:
            attachments.discard(holder, now=here().clock())
