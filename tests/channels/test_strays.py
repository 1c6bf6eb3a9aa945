"""Lines that no call knows after a restart of ours: hung up, but only once the calls of their tenant are known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from otklik.channels.voice.recovery import Existing, RecoverableNode, Recovery
from tests.channels.inbox import TENANT

LINES = [("c1.1", "agent"), ("c1_1", "customer"), ("c1~1", "outside")]


class Asterisk:
    """It knows no call, and keeps what it is asked to hang up."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ari = self

    async def request(self, method: str, path: str, accept: tuple[int, ...] = ()) -> None:
        self.asked.append(f"{method} {path}")

    def knows(self, channel: str) -> bool:
        return False


def existing(channel: str, said: str, tenant: str) -> Existing:
    dialplan = {"app_name": "Stasis", "app_data": f"otklik,{said}"}
    return Existing([{"id": channel, "name": "PJSIP/trunk-1", "accountcode": tenant, "dialplan": dialplan}], [])


@pytest.mark.parametrize(("channel", "said"), LINES)
@pytest.mark.parametrize(
    ("tenant", "known", "ends"),
    [(TENANT, False, False), (TENANT, True, True), ("", False, True), ("other", True, False)],
)
async def test_line_through_the_trunk_is_spared_until_its_tenant_is_known(
    channel: str, said: str, tenant: str, known: bool, ends: bool
) -> None:
    asterisk = Asterisk()
    lines = SimpleNamespace(agent=lambda user: None)
    recovery = Recovery(cast(RecoverableNode, asterisk), cast(Any, lines), cast(Any, None))
    if known:
        recovery._tenants.add(TENANT)
    for _ in range(2):
        await recovery._claim_strays(existing(channel, said, tenant))
    assert asterisk.asked == ([f"DELETE channels/{channel}"] if ends else [])
