"""The audit log over HTTP: every deed is written down with its request id; admins read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from setup_wizard.domain.device import DeviceId
from setup_wizard.service import problems
from setup_wizard.service.models import Actor, Role
from setup_wizard.service.store.audit import Audit, Doer
from setup_wizard.service.store.sessions import SignedIn
from setup_wizard.service.store.staff import KeyHolder
from setup_wizard.service.wire import STAFF, STORAGE, can_fail, staff

USUAL_LINES = 100  # some screens full
MOST_LINES = 1000  # of about 200 bytes: an answer that every program can hold


class Log:
    """The audit log as one request writes it."""

    def __init__(self, audit: Audit, request_id: str) -> None:
        self._audit = audit
        self._request_id = request_id

    async def write(self, verb: str, who: SignedIn) -> None:
        """A customer did it, or a staff member for them."""
        await self._audit.write(
            who.actor,
            verb,
            staff_id=who.staff_id,
            customer_id=who.customer_id,
            request_id=self._request_id,
        )

    async def write_staff(self, verb: str, by: KeyHolder) -> None:
        """A staff member did it, for no customer."""
        await self._audit.write(
            Actor.STAFF, verb, staff_id=by.staff_id, request_id=self._request_id
        )


def doer_of(request: Request, by: KeyHolder) -> Doer:
    """A staff member, for a deed that writes its own line."""
    return Doer(Actor.STAFF, by.staff_id, request.state.request_id)


def log_of(request: Request) -> Log:
    """The audit log for this request."""
    return Log(_audit_of(request), request.state.request_id)


def _audit_of(request: Request) -> Audit:
    return cast(Audit, request.app.state.audit)


class AuditLine(BaseModel):
    """One deed."""

    at: datetime
    actor: Actor
    verb: str
    staff: str | None
    customer: str | None
    device_id: str | None
    request_id: str | None


class AuditLines(BaseModel):
    """The newest deeds first."""

    lines: list[AuditLine]


router = APIRouter(tags=["operation"])


@router.get(
    "/v1/audit",
    dependencies=[Depends(staff(Role.ADMIN))],
    responses=can_fail(*STAFF, problems.REQUEST_REFUSED, *STORAGE),
)
async def read_audit(
    request: Request,
    device_id: Annotated[str | None, Query(pattern="^[0-9a-fA-F]{24}$")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = USUAL_LINES,
) -> AuditLines:
    """Who did what to which device; for admins."""
    device = None if device_id is None else DeviceId.parse(device_id)
    deeds = await _audit_of(request).read(device_id=device, limit=limit)
    return AuditLines(
        lines=[
            AuditLine(
                at=deed.at,
                actor=deed.actor,
                verb=deed.verb,
                staff=deed.staff,
                customer=deed.customer,
                device_id=None if deed.device_id is None else str(deed.device_id),
                request_id=deed.request_id,
            )
            for deed in deeds
        ]
    )
