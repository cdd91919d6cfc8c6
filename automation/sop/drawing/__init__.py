"""The procedures and the states of a complaint, drawn from their data, for the wall and for the inspector."""

from collections.abc import Iterable, Mapping

from automation.sop.acts import Act
from automation.sop.drawing.paper import Sheet
from automation.sop.drawing.state_chart import draw_states
from automation.sop.drawing.swimlanes import draw_procedure
from automation.sop.procedures import Procedure
from automation.sop.states import State
from register.complaint import Status


def draw_sop(
    procedures: Iterable[Procedure], acts: Mapping[str, Act], states: Mapping[Status, State]
) -> tuple[Sheet, ...]:
    """A sheet for each procedure, and one for the states of a complaint with the acts between them."""
    return (*(draw_procedure(procedure, acts) for procedure in procedures), draw_states(acts, states))
