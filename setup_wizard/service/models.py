"""The tables: customers, installer keys, sessions and the devices that were set up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

HASH_LENGTH = 64  # SHA-256 in hexadecimal digits
LONGEST_EMAIL = 254  # RFC 5321, a path without its angle brackets
LONGEST_NAME = 128  # of a device; more than any screen shows


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


class Customer(Base):
    """Somebody who owns devices, known by e-mail address."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppClient(Base):
    """A program or shop that may set devices up: a label and the hash of its installer key."""

    __tablename__ = "app_client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    key_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    """None when the key was withdrawn; the row stays, because records point at it."""


class Session(Base):
    """A signed-in desktop program; its token is kept as a hash only."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    app_client_id: Mapped[int] = mapped_column(ForeignKey("app_client.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)


class DeviceRecord(Base):
    """A device that was set up for a customer, verified at the cloud."""

    __tablename__ = "device_record"
    __table_args__ = (UniqueConstraint("customer_id", "device_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    app_client_id: Mapped[int] = mapped_column(ForeignKey("app_client.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
