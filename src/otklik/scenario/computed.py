"""What a function of code gave back, as the answer that the scenario goes on by. Pure."""

from __future__ import annotations

from otklik.contact.facts import Answered
from otklik.contact.handler import CallFunction, FunctionCame


def answer_of(asked: CallFunction, came: FunctionCame) -> Answered:
    """A way that the block does not list is a fault."""
    fault, traceback = came.reason, came.traceback
    failed, exit_ = came.cause is not None, came.exit
    if not failed and exit_ and exit_ not in asked.branches:
        failed, exit_, fault, traceback = True, "", "it named a way that the block does not have", ""
    return Answered(
        contact=asked.contact,
        step=asked.step,
        outcome="failed" if failed else "found",
        values={} if failed else dict(came.values),
        reason="fault" if failed else "",
        block=asked.block,
        exit=exit_,
        fault=fault if failed else "",
        traceback=traceback,
    )
