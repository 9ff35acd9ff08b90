"""The rows that a mapping would make of a delivery: are their patients known, and does anything date them?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.progress import reached
from harmonize.engine.sql_text import literal, quote
from harmonize.mapping.select import entry_select
from harmonize.pipeline.hub import PLACING_DATES, placed_by
from harmonize.pipeline.mapping_findings import is_met
from harmonize.validation.table.findings import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.mapping.plan import Entry
    from harmonize.pipeline.project import Project
    from harmonize.validation.outcome import Asked

MAKES_PERSONS = ("case", "imaging_series")
NEEDS_NO_DATE = frozenset({"case", "organization", "provider", "drug", "device_definition", "fact_link", "annotation"})
"""Nodes whose rows need no date, or have it from elsewhere."""
NO_ROW = frozenset({"fact_link", "drug", "device_definition"})
"""Nodes whose rows say something of others, and are none of OMOP themselves."""
OWN_DATE = frozenset({"visit", "note", "specimen"})
"""Nodes whose rows nothing but themselves can date."""
DATES = ("start_date", "start_datetime", "series_date", "study_date")
DAYS = ("start_day", "days_to_hospital_admission", "study_day", "days_to_study")
EVENT_KEYS = ("visit_key", "start_imputation")
KEYS = {"visit_detail": ("visit_key",), "imaging_study": ("study_uid", "submitter_id")}
"""Slots of a row by which others may date it."""
AGES = {
    **dict.fromkeys(("birth_date", "birth_year", "age_at_index", "age_value", "age_low"), "{age} IS NOT NULL"),
    **dict.fromkeys(("age_at_index_gt89", "age_at_imaging_gt89"), "{age} = 'Yes'"),
    "age_at_imaging": "{age} IS NOT NULL",
    "patient_age": r"regexp_full_match(trim({age}), '[0-9][0-9][0-9][YMWD]')",
}
"""Slots that tell a person's age, and when they do (sql/steps/persons/person_evidence.sql)."""
_DATED = "SELECT (case_key, visit_key) FROM dated_part"
OFFSETS = ("start_day", "end_day", "study_day")


@dataclass
class Mapped:
    """The entries of a mapping that rows of a delivery meet, over `views` of its records."""

    asked: Asked
    project: Project
    entries: Sequence[Entry]
    views: dict[str, str]
    answers: dict[tuple[str, str], bool] = field(default_factory=dict)
    has_known_persons: bool = False
    has_withdrawn: bool = False

    def dated_rows(self) -> Iterator[tuple[list[str], str]]:
        """(columns, rows) of each node that has offsets or dates, as the mapping makes them."""
        for target in dict.fromkeys(entry.target for entry in self.entries):
            entries = [entry for entry in self.entries if entry.target == target]
            found = [
                name
                for name in dict.fromkeys(name for entry in entries for name in entry.columns)
                if name in (*PLACING_DATES, *OFFSETS) or name.startswith("days_to_")
            ]
            if found and self.project.time_policy is None:
                yield found, self._rows(entries, found)

    def judge(self) -> None:
        """Add the findings no_person, no_age and no_date, and make the temp tables `standing`, the records that may
        have no row (`doubtful`) and have one all the same, and `withdrawn_record`, those of withdrawn persons."""
        con = self.asked.con
        con.execute(sql("foresee/tables"))
        self._find_withdrawn()
        self._find_doubtful()
        doubtful = con.execute("SELECT count(*) FROM doubtful").fetchone()
        if not doubtful or not doubtful[0]:
            return
        self._fill_known_persons()
        classes = {name for name, view in self.views.items() if self._has_doubtful(view)}
        for entry in self.entries:
            if entry.source in classes and entry.target not in (*NO_ROW, "death"):
                con.execute(
                    f"INSERT INTO standing SELECT record_id FROM ({self._judged(entry)}) "
                    "WHERE record_id IN (SELECT record_id FROM doubtful) AND is_placed AND is_known AND is_dated"
                )
        if any(entry.target == "death" and entry.source in classes for entry in self.entries):
            con.execute(sql("foresee/standing_death").replace("{deaths}", self._deaths()))
        # of a resource the reference that leads nowhere is told already
        rules = ["no_date", "no_age"] if self.asked.resources else ["no_date", "no_age", "no_person"]
        con.execute(sql("foresee/findings"), {"submission": self.asked.submission, "rules": rules})

    def _find_withdrawn(self) -> None:
        """The temp tables withdrawn_case and withdrawn_record: a load takes the rows of such cases out again."""
        if self.asked.store is None:
            return
        con = self.asked.con
        con.execute(
            f"INSERT INTO withdrawn_case SELECT case_key FROM {self.asked.store}harmonize.withdrawn_case "
            "WHERE project_id = ?",
            [self.project.project_id],
        )
        row = con.execute("SELECT count(*) FROM withdrawn_case").fetchone()
        self.has_withdrawn = bool(row and row[0])
        rows = [
            f"SELECT record_id, case_key FROM {self._rows([entry], ['case_key'])}"
            for entry in self.entries
            if "case_key" in entry.columns
        ]
        if self.has_withdrawn and rows:
            con.execute(sql("foresee/withdrawn").replace("{rows}", " UNION ALL ".join(rows)))

    def _has_doubtful(self, view: str) -> bool:
        found = self.asked.con.execute(
            f"SELECT 1 FROM {view} WHERE record_id_ IN (SELECT record_id FROM doubtful) LIMIT 1"
        ).fetchone()
        return found is not None

    def _find_doubtful(self) -> None:
        """The temp table `doubtful`: records that a link or a finding doubts, and those with a row whose person is not
        known or that has no date."""
        con = self.asked.con
        con.execute(sql("foresee/doubtful"), {"submission": self.asked.submission, "links": self._person_links()})
        if self._asks_age or any(self._asks_person(entry) for entry in self.entries):
            self._fill_known_persons()
        suspects = [entry for entry in self.entries if entry.target not in NO_ROW and self._is_suspect(entry)]
        if any("start_imputation" in entry.columns or entry.target == "visit_detail" for entry in suspects):
            con.execute(f"INSERT INTO dated_visit {self._dated_visits()}")
            con.execute(sql("foresee/dated_part").replace("{parts}", self._visit_parts()))
        if any(entry.target == "imaging_study" for entry in suspects):
            con.execute(f"INSERT INTO dated_study {self._dated_studies()}")
        for number, entry in enumerate(suspects):
            reached(0.2 + 0.7 * number / len(suspects), 0.2 + 0.7 * (number + 1) / len(suspects))
            read = entry.columns["case_key"].sources if "case_key" in entry.columns else ()
            hidden = any(self._is_hidden(entry, name) for name in read)
            shown = masked("case_key") if hidden else "left(case_key, 200)"
            judged, node = self._judged(entry), literal(entry.target.replace("_", " "))
            if entry.target != "death":
                con.execute(
                    f"INSERT INTO doubtful SELECT record_id, 'no_date', {node} FROM ({judged}) "
                    "WHERE is_placed AND is_known AND NOT is_dated"
                )
            if self._asks_age:
                con.execute(
                    f"INSERT INTO doubtful SELECT record_id, 'no_age', {shown} FROM ({judged}) "
                    "WHERE is_placed AND case_key IN (FROM ageless_case)"
                )
            if self._asks_person(entry):
                con.execute(
                    f"INSERT INTO doubtful SELECT record_id, 'no_person', {shown} FROM ({judged}) "
                    "WHERE is_placed AND NOT is_known AND case_key NOT IN (FROM ageless_case)"
                )

        if any(entry.target == "death" for entry in suspects):
            con.execute(sql("foresee/undated_death").replace("{deaths}", self._deaths()))

    def _deaths(self) -> str:
        """SELECT record_id, case_key, is_dated of the deaths that are told of known persons, those of the store
        without a record."""
        deaths = [self._judged(entry) for entry in self.entries if entry.target == "death"]
        selects = [f"SELECT record_id, case_key, is_dated FROM ({one}) WHERE is_placed AND is_known" for one in deaths]
        if self.asked.store is not None:
            of = f" WHERE p.project_id = {literal(self.asked.project)}" if self.asked.project else ""
            selects.append(
                f"SELECT NULL, p.case_key, true FROM {self.asked.store}harmonize.person_case p "
                f"JOIN {self.asked.store}omop.death USING (person_id){of}"
            )
        return " UNION ALL ".join(selects)

    def _is_suspect(self, entry: Entry) -> bool:
        """Whether a row of the entry may have no known person or no date. Entries with joins are not asked."""
        if entry.joins:
            return True
        if "case_key" in entry.columns and (self._asks_age or self._asks_person(entry)):
            key = entry.columns["case_key"]
            if self._is_met(entry.source, f"{key.sql} NOT IN (SELECT case_key FROM known_person)", key.sources):
                return True
        if not self._asks_date(entry):
            return False
        if entry.target == "visit_detail":  # what dates it is its visit
            return True
        used = [entry.columns[name] for name in (*DATES, *DAYS) if name in entry.columns]
        sources = sorted({source for column in used for source in column.sources})
        own = self._has_own_date({name: f"({column.sql})" for name, column in entry.columns.items()})
        if not self._is_met(entry.source, f"NOT {own}", sources):
            return False
        when = entry.when
        return when is None or self._is_met(
            entry.source, f"NOT {own} AND {when.sql}", sorted({*sources, *when.sources})
        )

    def _is_met(self, source: str, condition: str, sources: Sequence[str]) -> bool:
        """is_met, asked once: entries of a class mostly read the same columns."""
        asked = (source, condition)
        if asked not in self.answers:
            self.answers[asked] = is_met(self.asked.con, self.views[source], condition, sources)
        return self.answers[asked]

    def _asks_date(self, entry: Entry) -> bool:
        """Whether the entry's rows need a date of their own: a series has that of its study."""
        if entry.target in NEEDS_NO_DATE:
            return False
        return entry.target != "imaging_series" or any(name in entry.columns for name in (*DATES, *DAYS))

    def _judged(self, entry: Entry) -> str:
        """SELECT record_id, case_key, and whether the row is placed, its person is known and it has a date."""
        placed = placed_by(list(entry.columns))
        keys = KEYS.get(entry.target, EVENT_KEYS)
        names = [*placed, *(name for name in (*DATES, *DAYS, *keys) if name in entry.columns)]
        told = {name: f"e.{quote(name)}" for name in names}
        case = "e.case_key" if "case_key" in told else "NULL::VARCHAR"
        is_placed, is_known, is_dated = "true", "true", "true"
        if placed:
            is_placed = f"coalesce({', '.join(told[name] for name in placed)}) IS NOT NULL"
        if self.has_withdrawn and "case_key" in told:
            is_placed += " AND coalesce(e.case_key NOT IN (FROM withdrawn_case), true)"
        if self.has_known_persons and "case_key" in told and (self._asks_age or entry.target not in MAKES_PERSONS):
            is_known = "e.case_key IS NULL OR e.case_key IN (SELECT case_key FROM known_person)"
        if self._asks_date(entry):
            is_dated = self._is_dated(entry.target, told)
        return (
            f"SELECT e.record_id, {case} AS case_key, {is_placed} AS is_placed, {is_known} AS is_known, "
            f"{is_dated} AS is_dated FROM {self._rows([entry], names)} e"
        )

    def _has_own_date(self, told: dict[str, str]) -> str:
        """SQL: whether a row is dated as its project counts (sql/steps/reference/omop_date.sql)."""
        dates = [f"{told[name]} IS NOT NULL" for name in DATES if name in told]
        days = [f"{told[name]} IS NOT NULL" for name in DAYS if name in told]
        if self.project.time_policy == "offset":
            return f"({' OR '.join([*days, *(dates if self.project.source_anchor else [])]) or 'false'})"
        return f"({' OR '.join(dates) or 'false'})"

    def _is_dated(self, target: str, told: dict[str, str]) -> str:
        """SQL: whether a row has a date of its own, or has one from a visit, a series or the index event."""
        tests = [self._has_own_date(told)]
        if target == "visit_detail":  # a part of a visit that is not there stands nowhere, whatever its own dates
            tests = [f"({told.get('case_key', 'NULL')}, {told.get('visit_key', 'NULL')}) IN ({_DATED})"]
        elif target == "imaging_study":
            named = [told[name] for name in KEYS[target] if name in told]
            uid = f"coalesce({', '.join([*named, 'NULL'])})"
            tests.append(f"{uid} IN (FROM dated_study)")
        elif target in OWN_DATE:
            pass
        elif target == "death":  # a day of its visit, whichever is asked for
            if {"start_imputation", "visit_key", "case_key"} <= told.keys():
                visit = f"({told['case_key']}, {told['visit_key']}) IN ({_DATED})"
                tests.append(f"{told['start_imputation']} IS NOT NULL AND {visit}")
        elif "start_imputation" in told and "case_key" in told:
            how = told["start_imputation"]
            if "visit_key" in told:
                visit = f"({told['case_key']}, {told['visit_key']}) IN ({_DATED})"
                tests.append(f"{how} IN ('visit_start', 'visit_span', 'visit_end') AND {visit}")
            tests.append(f"{how} = 'last_visit' AND {told['case_key']} IN (SELECT case_key FROM dated_visit)")
            if self.project.time_policy == "offset":
                tests.append(f"{how} = 'index_event'")
        return f"coalesce({' OR '.join(f'({test})' for test in tests)}, false)"

    def _asks_person(self, entry: Entry) -> bool:
        """Whether the entry's rows name a person that must be known: not where the same line makes the person, nor
        where the column is a link, of which `orphan` tells."""
        if not self._knows_persons or "case_key" not in entry.columns or entry.target in MAKES_PERSONS:
            return False
        key = entry.columns["case_key"]
        own = any(
            other.source == entry.source and other.when is None and other.target in MAKES_PERSONS
            and "case_key" in other.columns and other.columns["case_key"].sql == key.sql
            for other in self.entries
        )  # fmt: skip
        links = {name for source, name in self._links if source == entry.source}
        return not own and not set(key.sources) <= links

    @cached_property
    def _links(self) -> set[tuple[str, str]]:
        """(class, column) of the links to persons."""
        classes = self.asked.schema.classes
        return {
            (cls.name, slot.name)
            for cls in classes.values()
            for slot in cls.slots.values()
            if "link" in slot.annotations and classes[slot.annotations["link"]].annotations.get("person") == "true"
        }

    def _person_links(self) -> list[str]:
        return sorted({name for _, name in self._links})

    @cached_property
    def _knows_persons(self) -> bool:
        """Whether it can be told who is known: by a store, or by files of the delivery that make persons."""
        return self.asked.store is not None or any(entry.target in MAKES_PERSONS for entry in self.entries)

    @property
    def tells_persons(self) -> bool:
        """Whether it is told of every row if its person is known, where one must be."""
        return self._knows_persons or not any("case_key" in entry.columns for entry in self.entries)

    @property
    def _asks_age(self) -> bool:
        """Whether a case of which nothing tells the age is no person (see sql/steps/persons/person_case.new.sql)."""
        return self.project.unknown_age == "quarantine"

    def _fill_known_persons(self) -> None:
        """The temp table known_person: the cases that are persons, in the delivery or in the store; ageless_case: those
        that are none for want of an age."""
        if not self._knows_persons or self.has_known_persons:
            return
        self.has_known_persons = True
        selects = [
            f"SELECT case_key FROM {self._rows([entry], ['case_key'])}"
            for entry in self.entries
            if entry.target in MAKES_PERSONS and "case_key" in entry.columns
        ]
        if self.asked.store is not None:
            of = f" WHERE project_id = {literal(self.asked.project)}" if self.asked.project else ""
            selects.append(f"SELECT case_key FROM {self.asked.store}harmonize.person_case{of}")
        con = self.asked.con
        con.execute(f"INSERT INTO known_person {' UNION '.join(selects)}")
        if self._asks_age:
            con.execute(sql("foresee/ageless").replace("{aged}", self._aged()))

    def _aged(self) -> str:
        """SELECT the case_key of the cases whose age something tells, in the delivery or in the store."""
        selects = [
            f"SELECT case_key FROM {self._rows([entry], ['case_key', *names])} e "
            f"WHERE {' OR '.join(AGES[name].replace('{age}', f'e.{name}') for name in names)}"
            for entry in self.entries
            if (names := [name for name in AGES if name in entry.columns]) and "case_key" in entry.columns
        ]
        if self.asked.store is not None:
            of = f" WHERE project_id = {literal(self.asked.project)}" if self.asked.project else ""
            selects.append(f"SELECT case_key FROM {self.asked.store}harmonize.person_case{of}")
        return " UNION ".join(selects) or "SELECT NULL AS case_key WHERE false"

    def _visit_parts(self) -> str:
        """SELECT case_key, visit_detail_key, visit_key of the parts of visits."""
        names = ("case_key", "visit_detail_key", "visit_key")
        selects = [
            f"SELECT {', '.join(names)} FROM {self._rows([entry], names)}"
            for entry in self.entries
            if entry.target == "visit_detail" and set(names) <= set(entry.columns)
        ]
        if self.asked.store is not None:
            of = f" WHERE project_id = {literal(self.asked.project)}" if self.asked.project else ""
            selects.append(f"SELECT {', '.join(names)} FROM {self.asked.store}midrc.visit_detail{of}")
        return " UNION ALL ".join(selects) or f"SELECT {', '.join(f'NULL AS {name}' for name in names)} WHERE false"

    def _dated_studies(self) -> str:
        """SELECT study_uid of the series that have a date."""
        selects = []
        for entry in self.entries:
            if entry.target == "imaging_series" and "study_uid" in entry.columns and self._asks_date(entry):
                names = [name for name in (*DATES, *DAYS, "study_uid") if name in entry.columns]
                own = self._has_own_date({name: f"e.{quote(name)}" for name in names})
                selects.append(f"SELECT study_uid FROM {self._rows([entry], names)} e WHERE {own}")
        if self.asked.store is not None:
            selects.append(
                f"SELECT study_uid FROM {self.asked.store}midrc.imaging_series "
                "WHERE coalesce(series_date, study_date) IS NOT NULL OR study_day IS NOT NULL"
            )
        return " UNION ALL ".join(selects) or "SELECT NULL WHERE false"

    def _dated_visits(self) -> str:
        """SELECT case_key, visit_key of the visits that have a date."""
        selects = []
        for entry in self.entries:
            if entry.target == "visit" and {"case_key", "visit_key"} <= set(entry.columns):
                names = [name for name in (*DATES, *DAYS, "case_key", "visit_key") if name in entry.columns]
                own = self._has_own_date({name: f"e.{quote(name)}" for name in names})
                selects.append(f"SELECT case_key, visit_key FROM {self._rows([entry], names)} e WHERE {own}")
        if self.asked.store is not None:
            of = f" WHERE project_id = {literal(self.asked.project)}" if self.asked.project else ""
            selects.append(f"SELECT case_key, visit_key FROM {self.asked.store}midrc.visit{of}")
        return " UNION ALL ".join(selects) or "SELECT NULL, NULL WHERE false"

    def _rows(self, entries: Sequence[Entry], names: Sequence[str]) -> str:
        """The rows of some entries, of their columns only those named."""
        narrow = [replace(e, columns={name: e.columns[name] for name in names if name in e.columns}) for e in entries]
        selects = [entry_select(entry, self.views, 0) for entry in narrow]
        return f"({' UNION ALL BY NAME '.join(selects)})"

    def _is_hidden(self, entry: Entry, column: str) -> bool:
        slot = self.asked.schema.classes[entry.source].slots.get(column)
        return slot is not None and slot.annotations.get("phi", "").lower() == "true"
