"""Tables of customers."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from otklik.contact.ids import CustomerId
from otklik.customer.identity import Customer, e164

_CUSTOMER = """
select c.id, c.name, c.company, c.vip, c.language, c.about,
       array(select p.number from customer_phone p
              where p.tenant_id = c.tenant_id and p.customer_id = c.id order by p.number) as phones,
       array(select m.address from customer_mail m
              where m.tenant_id = c.tenant_id and m.customer_id = c.id order by m.address) as mails
  from customer c
"""


async def by_number(connection: AsyncConnection, number: str, region: str = "RU") -> Customer | None:
    """Whose number is this? Of several who share it, the one who was in touch last."""
    query = (
        _CUSTOMER
        + """
      join customer_phone n on n.tenant_id = c.tenant_id and n.customer_id = c.id and n.number = any(:numbers)
     order by (select max(t.arrived_at) from contact t where t.tenant_id = c.tenant_id and t.customer_id = c.id)
              desc nulls last, c.id
     limit 1
    """
    )
    numbers = list({number, e164(number, region) or number})
    return _customer((await connection.execute(text(query), {"numbers": numbers})).mappings().one_or_none())


async def by_id(connection: AsyncConnection, customer: CustomerId) -> Customer | None:
    query = _CUSTOMER + " where c.id = :id"
    return _customer((await connection.execute(text(query), {"id": customer})).mappings().one_or_none())


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


def _customer(row: object) -> Customer | None:
    if row is None:
        return None
    fields = dict(row)  # type: ignore[call-overload]  # a RowMapping, whose type SQLAlchemy leaves open
    return Customer(**{**fields, "phones": tuple(fields["phones"]), "mails": tuple(fields["mails"])})
