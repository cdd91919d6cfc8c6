"""Where a complaint can stand, and what time does there: automation/sop/states.toml, checked against the acts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from automation.errors import ProcedureError
from automation.sop.acts import Act, Actor, load_acts
from register.complaint import CLOSED, Status


class Time(StrEnum):
    """What the clocks of a complaint do."""

    RUN = "run"
    STAND_STILL = "stand_still"
    """The office waits for the reporter."""
    REPORT = "report"
    """The matter is settled; only the report is due."""
    ENDED = "ended"


@dataclass(frozen=True)
class State:
    """
    One state. `window` is a time that the reporter has there, as long as `setting` says; when it is over the system
    does the act `then`, if there is one. `filed_by` is the act that it does once the case report is written besides.
    """

    status: Status
    clocks: Time
    window: str = ""
    setting: str = ""
    then: str = ""
    filed_by: str = ""


@lru_cache(maxsize=1)
def load_states() -> Mapping[Status, State]:
    """Every state. Raises: ProcedureError if the shipped data contradict themselves."""
    return read_states(files("automation.sop").joinpath("states.toml").read_text(encoding="utf-8"), load_acts())


def read_states(text: str, acts: Mapping[str, Act]) -> Mapping[Status, State]:
    """The states that a TOML text holds, checked. Raises: ProcedureError naming the state at fault."""
    try:
        rows = tomllib.loads(text)["state"]
        states = {Status(row["key"]): _state(row) for row in rows}
    except (KeyError, ValueError) as error:
        raise ProcedureError(f"Keadaan pada states.toml tidak lengkap atau tidak dikenal: {error}.") from error
    if lacking := sorted(set(Status) - states.keys()):
        raise ProcedureError(f"Keadaan {', '.join(lacking)} tidak ada pada states.toml.", statuses=lacking)
    for state in states.values():
        _check(state, acts)
    return MappingProxyType(states)


def _state(row: Mapping[str, str]) -> State:
    optional = {name: row.get(name, "") for name in ("window", "setting", "then", "filed_by")}
    return State(Status(row["key"]), Time(row["clocks"]), **optional)


def _check(state: State, acts: Mapping[str, Act]) -> None:
    settled = state.clocks in (Time.REPORT, Time.ENDED)
    if settled != (state.status in CLOSED):
        raise ProcedureError(f"Keadaan {state.status}: jalannya waktu tidak sesuai dengan terbuka atau tertutup.")
    if bool(state.window) != bool(state.setting):
        raise ProcedureError(f"Keadaan {state.status}: window dan setting harus keduanya ada.")
    if bool(state.filed_by) != (state.clocks is Time.REPORT):
        raise ProcedureError(f"Keadaan {state.status}: filed_by ada tepat bila laporannya ditunggu.")
    for key in filter(None, (state.then, state.filed_by)):
        act = acts.get(key)
        if act is None or Actor.SYSTEM not in act.by or state.status not in act.sources:
            raise ProcedureError(f"Keadaan {state.status}: tindakan '{key}' tidak dapat dilakukan sistem dari sini.")
