"""How long the decree's papers take: 1,000 of them in one run, each about another complaint, and a year's book."""

import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from forms.papers import Book, Paper, book_xlsx, render, render_book
from forms.papers.book import Entry
from tests.builders import MOMENT
from tests.forms.papers.paper_facts import OFFICE, ROOT, the_complaint, the_facts, the_intake

PAPERS = 1_000
ENTRIES = 1_000
"""A busy year of a small office."""
STORY = "Bantuan sembako belum kami terima selama tiga bulan, mohon penjelasan. "


def measure(_folder: Path) -> None:
    """Print a line for each."""
    began = time.perf_counter()
    render(Paper.RECEIPT, the_facts())
    print(f"the first paper of a process, fonts and all: {time.perf_counter() - began:.2f} s")
    spent, sizes, worked = Counter[Paper](), Counter[Paper](), time.process_time()
    for number, paper in zip(range(1, PAPERS + 1), cycle(Paper)):
        facts = the_facts({"description": f"{number}. {STORY * (number % 20)}"}, number=number)
        began = time.perf_counter()
        sizes[paper] += len(render(paper, facts))
        spent[paper] += time.perf_counter() - began
    whole, worked = sum(spent.values()), time.process_time() - worked
    each = f"{whole / PAPERS * 1000:.1f} ms each, {worked / PAPERS * 1000:.1f} ms of the processor"
    print(f"{PAPERS:,} papers as PDF in one run: {whole:.1f} s ({each}), {_peak()}")
    for paper in Paper:
        count = PAPERS // len(Paper)
        print(f"    {paper:22} {spent[paper] / count * 1000:6.1f} ms, {sizes[paper] / count / 1000:5.1f} kB")
    entries = [
        Entry(the_complaint(number=n), the_intake(description=STORY * (n % 6 + 1))) for n in range(1, ENTRIES + 1)
    ]
    book = Book(replace(OFFICE), 2026, None, tuple(entries), ROOT, MOMENT)
    for name, setting in (("PDF", render_book), ("Excel", book_xlsx)):
        began = time.perf_counter()
        size = len(setting(book)) / 1e6
        seconds = time.perf_counter() - began
        print(f"a book of {ENTRIES:,} complaints as {name}: {seconds:.1f} s, {size:.1f} MB, {_peak()}")


def _peak() -> str:
    """The most memory that the process has had so far."""
    kilo = 1 if sys.platform != "darwin" else 1024
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / kilo:.0f} MB at most"


if __name__ == "__main__":
    measure(Path())
