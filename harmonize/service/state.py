"""What every request of a running service shares."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, cast

from fastapi import Request

if TYPE_CHECKING:
    from harmonize.service.database import Database
    from harmonize.service.jobs import Runner
    from harmonize.service.metrics import Metrics
    from harmonize.service.rates import Rates
    from harmonize.service.settings import Settings


@dataclass(frozen=True)
class State:
    """Settings, tables, jobs, limits and counters."""

    settings: Settings
    db: Database
    jobs: Runner
    rates: Rates
    metrics: Metrics
    queries: BoundedSemaphore


def state_of(request: Request) -> State:
    """Of the service that a request came to."""
    return cast("State", request.app.state.service)
