"""
The office's figures once more, by SQL over the raw audit trail alone: nothing of the program's own is asked.

What is counted comes from `events` as they stand in the database, written out as JSON lines; service time is looked up
in a table of every minute (tests/year/timetable.py).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from tests.year.timetable import FIRST, Timetable

CLOSED = "('resolved', 'transferred', 'out_of_authority', 'withdrawn', 'merged', 'archived')"
WINDOWS = "('kelengkapan', 'tanggapan', 'buka_kembali')"
SETTLED = "('selesai', 'nyatakan_puas', 'tutup_otomatis')"

VIEWS = f"""
CREATE TABLE events AS SELECT seq, ticket, kind, data, CAST(moment AS TIMESTAMP) AS moment
  FROM read_json('{{path}}', format='newline_delimited',
    columns={{{{seq: 'BIGINT', ticket: 'VARCHAR', moment: 'VARCHAR', kind: 'VARCHAR', data: 'JSON'}}}});
CREATE TABLE told AS SELECT ticket,
    min(moment) FILTER (kind = 'received') AS recorded_at,
    arg_max((data->>'$.facts.procedure'), seq) FILTER ((data->>'$.facts.procedure') IS NOT NULL) AS procedure,
    arg_max((data->>'$.facts.channel'), seq) FILTER ((data->>'$.facts.channel') IS NOT NULL) AS channel,
    arg_max((data->>'$.facts.district'), seq) FILTER ((data->>'$.facts.district') IS NOT NULL) AS district,
    arg_max((data->>'$.category'), seq) FILTER (kind = 'disposed' AND (data->>'$.category') IS NOT NULL) AS category,
    arg_max((data->>'$.bidang'), seq) FILTER (kind = 'disposed' AND (data->>'$.bidang') IS NOT NULL) AS bidang,
    arg_max((data->>'$.urgency'), seq) FILTER (kind = 'disposed' AND (data->>'$.urgency') IS NOT NULL) AS urgency,
    arg_max((data->'$.facts.pauses'), seq) FILTER ((data->'$.facts.pauses') IS NOT NULL) AS pauses
  FROM events GROUP BY ticket;
CREATE TABLE pauses AS SELECT ticket, CAST((span->>0) AS TIMESTAMP) AS since, CAST((span->>1) AS TIMESTAMP) AS until
  FROM (SELECT ticket, unnest(CAST(pauses AS JSON[])) AS span FROM told);
CREATE TABLE clocks AS SELECT * EXCLUDE (place) FROM (
  SELECT ticket, CAST((each->>0) AS INTEGER) AS round, (each->>1) AS key, CAST((each->>2) AS TIMESTAMP) AS begun,
    CAST((each->>3) AS TIMESTAMP) AS due, CAST((each->>4) AS TIMESTAMP) AS done,
    row_number() OVER (PARTITION BY ticket, (each->>0), (each->>1) ORDER BY seq DESC) AS place
  FROM (SELECT ticket, seq, unnest(CAST((data->'$.facts.clocks') AS JSON[])) AS each FROM events))
  WHERE place = 1 AND key NOT IN {WINDOWS};
CREATE TABLE acts AS SELECT ticket, seq, moment, (data->>'$.act') AS act,
    CAST((data->>'$.rating') AS INTEGER) AS rating,
    (data->>'$.status') AS status, (data->>'$.status') IN {CLOSED} AS closed,
    lag((data->>'$.status') IN {CLOSED}, 1, false) OVER (PARTITION BY ticket ORDER BY seq) AS was_closed
  FROM events WHERE (data->>'$.status') IS NOT NULL;
CREATE TABLE closings AS SELECT shut.ticket, shut.seq, shut.moment, shut.act,
    (SELECT min(moment) FROM acts WHERE acts.ticket = shut.ticket AND acts.seq > shut.seq AND NOT acts.closed) AS ended
  FROM acts AS shut WHERE shut.closed AND NOT shut.was_closed;
"""

WHO = "CREATE OR REPLACE TEMP TABLE who AS SELECT * FROM told WHERE {condition}"
AMONG = "ticket IN (SELECT ticket FROM who)"
OPEN_AT = """SELECT count(*) FROM who WHERE recorded_at < $then AND NOT EXISTS (SELECT 1 FROM closings
  WHERE closings.ticket = who.ticket AND moment < $then AND (ended IS NULL OR ended >= $then))"""
SHUT = (
    f"""FROM closings WHERE {AMONG} AND moment >= $since AND moment < $until AND (ended IS NULL OR ended >= $until)"""
)
MOMENTS = """SELECT DISTINCT moment FROM (SELECT begun AS moment FROM clocks UNION SELECT done FROM clocks
  UNION SELECT since FROM pauses UNION SELECT until FROM pauses) WHERE moment IS NOT NULL"""
TOOK = """CREATE TABLE timed AS SELECT clocks.*, served_to.total - served_from.total
    - coalesce((SELECT sum(p_to.total - p_from.total) FROM pauses
        JOIN minutes AS p_from ON p_from.moment = greatest(pauses.since, begun)
        JOIN minutes AS p_to ON p_to.moment = least(coalesce(pauses.until, done), done)
      WHERE pauses.ticket = clocks.ticket
        AND greatest(pauses.since, begun) < least(coalesce(pauses.until, done), done)), 0) AS took,
    EXISTS (SELECT 1 FROM pauses WHERE pauses.ticket = clocks.ticket AND pauses.until IS NULL AND pauses.since <= due
      AND done IS NULL AND key <> 'darurat') AS stands_still
  FROM clocks LEFT JOIN minutes AS served_from ON served_from.moment = begun
    LEFT JOIN minutes AS served_to ON served_to.moment = done"""
TIMED = """SELECT procedure, key,
    count(*) FILTER (counted = 'done' AND done <= due) AS on_time,
    count(*) FILTER (counted = 'done' AND done > due) AS late,
    count(*) FILTER (counted = 'overdue') AS overdue,
    list_sort(list(took) FILTER (counted = 'done')) AS took
  FROM (SELECT who.procedure, timed.*, CASE WHEN done >= $since AND done < $until THEN 'done'
      WHEN due >= $since AND due < $until AND (done IS NULL OR done >= $until) AND NOT stands_still THEN 'overdue'
    END AS counted
    FROM timed JOIN who ON who.ticket = timed.ticket WHERE due IS NOT NULL AND who.recorded_at < $until)
  WHERE counted IS NOT NULL GROUP BY ALL"""
SAID = f"""SELECT act, coalesce((SELECT arg_max(rating, seq) FROM acts WHERE acts.ticket = shut.ticket AND rating > 0
    AND acts.seq >= shut.seq AND (shut.ended IS NULL OR acts.moment < shut.ended)), 0) AS rating
  FROM (SELECT * {SHUT}) AS shut WHERE act IN {SETTLED}"""
EMERGENCIES = """SELECT begun, due, CASE WHEN done < $until THEN done END AS done
  FROM (SELECT who.ticket, arg_min(clocks.begun, round) AS begun, arg_min(clocks.due, round) AS due,
      arg_min(struct_pack(ended := clocks.done), round).ended AS done
    FROM who LEFT JOIN clocks ON clocks.ticket = who.ticket AND key = 'darurat'
    WHERE urgency = 'Darurat' AND recorded_at >= $since AND recorded_at < $until
      AND (key IS NOT NULL OR who.ticket NOT IN (SELECT ticket FROM closings WHERE ended IS NULL))
    GROUP BY who.ticket)"""


@dataclass
class Recount:
    """Counts by SQL, between instants in UTC."""

    base: duckdb.DuckDBPyConnection

    @classmethod
    def of(cls, engine: sa.Engine, folder: Path, timetable: Timetable | None = None) -> "Recount":
        """Everything that the trail tells, and every minute's service until then."""
        with engine.connect() as connection, (folder / "events.jsonl").open("w", encoding="utf-8") as file:
            for row in connection.exec_driver_sql("SELECT seq, ticket, at, kind, data FROM events ORDER BY seq"):
                plain = {"seq": row.seq, "ticket": row.ticket, "moment": row.at.removesuffix("Z"), "kind": row.kind}
                file.write(json.dumps(plain | {"data": json.loads(row.data)}) + "\n")
        base = duckdb.connect(config={"threads": 1})
        base.execute(VIEWS.format(path=folder / "events.jsonl"))
        base.execute("CREATE TABLE minutes (moment TIMESTAMP, total INTEGER)")
        served = list(accumulate((timetable or Timetable()).served, initial=0))
        moments = [moment for (moment,) in base.execute(MOMENTS).fetchall()]
        base.executemany("INSERT INTO minutes VALUES (?, ?)", [(moment, served[_place(moment)]) for moment in moments])
        base.execute(TOOK)
        return cls(base)

    def choose(self, values: Mapping[str, str]) -> None:
        """Only complaints with each of these values are counted from now on."""
        condition = " AND ".join(f"{column} = '{value}'" for column, value in values.items()) or "true"
        self.base.execute(WHO.format(condition=condition))

    def figures(self, since: datetime, until: datetime) -> dict[str, Any]:
        """Every figure, plainly."""
        between = {"since": since.replace(tzinfo=None), "until": until.replace(tzinfo=None)}
        received = "FROM who WHERE recorded_at >= $since AND recorded_at < $until"
        said = self._rows(SAID, between)
        looks = self._rows(EMERGENCIES, between)
        acted = f"FROM acts WHERE {AMONG} AND moment >= $since AND moment < $until"
        return {
            "received": self._one(f"SELECT count(*) {received}", between),
            **{
                name: dict(self._rows(f"SELECT {name}, count(*) {received} GROUP BY {name}", between))
                for name in ("channel", "category", "bidang", "district", "urgency")
            },
            "closed": self._one(f"SELECT count(*) {SHUT}", between),
            "outcomes": dict(self._rows(f"SELECT act, count(*) {SHUT} GROUP BY act", between)),
            "pending_before": self._one(OPEN_AT, {"then": between["since"]}),
            "pending_after": self._one(OPEN_AT, {"then": between["until"]}),
            "reopened": self._one(f"SELECT count(*) {acted} AND act = 'buka_kembali'", between),
            "ratings": dict(self._rows(f"SELECT rating, count(*) {acted} AND rating > 0 GROUP BY rating", between)),
            "timings": {
                (procedure, key): (on_time, late, overdue, rank(took, 1, 2), rank(took, 9, 10))
                for procedure, key, on_time, late, overdue, took in self._rows(TIMED, between)
            },
            "disputed": sum(rating in (1, 2) for _, rating in said),
            "by_reporter": sum(rating > 3 or (rating in (0, 3) and act == "nyatakan_puas") for act, rating in said),
            "by_office": len(said),
            "seen": [
                sum(done is not None and done <= due for _, due, done in looks),
                sum(done is not None and done > due for _, due, done in looks),
                sum(done is None and (due is None or due < between["until"]) for _, due, done in looks),
                sum(done is None and due is not None and due >= between["until"] for _, due, done in looks),
            ],
            "looks": rank(
                sorted((done - begun) // timedelta(minutes=1) for begun, _, done in looks if done is not None), 1, 2
            ),
        }

    def _one(self, query: str, values: Mapping[str, Any]) -> Any:
        return self._rows(query, values)[0][0]

    def _rows(self, query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        asked = {name: value for name, value in values.items() if f"${name}" in query}
        return self.base.execute(query, asked).fetchall()


def rank(values: list[int] | None, part: int, of: int) -> int | None:
    """The ceil(part / of * n)-th smallest of n in order."""
    return values[math.ceil(part * len(values) / of) - 1] if values else None


def _place(moment: datetime) -> int:
    """The minute of the timetable that begins at an instant in UTC, as everything here happens on whole minutes."""
    whole, rest = divmod(moment.replace(tzinfo=UTC) - FIRST, timedelta(minutes=1))
    assert not rest
    return whole
