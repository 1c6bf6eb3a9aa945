"""Who hangs up, read from the messages of one page: its own calls only, once, however they are written."""

from __future__ import annotations

import pytest

from otklik.web.hang_up import REMEMBERED, HangUps


def invite(call: str, contact: str = "c-1", offer: int = 1) -> str:
    head = f"INVITE sip:agent@invalid SIP/2.0\r\nCall-ID: {call}\r\nCSeq: 1 INVITE\r\n"
    return f"{head}X-Otklik-Contact: {contact}\r\nX-Otklik-Offer: {offer}\r\nContent-Length: 0\r\n\r\n"


def bye(call: str) -> str:
    return f"BYE sip:asterisk@127.0.0.1 SIP/2.0\r\nCall-ID: {call}\r\nCSeq: 2 BYE\r\n\r\n"


def test_the_bye_of_a_call_that_came_here_ends_its_line_and_only_once() -> None:
    hang_ups = HangUps()
    hang_ups.to_page(invite("one", "c-1", 2))
    hang_ups.to_page(invite("two", "c-2", 1).encode())
    assert hang_ups.from_page(bye("two").encode()) == ("c-2", 1)
    assert hang_ups.from_page(bye("two")) is None
    assert hang_ups.from_page(bye("one").replace("Call-ID:", "i :")) == ("c-1", 2)


@pytest.mark.parametrize(
    "message",
    [
        bye("another"),
        bye("one").replace("BYE", "CANCEL"),
        "SIP/2.0 200 OK\r\nCall-ID: one\r\nCSeq: 2 BYE\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\n\r\n",
        b"BYE \xff\xfe",
        b"\r\n\r\n",
        "",
    ],
)
def test_nothing_else_ends_a_line(message: str | bytes) -> None:
    hang_ups = HangUps()
    hang_ups.to_page(invite("one"))
    hang_ups.to_page("INVITE sip:agent@invalid SIP/2.0\r\nCall-ID: another\r\n\r\n")
    assert hang_ups.from_page(message) is None
    assert hang_ups.from_page(bye("one")) is not None


def test_a_page_that_never_hangs_up_costs_no_memory() -> None:
    hang_ups = HangUps()
    for number in range(REMEMBERED + 1):
        hang_ups.to_page(invite(f"call-{number}"))
    assert hang_ups.from_page(bye("call-0")) is None
    assert hang_ups.from_page(bye(f"call-{REMEMBERED}")) is not None
