"""What libraries tell programmers, of paths and values: kept from people, who could not use it."""

from __future__ import annotations

import logging
import sys
import warnings


def quiet_libraries() -> None:
    """From now on nothing that a library warns of or logs reaches stderr, unless Python was started with -W."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())  # without one, Python prints what nobody takes
