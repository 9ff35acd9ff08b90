"""What a store keeps of DICOM headers holds nothing that identifies a person: it is taken out before it is kept.

Which rule an attribute broke is kept in its place (in `told`, as rule:path), so that every load of the same files tells
the same, whether they are read or known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store_key import use_store_key
from harmonize.intake.dicom.attributes import OWN, paths_of
from harmonize.validation.privacy import texts as privacy
from harmonize.validation.privacy.masking import make_masks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.schema.model import ClassDef

_KEYS = ("PatientID", "SeriesInstanceUID", "StudyInstanceUID", "SOPInstanceUID")
"""What tells series and files apart: a hash stands for one that may not be kept."""


def screen_headers(con: DuckDBPyConnection, series: ClassDef, hide: Callable[[Sequence[str]], dict[str, str]]) -> None:
    """Take out of the headers in the temp table dicom_new what identifies a person; `hide` does so with names of
    files."""
    slots = {path: slot for slot in series.slots.values() for path in paths_of(slot)}
    paths = sorted({*slots, *OWN})
    uids = [path for path in paths if path.endswith("UID")]
    con.execute(sql("dicom/text_table"))
    for some, unless in ((uids, "'[0-9.]{0,64}'"), ([path for path in paths if path not in uids], "''")):
        put_in = {"struct": _struct(some), "texts": _listed(some, paths), "unless": unless}
        con.execute(sql("dicom/text").format(**put_in))
    dated = [number for number, path in enumerate(paths, start=1) if path in slots and slots[path].range == "date"]
    columns = [
        privacy.TextColumn(number, path, "value", "dicom_text", dates=number not in dated, is_cell=False)
        for number, path in enumerate(paths, start=1)
    ]
    privacy.find(con, columns, values="dicom_text")
    if con.execute("SELECT 1 FROM privacy_hit LIMIT 1").fetchone():
        make_masks(con)
        use_store_key(con)
        hit = {number for (number,) in con.execute("SELECT DISTINCT column_id FROM privacy_hit").fetchall()}
        some = [path for number, path in enumerate(paths, start=1) if number in hit]
        con.execute(
            sql("dicom/screen").format(struct=_struct(some), texts=_listed(some, paths)),
            {"paths": paths, "keys": list(_KEYS)},
        )
    _hide_details(con, hide)


def _struct(paths: Sequence[str]) -> str:
    return literal(json.dumps(dict.fromkeys(paths, "VARCHAR")))


def _listed(paths: Sequence[str], numbered: Sequence[str]) -> str:
    """SQL of the list of (number of the attribute, value) of these paths of the header `a`."""
    pairs = [f"{{'column_id': {numbered.index(path) + 1}, 'value': a.{quote(path)}}}" for path in paths]
    return f"[{', '.join(pairs)}]"


def _hide_details(con: DuckDBPyConnection, hide: Callable[[Sequence[str]], dict[str, str]]) -> None:
    """Names of files that a directory lists."""
    rows = con.execute("SELECT DISTINCT detail FROM dicom_new WHERE reason = 'listed_and_missing'").fetchall()
    hidden = hide([detail for (detail,) in rows]) if rows else {}
    if hidden:
        con.execute(
            "UPDATE dicom_new SET detail = h.shown FROM (SELECT unnest($1) AS name, unnest($2) AS shown) h"
            " WHERE reason = 'listed_and_missing' AND detail = h.name",
            [list(hidden), list(hidden.values())],
        )
