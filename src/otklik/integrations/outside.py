"""`contact.ports.Outside` over real databases and services: finds what is named in the set-up, and asks it."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp, SendMessage
from otklik.contact.ids import TenantId
from otklik.errors import PeerError
from otklik.integrations.databases import Databases
from otklik.integrations.mail import MailServers
from otklik.integrations.secrets import Secrets
from otklik.integrations.services import Services


class OuterSystems:
    """One for all tenants. Connections are opened when first asked for, and again when the set-up says otherwise."""

    def __init__(self, secrets: Secrets) -> None:
        self.databases = Databases(secrets)
        self.services = Services(secrets)
        self.mail = MailServers(secrets)

    async def ask(
        self,
        tenant: TenantId,
        set_up: Configuration,
        asked: LookUp | Fetch | SendMessage,
        parameters: Mapping[str, str],
    ) -> dict[str, str] | None:
        """See `Outside.ask`."""
        once = f"{asked.contact}-{asked.step}"
        if isinstance(asked, SendMessage):
            return await self._send(tenant, set_up, asked, parameters, once)
        if isinstance(asked, LookUp):
            connection = next((each for each in set_up.connections if each.id == asked.connection), None)
            if connection is None or asked.statement not in connection.statements:
                raise PeerError(asked.connection, "unknown", retryable=False)
            return await self.databases.ask(tenant, connection, asked.statement, parameters)
        return await self._fetch(tenant, set_up, (asked.service, asked.request), parameters, once)

    async def _fetch(
        self,
        tenant: TenantId,
        set_up: Configuration,
        named: tuple[str, str],
        parameters: Mapping[str, str],
        once: str,
    ) -> dict[str, str] | None:
        service = next((each for each in set_up.services if each.id == named[0]), None)
        if service is None or named[1] not in service.requests:
            raise PeerError(named[0], "unknown", retryable=False)
        return await self.services.ask(tenant, service, named[1], parameters, once)

    async def _send(
        self, tenant: TenantId, set_up: Configuration, asked: SendMessage, written: Mapping[str, str], once: str
    ) -> dict[str, str] | None:
        """Nothing is told of what the other side answers."""
        to, text = written.get("to", ""), written.get("text", "")
        if not to or not text:
            raise PeerError(
                asked.by, "refused", retryable=False
            )  # an attribute that is not there, a number that is withheld
        if asked.by == "mail":
            if set_up.mail is None:
                raise PeerError("mail", "unknown", retryable=False)
            await self.mail.post(set_up.mail, to=to, subject=written.get("subject", ""), text=text, key=once)
            return {}
        if set_up.sms is None:
            raise PeerError("sms", "unknown", retryable=False)
        sms = set_up.sms
        sent = await self._fetch(tenant, set_up, (sms.service, sms.request), {"to": to, "text": text}, once)
        return None if sent is None else {}

    async def close(self) -> None:
        await self.services.close()
        await self.databases.close()
