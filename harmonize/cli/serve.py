"""`harmonize serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    data: Annotated[
        Path, typer.Option("--data", file_okay=False, help="The folder of the service: store, uploads, accounts.")
    ],
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve the invented study, with an account for each role.")
    ] = False,
    host: Annotated[str | None, typer.Option("--host", help="Where to listen (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port (8000).")] = None,
    admin_password_file: Annotated[
        Path | None, typer.Option("--admin-password-file", help="First run: the password of the admin.")
    ] = None,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print the settings as they are understood, and end.")
    ] = False,
) -> None:
    """Serve submissions, questions and studies in a browser and over HTTP, until it is stopped.

    The first run makes the account `admin` and prints its password once. Settings are in DIR/service.toml, and in the
    environment as HARMONIZE_SERVE_NAME.
    """
    from harmonize.api.service import serve as run
    from harmonize.cli import console

    if print_config:
        from harmonize.api.service import settings

        console.print_json(settings(data, host=host, port=port))
        return
    with console.progress("serve") as step:
        run(
            data,
            demo=demo,
            host=host,
            port=port,
            admin_password_file=admin_password_file,
            say=console.say,
            progress=step,
        )
