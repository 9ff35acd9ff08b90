"""Privacy in FHIR: every text that a load reads is judged by the rules of tables, each distinct text once.

What is found goes to fhir_found, and what is loaded in the place of such a value to the temp table fhir_cell(resource,
path, element, shown): `path` as json_tree() writes it, `shown` NULL where the value is withheld.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals
from harmonize.intake.fhir.parts import resource_parts
from harmonize.validation.fhir.reads import ADDRESSES, CONTAINED, NUMBERS, listed, parsed, placed
from harmonize.validation.privacy import texts as privacy
from harmonize.validation.privacy.identity import begin_tokens, find_tokens
from harmonize.validation.privacy.masking import make_masks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.views.leaves import Leaf
    from harmonize.validation.fhir.reads import Reads

_NO_ADDRESSES = frozenset({"phi_url", "phi_ip"})
_REFUSED = (
    "fhir_unknown_element",
    "fhir_type",
    "fhir_cardinality",
    "fhir_value",
    "fhir_code",
    "fhir_repeated_element",
    "fhir_reference_type",
    "fhir_unresolved_contained",
    "fhir_end_before_start",
    "fhir_before_birth",
    "phi_coded",
)
"""Rules of severity error whose cell is a value that is there."""
_CONTAINED = (
    """(SELECT resource, '$.contained[' || "index" || ']' AS root, json::VARCHAR AS json FROM fhir_contained)"""
)


def find_texts(con: DuckDBPyConnection, reads: Mapping[str, Reads], *, tokens: bool = False) -> None:
    """Judge the texts of the resources of these types; fills fhir_cell and adds the findings to fhir_found. `tokens`
    says that names are known for which texts are looked over (see identity)."""
    con.execute(sql("validation/fhir/text_tables"))
    keys = dict(con.execute("SELECT resource_type, list(element) FROM fhir_key GROUP BY ALL").fetchall())
    containing = [name for name, some in keys.items() if "contained" in some] or [""]
    among = f"resource_type IN ({literals(containing)}) AND contains(json, '\"contained\"')"
    con.execute(sql("fhir/contained").format(among=among))
    parts = resource_parts(con)
    for name, some in reads.items():
        texts = [leaf for leaf in some.texts if leaf.steps[0][0] in keys.get(name, ())]
        for first, last in parts if texts else ():
            where = f"problem IS NULL AND resource_type = {literal(name)} AND rowid BETWEEN {first} AND {last}"
            _collect(con, name, texts, f"(SELECT json FROM fhir_resource WHERE {where})")
    if con.execute("SELECT 1 FROM fhir_contained LIMIT 1").fetchone():
        _collect(con, CONTAINED, reads[CONTAINED].texts, _CONTAINED)
    _judge(con, reads, tokens)
    _locate(con, reads)


def _collect(con: DuckDBPyConnection, name: str, leaves: Sequence[Leaf], resources: str) -> None:
    """Add the distinct texts of these resources to fhir_raw(element, value, whole)."""
    elements = [f"{name}.{leaf.path}" for leaf in leaves]
    con.execute(
        sql("validation/fhir/text").format(
            parsed=parsed(leaves), resources=resources, texts=listed(list(enumerate(leaves, start=1)))
        ),
        {"elements": elements, "whole": [leaf.whole for leaf in leaves]},
    )


def _judge(con: DuckDBPyConnection, reads: Mapping[str, Reads], tokens: bool) -> None:
    """fhir_text has each text once with what is judged of it; privacy_hit and privacy_mask are what is wrong with it
    and what is loaded in its place."""
    leaves = {f"{name}.{leaf.path}": leaf for name, some in reads.items() for leaf in some.texts}
    documents = {f"{name}.{path}" for name, some in reads.items() for path in some.documents}
    encoded = [element for element, leaf in leaves.items() if leaf.type == "base64Binary"]
    con.execute(sql("validation/fhir/text_part"), {"encoded": encoded})
    con.execute(sql("validation/fhir/text_judged"))
    elements = [name for (name,) in con.execute("SELECT element FROM fhir_text_element ORDER BY column_id").fetchall()]
    numbered = list(enumerate(elements, start=1))
    addresses = {number for number, element in numbered if _is_address(leaves.get(element), element)}
    columns = [
        privacy.TextColumn(
            number,
            element,
            "value",
            "fhir_text",
            without=_NO_ADDRESSES if number in addresses else frozenset(),
            is_cell=False,
        )
        for number, element in numbered
    ]
    privacy.find(con, columns, values="fhir_text")
    if addresses:
        con.execute(sql("validation/fhir/address").format(columns=", ".join(map(str, sorted(addresses)))))
    if tokens:
        begin_tokens(con)
        find_tokens(con, "fhir_text", [number for number, _ in numbered if number not in addresses])
    notes = [number for number, element in numbered if element in documents]
    make_masks(con, notes, withheld=addresses, tokens=tokens)
    kinds = {rule.rule: rule.kind for rule in privacy.privacy_rules() if rule.kind}
    con.execute(
        sql("validation/fhir/text_hit"),
        {"encoded": encoded, "documents": list(documents), "rules": list(kinds), "kinds": list(kinds.values())},
    )


def _is_address(leaf: Leaf | None, element: str) -> bool:
    """Whether an element holds a URI; of what is read whole, the system of a coding."""
    return leaf.type in ADDRESSES if leaf is not None else element.endswith(".system")


def _locate(con: DuckDBPyConnection, reads: Mapping[str, Reads]) -> None:
    """Where the texts with a hit stand: only types that have one are looked through."""
    hit = {name for (name,) in con.execute("SELECT DISTINCT read FROM fhir_text_hit").fetchall()}
    for name, some in reads.items():
        leaves = [leaf for leaf in some.texts if f"{name}.{leaf.path}" in hit]
        if not leaves:
            continue
        where = f"problem IS NULL AND resource_type = {literal(name)}"
        _note_places(
            con, name, leaves, f"(SELECT rowid AS resource, '$' AS root, json FROM fhir_resource WHERE {where})"
        )
        if name == CONTAINED:
            _note_places(con, name, leaves, _CONTAINED)
    con.execute(sql("validation/fhir/text_cell"))


def _note_places(con: DuckDBPyConnection, name: str, leaves: Sequence[Leaf], resources: str) -> None:
    con.execute(
        sql("validation/fhir/text_place").format(
            parsed=parsed(leaves), resources=resources, texts=placed(list(enumerate(leaves, start=1)))
        ),
        {"elements": [f"{name}.{leaf.path}" for leaf in leaves]},
    )


def refuse_cells(con: DuckDBPyConnection, reads: Mapping[str, Reads]) -> None:
    """Add to fhir_cell every value with an error: validate and load both go by it. Values that break the form of their
    element and can be read all the same become warnings (fhir_legible); of the others may stand there anything, and no
    rule of texts need know it."""
    formed = [(f"{name}.{leaf.path}", leaf) for name, some in reads.items() for leaf in some.formed]
    con.execute(
        sql("validation/fhir/malformed"),
        {
            "elements": [element for element, _ in formed],
            "codes": [list(leaf.codes) or None for _, leaf in formed],
            "kinds": ["number" if leaf.type in NUMBERS else str(leaf.type) for _, leaf in formed],
        },
    )
    encoded = [
        f"{name}.{leaf.path}" for name, some in reads.items() for leaf in some.texts if leaf.type == "base64Binary"
    ]
    con.execute(sql("validation/fhir/refused").format(rules=literals(_REFUSED), encoded=literals(encoded)))
