"""`harmonize serve`: the data folder, the first admin, the demo, and the server until it is told to stop."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.progress import Meter
from harmonize.service.accounts import create_user, new_password
from harmonize.service.database import Database
from harmonize.service.models import Organisation, User
from harmonize.service.settings import Settings
from harmonize.service.submissions import queue

ADMIN = "admin"
DEMO_PROJECT = "DEMO-INVENTED-STUDY"
DEMO_ROLES = ("contributor", "analyst", "reviewer", "steward")
_GRACE_SECONDS = 10


@contextmanager
def prepared(settings: Settings) -> Iterator[None]:
    """The data folder, for its owner alone, held by this process. Raises StoreError where another has it."""
    os.umask(0o077)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.data / "tmp").mkdir(exist_ok=True, mode=0o700)
    with (settings.data / "serve.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise StoreError(f"Another service has {settings.data}.", "Stop it, or give another --data.") from problem
        yield


def first_run(db: Database, password_file: Path | None) -> list[str]:
    """Make the admin where there is no user yet; gives the lines that tell it."""
    with db.session() as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            return []
        password = new_password()
        if password_file is not None:
            if not password_file.is_file():
                raise InputError(f"{password_file} does not exist.", "Write the admin's password into it first.")
            password = password_file.read_text(encoding="utf-8").strip()
        create_user(session, ADMIN, ADMIN, password=password)
    if password_file is not None:
        return [f"The account {ADMIN} has the password of {password_file}."]
    return [f"The account {ADMIN} was made. Its password, which is shown this once: {password}"]


def make_demo(settings: Settings, db: Database, say: Callable[[str], None]) -> list[str]:
    """Serve the invented study: its store, its published file, and an account for each role."""
    from harmonize.demo.run import demo
    from harmonize.service.putting_out import put_out

    if settings.store.exists():
        return []
    made = demo(settings.data / "demo", say)
    shutil.copyfile(made.database, settings.store)
    put_out(settings, Meter(say))
    password = new_password()
    with db.session() as session:
        home = Organisation(name="Invented Hospital", projects=[DEMO_PROJECT])
        session.add(home)
        for role in DEMO_ROLES:
            create_user(session, role, role, password=password, organisation=home if role == "contributor" else None)
        if settings.measure_quality:
            queue(session, "quality", None, None)
    return [
        f"The accounts {', '.join(DEMO_ROLES)} were made. Their password, which is shown this once: {password}",
        f"Files to send: {settings.data / 'demo' / 'data'}",
    ]


def serve(
    settings: Settings,
    *,
    demo: bool = False,
    admin_password_file: Path | None = None,
    say: Callable[[str], None] = print,
    step: Callable[[str], None] = lambda _step: None,
) -> list[str]:
    """Serve until SIGTERM or Ctrl-C: then what runs is answered, uploads stop where they are, jobs go on next time.

    Gives the lines that were told of accounts which were made.

    Raises InputError and StoreError for what cannot be served.
    """
    import uvicorn

    from harmonize.service.app import create_app
    from harmonize.service.logs import begin

    with prepared(settings):
        os.environ["TMPDIR"] = str(settings.data / "tmp")  # what queries spill and forms bring stays in the folder
        tempfile.tempdir = None
        app = create_app(settings)
        db: Database = app.state.service.db
        lines = first_run(db, admin_password_file)
        if demo:
            lines += make_demo(settings, db, step)
        begin(settings.log_level)
        for line in lines:
            say(line)
        say(f"Serving {settings.data} at {settings.public_url or f'http://{settings.host}:{settings.port}'}")
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            server_header=False,
            forwarded_allow_ips=list(settings.proxies),
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=30,
            h11_max_incomplete_event_size=64 * 1024,
        )
        uvicorn.Server(config).run()
    return lines
