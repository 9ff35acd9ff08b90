"""How many people a published file tells apart: k-anonymity over what others may know, l-diversity of what they seek.

What others may know (quasi-identifiers) is data: sql/release/quasi_identifier.tsv.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root, sql
from harmonize.engine.shown import Shown
from harmonize.engine.sql_text import quote
from harmonize.quality.small_cells import LEAST, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

SENSITIVE = ("death", "diagnosis")
LADDERS: dict[str, tuple[str, tuple[tuple[str, str | None], ...]]] = {
    "birth_year": ("birth_year", (("decade", "birth_decade"), ("twenty_years", "birth_score"))),
    "zip": ("zip3", (("state", "state"), ("withheld", None))),
    "sex": ("sex", (("rare_withheld", "sex_common"), ("withheld", None))),
    "race": ("race", (("rare_withheld", "race_common"), ("withheld", None))),
    "ethnicity": ("ethnicity", (("rare_withheld", "ethnicity_common"), ("withheld", None))),
}
"""What a project may coarsen (harmonize.audit.rules.COARSER): what is known now, and then, step by step."""
MOST = 10
"""So many of the smallest classes are named."""


@dataclass(frozen=True)
class Known:
    """Something that others may know of a person: its name, SQL, whether it is asked for unless others are named, what
    is coarser, and what a sentence calls it."""

    name: str
    sql: str
    asked: bool
    coarser: str | None
    says: str


@dataclass(frozen=True)
class Coarsening:
    """What could be done, and how many persons would be in small classes then."""

    act: str
    column: str
    by: tuple[str, ...]
    under: int


@dataclass(frozen=True)
class Way:
    """What a release would coarsen (as in the rules of a project), and how many persons would be in small classes then;
    the smallest class would have `smallest` persons."""

    coarsen: dict[str, str]
    under: int
    smallest: int

    def rule(self) -> str:
        """The lines of a file of rules, in one."""
        return f"coarsen: {{{', '.join(f'{name}: {how}' for name, how in self.coarsen.items())}}}"


@dataclass(repr=False)
class Risk(Shown):
    """The classes of persons who are alike in `by`: how many there are, how small, how many persons are in classes of
    fewer than `k` (`under`) or alone, and in classes of fewer than `diversity` answers to `sensitive` (`alike`)."""

    k: int
    diversity: int
    by: tuple[str, ...]
    sensitive: str
    classes: int
    persons: int
    smallest: int
    under: int
    classes_under: int
    alone: int
    least_answers: int
    alike: int
    smallest_classes: list[dict[str, Any]] = field(default_factory=list)
    suggestions: list[Coarsening] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def way(self) -> str:
        """What the rules of a project would have to say for a release that reaches `k`."""
        best = next((one for one in self.ways if not one.under), None)
        if best:
            return f"With {best.rule()} no class is smaller than {self.k}."
        last = self.ways[-1] if self.ways else None
        if last and last.smallest > self.smallest:
            return f"Nothing reaches {self.k}; with k: {last.smallest} and {last.rule()} it may leave."
        return f"Nothing reaches {self.k}; with k: {self.smallest} it may leave."

    @property
    def ok(self) -> bool:
        """Whether no class is smaller than asked, and none has fewer answers."""
        return not self.under and (self.diversity <= 1 or not self.alike)

    def to_json(self, *, leaves: bool = False) -> dict[str, Any]:
        """The object that `harmonize release risk --json` prints. What `leaves` the house names no small class, and
        numbers of fewer than 11 persons, and those that would tell them, are null."""
        sums: dict[str, Any] = {
            "persons": self.persons, "classes": self.classes, "smallest": self.smallest, "under": self.under,
            "classes_under": self.classes_under, "alone": self.alone, "least_answers": self.least_answers,
            "alike": self.alike,
        }  # fmt: skip
        if leaves:
            for name in ("smallest", "under", "alone", "alike"):
                few = 0 < sums[name] < LEAST or 0 < self.persons - sums[name] < LEAST
                sums[name] = None if few else sums[name]
        asked = {"k": self.k, "diversity": self.diversity, "by": list(self.by), "sensitive": self.sensitive}
        if leaves:
            return {"ok": self.ok, **asked, **sums}
        return {
            "ok": self.ok, **asked, **sums, "smallest_classes": self.smallest_classes,
            "suggestions": [{**vars(one), "by": list(one.by)} for one in self.suggestions],
            "ways": [vars(one) for one in self.ways],
        }  # fmt: skip

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        lines = [
            f"{self.persons:,} persons in {self.classes:,} classes by {', '.join(self.by)}; the smallest has "
            f"{told(self.smallest)}.",
            f"{told(self.under)} persons are in classes of fewer than {self.k}, {told(self.alone)} of them alone.",
            f"{told(self.alike)} persons are in classes of fewer than {max(self.diversity, 2)} answers to "
            f"{self.sensitive}.",
        ]
        lines += [f"{one.act}: {told(one.under)} persons in such classes." for one in self.suggestions]
        lines += [f"In the rules of the project: {one.rule()}: {told(one.under)} persons." for one in self.ways]
        return [*lines, self.way()] if self.under else lines


@cache
def known() -> dict[str, Known]:
    """What others may know, by name."""
    with (root("sql") / "release" / "quasi_identifier.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            row["name"]: Known(row["name"], row["sql"], row["asked"] == "yes", row["coarser"] or None, row["says"])
            for row in rows
        }


def risk(store: Store, *, k: int = LEAST, diversity: int = 1, by: Sequence[str] = (), sensitive: str = "death") -> Risk:
    """The risk of a published file; with `by` only what is named there is known of persons.

    Raises InputError for a name that is none, and for a threshold below 1.
    """
    chosen = tuple(dict.fromkeys(by)) or tuple(name for name, one in known().items() if one.asked)
    for name in chosen:
        if name not in known():
            raise InputError(f"Nothing is known of persons by the name {name}.", did_you_mean(name, known()))
    if sensitive not in SENSITIVE:
        raise InputError(f"{sensitive!r} is no answer that is looked at.", did_you_mean(sensitive, SENSITIVE))
    if k < 1 or diversity < 1:
        raise InputError("A threshold is a number of 1 or more.")
    con = store.con
    _make_persons(con, k)
    con.execute(sql("release/risk/class").replace("{known}", _cells(chosen)).replace("{sensitive}", quote(sensitive)))
    asked = max(diversity, 2)
    sums = con.execute(sql("release/risk/sums"), {"k": k, "diversity": asked})
    classes, persons, least, under, classes_under, alone, answers, alike = map(int, sums.fetchone() or (0,) * 8)
    found = Risk(
        k, diversity, chosen, sensitive, classes, persons, least, under, classes_under, alone, answers, alike
    )  # fmt: skip
    smallest = con.execute(
        "SELECT known, persons FROM risk_class WHERE persons < ? ORDER BY persons, known LIMIT ?", [k, MOST]
    ).fetchall()
    found.smallest_classes = [
        {**dict(zip(chosen, values, strict=True)), "persons": count} for values, count in smallest
    ]
    found.suggestions = _suggestions(con, chosen, k, found.under) if found.under else []
    found.ways = _ways(con, found) if found.under else []
    return found


def _make_persons(con: DuckDBPyConnection, k: int) -> None:
    """Temp table risk_person, of the CDM in whatever schema it was published."""
    row = con.execute(
        "SELECT schema_name FROM duckdb_tables() WHERE table_name = 'observation_period' AND NOT internal "
        "AND database_name = current_database() ORDER BY schema_name = 'omop' DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise InputError("The file has no CDM.", "Name a file that `harmonize publish` made, or a store.")
    columns = ", ".join(f"({one.sql})::VARCHAR AS {quote(name)}" for name, one in known().items())
    columns = columns.replace("{least}", str(max(k, LEAST)))
    con.execute(sql("release/risk/person").replace("{columns}", columns).replace("{cdm}", quote(row[0])))


def _cells(names: Sequence[str]) -> str:
    return ", ".join(quote(name) for name in names)


def _suggestions(con: DuckDBPyConnection, by: tuple[str, ...], k: int, now: int) -> list[Coarsening]:
    """For each column what its coarser form, or leaving it out, would bring; the best first."""
    tried = []
    for name in by:
        others = tuple(other for other in by if other != name)
        coarser = known()[name].coarser
        if coarser and coarser not in by:
            tried.append((f"With {known()[coarser].says} instead of {known()[name].says}", name, (*others, coarser)))
        if others:
            tried.append((f"Without {known()[name].says}", name, others))
    found = []
    for act, name, left in tried:
        row = con.execute(sql("release/risk/under").replace("{known}", _cells(left)), {"k": k}).fetchone()
        found.append(Coarsening(act, name, left, int(row[0]) if row else 0))
    return sorted((one for one in found if one.under < now), key=lambda one: (one.under, one.act))


def _ways(con: DuckDBPyConnection, found: Risk) -> list[Way]:
    """What a project may coarsen, by how much it takes: of each amount the way that leaves the fewest persons in small
    classes, where that is fewer than with less; the last one leaves none, or as few as can be."""
    by, k = found.by, found.k
    ladders = {rule: steps for rule, (name, steps) in LADDERS.items() if name in by}
    best: dict[int, Way] = {}
    for choice in product(*([(None, None), *steps] for steps in ladders.values())):
        taken = {rule: how for rule, (how, _) in zip(ladders, choice, strict=True) if how}
        swapped = {LADDERS[rule][0]: column for rule, (how, column) in zip(ladders, choice, strict=True) if how}
        left = tuple(one for name in by if (one := swapped.get(name, name)))
        amount = sum(
            [how for how, _ in steps].index(taken[rule]) + 1 for rule, steps in ladders.items() if rule in taken
        )
        if not taken or not left:
            continue
        row = con.execute(sql("release/risk/under").replace("{known}", _cells(left)), {"k": k}).fetchone() or (0, 0)
        way = Way(taken, int(row[0]), int(row[1]))
        if amount not in best or (way.under, -way.smallest) < (best[amount].under, -best[amount].smallest):
            best[amount] = way
    if all(way.under for way in best.values()) and best:
        # what is rare depends on k: where another k is to be named, it is that of the least that can be told
        return [*_better(found, [best[amount] for amount in sorted(best)][:-1]), best[max(best)]]
    return _better(found, [best[amount] for amount in sorted(best)])


def _better(found: Risk, tried: list[Way]) -> list[Way]:
    """Of what was tried, by amount, what is better than all that takes less."""
    ways: list[Way] = []
    least = (found.under, -found.smallest)
    for way in tried:
        if least[0] and (way.under, -way.smallest) < least:
            ways.append(way)
            least = (way.under, -way.smallest)
    return ways
