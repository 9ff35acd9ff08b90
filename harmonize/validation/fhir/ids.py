"""Ids of resources that identify a person: a name, a telephone or record number in the place of a pseudonym.

A load puts a keyed hash in their place, in the resource and in all that refers to it, so that they stay together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.validation.privacy import identity
from harmonize.validation.privacy import texts as privacy

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FORMS = 4
"""How an id is read: as it is, without letters before a number, its words as a name, and as one turned round."""


def find_ids(con: DuckDBPyConnection, *, tokens: bool = False) -> None:
    """Make the temp table fhir_private_id(id) of the ids that break a rule, or with `tokens` hold a name or number that
    the delivery or store tells, and add the findings to fhir_found; needs fhir_link and fhir_target. A number of which
    a patient's own id is made is a pseudonym."""
    con.execute(sql("validation/fhir/id_form"))
    others = frozenset(rule.rule for rule in privacy.privacy_rules() if not rule.in_names)
    columns = [
        privacy.TextColumn(number, "id", "value", "fhir_id_form", without=others, is_cell=False)
        for number in range(1, _FORMS + 1)
    ]
    privacy.find(con, columns, values="fhir_id_form")
    if tokens:
        identity.begin_tokens(con)
        identity.find_tokens(con, "fhir_id_form", range(1, _FORMS + 1), kinds=identity.NAMES)
        con.execute(sql("validation/fhir/id_number"))
        identity.find_tokens(con, "fhir_id_number", range(1, _FORMS + 1), kinds=identity.NUMBERS)
    con.execute(sql("validation/fhir/id_private"))
    if con.execute("SELECT 1 FROM fhir_private_id LIMIT 1").fetchone():
        con.execute(sql("validation/fhir/id_cell"))
