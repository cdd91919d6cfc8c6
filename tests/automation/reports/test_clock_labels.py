"""What clocks are called stands in the register, where pages find it; which there are is known to the SOPs and laws."""

from automation.sop.clock_keys import ANSWER, EMERGENCY
from automation.sop.laws import load_laws
from register.figures import CLOCK_LABELS


def test_every_clock_that_is_of_no_step_has_a_name() -> None:
    assert set(CLOCK_LABELS) == {ANSWER, EMERGENCY, *(law.key for law in load_laws())}


def test_a_limit_that_holds_for_all_categories_is_called_as_its_law_calls_it() -> None:
    alike = [law.label for law in load_laws() if not law.categories]
    assert set(alike) <= {*CLOCK_LABELS.values(), "SP4N-LAPOR: pengaduan tidak berkadar pengawasan"}
