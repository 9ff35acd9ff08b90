"""Makes a Bundle of each C-CDA document of a folder that ccda-to-fhir converts; names those that it refuses.

Runs in the environment of ccda-to-fhir (install.py): python ccda.py FOLDER OUT.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(source: Path, out: Path) -> None:
    """Convert each document; a refused one is named, as its maker means it to be."""
    from ccda_to_fhir import convert_document
    from ccda_to_fhir.exceptions import CCDAConversionError

    for path in sorted(source.glob("*.xml")):
        try:
            result = convert_document(path.read_text(encoding="utf-8"))
        except (CCDAConversionError, ValueError) as error:
            print(f"{path.name} is not converted: {type(error).__name__}")
            continue
        bundle = result.get("bundle", result)
        (out / f"{path.stem}.json").write_text(json.dumps(bundle, default=str), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
