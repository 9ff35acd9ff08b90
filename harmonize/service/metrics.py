"""Counters for Prometheus. Labels are routes, states and kinds: no id, no name, no value."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "harmonize_requests", "Requests by route and status.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "harmonize_request_seconds", "Seconds of a request by route.", ("route",), registry=self.registry
        )
        self.queries = Counter("harmonize_queries", "Statements by outcome.", ("outcome",), registry=self.registry)
        self.uploaded = Counter("harmonize_uploaded_bytes", "Bytes of uploads.", registry=self.registry)
        self.jobs = Gauge("harmonize_jobs", "Jobs by kind and state.", ("kind", "state"), registry=self.registry)

    def text(self) -> bytes:
        """As Prometheus reads them."""
        return generate_latest(self.registry)
