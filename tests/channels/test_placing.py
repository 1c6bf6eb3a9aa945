"""Lines that are made and then dialled: what is left of one that may not be dialled."""

from __future__ import annotations

from collections.abc import Callable

from otklik.channels.voice import placing
from otklik.channels.voice.ari import Reply
from otklik.channels.voice.placing import Placed, Undialled

PLACED = Placed(channel="c1_1", endpoint="PJSIP/trunk", argument="customer", caller="4040", ring_seconds=9)
REFUSED = Reply(409, "Conflict", "")


class Call:
    """The last command's refusal is in `refused`."""

    def __init__(self) -> None:
        self.undialled: dict[str, Undialled] = {}
        self.done: list[str] = []
        self.refused: Callable[[Reply], None] | None = None

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        refused: Callable[[Reply], None] | None = None,
        **query: str,
    ) -> None:
        self.done.append(f"{method} {path}")
        self.refused = refused


def test_a_line_that_may_not_be_dialled_is_hung_up_and_then_told() -> None:
    call = Call()
    placing.place(call, PLACED, lambda reply: call.done.append(f"refused {reply.status}"))
    placing.dial(call, "c1_1")
    placing.dial(call, "c1_1")
    assert call.refused is not None
    call.refused(REFUSED)
    made, dialled, hung_up = "POST channels/create", "POST channels/c1_1/dial", "DELETE channels/c1_1"
    assert call.done == [made, dialled, hung_up, "refused 409"]
