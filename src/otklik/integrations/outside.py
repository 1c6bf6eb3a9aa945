"""`contact.ports.Outside` over real databases and services: finds what is named in the set-up, and asks it."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp
from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.integrations.databases import Databases
from otklik.integrations.secrets import Secrets
from otklik.integrations.services import Services


class OuterSystems:
    """One for all tenants. Connections are opened when first asked for, and again when the set-up says otherwise."""

    def __init__(self, secrets: Secrets) -> None:
        self.databases = Databases(secrets)
        self.services = Services(secrets)

    async def ask(
        self, tenant: TenantId, set_up: Configuration, asked: LookUp | Fetch, parameters: Mapping[str, str]
    ) -> dict[str, str] | None:
        """See `Outside.ask`."""
        if isinstance(asked, LookUp):
            connection = next((each for each in set_up.connections if each.id == asked.connection), None)
            if connection is None or asked.statement not in connection.statements:
                raise PeerError(asked.connection, "unknown", retryable=False)
            return await self.databases.ask(tenant, connection, asked.statement, parameters)
        service = next((each for each in set_up.services if each.id == asked.service), None)
        if service is None or asked.request not in service.requests:
            raise PeerError(asked.service, "unknown", retryable=False)
        once = f"{asked.contact}-{asked.step}"
        return await self.services.ask(tenant, service, asked.request, parameters, once)

    async def close(self) -> None:
        await self.services.close()
        await self.databases.close()
