"""The line to somebody outside, without a switch: an answer that comes while we hang it up."""

from __future__ import annotations

from typing import Any, cast

from otklik.channels.voice.outside_number import Call, OutsideLine, answered, end, ended
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.outside_number import OutsideAnswered, OutsideEnded

C1 = ContactId("c1")


class Silent:
    """A dialogue, and a rest: whatever is wished of them."""

    def quiet(self) -> None: ...
    def leave(self) -> None: ...


class OneCall:
    """As far as a line of it is hung up."""

    def __init__(self, line: OutsideLine) -> None:
        self.tenant, self.contact, self.channel, self.joined = TenantId("t"), C1, C1, False
        self.outside: OutsideLine | None = line
        self.dialogue = self.rest = Silent()
        self.sent: list[tuple[str, str]] = []
        self.told: list[OutsideAnswered | OutsideEnded] = []
        self.joins = 0

    def send(self, method: str, path: str, *_: Any, **__: Any) -> None:
        self.sent.append((method, path))

    def join(self, *_: Any, **__: Any) -> None:
        self.joins += 1

    def stop_ringing_back(self) -> None: ...

    def forget_outside(self) -> None:
        self.outside = None

    def post(self, fact: OutsideAnswered | OutsideEnded) -> None:
        self.told.append(fact)


def test_an_answer_while_we_hang_up_is_an_end_without_an_answer() -> None:
    line = OutsideLine(channel="c1~1", attempt=1)
    made = OneCall(line)
    call = cast("Call", made)
    end(call, 1)
    answered(call, line)
    ended(call, line, "hung_up")
    assert made.sent == [("DELETE", "channels/c1~1")]
    assert (made.joins, made.told) == (0, [OutsideEnded(contact=C1, attempt=1, cause="no_answer")])


def test_a_conversation_that_has_lasted_long_enough_has_been_one() -> None:
    line = OutsideLine(channel="c1~1", attempt=1)
    made = OneCall(line)
    call = cast("Call", made)
    answered(call, line)
    end(call, 1)
    ended(call, line, "hung_up")
    assert made.joins == 1
    assert made.told == [
        OutsideAnswered(contact=C1, attempt=1),
        OutsideEnded(contact=C1, attempt=1, cause="hung_up"),
    ]
