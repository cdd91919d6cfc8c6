"""
The job that publishes editions: each once, some days after its period ended, in the order of time.

An edition is frozen in the store as soon as it is made. What is recorded, corrected or erased later changes nothing
that the public was shown: docs/decisions/0031-public-editions.md.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from automation.configuration.in_force import Configuration
from automation.configuration.office_settings import detail_of
from automation.disposition.categories import categories
from automation.reports.periodic import Labels
from automation.reports.public import DIMENSIONS, Shown, compose, due, needed
from forms.categories import categories as form_categories
from forms.regions import districts
from register.complaint import Channel
from register.figures import Dimension, Statistics
from register.store import Store

SETTING = "publik_rinci"
log = structlog.get_logger()


class Publishing:
    """The job."""

    def __init__(self, store: Store, statistics: Statistics, rules: Callable[[datetime], Configuration]) -> None:
        self._store, self._statistics, self._rules = store, statistics, rules

    def __call__(self, now: datetime) -> None:
        """Publish what is due; one that another process publishes meanwhile stays as that made it."""
        shelf = list(self._store.editions())
        wished = detail_of(self._rules(now).setting(SETTING))
        periods = due(self._store.begun(), shelf, wished, now)
        if not periods:
            return
        counted = needed(periods, shelf)
        figures = dict(zip(counted, self._statistics.figures(counted, now), strict=True))
        for period in periods:
            edition = compose(period, figures, shelf, shown(), wished=wished, now=now)
            if not self._store.publish(edition):
                return
            shelf.append(edition)
            log.info("edition_published", period=period.key, tables=len(edition.tables), left_out=edition.left_out)


def shown() -> Mapping[Dimension, Shown]:
    """The values of each dimension, all that there can be, in the order of lists; "not known" comes last."""
    values = {
        Dimension.CHANNEL: [channel.value for channel in Channel],
        Dimension.CATEGORY: [category.code for category in form_categories()],
        Dimension.DISTRICT: sorted(district.name for district in districts()),
    }
    labels = Labels()
    never = frozenset(category.code for category in categories().values() if category.restricted)
    return {
        dimension: Shown(
            {value: labels.of(dimension, value) for value in (*values[dimension], "")},
            never if dimension is Dimension.CATEGORY else frozenset(),
        )
        for dimension in DIMENSIONS
    }
