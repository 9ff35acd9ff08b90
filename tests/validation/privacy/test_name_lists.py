"""The lists of people's names: in step with what they are made of, and measured against somebody else's."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from harmonize.engine.paths import root
from harmonize.validation.privacy.names import holds_name, names
from harmonize.validation.privacy.names_build import name_lists, write


def test_the_lists_are_in_step(tmp_path: Path) -> None:
    write(tmp_path)
    shipped = root("sql") / "validation" / "lists"
    for name in ("first_name", "last_name"):
        assert (tmp_path / f"{name}.tsv").read_text() == (shipped / f"{name}.tsv").read_text(), (
            "python -m harmonize.validation.privacy.names_build"
        )


def test_what_the_lists_hold() -> None:
    made = name_lists()
    assert {"juan", "maría", "maria", "fatima"} <= set(made["first_name"])
    assert {"johnson", "o'brien", "obrien", "mccarthy", "rodríguez", "rodriguez", "kowalski", "goldstein"} <= set(
        made["last_name"]
    )
    assert min(map(len, [*made["first_name"], *made["last_name"]])) == 3
    assert (names().first, names().last) == (frozenset(made["first_name"]), frozenset(made["last_name"]))


@pytest.mark.parametrize(
    ("locale", "first", "last"), [("en_US", 0.98, 0.95), ("en_GB", 0.95, 0.9), ("es_MX", 0.85, 0.85)]
)
def test_most_people_of_another_list_are_known(locale: str, first: float, last: float) -> None:
    """Of Faker's names of one word, as often as people of that country bear them."""
    theirs = import_module(f"faker.providers.person.{locale}").Provider
    for listed, ours, least in ((theirs.first_names, names().first, first), (theirs.last_names, names().last, last)):
        weights = listed if isinstance(listed, dict) else dict.fromkeys(listed, 1)
        weights = {name.lower(): weight for name, weight in weights.items() if name.isalpha() and len(name) > 2}
        known = sum(weight for name, weight in weights.items() if name in ours)
        assert known / sum(weights.values()) >= least, (locale, least)


@pytest.mark.parametrize("text", ["Seen by Maria Rodriguez", "María Rodríguez", "SMITH, JOHN", "Siobhan O'Brien"])
def test_names_are_found(text: str) -> None:
    assert holds_name(text)


@pytest.mark.parametrize("text", ["Blood Pressure", "Rose Hill", "Austin Moore prosthesis", "White Blood Cell Count"])
def test_words_are_no_names(text: str) -> None:
    assert not holds_name(text)
