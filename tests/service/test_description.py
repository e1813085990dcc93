"""Whatever somebody sends, the answer is one that the OpenAPI description promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import just

from setup_wizard.service.models import Role
from tests.service.caller import Caller

if TYPE_CHECKING:
    import schemathesis

EXAMPLES = 12  # for each operation: a run of all takes some seconds


def test_no_request_finds_a_failure_or_an_answer_that_is_not_described(caller: Caller):
    # Here: it takes half a second, which would be spent by each of those who collect the tests.
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi.checks import (
        response_schema_conformance,
        status_code_conformance,
    )

    description = caller.ask("GET", "/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=caller.url)
    key = caller.staff_key(Role.ADMIN)
    tried = 0
    http = requests.Session()  # or there would be another, and a connection, for each
    http.trust_env = False
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        session = caller.sign_in()  # another for each: one of them signs out
        sent = {"Authorization": f"Bearer {session}", "X-Installer-Key": key}

        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def check(case: schemathesis.Case, headers: dict[str, str]) -> None:
            case.call_and_validate(
                headers=headers,
                session=http,
                checks=[
                    not_a_server_error,
                    status_code_conformance,
                    response_schema_conformance,
                ],
            )

        for mode in schemathesis.GenerationMode:
            if mode.is_negative and not operation.body:
                continue  # there is nothing to send that could be wrong
            given(case=operation.as_strategy(generation_mode=mode), headers=just(sent))(check)()
        tried += 1
    http.close()

    assert tried >= 9
