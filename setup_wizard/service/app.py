"""The application: routes, resources and the one border where exceptions become answers."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from setup_wizard import __version__
from setup_wizard.domain.errors import SetupError
from setup_wizard.service import (
    audit_api,
    clients,
    events_api,
    installations_api,
    metrics,
    problems,
    sign_in_api,
)
from setup_wizard.service.accounts import open_accounts
from setup_wizard.service.api import router
from setup_wizard.service.bodies import read_body, replay
from setup_wizard.service.cloud import open_cloud
from setup_wizard.service.mail import open_mailer
from setup_wizard.service.metrics import Metrics, method_of, route_of
from setup_wizard.service.problems import Problem, ProblemBody
from setup_wizard.service.provisioning import Provisioning
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in import SignIn
from setup_wizard.service.store import open_store

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_ROUTERS = (
    router,
    metrics.router,
    sign_in_api.router,
    audit_api.router,
    installations_api.router,
    events_api.router,
)
_ONLY_TLS = (b"strict-transport-security", b"max-age=31536000")

_log = logging.getLogger(__name__)


def create_app(settings: ServiceSettings) -> FastAPI:
    """The backend as an ASGI application; it opens database and cloud when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_store(settings.database_url, product=settings.product) as store,
            open_cloud(settings) as cloud,
            open_mailer(settings.mail) as mailer,
            open_accounts(settings.accounts) as accounts,
        ):
            await store.staff.set_installer_keys(settings.installer_keys)
            cloud.on_call = app.state.metrics.cloud_called
            app.state.provisioning = Provisioning(
                store, cloud, access_token_lifetime=settings.access_token_lifetime
            )
            app.state.audit = store.audit
            app.state.installations = store.installations
            app.state.sign_in = SignIn(store, mailer=mailer, accounts=accounts)
            yield

    app = FastAPI(
        title="Setup Wizard backend",
        summary="Holds the client secret of one product, so that the desktop program need not.",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # these pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.ending = False  # true while it still answers and wants nobody new
    # As they are: to include a router is to build its every route once more, at the first request.
    for each in _ROUTERS:
        app.router.routes.extend(each.routes)
    app.add_exception_handler(SetupError, _answer_setup_error)
    app.add_exception_handler(RequestValidationError, _answer_validation_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_middleware(_Border, settings=settings, metrics=app.state.metrics)
    _describe_problems(app)
    return app


class _Border:
    """Names every request, bounds its body, and answers for whatever went wrong inside."""

    def __init__(self, app: ASGIApp, *, settings: ServiceSettings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trusted = self._settings.trusted_proxies
        request_id = clients.request_id(scope, trusted) or secrets.token_hex(8)
        scope["scheme"] = clients.scheme(scope, trusted)
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.monotonic()
        answered = False

        async def send_named(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *_HEADERS,
                    *([_ONLY_TLS] if scope["scheme"] == "https" else []),
                ]
                seconds = time.monotonic() - began
                self._metrics.answered(scope, message["status"], seconds)
                _log_answer(scope, request_id, message["status"], seconds)
            await send(message)

        try:
            body = await read_body(scope, receive)
            if isinstance(body, Problem):
                answer = problems.answer(body, request_id=request_id)
                await answer(scope, receive, send_named)
            else:
                with self._metrics.under_way(scope):
                    await self._app(scope, replay(body, receive), send_named)
        except ClientDisconnect:
            _log.info("request_id=%s broken_off", request_id)  # there is nobody to answer
        except Exception as error:
            _log_failure(request_id, error)
            if answered:
                raise  # it is too late for another answer; the server closes the connection
            answer = problems.answer(problems.INTERNAL_ERROR, request_id=request_id)
            await answer(scope, receive, send_named)


async def _answer_setup_error(request: Request, error: Exception) -> Response:
    request_id = request.state.request_id
    _log.warning("request_id=%s error=%s", request_id, error)
    return problems.answer(problems.of_error(cast(SetupError, error)), request_id=request_id)


async def _answer_validation_error(request: Request, error: Exception) -> Response:
    # Only places and reasons: what was sent there may be secret.
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        if fault["type"] != "extra_forbidden"
        else "a field is not known"
        for fault in cast(RequestValidationError, error).errors()
    )
    problem = replace(problems.REQUEST_REFUSED, detail=faults)
    return problems.answer(problem, request_id=request.state.request_id)


async def _answer_http_error(request: Request, error: Exception) -> Response:
    refusal = cast(HTTPException, error)
    problem = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED}.get(
        refusal.status_code, problems.REQUEST_REFUSED
    )
    problem = replace(problem, headers=refusal.headers or {})
    return problems.answer(problem, request_id=request.state.request_id)


def _log_answer(scope: Scope, request_id: str, status: int, seconds: float) -> None:
    if not _log.isEnabledFor(logging.INFO):
        return
    facts = {
        "request_id": request_id,
        "method": method_of(scope),
        "route": route_of(scope),
        "status": status,
        "seconds": round(seconds, 3),
    }
    _log.info(
        "request_id=%(request_id)s method=%(method)s route=%(route)s status=%(status)s"
        " seconds=%(seconds)s",
        facts,
    )


def _log_failure(request_id: str, error: Exception) -> None:
    """The kind of failure and where it was; its text may quote what must not be logged."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request_id=%s error=%s\n%s", request_id, type(error).__name__, places)


def _describe_problems(app: FastAPI) -> None:
    """Put the problem document into the OpenAPI description, where the routes refer to it."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        description = describe()
        description["components"]["schemas"]["ProblemBody"] = ProblemBody.model_json_schema()
        return description

    app.openapi = described  # type: ignore[method-assign]  # the documented way to extend it
