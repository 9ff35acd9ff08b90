"""The deep check of FHIR resources: the pydantic models of fhir.resources (R4B), a hundred times slower than
the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from harmonize.validation.fhir.screen import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

# What its validators raise by mistake on values of another type.
_FAILURES = (AttributeError, KeyError, TypeError, RecursionError, OverflowError)


def objections(resource: dict[str, Any], resource_type: str, known: Sequence[Problem] = ()) -> list[Problem]:
    """What fhir.resources objects to, at elements of which the screen (`known`) has said nothing."""
    try:
        get_fhir_model_class(resource_type).model_validate(resource)
    except ValidationError as error:
        found = [Problem("fhir_deep", item["loc"], item["msg"].rstrip(".")) for item in error.errors(include_url=False)]
    except _FAILURES as error:
        found = [Problem("fhir_deep", (), f"it cannot read the resource ({type(error).__name__})")]
    else:
        return []
    told = {problem.path for problem in known}
    return [problem for problem in dict.fromkeys(found) if not _touches(problem.path, told)]


def _touches(path: tuple[str | int, ...], told: set[tuple[str | int, ...]]) -> bool:
    """Whether something was told of this element, of one above or of one below."""
    return any(path[: len(other)] == other or other[: len(path)] == path for other in told)
