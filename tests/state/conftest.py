"""The invented hub of tests/pipeline is one of the scenes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "pipeline"))
