"""What the centre refuses of calls that are asked for: the field that is to blame, by the code."""

from __future__ import annotations

from typing import Final

FIELDS: Final = {
    "number_unreadable": "number",
    "number_not_allowed": "number",
    "outside_own_number": "number",
    "forward_to_self": "agent",
    "forward_one": "agent",
    "no_such_agent": "agent",
    "short_number_not_allowed": "number",
    "no_such_queue": "queue",
    "not_your_queue": "queue",
    "queue_calls_nobody": "queue",
    "no_such_caller": "entry_point",
    "no_such_entry_point": "entry_point",
    "no_such_colleague": "agent",
    "colleague_offline": "agent",
    "colleague_busy": "agent",
    "colleague_not_ready": "agent",
    "colleague_unreachable": "agent",
    "callback_no_number": "number",
    "callback_not_allowed": "number",
    "callback_no_agent": "agent",
    "callback_no_times": "at",
    "callback_time_past": "at",
    "callback_too_far": "at",
    "callback_closed": "at",
    "callback_full": "at",
}
