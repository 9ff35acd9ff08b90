"""Profiles of de-identification: which rule does what to which kind of column (sql/release/profiles).

A profile is data. A project may have one of its own, a file that `extends` a shipped one and changes switches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml
from harmonize.export.allow_list import BECOMES

DEFAULT = "project"
"""The profile of a file for which none is asked: what the projects' own policies give."""
ACTS: dict[str, tuple[str, ...]] = {
    "pseudonym": ("keyed", "coded"),
    "id": ("keyed", "coded"),
    "uid": ("by_project", "coded"),
    "public": ("by_project", "dropped"),
    "date": ("by_project", "dropped"),
    "day": ("kept", "relative"),
    "offset": ("kept", "relative"),
    "age": ("capped", "capped_at_last"),
    "answer": ("capped", "capped_at_last"),
    "birth_year": ("capped", "relative"),
    "age_low": ("kept", "capped_at_last"),
    "age_high": ("kept", "capped_at_last"),
    "zip3": ("by_project", "restricted", "kept"),
    "place": ("by_project", "dropped", "kept"),
    "text": ("by_project", "common"),
    "term": ("by_project", "common"),
    "note": ("by_project", "dropped", "redacted"),
    "drop": ("dropped",),
}
"""What a profile may do to each kind of column; every other kind is `kept`."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEYS = frozenset({"extends", "title", "citation", "kind", "note", "needs", "first_day", "rare", "rules"})
_OF_A_RULE = frozenset({"citation", "says", "does", "scan"})
_NEEDS = (None, "determination", "agreement")
_KINDS = ("de-identified", "limited data set")


@dataclass(frozen=True)
class Rule:
    """One rule: its name, where it stands, what it says, what it does to which kinds of columns, by which rules of
    privacy the finished file is searched for it."""

    name: str
    citation: str
    says: str
    does: dict[str, str]
    scan: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """A profile: how a file calls itself (`kind`, `note`), what it needs on file, its rules. `first_day` is the day on
    which everybody's time begins, `rare` the number of persons below whom a text is not told. `coarsen` is what a
    release tells in fewer words besides (harmonize.export.coarsen), `least` below how many persons a word is rare."""

    name: str
    title: str
    citation: str
    kind: str
    note: str
    needs: str | None
    first_day: date | None
    rare: int
    rules: tuple[Rule, ...]
    coarsen: dict[str, str] = field(default_factory=dict)
    least: int = 11

    def does(self, word: str) -> str:
        """What becomes of a kind of column."""
        return self.rule_of(word).does[word]

    def rule_of(self, word: str) -> Rule:
        """The rule that says so."""
        return next(rule for rule in self.rules if word in rule.does)

    @property
    def is_coded(self) -> bool:
        """Whether codes are random, from a crosswalk."""
        return "coded" in (self.does("pseudonym"), self.does("uid"), self.does("id"))

    @property
    def is_relative(self) -> bool:
        """Whether time is counted from each person's first day, so that no day of the source is in the file."""
        return self.does("day") == "relative"

    @property
    def is_limited(self) -> bool:
        """Whether a file by this profile may hold real dates."""
        return self.kind == "limited data set"


def find_profile(name: str | None) -> Profile:
    """A shipped profile, or one in a file of that path. Raises InputError where there is none, or it is unsound."""
    wanted = name or DEFAULT
    if wanted in shipped_names():
        return _shipped(wanted)
    path = Path(wanted)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise InputError(f"The profile {path} does not exist.")
        return _profile(path.stem, _document(path), path)
    raise InputError(
        f"There is no profile {wanted}.",
        did_you_mean(wanted, shipped_names()) or f"Profiles are {', '.join(shipped_names())}, or a file (.yaml).",
    )


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the shipped profiles."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


@cache
def _shipped(name: str) -> Profile:
    path = _folder() / f"{name}.yaml"
    return _profile(name, _document(path), path)


def _folder() -> Path:
    return root("sql") / "release" / "profiles"


def _document(path: Path) -> dict[str, Any]:
    """The profile in a file over the one that it extends."""
    own = read_yaml(path)
    if not isinstance(own, dict):
        raise InputError(f"{path} is no profile.", "It is a mapping with the key extends.")
    if unknown := sorted(set(own) - _KEYS):
        raise InputError(f"{path} has the unknown key {unknown[0]}.", did_you_mean(unknown[0], _KEYS))
    base = own.pop("extends", None)
    if base is None:
        return own
    if base not in shipped_names():
        raise InputError(
            f"{path} extends {base}, which is no shipped profile.", f"One of {', '.join(shipped_names())}."
        )
    under = _document(_folder() / f"{base}.yaml")
    rules = dict(under["rules"])
    for rule, changes in (own.get("rules") or {}).items():
        if rule not in rules or not isinstance(changes, dict):
            raise InputError(f"{path}: {base} has no rule {rule}.", did_you_mean(str(rule), rules))
        does = {**rules[rule].get("does", {}), **changes.get("does", {})}
        rules[rule] = {**rules[rule], **changes, **({"does": does} if does else {})}
    return {**under, **own, "rules": rules}


def _profile(name: str, told: dict[str, Any], path: Path) -> Profile:
    """The profile of a document. Raises InputError where a kind of column has no rule, two, or one that cannot be."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{path}: a profile is called by small letters, digits and _.")
    rules = tuple(_rule(rule, text, path) for rule, text in told["rules"].items())
    for word in sorted(BECOMES):
        of_word = [rule for rule in rules if word in rule.does]
        if len(of_word) != 1:
            raise InputError(f"{path}: {len(of_word)} rules say what becomes of {word}; it must be one.")
    needs, kind, first = told.get("needs"), told.get("kind"), told.get("first_day")
    relative = {
        rule.does[word] == "relative" for rule in rules for word in ("day", "offset", "birth_year") if word in rule.does
    }
    if needs not in _NEEDS or kind not in _KINDS or len(relative) != 1 or (True in relative) != isinstance(first, date):
        raise InputError(
            f"{path} is not sound.",
            f"kind is one of {', '.join(_KINDS)}; needs determination, agreement or nothing; day, offset and "
            "birth_year are relative together, with a first_day.",
        )
    rare = told.get("rare", 11)
    if not isinstance(rare, int) or rare < 1:
        raise InputError(f"{path}: rare is a number of persons, 1 or more.")
    return Profile(
        name, str(told["title"]), str(told["citation"]), str(kind), str(told["note"]), needs, first, rare, rules
    )


def _rule(name: str, told: dict[str, Any], path: Path) -> Rule:
    if unknown := sorted(set(told) - _OF_A_RULE):
        raise InputError(f"{path}: the rule {name} has the unknown key {unknown[0]}.")
    does = told.get("does") or {}
    for word, act in does.items():
        allowed = ACTS.get(word, ("kept",))
        if word not in BECOMES or act not in allowed:
            raise InputError(f"{path}: {word} cannot be {act}.", f"It can be {' or '.join(allowed)}.")
    return Rule(name, str(told["citation"]), str(told["says"]), does, tuple(told.get("scan", ())))
