"""What the process of a handler has answered, as facts: foreign, so each is looked at. Pure."""

from __future__ import annotations

from typing import Any

from otklik.contact.handler import Cause, FunctionCame, HandlerCall, HandlerFailed


class Broken(Exception):
    """The process is no more."""

    def __init__(self, cause: Cause, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason
        self.said = said


def part(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def fault(call: HandlerCall, found: dict[str, Any]) -> HandlerFailed:
    fault = part(found, "fault")
    return HandlerFailed(
        contact=call.contact,
        step=call.step,
        cause="memory" if fault.get("cause") == "memory" else "code",
        reason=str(fault.get("reason", ""))[:500],
        traceback=str(fault.get("traceback", ""))[-4_000:],
        learnt=part(found, "learnt"),
    )


def came(found: dict[str, Any]) -> FunctionCame:
    """The code wrote it: what is no text is left out."""
    if "fault" in found:
        fault = part(found, "fault")
        return FunctionCame(
            cause="memory" if fault.get("cause") == "memory" else "code",
            reason=str(fault.get("reason", ""))[:500],
            traceback=str(fault.get("traceback", ""))[-4_000:],
        )
    values = {name: each for name, each in part(found, "values").items() if isinstance(each, str)}
    return FunctionCame(exit=str(found.get("exit") or "")[:64], values=values)


def broken(broken: Broken) -> FunctionCame:
    return FunctionCame(cause=broken.cause, reason=str(broken), traceback=broken.said)


def failed(call: HandlerCall, broken: Broken) -> HandlerFailed:
    return HandlerFailed(
        contact=call.contact, step=call.step, cause=broken.cause, reason=broken.reason, traceback=broken.said
    )
