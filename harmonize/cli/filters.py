"""The options by which several commands of `mapping review` choose rows, declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

Chosen = dict[str, Any]
"""The options as the keyword arguments of `review.worklist.Filter`."""

_OPTIONS = {
    "state": Annotated[str | None, typer.Option("--state", help="unreviewed, accepted_once, signed, discussion, ...")],
    "subject": Annotated[
        str | None, typer.Option("--subject", help="Only these subjects; * and ? stand for any text.")
    ],
    "predicate": Annotated[str | None, typer.Option("--predicate", help="Only this match, such as exactMatch.")],
    "below": Annotated[float | None, typer.Option("--below", help="Only of a confidence below this.")],
    "at_least": Annotated[float | None, typer.Option("--at-least", help="Only of a confidence of at least this.")],
}


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with these options in place of its parameter `chosen`, which gets what they say.

    typer reads a command's signature, so the options are put into it. Raises InputError for a state that is none.
    """
    signature = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in _OPTIONS.items()
    ]
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        added = options if parameter.name == "chosen" else [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
        parameters += added

    @wraps(command)
    def run(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _OPTIONS}
        _check_state(chosen["state"])
        command(**given, chosen=chosen)

    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__dict__["__signature__"] = signature.replace(parameters=parameters)
    return run


def _check_state(state: str | None) -> None:
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.review.decisions import STATES

    if state is not None and state not in STATES:
        raise InputError(f"There is no state {state!r}.", did_you_mean(state, STATES))
