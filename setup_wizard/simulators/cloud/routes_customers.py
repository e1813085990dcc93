"""The product's customers, and the claim codes that make devices theirs."""

from __future__ import annotations

from aiohttp import web

from setup_wizard.simulators.cloud.oauth import session_body
from setup_wizard.simulators.cloud.refusals import NO_STORE, not_for_this_token, oauth_refusal
from setup_wizard.simulators.cloud.routes_devices import one_page
from setup_wizard.simulators.cloud.state import PRODUCT_NUMBER, State
from setup_wizard.simulators.cloud.wire import (
    Fields,
    answer,
    bearer_token,
    client_credentials,
    read_call,
    read_fields,
)


class CustomerRoutes:
    """Create, list and remove customers; make claim codes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        customers = "/v1/products/{product}/customers"
        return [
            web.post(customers, self.create),
            web.get(customers, self.show),
            web.delete(customers + "/{email}", self.remove),
            web.post("/v1/device_claims", self.make_claim_code),
            web.post("/v1/products/{owner_product}/device_claims", self.make_product_claim_code),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Creating hands over a session at once."""
        fields = await read_fields(request)
        client_id = await self._creator(request, fields)
        email = fields.required("email")
        password = fields.text("password")
        if not password and not fields.is_true("no_password"):
            raise oauth_refusal(400, "invalid_request", "password is required")
        accounts = self._state.accounts
        customer = accounts.create_customer(email, password=password)
        session = accounts.issue(accounts.customer(customer.email), client_id)
        return answer(session_body(session), status=201, headers=NO_STORE)

    async def _creator(self, request: web.Request, fields: Fields) -> str:
        """The client in whose name a customer is made: the caller's, or the team's own."""
        if bearer_token(request) is not None:
            await read_call(request, self._state)
            return self._state.client_id
        client_id, secret = client_credentials(request, fields)
        is_browser_form = secret is None and fields.text("response_type") == "token"
        accounts = self._state.accounts
        client = accounts.product_client(client_id, None if is_browser_form else secret or "")
        self._state.require_product(request.match_info["product"])
        return client.client_id

    async def show(self, request: web.Request) -> web.Response:
        await read_call(request, self._state)
        customers, pages = one_page(request, list(self._state.accounts.customers.values()))
        devices = list(self._state.devices.values())
        emails = {customer.email for customer in customers}
        return answer(
            {
                "customers": [
                    {
                        "id": customer.customer_id,
                        "full_name": "",
                        "username": customer.email,
                        "devices": [d.device_id for d in devices if d.owner == customer.email],
                    }
                    for customer in customers
                ],
                "devices": [
                    {
                        "id": device.device_id,
                        "product_id": PRODUCT_NUMBER,
                        "last_ip_address": "127.0.0.1",
                        "firmware_version": 1,
                        "online": device.online,
                    }
                    for device in devices
                    if device.owner in emails
                ],
                "meta": {"total_pages": pages},
            }
        )

    async def remove(self, request: web.Request) -> web.Response:
        await read_call(request, self._state)
        self._state.remove_customer(request.match_info["email"].lower())
        return answer({"ok": True})

    async def make_claim_code(self, request: web.Request) -> web.Response:
        call = await read_call(request, self._state)
        return answer(
            {
                "claim_code": self._state.make_claim_code(call.principal),
                "device_ids": [d.device_id for d in self._state.owned_by(call.principal)],
            }
        )

    async def make_product_claim_code(self, request: web.Request) -> web.Response:
        """Only for a customer of the product, not for its team."""
        call = await read_call(request, self._state)
        self._state.require_product(request.match_info["owner_product"])
        if call.principal.is_team:
            raise not_for_this_token()
        return await self.make_claim_code(request)
