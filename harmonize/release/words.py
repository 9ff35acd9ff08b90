"""What people type into the audit log: names and reasons, which must not tell of a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.validation.privacy.texts import matches, privacy_rules

if TYPE_CHECKING:
    from harmonize.validation.rules import RuleText

LONGEST = 500


def checked_reason(why: str) -> str:
    """The reason, without blanks around it. Raises InputError where it is empty, long, or may tell who a patient is."""
    text = _checked(why, "--why", LONGEST)
    found = next((rule for rule in _screened() if matches(rule, text)), None)
    if found is not None:
        raise InputError(
            f"The reason may tell who somebody is (rule {found.rule}); the audit log keeps it for good.",
            "Say it without names of patients, numbers of theirs, addresses or telephone numbers.",
        )
    return text


def checked_name(who: str) -> str:
    """The name of who acts, without blanks around it. Raises InputError where it is empty or long."""
    return _checked(who, "--who", 100)


def name_of(who: str | None) -> str | None:
    """The same of a name that need not be given."""
    return None if who is None else checked_name(who)


def reason_of(why: str | None) -> str | None:
    """The same of a reason that need not be given."""
    return None if why is None else checked_reason(why)


def _checked(value: str, option: str, longest: int) -> str:
    text = value.strip()
    if not text or len(text) > longest or not text.isprintable():
        raise InputError(f"{option} is empty, or no single line of at most {longest} characters.", "Say it in words.")
    return text


def _screened() -> list[RuleText]:
    """The rules of texts that are errors: dates and addresses of machines may stand in a reason."""
    return [rule for rule in privacy_rules() if rule.pattern is not None and rule.severity == "error"]
