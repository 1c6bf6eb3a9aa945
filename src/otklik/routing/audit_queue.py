"""What is wrong with one queue of a set-up, its keys, callbacks and calls out, with its places below `place`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from otklik.contact.configuration import Callback, Calling, Queue
from otklik.contact.fault import Fault, fault_if, twice, warning_if
from otklik.contact.music import Music


def queue_faults(place: str, queue: Queue) -> Iterator[Fault]:
    for name in ("ring_seconds", "recording_pause_seconds"):
        seconds = getattr(queue, name)
        yield from fault_if(seconds == 0, f"{place}.{name}", "config_seconds", found=seconds)
    yield from fault_if(queue.max_waiting < 0, f"{place}.max_waiting", "config_limit", found=queue.max_waiting)
    limited = queue.max_waiting > 0 or queue.max_wait_seconds > 0
    limited = limited or queue.join_empty != "always" or queue.leave_empty != "always"
    yield from fault_if(limited and queue.otherwise is None, f"{place}.otherwise", "config_no_otherwise")
    if (to := queue.otherwise) is not None:
        yield from fault_if(to.entry_point is not None, f"{place}.otherwise", "config_otherwise")
    yield from twice((each.digit for each in queue.exits), f"{place}.exits[{{}}].digit")
    for number, each in enumerate(queue.exits):
        wrong = re.fullmatch(r"[0-9*#]", each.digit) is None
        yield from fault_if(wrong, f"{place}.exits[{number}].digit", "config_exit_key", found=each.digit)
        yield from fault_if(each.to.entry_point is not None, f"{place}.exits[{number}].to", "config_otherwise")
    yield from twice(queue.dispositions, f"{place}.dispositions[{{}}]")
    yield from _announced(place, queue)
    for number, texts in enumerate(queue.messages):
        at = f"{place}.messages[{number}]"
        yield from fault_if(not texts or not all(text.strip() for text in texts.values()), at, "config_message_empty")
        yield from fault_if(any("{" in text for text in texts.values()), at, "config_message_values")
    silent = bool(queue.messages) and queue.announce_every_seconds <= 0
    yield from warning_if(silent, f"{place}.messages", "config_exits_silent")


def callback_faults(place: str, callback: Callback) -> Iterator[Fault]:
    yield from fault_if(callback.attempts < 1, f"{place}.attempts", "config_attempts", found=callback.attempts)
    for name in ("ring_seconds", "lifetime_seconds"):
        seconds = getattr(callback, name)
        yield from fault_if(seconds == 0, f"{place}.{name}", "config_seconds", found=seconds)
    times = callback.times
    long = not 300 <= times.window_seconds <= 86_400
    yield from fault_if(long, f"{place}.times.window_seconds", "config_callback_window", found=times.window_seconds)
    yield from fault_if(times.most < 0, f"{place}.times.most", "config_limit", found=times.most)
    yield from fault_if(times.days <= 0, f"{place}.times.days", "config_limit", found=times.days)


def calling_faults(place: str, calling: Calling) -> Iterator[Fault]:
    yield from fault_if(
        calling.ring_seconds == 0, f"{place}.ring_seconds", "config_seconds", found=calling.ring_seconds
    )
    yield from twice(calling.callers, f"{place}.callers[{{}}]")


def music_faults(place: str, music: Music) -> Iterator[Fault]:
    """The name of a recording becomes that of a file."""
    one = music.silence != bool(music.recording)
    yield from fault_if(not one, place, "config_music")
    wrong = bool(music.recording) and re.fullmatch("[0-9a-f]{64}", music.recording) is None
    yield from fault_if(wrong, f"{place}.recording", "config_recording", found=music.recording)


def _announced(place: str, queue: Queue) -> Iterator[Fault]:
    silent = queue.announce_every_seconds <= 0
    yield from warning_if(silent and bool(queue.exits_announced), f"{place}.exits_announced", "config_exits_silent")
    for number, each in enumerate(queue.exits):
        said = bool(each.announced)
        yield from warning_if(silent and said, f"{place}.exits[{number}].announced", "config_exits_silent")
    together = [each.to.callback for each in queue.exits if not each.announced]
    mixed = bool(queue.exits_announced) and any(together) and not all(together)
    yield from warning_if(mixed, f"{place}.exits_announced", "config_exits_together")
