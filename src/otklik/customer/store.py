"""Tables of customers."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.customer.identity import Customer


async def add(connection: AsyncConnection, customer: Customer) -> None:
    """A new customer with all phones and mails; phones must be E.164 already."""
    await connection.execute(
        text(
            "insert into customer (tenant_id, id, name, company, vip, language, about)"
            " values (current_tenant(), :id, :name, :company, :vip, :language, :about)"
        ),
        {
            "id": customer.id,
            "name": customer.name,
            "company": customer.company,
            "vip": customer.vip,
            "language": customer.language,
            "about": customer.about,
        },
    )
    for table, column, values in (
        ("customer_phone", "number", customer.phones),
        ("customer_mail", "address", customer.mails),
    ):
        for value in values:
            await connection.execute(
                text(
                    f"insert into {table} (tenant_id, customer_id, {column})"
                    " values (current_tenant(), :customer, :value)"
                ),
                {"customer": customer.id, "value": value},
            )
