"""Agreements and their terms, the catalogue, the FX rates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_agreements"
down_revision = "0001_parties"


def upgrade() -> None:
    """Make the tables."""
    _agreement()
    _revision()
    _programme()
    _programme_supplier()
    _catalogue_item()
    _fx_rate()


def _agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("code", name=op.f("uq_agreement_code")),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_revision_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["person.id"], name=op.f("fk_revision_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "agreement_id", "number", name=op.f("uq_revision_agreement_id_number")
        ),
    )


def _programme() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_programme_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )


def _programme_supplier() -> None:
    op.create_table(
        "programme_supplier",
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_supplier_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_programme_supplier_supplier_id"),
        ),
        sa.PrimaryKeyConstraint(
            "programme_id", "supplier_id", name=op.f("pk_programme_supplier")
        ),
    )


def _catalogue_item() -> None:
    op.create_table(
        "catalogue_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_catalogue_item_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_item")),
    )
    op.create_index(
        op.f("ix_catalogue_item_supplier_id_catalogue_item_code"),
        "catalogue_item",
        ["supplier_id", "code"],
    )


def _fx_rate() -> None:
    op.create_table(
        "fx_rate",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("from_currency", sa.Text(), nullable=False),
        sa.Column("to_currency", sa.Text(), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fx_rate")),
    )
    op.create_index(
        op.f("ix_fx_rate_from_currency_fx_rate_to_currency_fx_rate_rate_date"),
        "fx_rate",
        ["from_currency", "to_currency", "rate_date"],
    )
