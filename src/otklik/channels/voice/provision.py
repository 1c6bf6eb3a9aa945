"""Agents' SIP lines. A page's is made at login under a new name with a new password; a desk telephone's account is the set-up's.

Asterisk keeps them in memory, so they are made again on every connection. After a restart of ours the lines that
Asterisk still has are taken over: the tenant and the agent stand in them (`accountcode`, the user's name).
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

import structlog

from otklik.channels.voice.ari import Ari, Event
from otklik.contact.facts import AgentReachable, AgentUnreachable
from otklik.contact.ids import AgentId, TenantId
from otklik.contact.phone import Phone
from otklik.contact.ports import REALM, DeskTelephone
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

Endpoint = Literal["browser", "sip"]
GRACE_SECONDS: Final = 3.0
"""A page reload takes 0.1 s, a lost WebSocket is back after 2 s: no sooner is an agent unreachable."""
DOUBT_SECONDS: Final = 1.0
QUALIFY_SECONDS: Final = 20
"""So often a desk telephone is asked whether it is there: one that lost its power says no goodbye."""
EXPIRATION_SECONDS: Final = 300
GONE: Final = (400, 403, 404, 409, 422)
USER: Final = re.compile(r"agent-(?P<agent>.+)-[0-9a-f]{6}")
SIDE: Final[dict[Endpoint, dict[str, str]]] = {
    "browser": {"webrtc": "yes", "allow": "!all,opus,ulaw"},
    "sip": {
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "allow": "!all,ulaw,alaw",
        "dtmf_mode": "auto_info",
    },
}
PAGE_SOUND: Final = {"rtp_timeout": "5", "rtp_timeout_hold": "60"}
"""Without it a closed laptop would keep the customer in a silent bridge for ever."""
DESK_SOUND: Final = {"rtp_timeout": "30", "rtp_timeout_hold": "3600"}
"""A telephone may keep quiet while its microphone is off, and has a hold of its own."""
DESK_AOR: Final = {"qualify_frequency": str(QUALIFY_SECONDS), "maximum_expiration": str(EXPIRATION_SECONDS)}


@dataclass(slots=True, eq=False)
class Line:
    """One agent's line. `reachable` is what was posted last; None: the other side may believe something else."""

    tenant: TenantId
    agent: AgentId
    user: str
    password: str
    phone: Phone = "page"
    digest: str = ""
    """Of a desk telephone, in place of the password."""
    reachable: bool | None = False
    grace: asyncio.TimerHandle | None = None

    def stop_grace(self) -> None:
        if self.grace is not None:
            self.grace.cancel()
            self.grace = None


class AgentLines:
    """All agents' lines of this switch, and whether somebody is registered on them."""

    def __init__(
        self,
        ari: Ari,
        endpoint: Endpoint,
        post: Callable[[TenantId, AgentReachable | AgentUnreachable], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        certificate: Path | None = None,
    ) -> None:
        self._ari = ari
        self._side = dict(SIDE[endpoint])
        if endpoint == "browser":
            self._side |= _encryption(certificate)
        self._post = post
        self._spawn = spawn
        self._lines: dict[tuple[AgentId, Phone], Line] = {}
        self._by_user: dict[str, Line] = {}
        self._locks: WeakValueDictionary[AgentId, asyncio.Lock] = WeakValueDictionary()

    def user(self, agent: AgentId, phone: Phone = "page") -> str | None:
        line = self._lines.get((agent, phone))
        return line.user if line is not None else None

    def agent(self, user: str) -> AgentId | None:
        """Whose line is or was this?"""
        if (line := self._by_user.get(user)) is not None:
            return line.agent
        found = USER.fullmatch(user)
        return AgentId(found["agent"]) if found else None

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        await self._ari.ready()
        async with self._alone(agent):
            return await self._provision(tenant, agent)

    def _alone(self, agent: AgentId) -> asyncio.Lock:
        """Two pages of one agent at once, or a page that comes while the shift ends, take turns."""
        return self._locks.setdefault(agent, asyncio.Lock())

    async def _provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        line = Line(tenant, agent, f"agent-{agent}-{secrets.token_hex(3)}", secrets.token_hex(16))
        await self._create(line)
        earlier = self._lines.get((agent, "page"))
        self._keep(line)
        if earlier is not None:
            line.reachable = earlier.reachable
            await self._destroy(earlier)
        if line.reachable is not False:
            self._begin_grace(line)
        return line.user, line.password

    async def deprovision(self, agent: AgentId) -> None:
        async with self._alone(agent):
            await self._take_away(self._lines.pop((agent, "page"), None))

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        """While the switch is away it is only kept in mind: `restore` makes it."""
        async with self._alone(agent):
            earlier = self._lines.get((agent, "desk"))
            if telephone is not None and earlier is not None:
                if (earlier.user, earlier.digest) == (telephone.user, telephone.digest):
                    return
            await self._take_away(self._lines.pop((agent, "desk"), None))
            if telephone is None:
                return
            line = Line(tenant, agent, telephone.user, "", "desk", telephone.digest, reachable=None)
            self._keep(line)
            if self._ari.up():
                await self._create(line)
                self._ask_later(line, 0.0)  # after a restart of ours it may be registered

    async def _take_away(self, line: Line | None) -> None:
        if line is None:
            return
        if line.reachable is not False:
            self._post(line.tenant, AgentUnreachable(agent=line.agent, phone=line.phone))
        await self._destroy(line)

    async def restore(self) -> None:
        """On every connection: take over what Asterisk has and we do not know, make again what it has lost, and
        find out who is registered."""
        states: dict[str, str] = {}
        for endpoint in (await self._ari.request("GET", "endpoints/PJSIP", accept=(404,))).json():
            if isinstance(endpoint, dict):
                states[endpoint["resource"]] = endpoint["state"]
        for user in states:
            if user not in self._by_user and USER.fullmatch(user):
                await self._take_over(user)
        await asyncio.gather(*(self._create(line) for line in self._lines.values() if line.user not in states))
        await asyncio.gather(*(self._listen(line) for line in self._lines.values() if line.user in states))
        for line in self._lines.values():
            if states.get(line.user) == "online":
                line.reachable = None  # told anew: offers may have failed while the connection was gone
                self._reachable(line)
            else:
                self._begin_grace(line)

    def contact_changed(self, event: Event) -> tuple[AgentId, Phone] | None:
        """`ContactStatusChange`: somebody registered on a line, or is gone from it: then whose it was."""
        line = self._by_user.get(event["endpoint"]["resource"])
        if line is None:
            return None
        if event["contact_info"]["contact_status"] in ("Removed", "Unreachable"):
            self._begin_grace(line)
            return line.agent, line.phone
        self._reachable(line)
        return None

    def doubt(self, agent: AgentId) -> None:
        """A ring failed or a line was lost: the centre may take the agent for unreachable now. In a moment, say what
        is true; a registration before that is told in any case."""
        for line in [line for line in self._lines.values() if line.agent == agent]:
            line.reachable = None
            self._ask_later(line, DOUBT_SECONDS)

    def tell_again(self, tenant: TenantId) -> None:
        """Whoever leads the tenant now has not been told who is registered."""
        for line in self._lines.values():
            if line.tenant == tenant:
                line.reachable = None
                self._ask_later(line, 0.0)

    def _reachable(self, line: Line) -> None:
        line.stop_grace()
        if not line.reachable:
            line.reachable = True
            self._post(line.tenant, AgentReachable(agent=line.agent, phone=line.phone))

    def _begin_grace(self, line: Line) -> None:
        self._ask_later(line, GRACE_SECONDS)

    def _ask_later(self, line: Line, seconds: float) -> None:
        line.stop_grace()
        loop = asyncio.get_running_loop()
        line.grace = loop.call_later(seconds, lambda: self._spawn(self._ask(line)))

    async def _ask(self, line: Line) -> None:
        """Removal of an old registration may be told after the new one came: the last word is Asterisk's."""
        try:
            reply = await self._ari.request("GET", f"endpoints/PJSIP/{line.user}", accept=(404,))
        except PeerError:
            return  # `restore` asks again when the connection is back
        if self._by_user.get(line.user) is not line:
            return
        if reply.ok and reply.json()["state"] == "online":
            self._reachable(line)
        elif line.reachable is not False:
            line.reachable = False
            self._post(line.tenant, AgentUnreachable(agent=line.agent, phone=line.phone))

    def _keep(self, line: Line) -> None:
        self._lines[line.agent, line.phone] = line
        self._by_user[line.user] = line

    async def _create(self, line: Line) -> None:
        user = line.user
        if line.phone == "desk":
            await self._put("auth", user, auth_type="md5", username=user, md5_cred=line.digest, realm=REALM)
        else:
            await self._put("auth", user, auth_type="userpass", username=user, password=line.password)
        watched = DESK_AOR if line.phone == "desk" else {}
        await self._put("aor", user, max_contacts="1", remove_existing="yes", support_path="no", **watched)
        await self._put(
            "endpoint",
            user,
            **(SIDE["sip"] if line.phone == "desk" else self._side),
            accountcode=line.tenant,
            context="agents",
            auth=user,
            aors=user,
            direct_media="no",
            allow_transfer="no",
            **(DESK_SOUND if line.phone == "desk" else PAGE_SOUND),
        )
        await self._listen(line)

    async def _listen(self, line: Line) -> None:
        # For each agent's line by itself: a subscription to all of PJSIP would bring every call's events twice.
        source = f"endpoint:PJSIP/{line.user}"
        await self._ari.request("POST", "applications/otklik/subscription", eventSource=source)

    async def _put(self, kind: str, user: str, **attributes: str) -> None:
        fields = [{"attribute": name, "value": value} for name, value in attributes.items()]
        await self._ari.request("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{user}", {"fields": fields})

    async def _destroy(self, line: Line) -> None:
        line.stop_grace()
        self._by_user.pop(line.user, None)
        await self._remove(line.user)

    async def _remove(self, user: str) -> None:
        try:
            source = f"endpoint:PJSIP/{user}"
            await self._ari.request("DELETE", "applications/otklik/subscription", accept=GONE, eventSource=source)
            for kind in ("endpoint", "aor", "auth"):
                path = f"asterisk/config/dynamic/res_pjsip/{kind}/{user}"
                await self._ari.request("DELETE", path, accept=GONE)
        except PeerError as err:
            log.warning("line_not_removed", user=user, reason=str(err))

    async def _take_over(self, user: str) -> None:
        agent = self.agent(user)
        tenant, password = (
            await self._attribute("endpoint", user, "accountcode"),
            await self._attribute("auth", user, "password"),
        )
        if agent is None or not tenant or not password or (agent, "page") in self._lines:
            await self._remove(user)
            return
        self._keep(Line(TenantId(tenant), agent, user, password, reachable=None))

    async def _attribute(self, kind: str, user: str, name: str) -> str:
        path = f"asterisk/config/dynamic/res_pjsip/{kind}/{user}"
        reply = await self._ari.request("GET", path, accept=(404,))
        if not reply.ok:
            return ""
        return next((pair["value"] for pair in reply.json() if pair["attribute"] == name), "")


def _encryption(certificate: Path | None) -> dict[str, str]:
    if certificate is None:
        return {"dtls_auto_generate_cert": "yes"}
    # `webrtc` switches the other one on unless it is told not to.
    return {
        "dtls_auto_generate_cert": "no",
        "dtls_cert_file": str(certificate),
        "dtls_private_key": str(certificate),
    }
