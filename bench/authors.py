"""
`python -m bench.authors`: how well complaints are disposed whose author the model has never read.

The examples of each author in turn are left out of the training and then disposed. What is tuned is tuned on this, so
that no figure is of texts, or of a way of writing, that the model knows. The rules were made beside the examples of the
author `first`; of the others they know nothing.
"""

from collections.abc import Sequence

from automation.disposition.disposing import dispose
from automation.disposition.learning import Model
from automation.disposition.learning_child import learn
from automation.disposition.seeded import seeded_bidang_of, seeded_rules
from automation.disposition.training import Decided, starting_examples
from bench.disposition import NOTHING, Judged, Sample, report

_LINES = 9
"""Of the report: without the table of confusions."""


def main() -> None:
    """Train without each author, and measure on that one."""
    for author in dict.fromkeys(each.author for each in starting_examples()):
        print(f"without {author}")
        print("\n".join(report(judged_without(author))[:_LINES]), flush=True)


def judged_without(author: str) -> list[Judged]:
    """The author's examples, disposed with a model of all the others'."""
    others = [each for each in starting_examples() if each.author != author]
    learned = learn([(each.text, each.category, each.urgency) for each in others], [], ())
    return judge_by([each for each in starting_examples() if each.author == author], learned)


def judge_by(examples: Sequence[Decided], learned: Model) -> list[Judged]:
    """Each example disposed with that model and the rules of a new register."""
    rules, bidang_of = seeded_rules(), seeded_bidang_of()
    return [
        Judged(
            Sample(each.text, each.category or NOTHING, each.bidang, each.urgency),
            dispose(each.text, rules=rules, bidang_of=bidang_of, learned=learned),
        )
        for each in examples
    ]


if __name__ == "__main__":
    main()
