"""Submissions: what may be sent, the files as they come, and taking them in for good.

What is on the disk is what has come: an upload goes on at the size of its file. A submission is accepted by one
commit, which also queues its validation; from then on no kill loses it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.files import sha256_of
from harmonize.intake.sources import SOURCES
from harmonize.service.models import Job, SentFile, Submission, User, new_id, now
from harmonize.service.problems import Problem, not_found
from harmonize.service.roles import Caller

if TYPE_CHECKING:
    from harmonize.service.settings import Settings

OPEN, ACCEPTED, CHECKED, LOADING, LOADED, FAILED = "uploading", "accepted", "checked", "loading", "loaded", "failed"
STATES = {
    OPEN: "is being sent",
    ACCEPTED: "waits for its check",
    CHECKED: "is checked",
    LOADING: "waits for its load",
    LOADED: "is loaded",
    FAILED: "could not be checked",
}
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")
_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}")
_WITHOUT_MAPPING = frozenset({"fhir", "dicom"})


def mappings_of(source: str) -> list[str]:
    """The shipped mappings that a submission may name; a folder of the machine is none."""
    from harmonize.mapping.compiler.compile import mappings

    if source in _WITHOUT_MAPPING:
        return []
    return [name for name in mappings() if name.startswith(f"{source}/")] if source == "ehr" else []


def projects_of(session: Session, who: Caller) -> list[str]:
    """The projects that a caller submits to: those of the organisation; who loads may name any."""
    user = session.get(User, who.user_id)
    return list(user.organisation.projects) if user is not None and user.organisation is not None else []


def create(
    session: Session, who: Caller, *, project: str, source: str, mapping: str | None, comment: str
) -> Submission:
    """A new submission without files. Raises InputError for what cannot be read, or is not the caller's."""
    if source not in SOURCES:
        raise InputError(f"There is no source {source!r}.", did_you_mean(source, SOURCES))
    own = projects_of(session, who)
    if not who.may("load") and project not in own:
        raise InputError("Your organisation does not submit to this project.", did_you_mean(project, own))
    if not _PROJECT.fullmatch(project):
        raise InputError("A project has a name of letters, digits, blanks and . _ - only.")
    known = mappings_of(source)
    short = {name.rpartition("/")[2]: name for name in known}
    chosen = short.get(mapping or "", mapping or None)
    if chosen is not None and chosen not in known:
        raise InputError(f"{mapping} is no mapping for --source {source}.", did_you_mean(mapping or "", short))
    if source == "ehr" and chosen is None:
        raise InputError("Tables of a hospital need a mapping.", "One of: " + ", ".join(short))
    made = Submission(
        organisation_id=who.organisation_id,
        user_id=who.user_id,
        project=project,
        source=source,
        mapping=chosen,
        comment=comment[:2000],
    )
    session.add(made)
    session.flush()
    return made


def find(session: Session, who: Caller, public_id: str) -> Submission:
    """A submission that the caller may see. Raises Problem 404, for those of others as for none."""
    found = session.scalar(select(Submission).where(Submission.public_id == public_id))
    if found is None or not _is_seen(found, who):
        raise not_found()
    return found


def _is_seen(submission: Submission, who: Caller) -> bool:
    if who.sees_all or submission.user_id == who.user_id:
        return True
    return who.organisation_id is not None and submission.organisation_id == who.organisation_id


def listed(session: Session, who: Caller, limit: int = 200) -> list[Submission]:
    """The submissions that the caller may see, the latest first."""
    wanted = select(Submission).order_by(Submission.id.desc()).limit(limit)
    if not who.sees_all:
        own = Submission.user_id == who.user_id
        if who.organisation_id is not None:
            own = own | (Submission.organisation_id == who.organisation_id)
        wanted = wanted.where(own)
    return list(session.scalars(wanted))


def folder(settings: Settings, submission: Submission) -> Path:
    """Where the files of a submission lie: `files` and `reports`."""
    return settings.data / "submissions" / submission.public_id


def path_of(settings: Settings, file: SentFile) -> Path:
    """Where a file lies: under its own name, which intake goes by, when it is whole."""
    home = folder(settings, file.submission)
    return home / "files" / file.name if file.complete else home / "incoming" / file.public_id


def add_file(
    session: Session, settings: Settings, submission: Submission, *, name: str, size: int, sha256: str | None
) -> SentFile:
    """Announce a file. Raises Problem and InputError for what is too large, or no name of a file."""
    _require_open(submission)
    if not _NAME.fullmatch(name) or name.startswith(".") or len(name.encode()) > 250 or name != name.strip():
        raise InputError("That is no name of a file.", "Give the name alone, without folders, of up to 200 characters.")
    if len(submission.files) >= settings.max_files:
        raise Problem(413, f"A submission has at most {settings.max_files:,} files.", kind="size")
    if any(file.name.casefold() == name.casefold() for file in submission.files):
        raise InputError("A file of this name was announced already.", "Names differ in more than capitals.")
    check_size(settings, size, sum(file.size for file in submission.files))
    file = SentFile(name=name, size=size, sha256=sha256.lower() if sha256 else None, public_id=new_id())
    submission.files.append(file)
    session.flush()
    target = path_of(settings, file)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.touch(mode=0o600)
    return file


def check_size(settings: Settings, size: int, others: int) -> None:
    """Raises Problem where a file, or the whole, is larger than allowed, or than the disk has room for."""
    if size > settings.max_file_bytes:
        raise Problem(413, f"A file has at most {settings.max_file_bytes:,} bytes.", kind="size")
    if size + others > settings.max_submission_bytes:
        raise Problem(413, f"A submission has at most {settings.max_submission_bytes:,} bytes.", kind="size")
    if size > shutil.disk_usage(settings.data).free:
        raise Problem(503, "The disk of the service has no room for this file.", kind="disk")


def _require_open(submission: Submission) -> None:
    if submission.state != OPEN:
        raise Problem(409, "The submission was accepted; its files stay as they are.", kind="accepted")


def find_file(submission: Submission, public_id: str) -> SentFile:
    """A file of a submission. Raises Problem 404."""
    for file in submission.files:
        if file.public_id == public_id:
            return file
    raise not_found()


def offset_of(settings: Settings, file: SentFile) -> int:
    """How many bytes have come."""
    path = path_of(settings, file)
    return path.stat().st_size if path.exists() else 0


async def append(target: Path, size: int, offset: int, pieces: AsyncIterator[bytes]) -> int:
    """Write what comes at `offset` and give the new one. Raises Problem where the file is not that far, or would be
    longer than announced (`size`). What came before a failure stays, and is on the disk."""
    handle = os.open(target, os.O_WRONLY)
    try:
        _lock(handle)
        reached = os.fstat(handle).st_size
        if reached != offset:
            raise Problem(
                409, f"The file is {reached:,} bytes long.", kind="offset", headers={"Upload-Offset": str(reached)}
            )
        os.lseek(handle, reached, os.SEEK_SET)
        try:
            async for piece in pieces:
                if reached + len(piece) > size:
                    raise Problem(413, "The file is longer than announced.", kind="size")
                reached += _write(handle, piece)
        finally:
            os.fsync(handle)
        return reached
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        raise Problem(409, "This file is being sent already.", kind="busy") from problem


def _write(handle: int, piece: bytes) -> int:
    view = memoryview(piece)
    while view:
        view = view[os.write(handle, view) :]
    return len(piece)


def accept(session: Session, settings: Settings, submission: Submission) -> Job:
    """Take the files in for good and queue the validation. Raises Problem where a file is not whole or not the one
    that was announced."""
    _require_open(submission)
    if not submission.files:
        raise InputError("The submission has no file.", "Add one first.")
    for file in submission.files:
        _require_whole(settings, file)
    for file in submission.files:
        _put_in_place(settings, file)
    _sync(folder(settings, submission) / "files")
    submission.state, submission.accepted_at = ACCEPTED, now()
    return queue(session, "validate", submission, submission.user_id)


def _require_whole(settings: Settings, file: SentFile) -> None:
    if file.complete:
        return
    come = offset_of(settings, file)
    if come != file.size:
        raise Problem(409, f"Of {file.name} {come:,} of {file.size:,} bytes have come.", kind="incomplete")
    digest = sha256_of(path_of(settings, file))
    if file.sha256 is not None and digest != file.sha256:
        raise Problem(
            409,
            f"{file.name} has another SHA-256 than announced.",
            kind="checksum",
            hint="Remove it, and send it again.",
        )
    file.sha256 = digest


def _put_in_place(settings: Settings, file: SentFile) -> None:
    """Under its own name; after a kill in between it may lie there already, which is the same file."""
    incoming = path_of(settings, file)
    file.complete = True
    target = path_of(settings, file)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if incoming.exists():
        incoming.replace(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_file(session: Session, settings: Settings, submission: Submission, file: SentFile) -> None:
    """Forget a file that is not accepted yet."""
    _require_open(submission)
    path_of(settings, file).unlink(missing_ok=True)
    session.delete(file)


def queue(session: Session, kind: str, submission: Submission | None, user_id: int | None, /, **given: Any) -> Job:
    """A new job; the runner starts it when it is its turn."""
    job = Job(kind=kind, submission=submission, user_id=user_id, given=given)
    session.add(job)
    session.flush()
    return job


def queue_check(session: Session, submission: Submission, who: Caller) -> Job:
    """Check the files once more, as after a change of the project's settings. Raises Problem where that is no use."""
    if submission.state not in (CHECKED, FAILED):
        raise Problem(409, f"The submission is not checked again now: it {STATES[submission.state]}.", kind="state")
    submission.state, submission.summary = ACCEPTED, None
    return queue(session, "validate", submission, who.user_id)


def queue_load(session: Session, settings: Settings, submission: Submission, who: Caller) -> Job:
    """Have a checked submission loaded. Raises Problem where the caller may not, or there is nothing to load."""
    if not (who.may("load") or (settings.contributors_load and submission.user_id == who.user_id)):
        raise Problem(403, "A steward loads submissions here.", kind="permission")
    if submission.state != CHECKED:
        raise Problem(409, f"The submission cannot be loaded: it {STATES[submission.state]}.", kind="state")
    if (submission.summary or {}).get("exit_code") == 2:
        raise Problem(409, "A load would refuse this delivery: see its findings.", kind="refused")
    submission.state = LOADING
    return queue(session, "load", submission, who.user_id)


def previous(session: Session, submission: Submission) -> Submission | None:
    """The try before: of the same project, source and mapping, by the same organisation, and checked."""
    wanted = (
        select(Submission)
        .where(
            Submission.id < submission.id,
            Submission.project == submission.project,
            Submission.source == submission.source,
            Submission.mapping == submission.mapping if submission.mapping else Submission.mapping.is_(None),
            Submission.organisation_id == submission.organisation_id
            if submission.organisation_id is not None
            else Submission.user_id == submission.user_id,
            Submission.summary.is_not(None),
        )
        .order_by(Submission.id.desc())
    )
    return next((one for one in session.scalars(wanted) if one.summary), None)


def compared(before: Submission, after: Submission) -> list[dict[str, int | str]]:
    """Rule by rule, how many findings there were and are; those that changed alone, the largest change first."""
    old = dict((before.summary or {}).get("rules", {}))
    new = dict((after.summary or {}).get("rules", {}))
    rows: Iterator[dict[str, int | str]] = (
        {
            "rule": rule,
            "before": old.get(rule, 0),
            "now": new.get(rule, 0),
            "change": new.get(rule, 0) - old.get(rule, 0),
        }
        for rule in sorted(old.keys() | new.keys())
    )
    return sorted((row for row in rows if row["change"]), key=lambda row: -abs(int(row["change"])))


def copy(settings: Settings, file: SentFile, stream: BinaryIO) -> None:
    """Write a file that came whole."""
    with path_of(settings, file).open("wb") as out:
        shutil.copyfileobj(stream, out)
        out.flush()
        os.fsync(out.fileno())
