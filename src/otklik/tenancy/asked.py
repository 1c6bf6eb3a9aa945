"""What is asked of the centre over HTTP, so that a refusal names the field that is to blame."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.contact.decisions import Decision
from otklik.contact.facts import Fact
from otklik.contact.ids import TenantId
from otklik.contact.ports import Inbox
from otklik.errors import AppError


async def submitted(inbox: Inbox, tenant: TenantId, fact: Fact, fields: Mapping[str, str]) -> list[Decision]:
    """`fields`: by the code of the refusal. Raises what `Inbox.submit` does."""
    try:
        return await inbox.submit(tenant, fact)
    except AppError as err:
        err.field = err.field or fields.get(err.code)
        raise
