"""The way to everything that the product's devices say, for the maker's staff over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from setup_wizard.domain.errors import ProductEventsNotOffered
from setup_wizard.service import problems
from setup_wizard.service.api import Nothing
from setup_wizard.service.audit_api import log_of
from setup_wizard.service.sign_in import WATCHES_PRODUCT
from setup_wizard.service.store.staff import KeyHolder
from setup_wizard.service.wire import (
    BODY,
    STAFF,
    STORAGE,
    SecretText,
    can_fail,
    settings_of,
    staff_or_session,
)

_Watcher = Annotated[KeyHolder, Depends(staff_or_session(*WATCHES_PRODUCT))]


class EventsToken(BaseModel):
    """A token that opens the product's event stream and nothing else, and where to use it."""

    access_token: SecretText
    cloud_url: str
    product: str


router = APIRouter(tags=["operation"])


@router.post(
    "/v1/staff/events-token",
    status_code=201,
    responses=can_fail(
        *STAFF,
        problems.SESSION_EXPIRED,
        problems.PRODUCT_EVENTS_NOT_OFFERED,
        *BODY,
        *STORAGE,
    ),
)
async def give_events_token(request: Request, _body: Nothing, by: _Watcher) -> EventsToken:
    """What opens the stream of the whole product; for admins and support, by key or session."""
    settings = settings_of(request)
    if not len(settings.events_token):
        raise ProductEventsNotOffered
    await log_of(request).write_staff("events_token.given", by)
    return EventsToken(
        access_token=settings.events_token,
        cloud_url=settings.public_cloud_url or settings.cloud_url,
        product=settings.product,
    )
