"""Customers, staff and their keys, sessions and codes: what each verb promises."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from setup_wizard.domain.errors import CodeRefused, KeyRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role, SignInMethod
from setup_wizard.service.store import Store
from setup_wizard.service.store import codes as codes_module
from setup_wizard.service.store.codes import (
    CODE_DIGITS,
    CODE_LIFETIME,
    CODE_PAUSE,
    CODE_TRIES,
    JustSent,
)
from setup_wizard.service.store.sessions import SESSION_LIFETIME
from setup_wizard.service.store.staff import StaffExists, StaffUnknown
from tests.service.databases import FreshDatabase, both
from tests.service.stores import sign_in, with_store

JANE = "jane@example.com"

pytestmark = both


def _age(database: FreshDatabase, table: str, by: timedelta) -> None:
    """As if it had been made so much earlier."""
    ((ends,),) = database.sql(f"SELECT expires_at FROM {table}")
    ends = datetime.fromisoformat(str(ends)).replace(tzinfo=None) - by
    database.sql(f"UPDATE {table} SET expires_at = '{ends:%Y-%m-%d %H:%M:%S.%f}'")


def another_than(code: Secret) -> Secret:
    return Secret(f"{(int(code.reveal()) + 1) % 10**CODE_DIGITS:0{CODE_DIGITS}}")


def test_a_code_is_good_once(database: FreshDatabase):
    async def work(store: Store) -> None:
        code = await store.codes.issue(JANE)
        assert len(code.reveal()) == CODE_DIGITS
        assert code.reveal().isdigit()
        assert (6 <= CODE_DIGITS <= 8, CODE_TRIES) == (True, 5)  # as it is promised to makers
        assert CODE_LIFETIME.total_seconds() == 600

        await store.codes.consume(JANE, code)
        with pytest.raises(CodeRefused):
            await store.codes.consume(JANE, code)

    with_store(database, work)


def test_a_code_is_for_one_address(database: FreshDatabase):
    async def work(store: Store) -> None:
        code = await store.codes.issue(JANE)

        with pytest.raises(CodeRefused):
            await store.codes.consume("joe@example.com", code)

    with_store(database, work)


def test_the_last_try_may_be_the_right_one(database: FreshDatabase):
    async def work(store: Store) -> None:
        code = await store.codes.issue(JANE)
        for _ in range(CODE_TRIES - 1):
            with pytest.raises(CodeRefused):
                await store.codes.consume(JANE, another_than(code))

        await store.codes.consume(JANE, code)

    with_store(database, work)


@pytest.mark.parametrize("over", [False, True])
def test_there_is_half_a_minute_between_two_letters(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, over: bool
):
    assert CODE_PAUSE.total_seconds() == 30  # as the window has it
    pause = timedelta(minutes=9)  # for computers whose clock jumps
    monkeypatch.setattr(codes_module, "CODE_PAUSE", pause)

    async def work(store: Store) -> None:
        old = await store.codes.issue(JANE)
        await asyncio.to_thread(_age, database, "sign_in_code", pause if over else pause / 9)
        if over:
            await store.codes.check_pause(JANE)
            await store.codes.issue(JANE)
            return
        for refuse in (store.codes.check_pause, store.codes.issue):
            with pytest.raises(JustSent):
                await refuse(JANE)
        await store.codes.issue("joe@example.com")
        await store.codes.consume(JANE, old)
        await store.codes.check_pause(JANE)
        await store.codes.issue(JANE)

    with_store(database, work)


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "", "-12345"])
def test_what_no_code_can_be_costs_no_try(database: FreshDatabase, typed: str):
    async def work(store: Store) -> None:
        await store.codes.issue(JANE)

        for _ in range(2):
            with pytest.raises(CodeRefused) as refused:
                await store.codes.consume(JANE, Secret(typed))
            assert refused.value.parameters == {"tries_left": CODE_TRIES}

        with pytest.raises(CodeRefused) as refused:
            await store.codes.consume("joe@example.com", Secret(typed))
        assert refused.value.parameters == {}

    with_store(database, work)


def test_a_new_code_takes_the_place_of_the_old_one_with_tries_of_its_own(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    async def work(store: Store) -> None:
        old = await store.codes.issue(JANE)
        for _ in range(CODE_TRIES):
            with pytest.raises(CodeRefused):
                await store.codes.consume(JANE, another_than(old))
        monkeypatch.setattr(codes_module, "CODE_PAUSE", timedelta(0))
        new = await store.codes.issue(JANE)
        while new == old:
            new = await store.codes.issue(JANE)

        with pytest.raises(CodeRefused):
            await store.codes.consume(JANE, old)
        await store.codes.consume(JANE, new)

    with_store(database, work)


@pytest.mark.parametrize("late", [False, True])
def test_a_code_lives_for_ten_minutes(database: FreshDatabase, late: bool):
    almost = CODE_LIFETIME - timedelta(seconds=30)

    async def work(store: Store) -> None:
        code = await store.codes.issue(JANE)
        await asyncio.to_thread(_age, database, "sign_in_code", CODE_LIFETIME if late else almost)
        if late:
            with pytest.raises(CodeRefused):
                await store.codes.consume(JANE, code)
        else:
            await store.codes.consume(JANE, code)

    with_store(database, work)


def test_neither_code_nor_address_lies_in_the_database(database: FreshDatabase):
    codes: list[str] = []

    async def work(store: Store) -> None:
        codes.append((await store.codes.issue(JANE)).reveal())

    with_store(database, work)

    ((salt, code_hash, email_hash),) = database.sql(
        "SELECT salt, code_hash, email_hash FROM sign_in_code"
    )
    assert len(salt) == 32
    assert (len(code_hash), len(email_hash)) == (64, 64)
    assert f"'{codes[0]}'" not in database.everything()
    assert JANE not in database.everything()


def test_a_session_says_who_and_how_until_it_is_over(database: FreshDatabase):
    async def work(store: Store) -> None:
        token = await store.sessions.open_for_customer(
            JANE, method=SignInMethod.OIDC, subject="auth|17"
        )
        who = await store.sessions.customer(token)
        assert (who.customer, who.staff_id, who.method) == (JANE, None, SignInMethod.OIDC)

        await asyncio.to_thread(_age, database, "customer_session", SESSION_LIFETIME)
        with pytest.raises(SignInExpired):
            await store.sessions.customer(token)

    with_store(database, work)


def test_a_session_ends_by_signing_out(database: FreshDatabase):
    async def work(store: Store) -> None:
        tokens = [
            await store.sessions.open_for_customer(JANE, method=SignInMethod.CODE) for _ in range(2)
        ]
        await store.sessions.end(tokens[0])
        await store.sessions.end(tokens[0])
        with pytest.raises(SignInExpired):
            await store.sessions.customer(tokens[0])
        assert (await store.sessions.customer(tokens[1])).customer == JANE

    with_store(database, work)


def test_staff_sign_a_customer_in_by_their_key(database: FreshDatabase):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("anna", Role.SUPPORT)
        holder = await store.staff.by_key(key)
        customers = await store.sessions.open_for_customer(
            JANE, method=SignInMethod.INSTALLER_KEY, key_id=holder.key_id
        )

        assert (holder.name, holder.role) == ("anna", Role.SUPPORT)
        assert (await store.sessions.customer(customers)).staff_id == holder.staff_id

    with_store(database, work)


def test_to_revoke_somebody_ends_the_sessions_they_opened(database: FreshDatabase):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("anna", Role.INSTALLER)
        holder = await store.staff.by_key(key)
        method = SignInMethod.INSTALLER_KEY
        customers = await store.sessions.open_for_customer(
            JANE, method=method, key_id=holder.key_id
        )

        await store.staff.revoke("anna")

        # Somebody may have looked the key up just before.
        late = await store.sessions.open_for_customer(JANE, method=method, key_id=holder.key_id)
        with pytest.raises(KeyRefused):
            await store.staff.by_key(key)
        for token in (customers, late):
            with pytest.raises(SignInExpired):
                await store.sessions.customer(token)
        with pytest.raises(StaffUnknown):
            await store.staff.revoke("anna")

    with_store(database, work)


def test_who_was_revoked_can_be_added_again_with_another_key(database: FreshDatabase):
    async def work(store: Store) -> None:
        first_id, first_key = await store.staff.add("anna", Role.INSTALLER)
        with pytest.raises(StaffExists):
            await store.staff.add("anna", Role.ADMIN)
        await store.staff.revoke("anna")

        second_id, second_key = await store.staff.add("anna", Role.ADMIN)

        assert second_id == first_id
        assert (await store.staff.by_key(second_key)).role is Role.ADMIN
        with pytest.raises(KeyRefused):
            await store.staff.by_key(first_key)

    with_store(database, work)


def test_the_list_of_staff_tells_role_use_and_revocation(database: FreshDatabase):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("joe", Role.FACTORY)
        await store.staff.add("anna", Role.ADMIN)
        began = datetime.now(UTC)
        await store.staff.by_key(key)
        await store.staff.revoke("joe")

        anna, joe = await store.staff.list()

        assert (anna.name, anna.role, anna.last_used_at) == ("anna", Role.ADMIN, None)
        assert anna.revoked_at is None
        assert (joe.name, joe.role) == ("joe", Role.FACTORY)
        assert joe.last_used_at is not None
        assert joe.revoked_at is not None
        assert began <= joe.last_used_at <= joe.revoked_at <= datetime.now(UTC)

    with_store(database, work)


def test_keys_of_the_settings_and_of_the_command_do_not_disturb_each_other(
    database: FreshDatabase,
):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("anna", Role.ADMIN)
        await store.staff.set_installer_keys([("anna", Secret("k1")), ("shop", Secret("k2"))])
        await store.staff.set_installer_keys([("shop", Secret("k2"))])

        assert (await store.staff.by_key(key)).role is Role.ADMIN
        assert (await store.staff.by_key(Secret("k2"))).name == "shop"
        with pytest.raises(KeyRefused):
            await store.staff.by_key(Secret("k1"))

    with_store(database, work)


def test_customers_are_listed_and_deleted(database: FreshDatabase):
    async def work(store: Store) -> None:
        await sign_in(store, JANE)
        assert await store.customers.is_known(JANE)
        assert [each.email for each in await store.customers.list()] == [JANE]

        assert await store.customers.delete(JANE)
        assert not await store.customers.delete(JANE)
        assert not await store.customers.is_known(JANE)

    with_store(database, work)
