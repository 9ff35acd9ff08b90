"""From an id of a published file back to the store's: with the key alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.export.allow_list import id_numbers
from harmonize.export.codes import codes_path, person_of_code
from harmonize.export.key import key_path, read_key, remembered_key
from harmonize.export.permutation import store_id
from harmonize.export.profiles import find_profile

if TYPE_CHECKING:
    from harmonize.engine.store import Store


def id_in_store(
    store: Store,
    table: str,
    published: int,
    key_file: Path | None,
    profile: str | None = None,
    codes: Path | None = None,
) -> int:
    """The store's id of the row that has the id `published` in a file published from it by `profile`.

    Where the profile gives persons random codes, theirs are in the crosswalk `codes`.
    Raises InputError where the key is not the store's, or the id is none of this table.
    """
    key = read_key(key_file or key_path(store.path))
    if key.fingerprint != remembered_key(store.con):
        raise InputError(
            f"{key.path} is not the key that {store.path} was published with.", "Name the right one with --key-file."
        )
    name = table.removeprefix("omop.")
    # a death has its person's id
    wanted = "person" if name == "death" else name
    chosen = find_profile(profile)
    if wanted == "person" and chosen.does("id") == "coded":
        person = person_of_code(store.con, codes or codes_path(store.path), published)
        if person is None:
            raise InputError(f"{published} is no code of a person in the crosswalk.", "Is it of another profile?")
        return person
    found = store_id(key.for_profile(chosen.name).rounds, published)
    if found is None or found[0] != id_numbers().get(wanted):
        names = {number: target for target, number in id_numbers().items()}
        other = names.get(found[0]) if found else None
        raise InputError(
            f"{published} is no id of {name} in a file published with this key.",
            f"It would be one of {other}." if other else "Was the file published with another key or profile?",
        )
    return found[1]
