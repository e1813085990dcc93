"""What Prometheus may ask: requests, provisions under way, and calls to the cloud.

With several workers each would know its own numbers only, and a scrape reaches any of them. So
workers count into files of one folder (the library's multiprocess mode), which is chosen by an
environment variable before the library is imported, and whoever is asked adds them up. A label
for each worker would need an address for each worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import Scope

from setup_wizard.domain.secret import Secret
from setup_wizard.service import problems

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PROVISION_ROUTE = "/v1/provisions"
# Seconds. A provision makes three calls of at most 8 s each; the rest takes milliseconds.
LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

router = APIRouter()


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "setup_wizard_requests",
            "Requests that were answered",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "setup_wizard_request_seconds",
            "From a request's first byte to its answer",
            ("route", "method"),
            buckets=LATENCIES,
            registry=registry,
        )
        self._provisions = Gauge(
            "setup_wizard_provisions_under_way",
            "Provisions that were begun and not answered yet",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._cloud_calls = Counter(
            "setup_wizard_cloud_calls",
            "Calls to the cloud by kind, and how they ended: a status or an error's code",
            ("call", "outcome"),
            registry=registry,
        )

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        route, method = route_of(scope), method_of(scope)
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    @contextmanager
    def under_way(self, scope: Scope) -> Iterator[None]:
        """Count a request as long as it is one that sets a device up."""
        if (scope["method"], scope["path"]) != ("POST", PROVISION_ROUTE):
            yield
            return
        with self._provisions.track_inprogress():
            yield

    def cloud_called(self, call: str, outcome: str) -> None:
        """Count a call to the cloud."""
        self._cloud_calls.labels(call, outcome).inc()

    def exposition(self) -> bytes:
        """Everything, as Prometheus reads it."""
        registry = self._registry
        if os.environ.get(FOLDER_VARIABLE):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def route_of(scope: Scope) -> str:
    """The route, not the path: a path may hold a customer's address, and there are too many."""
    return getattr(scope.get("route"), "path", "none")


def method_of(scope: Scope) -> str:
    """The method, unless somebody invented it."""
    method = cast(str, scope["method"])
    return method if method in _METHODS else "other"


@router.get(
    "/metrics",
    tags=["operation"],
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        401: {
            "description": f"Problem: `{problems.METRICS_REFUSED.code}`",
            "content": {
                problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}
            },
        },
    },
)
async def metrics(request: Request) -> Response:
    """Numbers for Prometheus, for whoever sends the metrics token as a bearer."""
    expected = cast(Secret, request.app.state.settings.metrics_token)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    # Without a token in the settings nobody may ask; Secret compares in constant time.
    if not len(expected) or kind.lower() != "bearer" or Secret(token) != expected:
        return problems.answer(problems.METRICS_REFUSED, request_id=request.state.request_id)
    counted = cast(Metrics, request.app.state.metrics)
    return Response(counted.exposition(), media_type=CONTENT_TYPE_LATEST)
