"""The tables: who the maker's people and customers are, what they set up, and who did it.

Secrets are kept as hashes only. What a deletion takes along is said at each foreign key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from setup_wizard.domain.device import LONGEST_NAME

HASH_LENGTH = 64  # SHA-256 in hexadecimal digits
LONGEST_EMAIL = 254  # RFC 5321, a path without its angle brackets
LONGEST_LABEL = 100  # of a product, a person, a key
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2
_LONGEST_WORD = 32  # a role, a way to sign in, a verb of the audit log, a request id


class Role(StrEnum):
    """What a member of the maker's staff may do."""

    ADMIN = "admin"
    INSTALLER = "installer"
    SUPPORT = "support"
    FACTORY = "factory"


class SignInMethod(StrEnum):
    """How somebody proved who they are."""

    CODE = "code"
    INSTALLER_KEY = "installer_key"
    OIDC = "oidc"


class Actor(StrEnum):
    """What kind of somebody did it; stays in the audit log when the person is deleted."""

    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its time zone, also on SQLite, which forgets it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables."""


class Product(Base):
    """What the maker sells; every backend serves one."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(LONGEST_LABEL), unique=True)
    """As the cloud knows it. Empty in a database of the first version until a backend starts."""
    name: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Customer(Base):
    """Somebody who owns devices of one product, known by e-mail address."""

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("product_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", name="fk_customer_product"))
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffMember(Base):
    """One of the maker's people, or a shop or program that acts for them. Never deleted."""

    __tablename__ = "staff_member"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    role: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffKey(Base):
    """A key that signs one staff member in."""

    __tablename__ = "staff_key"
    __table_args__ = (UniqueConstraint("staff_id", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), index=True)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    from_settings: Mapped[bool]
    """The setting `installer_keys` has it, or had: it goes and comes back with that. Once it was
    revoked by the command it is no longer the setting's, and stays revoked."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CustomerSession(Base):
    """A desktop program that may act for a customer; to revoke it is to delete it."""

    __tablename__ = "customer_session"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    key_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_key.id", ondelete="CASCADE"), index=True
    )
    """The key of the staff member who opened it for the customer."""
    method: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    subject: Mapped[str | None] = mapped_column(String(LONGEST_SUBJECT))
    """Who it is at the maker's own accounts."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StaffSession(Base):
    """A staff member who is signed in. Nobody is yet: their key comes with each request."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), index=True
    )
    key_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_key.id", ondelete="CASCADE"), index=True
    )
    method: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    subject: Mapped[str | None] = mapped_column(String(LONGEST_SUBJECT))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SignInCode(Base):
    """The newest code that was sent to an address; the address need not be a customer's."""

    __tablename__ = "sign_in_code"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    email_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    salt: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries_left: Mapped[int]
    consumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Installation(Base):
    """A named group of devices of one product that are handled together."""

    __tablename__ = "installation"
    # Of those without a customer several may have one name: each outlived somebody else.
    __table_args__ = (UniqueConstraint("product_id", "customer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id", ondelete="SET NULL"), index=True
    )
    """Whose it is; the group outlives the customer, as the wiring in the building does."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InstallationDevice(Base):
    """Where a device is installed: in one place at a time, recorded for somebody or not yet."""

    __tablename__ = "installation_device"

    device_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    installation_id: Mapped[int] = mapped_column(
        ForeignKey("installation.id", ondelete="CASCADE"), index=True
    )
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeviceRecord(Base):
    """A device that was set up for a customer, verified at the cloud."""

    __tablename__ = "device_record"
    __table_args__ = (UniqueConstraint("customer_id", "device_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", name="fk_device_record_product")
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_member.id", name="fk_device_record_staff")
    )
    """Who set it up for the customer; None when the customer did."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what to which device. Nothing secret; a deleted customer is no longer named."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    """Who did it, or to whom the system did it."""
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id", ondelete="SET NULL"), index=True
    )
    """Who did it, or for whom somebody else did it."""
    verb: Mapped[str] = mapped_column(String(_LONGEST_WORD))
    device_id: Mapped[str | None] = mapped_column(String(24), index=True)
    request_id: Mapped[str | None] = mapped_column(String(_LONGEST_WORD))


class RateCount(Base):
    """How often something was tried in one stretch of time, counted over all workers."""

    __tablename__ = "rate_count"

    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    window_start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """In seconds since 1970."""
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
