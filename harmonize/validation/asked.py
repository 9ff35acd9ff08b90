"""Which rules are asked of a source: what a report may count as kept, because it was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.intake.sources import find_source
from harmonize.validation.rules import declared_rules, plain_rules, rule_texts

if TYPE_CHECKING:
    from harmonize.schema.model import Schema

# Families of rules (the files of sql/validation/rules) by what a source holds; those of cells are asked as its schema
# declares them.
_FAMILIES = {
    "tables": ("structure", "identity", "privacy"),
    "resources": ("fhir", "privacy"),
    "headers": ("imaging", "identity", "privacy"),
}
_CELLS = frozenset({"values", "codes", "time"})
# What a load finds while it maps, and `validate` foresees (harmonize.pipeline.foresee).
_FORESEEN = frozenset(
    {
        "mapping_error",
        "no_case_key",
        "before_birth",
        "no_date",
        "large_number",
        "days_without_anchor",
        "dates_without_anchor",
    }
)
_LOOKUPS = frozenset({"ambiguous_lookup", "unknown_lookup", "lookup_not_delivered"})
# Rules over several columns or files that the dictionary of MIDRC asks of its nodes (sql/validation/gen3).
_GEN3 = frozenset({"age_at_imaging", "covid_status", "icu_flag", "index_event", "misnamed_file", "several_batches"})
# A rule of values that is asked of columns as a whole; rules of privacy that only tables have; of persons, of all.
_OF_COLUMNS = frozenset({"other_unit"})
_OF_TABLES = frozenset({"phi_header", "phi_column"})
_OF_IDENTITY = frozenset({"no_person", "no_age"})
# Rules over several columns, records or files that an annotation of a class or column asks for (docs/validation.md).
_ANNOTATED = {
    "link": ("orphan", "other_case", "parent_not_delivered"),
    "same_content": ("same_content", "already_loaded"),
    "same_file": ("same_file",),
    "belongs_to": ("shared_uid",),
    "one_name": ("several_names",),
    "expects_rows": ("no_rows",),
    "unchanged": ("changed_value",),
    "death_when": ("after_death",),
    "same_as_key": ("same_as_key",),
    "unknown_label": ("unknown_label", "unlisted_study"),
}


def asked_rules(source: str, schema: Schema | None) -> frozenset[str]:
    """The rules that a delivery of this source is checked by, of tables with the schema that says what they hold."""
    reads = find_source(source).reads
    asked = {text.rule for text in rule_texts().values() if text.family in _FAMILIES[reads]}
    if schema is not None:
        asked |= _FORESEEN | _OF_IDENTITY
    if reads == "resources":
        return frozenset(asked - _OF_TABLES)
    classes = [] if schema is None else list(schema.classes.values())
    cells = {rule.rule for cls in classes for rule in declared_rules(cls)} or {one.rule for one in plain_rules("x")}
    asked |= {rule for rule in cells if rule_texts()[rule].family in _CELLS}
    if schema is None:
        asked -= {text.rule for text in rule_texts().values() if text.family == "identity"}
        return frozenset(asked - _GEN3)
    asked -= {rule for rules in _ANNOTATED.values() for rule in rules}
    names = {name for cls in classes for name in cls.annotations}
    names |= {name for cls in classes for slot in cls.slots.values() for name in slot.annotations}
    asked |= {rule for name in names for rule in _ANNOTATED.get(name, ())}
    asked |= _OF_COLUMNS | (_LOOKUPS if reads == "tables" else frozenset())
    return frozenset(asked | _GEN3 if find_source(source).nodes else asked - _GEN3)
