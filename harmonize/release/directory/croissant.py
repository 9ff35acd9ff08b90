"""manifest.json of a release: its files and tables in Croissant 1.0, as catalogues of data sets read it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.files import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.json"
_FORMATS = {".parquet": "application/x-parquet", ".csv": "text/csv", ".duckdb": "application/vnd.duckdb"}
_TYPES = {"BIGINT": "sc:Integer", "INTEGER": "sc:Integer", "DOUBLE": "sc:Float", "BOOLEAN": "sc:Boolean",
          "DATE": "sc:Date", "TIMESTAMP": "sc:DateTime"}  # fmt: skip
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip


def write_croissant(folder: Path, about: dict[str, Any]) -> None:
    """Write the manifest of the data files that lie in the folder by now; `about` are properties of the data set."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in _FORMATS]
    manifest = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about,
        "distribution": [_file(folder, path) for path in files],
        "recordSet": list(_record_sets(folder)),
    }
    (folder / NAME).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")


def _file(folder: Path, path: Path) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": _FORMATS[path.suffix],
        "sha256": sha256_of(path),
    }


def _record_sets(folder: Path) -> list[dict[str, Any]]:
    """The tables of the Parquet form, else of the CSV form, where each is one file."""
    for form in ("parquet", "csv"):
        found = sorted(folder.glob(f"*/{form}/manifest.json"))
        if found:
            base = found[0].parent.relative_to(folder)
            told = orjson.loads(found[0].read_bytes())
            return [_record_set(base.as_posix(), table) for table in told["tables"] if len(table["files"]) == 1]
    return []


def _record_set(base: str, table: dict[str, Any]) -> dict[str, Any]:
    name, file = f"{table['schema']}.{table['table']}", str(PurePosixPath(base, table["files"][0]["path"]))
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        **({"description": table["description"]} if table["description"] else {}),
        "field": [_field(name, file, column) for column in table["columns"]],
    }


def _field(table: str, file: str, column: dict[str, Any]) -> dict[str, Any]:
    name = f"{table}/{column['name']}"
    return {
        "@type": "cr:Field",
        "@id": name,
        "name": name,
        **({"description": column["description"]} if column["description"] else {}),
        "dataType": _TYPES.get(column["type"].removesuffix("[]"), "sc:Text"),
        **({"repeated": True} if column["type"].endswith("[]") else {}),
        "source": {"fileObject": {"@id": file}, "extract": {"column": column["name"]}},
    }


def wrong_croissant(folder: Path) -> list[str]:
    """What of the manifest does not fit the files, each in a sentence."""
    try:
        manifest = orjson.loads((folder / NAME).read_bytes())
        files = {one["@id"]: one for one in manifest["distribution"]}
        sources = {field["source"]["fileObject"]["@id"] for one in manifest["recordSet"] for field in one["field"]}
        wrong = [name for name, one in files.items() if not _is_there(folder / one["contentUrl"], one["sha256"])]
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{NAME} is no Croissant manifest."]
    problems = [f"{name} is not what {NAME} says." for name in wrong]
    return problems + [f"{NAME} reads a file that it does not name: {name}." for name in sorted(sources - set(files))]


def _is_there(path: Path, digest: str) -> bool:
    return path.is_file() and sha256_of(path) == digest
