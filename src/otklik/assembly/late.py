"""A voice that may come later: the centre runs without telephony until Asterisk has been fetched and started."""

from __future__ import annotations

from collections.abc import Iterable

from otklik.contact.decisions import VoiceDecision
from otklik.contact.ids import AgentId, TenantId
from otklik.contact.ports import DeskTelephone, Inbox, KnownLine, Voice
from otklik.errors import AppError, PeerError

Lines = list[KnownLine]


class LateVoice:
    """Implements `Voice`; passes everything on once `attach` was called, and says why not before."""

    def __init__(self, *, calls_out: bool = False) -> None:
        """`calls_out`: known by the settings, before there is a switch."""
        self.advice: dict[str, str] | None = None
        self._voice: Voice | None = None
        self._inbox: Inbox | None = None
        self._to_reconcile: dict[TenantId, tuple[Lines, Lines]] = {}
        self._telephones: dict[tuple[TenantId, AgentId], DeskTelephone | None] = {}
        self._calls_out = calls_out

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        if self._voice is not None:
            await self._voice.start(inbox)

    async def attach(self, voice: Voice) -> None:
        """Telephony is here: start it, and let it say which of the earlier calls are gone."""
        self._voice, self.advice = voice, None
        if self._inbox is not None:
            await voice.start(self._inbox)
        for tenant, (contacts, over) in self._to_reconcile.items():
            await voice.reconcile(tenant, contacts, over)
        self._to_reconcile.clear()
        for (tenant, agent), telephone in self._telephones.items():
            await voice.set_telephone(tenant, agent, telephone)
        self._telephones.clear()

    async def close(self) -> None:
        if self._voice is not None:
            await self._voice.close()

    async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
        if self._voice is None:
            raise PeerError("telephony", "not started", retryable=True)
        await self._voice.perform(tenant, decision)

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        if self._voice is None:
            advice = self.advice or {"ru": "Подождите окончания запуска.", "en": "Wait until it has started."}
            raise AppError("telephony_down", 503, advice=advice["ru"], advice_en=advice["en"])
        return await self._voice.provision(tenant, agent)

    async def deprovision(self, agent: AgentId) -> None:
        if self._voice is not None:
            await self._voice.deprovision(agent)

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        if self._voice is None:
            self._telephones[tenant, agent] = telephone
        else:
            await self._voice.set_telephone(tenant, agent, telephone)

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        if self._voice is None:
            self._to_reconcile[tenant] = list(contacts), list(over)
        else:
            await self._voice.reconcile(tenant, contacts, over)

    def calls_out(self) -> bool:
        return self._calls_out

    def up(self) -> bool:
        return self._voice is not None and self._voice.up()

    def state(self) -> dict[str, object]:
        """For the live feed: is telephony up, and if not, what to do."""
        restarting = {
            "ru": "Телефонная станция перезапускается, это занимает несколько секунд.",
            "en": "The telephone switch is restarting; this takes a few seconds.",
        }
        return {"up": True, "advice": None} if self.up() else {"up": False, "advice": self.advice or restarting}
