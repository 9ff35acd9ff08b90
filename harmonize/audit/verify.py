"""Whether an audit log is what was written: its chain, and its signed heads against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.audit.heads import AuditFiles, announced, head_lines, line_digest, public_hex, read_head, read_key
from harmonize.audit.log import FIRST, Entry, canonical, read_entries
from harmonize.audit.restored import Gap, gaps
from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass
class Verified:
    """How many entries and heads there are, what does not fit, the first of the log first, and what an entry explains
    that looks like it (`notes`)."""

    entries: int
    heads: int
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize audit verify --json` prints."""
        return {**vars(self), "ok": self.ok}


def verify(con: DuckDBPyConnection, files: AuditFiles) -> Verified:
    """Compare the log with itself, with its heads and their key."""
    entries = list(read_entries(con))
    result = Verified(len(entries), 0)
    if (broken := _broken_chain(entries)) is not None:
        result.problems.append(broken)
    if not entries and not files.heads.exists():
        return result
    keys = announced(entries)
    result.problems += _key_problems(files, keys)
    if not files.heads.exists():
        result.problems.append(
            f"The file of heads {files.heads} is not there: nothing shows that the log was not written anew."
        )
        return result
    if not entries:
        result.problems.append(f"The log is empty, and {files.heads} tells of one: its tail is missing.")
        return result
    lines = head_lines(files.heads, entries[0].hash)
    result.heads = len(lines)
    result.problems += _head_problems(entries, keys, lines, result.notes)
    return result


def _broken_chain(entries: list[Entry]) -> str | None:
    """The first entry that is not what was written, or not after what was before it."""
    previous = FIRST
    for number, entry in enumerate(entries, 1):
        if entry.entry_id != number:
            return f"Entry {number} does not fit: entry {entry.entry_id} stands in its place."
        if entry.previous_hash != previous:
            return f"Entry {number} does not fit: it does not follow from the entry before."
        if entry.hash != entry.right_hash():
            return f"Entry {number} does not fit: it was changed after it was written."
        previous = entry.hash
    return None


def _key_problems(files: AuditFiles, keys: list[str]) -> list[str]:
    """What is wrong with the key that signs."""
    try:
        public = public_hex(read_key(files.key))
    except InputError as problem:
        return [problem.message]
    except OSError:
        return [f"The key {files.key} is not there: nothing more can be signed with it."]
    if keys and keys[-1] != public:
        return [f"The key {files.key} is not the one that the log was signed with last ({keys[-1][:16]})."]
    return []


def _head_problems(entries: list[Entry], keys: list[str], lines: list[bytes], notes: list[str]) -> list[str]:
    """The first head that does not fit, then the entries that none of the heads covers. Heads of a store that a backup
    has replaced are told in `notes`: the entry that explains them is itself under a later head."""
    hashes = {entry.entry_id: entry.hash for entry in entries}
    restored, gone = gaps(entries), dict[Gap, int]()
    previous, covered = b"", 0
    for number, line in enumerate(lines, 1):
        head = read_head(line)
        if head is None or not _is_signed(head, keys):
            return [f"Head {number} does not fit: its signature is not that of a key of this log."]
        if head.get("previous") != line_digest(previous):
            told = "heads before it are missing" if number == 1 else "the head before it is missing or another one"
            return [f"Head {number} does not fit: {told}."]
        entry = int(head["entry_id"])
        if hashes.get(entry) != head.get("hash") and (gap := _explaining(restored, number, entry)):
            gone[gap] = max(entry, gone.get(gap, 0))
            previous = line
            continue
        if entry not in hashes:
            last = max(hashes, default=0)
            return [f"The log ends at entry {last}; head {number} was signed at entry {entry}: its tail is missing."]
        if hashes[entry] != head.get("hash"):
            return [f"Entry {entry} does not fit: head {number} was signed over another one."]
        previous, covered = line, entry
    if lines and (first := _first_announced(entries)) and int((read_head(lines[0]) or {})["entry_id"]) > first:
        return [f"The heads begin after entry {first}, at which the key was made: earlier heads are missing."]
    notes += [gap.sentence(until) for gap, until in gone.items()]
    if covered < len(entries):
        return [f"Entry {covered + 1} and what follows is signed by no head."]
    return []


def _explaining(restored: list[Gap], number: int, entry: int) -> Gap | None:
    return next((gap for gap in restored if gap.explains(number, entry)), None)


def _first_announced(entries: list[Entry]) -> int | None:
    """The entry that told of the first key, over which the first head was signed."""
    return next((entry.entry_id for entry in entries if announced([entry])), None)


def _is_signed(head: dict[str, Any], keys: list[str]) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    told = {name: value for name, value in head.items() if name != "signature"}
    if head.get("key") not in keys:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(head["key"])))
        key.verify(bytes.fromhex(str(head.get("signature", ""))), canonical(told))
    except (InvalidSignature, ValueError):
        return False
    return True
