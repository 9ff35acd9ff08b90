"""What is loaded in place of a text that identifies a person: the text with the telling part masked, or nothing.

A rule of severity error withholds the whole text, except in documents (what a mapping puts into notes), in which the
part alone is masked, as a rule of severity warning does everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.validation.privacy.identity import KINDS
from harmonize.validation.privacy.names import RUN, without_names
from harmonize.validation.privacy.texts import pattern_of, privacy_rules
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Collection

    from duckdb import DuckDBPyConnection

    from harmonize.validation.rules import RuleText

_BEFORE, _AFTER = re.compile(r"\(\?:\^\|"), re.compile(r"\(\?:\$\|")
_AT_ONCE = 1_000


def make_masks(
    con: DuckDBPyConnection,
    documents: Collection[int] = (),
    *,
    withheld: Collection[int] = (),
    tokens: bool = False,
) -> None:
    """Make the temp table privacy_mask(column_id, value, shown) of the texts in privacy_hit: `shown` is what is loaded
    of such a text, NULL where it is withheld. In the columns of `documents` parts are masked whatever the rule, with
    `tokens` those of identity_hit, too; in the columns of `withheld` nothing is loaded of such a text.
    """
    con.execute(
        sql("validation/privacy_mask"),
        {
            "errors": [rule.rule for rule in privacy_rules() if rule.severity == "error"],
            "documents": list(documents),
            "withheld": list(withheld),
        },
    )
    hit = {rule for (rule,) in con.execute("SELECT DISTINCT rule FROM privacy_hit").fetchall()}
    left = con.execute("SELECT count(*) FROM privacy_mask WHERE shown IS NOT NULL").fetchone()
    if left is None or not left[0]:
        return
    if tokens:
        masks = {kind: rule_texts()[KINDS[kind]].mask for kind in ("name", "number", "address")}
        con.execute(sql("validation/identity/mask").format(**masks))
    for rule in privacy_rules():
        if rule.rule in hit and rule.mask is not None and rule.pattern is not None:
            if rule.confirm == "name":
                _mask_names(con, rule.mask)
            else:
                con.execute(sql("validation/privacy_mask_rule").format(rule=rule.rule, masked=_masked("shown", rule)))


def _masked(text: str, rule: RuleText) -> str:
    """SQL of a text with what the rule's pattern finds replaced; twice, since two finds may share what lies between."""
    pattern, replacement = _with_groups(rule)
    once = f"regexp_replace({text}, {literal(pattern)}, {literal(replacement)}, 'g')"
    return f"regexp_replace({once}, {literal(pattern)}, {literal(replacement)}, 'g')"


def _with_groups(rule: RuleText) -> tuple[str, str]:
    """The rule's pattern with what it asks of the signs around in groups, and the replacement that keeps these."""
    pattern = pattern_of(rule)
    edges = sorted(
        [(found.start(), "before") for found in _BEFORE.finditer(pattern)]
        + [(found.start(), "after") for found in _AFTER.finditer(pattern)]
    )
    grouped = _AFTER.sub("($|", _BEFORE.sub("(^|", pattern))
    numbered = [(number, side) for number, (_, side) in enumerate(edges, start=1)]
    before = "".join(f"\\{number}" for number, side in numbered if side == "before")
    after = "".join(f"\\{number}" for number, side in numbered if side == "after")
    return grouped, f"{before}{rule.mask}{after}"


def _mask_names(con: DuckDBPyConnection, mask: str) -> None:
    """Names are looked for in the runs of capitalised words of these texts, each run once."""
    con.execute(sql("validation/privacy_run").format(run=literal(RUN)))
    runs = con.execute("SELECT DISTINCT run FROM privacy_run")
    found: list[tuple[str, str]] = []
    while some := runs.fetchmany(_AT_ONCE):
        found += [(run, masked) for (run,) in some if (masked := without_names(run, mask)) != run]
    con.execute(
        sql("validation/privacy_mask_names"),
        {"runs": [run for run, _ in found], "masked": [masked for _, masked in found]},
    )
