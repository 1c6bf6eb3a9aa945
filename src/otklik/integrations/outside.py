"""`contact.ports.Outside` over real databases and services: finds what is named in the set-up, and asks it."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp, SendMessage
from otklik.contact.ids import TenantId
from otklik.contact.outside import Service, Submitted
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
            await self._send(tenant, set_up, asked, parameters, once)
            return {}
        if isinstance(asked, LookUp):
            connection = next((each for each in set_up.connections if each.id == asked.connection), None)
            if connection is None or asked.statement not in connection.statements:
                raise PeerError(asked.connection, "unknown", retryable=False)
            return await self.databases.ask(tenant, connection, asked.statement, parameters)
        service = _service(set_up, asked.service, asked.request)
        return await self.services.ask(tenant, service, asked.request, parameters, once)

    async def _send(
        self, tenant: TenantId, set_up: Configuration, asked: SendMessage, written: Mapping[str, str], once: str
    ) -> None:
        to, text = written.get("to", ""), written.get("text", "")
        if not to or not text:
            raise PeerError(
                asked.by, "refused", retryable=False
            )  # an attribute that is not there, a number that is withheld
        if asked.by == "mail":
            if set_up.mail is None:
                raise PeerError("mail", "unknown", retryable=False)
            subject, submitted = written.get("subject", ""), _submitted(asked)
            await self.mail.post(set_up.mail, to=to, subject=subject, text=text, key=once, submitted=submitted)
        elif (sms := set_up.sms) is not None:
            service = _service(set_up, sms.service, sms.request)
            await self.services.tell(tenant, service, sms.request, {"to": to, "text": text}, once)
        else:
            raise PeerError("sms", "unknown", retryable=False)

    async def close(self) -> None:
        await self.services.close()
        await self.databases.close()


def _submitted(asked: SendMessage) -> Submitted:
    return "auto-replied" if asked.reply else "auto-generated"


def _service(set_up: Configuration, name: str, request: str) -> Service:
    service = next((each for each in set_up.services if each.id == name), None)
    if service is None or request not in service.requests:
        raise PeerError(name, "unknown", retryable=False)
    return service
