"""The reviewed tables of what each value stands for: how they are made, and `python tests/mappings/names_table.py`.

They repeat what the value sets say in a form that one reads in one go. Whoever changes a value set writes them anew and
looks at the difference: a line that changed is a value that now means something else.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from map_values import mapped_constants
from value_words import DATA, PLACES, coded_rows, said, sets, starter_names

from harmonize.vocabulary.sssom import NO_TERM

NAMES = DATA / "value_set_names.tsv"
PLACED = DATA / "crosswalk_places.tsv"
CONSTANTS = DATA / "map_values.tsv"


def _short(predicate: str) -> str:
    return predicate.removeprefix("skos:").removesuffix("Match")


def names_lines() -> list[str]:
    """One line a value: value set, subject, how near, object, the object's name."""
    lines = {
        "\t".join(
            (
                name,
                row["subject_id"],
                _short(row["predicate_id"]),
                row["object_id"],
                row["object_label"],
                row["object_concept"],
            )
        )
        for name, row in coded_rows()
    }
    return ["set\tsubject\tmatch\tobject\tname\tconcept", *sorted(lines)]


def placed_lines() -> list[str]:
    """One line a property and place in another model, of crosswalks that are not shaped like OMOP."""
    nodes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, row in sets():
        prefix = row["object_id"].partition(":")[0]
        if row["object_id"] == NO_TERM or prefix not in PLACES - {"omop", "n3c", "aou"}:
            continue
        if prefix == "bdchm" and "#" in row["object_id"]:
            continue
        node, _, slot = row["subject_id"].partition(":")[2].partition("/")
        key = (
            name.removeprefix("consortia/").partition("/")[0],
            slot or node,
            _short(row["predicate_id"]),
            row["object_id"],
        )
        nodes[key].add(node)
    return [
        "consortium\tproperty\tmatch\tobject\tnodes",
        *("\t".join((*key, " ".join(sorted(found)))) for key, found in sorted(nodes.items())),
    ]


@cache
def constant_names() -> dict[str, str]:
    """What the constants of mappings are called: concepts, and the subjects of value sets."""
    named = {row["subject_id"]: said(row) for _, row in sets()}
    return named | {row["object_id"]: row["object_label"] for _, row in coded_rows()} | starter_names()


def constant_lines() -> list[str]:
    """One line a constant that a mapping puts in the place of a value."""
    names = constant_names()
    found = sorted(
        (value, becomes, names.get(becomes, ""), ", ".join(sorted(where)))
        for (value, becomes), where in mapped_constants().items()
    )
    return ["value\tbecomes\tname\tin", *("\t".join(line) for line in found)]


if __name__ == "__main__":
    for path, made in ((NAMES, names_lines()), (PLACED, placed_lines()), (CONSTANTS, constant_lines())):
        path.write_text("\n".join(made) + "\n", encoding="utf-8")
        print(path, len(made) - 1)
