"""The service: `harmonize serve` in Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from harmonize.api.shapes import AnyPath, Record, as_path, require


def serve(
    data: AnyPath,
    *,
    demo: bool = False,
    host: str | None = None,
    port: int | None = None,
    admin_password_file: AnyPath | None = None,
    print_config: bool = False,
    say: Callable[[str], None] = print,
    progress: Callable[[str], None] | None = None,
) -> list[str]:
    """Serve the folder `data` until the process is told to stop (extra `service`).

    `say` gets the lines that the terminal shows: the password of the admin at the first run, the address. With
    `print_config` it gets the settings, and nothing is served. Gives what was told of accounts which were made.
    """
    if print_config:
        say(repr(settings(data, host=host, port=port)))
        return []
    _require()
    from harmonize.service.serve import serve as run
    from harmonize.service.settings import read_settings

    return run(
        read_settings(Path(data), host=host, port=port),
        demo=demo,
        admin_password_file=as_path(admin_password_file),
        say=say,
        step=progress or (lambda _step: None),
    )


def settings(data: AnyPath, **given: Any) -> Record:
    """The settings of a data folder as they are understood, secrets as stars."""
    _require()
    from harmonize.service.settings import read_settings

    return Record(read_settings(Path(data), **given).shown())


def _require() -> None:
    for module in ("fastapi", "alembic", "argon2", "pydantic_settings"):
        require(module, "service", "serve")
