"""The model in force over a store: loaded once, and trained anew when enough was decided since."""

from datetime import datetime, timedelta

import structlog

from automation.disposition.learning import LEAST_CORRECTIONS, MODEL_SETTING, Model, in_force
from automation.disposition.training import decided_complaints, train
from automation.reminders.delivery import remembered_rules
from register.store import Store

TRAINED_EVERY = timedelta(days=7)
_TRAINED = "model_trained"

log = structlog.get_logger()


class Learned:
    """What the register's own corrections taught. Training runs in a child process and may take minutes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._model: Model | None = None

    def model(self) -> Model:
        """The model that dispositions use now."""
        if self._model is None:
            self._model = in_force(self._store.setting(MODEL_SETTING))
        return self._model

    def renew(self, now: datetime) -> Model | None:
        """
        Train anew if the last training is a week old and there is enough to learn from; None if not.

        Raises: TrainingError if the child does not answer.
        """
        last = self._store.setting(_TRAINED)
        if last and now - datetime.fromisoformat(last) < TRAINED_EVERY:
            return None
        decided = decided_complaints(self._store)
        if len(decided) < LEAST_CORRECTIONS:
            return None
        return self.train(now)

    def train(self, now: datetime) -> Model:
        """Train now; what comes out is used from the next tick on, if it is better than the rules. Raises: likewise."""
        rules = remembered_rules(self._store)(now)
        model = train(decided_complaints(self._store), rules=rules.rules, bidang_of=rules.bidang_of)
        self._store.put_setting(MODEL_SETTING, {"model": model.dump()})
        self._store.put_setting(_TRAINED, now.isoformat())
        self._model = None
        log.info("model_trained", corrections=model.corrections, in_force=model.in_force)
        return model
