"""What is wrong with drawn flows, each fault with its place. Pure; what any part of a set-up may have wrong (references, seconds,
ids) is looked at by `routing/audit.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import (
    AskBlock,
    Block,
    CallbackBlock,
    CollectBlock,
    Flow,
    ListenBlock,
    RecordBlock,
    SubFlowBlock,
    Texts,
    VoicemailBlock,
)
from otklik.contact.ids import ScenarioId
from otklik.scenario import audit_handler, audit_speech, audit_written, outside, spoken
from otklik.scenario.audit_look_up import look_up_faults
from otklik.scenario.outward import FAULT
from otklik.scenario.verbs import IMPOSSIBLE, LOCKED, OTHERWISE

SCHEMA: Final = 1
KINDS: Final = tuple(each.name for each in fields(Block) if each.name not in ("id", "name", "note", "at", "exits"))
UNSURE: Final = "unsure"
DEAF: Final = "deaf"
_KEYS: Final = re.compile(r"[0-9*#]+")
_NAME: Final = re.compile(r"\w+")
_AFTER_ATTEMPTS: Final = frozenset({"no_input", "no_match", "failed"})
_TEXTS: Final = ("subject", "text", "opening", "wrong", "silence", "entered", "right", "time", "confirm", "keys_only")
_OPTIONAL: Final = frozenset({"opening", "wrong", "silence", "time", "confirm", "keys_only"})
_WITHOUT_WAITING: Final = ("set", "branch", "look_up", "fetch", "function", "mail", "sms")
"""Nor is a database any help: while it is away it fails at once, over and over."""
_UNSAID: Final = frozenset({"HangUpBlock", "RecordBlock", "VoicemailBlock"})
"""These may do without a text."""
LONGEST_MESSAGE_SECONDS: Final = 600.0
_ANSWERED: Final = frozenset({"found", "not_found"})
_ANSWERING: Final = ("look_up", "fetch", "function", "mail", "sms")
Flows = Mapping[ScenarioId, Flow]


def faults(configuration: Configuration) -> list[Fault]:
    """What flows may reach, then the flows in their order; faults and warnings together."""
    flows = {flow.id: flow for flow in configuration.flows}
    plain = {scenario.id for scenario in configuration.scenarios}
    return (
        outside.faults(configuration)
        + [*look_up_faults(configuration), *audit_handler.faults(configuration), *audit_speech.leaving(configuration)]
        + [*audit_handler.functions_called(configuration), *audit_written.faults(configuration)]
        + [
            fault
            for number, flow in enumerate(configuration.flows)
            for fault in _flow(f"flows[{number}]", flow, flows, plain)
        ]
    )


def kinds(block: Block) -> list[str]:
    return [name for name in KINDS if getattr(block, name) is not None]


def _if(wrong: bool, place: str, code: str, *, warning: bool = False, **values: object) -> Iterator[Fault]:
    if wrong:
        yield Fault(place=place, code=code, warning=warning, values=values)


def _flow(place: str, flow: Flow, flows: Flows, plain: set[ScenarioId]) -> Iterator[Fault]:
    yield from _if(flow.schema != SCHEMA, f"{place}.schema", "config_choice", expected=SCHEMA)
    yield from _if(not flow.languages, f"{place}.languages", "config_flow_languages")
    yield from _if(not flow.blocks, f"{place}.blocks", "config_flow_empty")
    seen: set[str] = set()
    for number, block in enumerate(flow.blocks):
        where = f"{place}.blocks[{number}]"
        yield from _if(block.id in seen, f"{where}.id", "config_twice", found=block.id)
        seen.add(block.id)
        yield from _block(where, block, flow, flows, plain)
    yield from _unreached(place, flow)
    yield from _endless(place, flow)
    yield from _tests(place, flow)
    yield from _if(flow.id in _run_by(flow, flows), place, "config_flow_circle", id=flow.id)


def _block(place: str, block: Block, flow: Flow, flows: Flows, plain: set[ScenarioId]) -> Iterator[Fault]:
    found = kinds(block)
    if len(found) != 1:
        yield Fault(place=place, code="config_flow_kind", values={"expected": ", ".join(KINDS)})
        return
    inside, what = f"{place}.{found[0]}", getattr(block, found[0])
    yield from _texts(inside, what, flow)
    if isinstance(what, AskBlock):
        yield from _ask(inside, what)
        if what.speech is not None:
            yield from _texts(f"{inside}.speech", what.speech, flow)
            yield from audit_speech.faults(f"{inside}.speech", what, what.speech, flow)
    elif isinstance(what, ListenBlock):
        yield from _listen(inside, what)
    elif isinstance(what, CollectBlock):
        yield from _collect(inside, what)
    elif isinstance(what, CallbackBlock):
        yield from _if(what.attempts < 1, f"{inside}.attempts", "config_flow_attempts", found=what.attempts)
        yield from _if(not 1 <= what.times <= 8, f"{inside}.times", "config_flow_times", found=what.times)
    elif isinstance(what, RecordBlock | VoicemailBlock):
        yield from _message(inside, what)
    for name, value in block.set.attributes.items() if block.set is not None else ():
        yield from _forms(f"{inside}.attributes.{name}", value, flow.language)
    if block.set is not None and block.set.language is not None:
        wrong = block.set.language not in flow.languages
        yield from _if(wrong, f"{inside}.language", "config_flow_language", id=block.set.language)
    yield from _exits(place, block, flow, flows, plain)


def _texts(place: str, what: object, flow: Flow) -> Iterator[Fault]:
    for name in _TEXTS if flow.languages else ():
        texts: Texts | None = getattr(what, name, None)
        if texts is None:
            continue
        if not texts and (name in _OPTIONAL or type(what).__name__ in _UNSAID or _of_caller(what)):
            continue
        for language in flow.languages:
            missing = not texts.get(language, "").strip()
            yield from _if(missing, f"{place}.{name}", "config_flow_text", language=language)
        for language, text in texts.items():
            yield from _forms(f"{place}.{name}.{language}", text, language)
            yield from _if(
                language not in flow.languages, f"{place}.{name}.{language}", "config_flow_language", id=language
            )


def _of_caller(what: object) -> bool:
    """A callback for which no number is asked."""
    return isinstance(what, CallbackBlock) and not what.ask_number


def _forms(place: str, text: str, language: str) -> Iterator[Fault]:
    for found in spoken.PLACE.finditer(text):
        instead = spoken.fault(found[2], language) if found[2] is not None else None
        yield from _if(instead is not None, place, "config_flow_form", found=found[0], expected=instead or "")


def _ask(place: str, ask: AskBlock) -> Iterator[Fault]:
    yield from _if(not ask.keys, f"{place}.keys", "config_flow_keys")
    yield from _if(ask.attempts < 1, f"{place}.attempts", "config_flow_attempts", found=ask.attempts)
    yield from _if(
        bool(ask.into) and not _NAME.fullmatch(ask.into), f"{place}.into", "config_flow_name", found=ask.into
    )
    for key in ask.keys:
        yield from _if(_KEYS.fullmatch(key) is None, f"{place}.keys.{key}", "config_key", found=key)


def _listen(place: str, listen: ListenBlock) -> Iterator[Fault]:
    yield from _if(_NAME.fullmatch(listen.into) is None, f"{place}.into", "config_flow_name", found=listen.into)
    for key in listen.keys:
        yield from _if(_KEYS.fullmatch(key) is None, f"{place}.keys.{key}", "config_key", found=key)
    yield from audit_speech.hearing_faults(place, listen)


def _collect(place: str, collect: CollectBlock) -> Iterator[Fault]:
    wrong = not 1 <= collect.min_digits <= collect.max_digits <= 40
    yield from _if(wrong, f"{place}.max_digits", "config_flow_digits")
    yield from _if(collect.attempts < 1, f"{place}.attempts", "config_flow_attempts", found=collect.attempts)
    yield from _if(_NAME.fullmatch(collect.into) is None, f"{place}.into", "config_flow_name", found=collect.into)
    key = re.fullmatch("[0-9*#]?", collect.terminator)
    yield from _if(key is None, f"{place}.terminator", "config_exit_key", found=collect.terminator)


def _message(place: str, take: RecordBlock | VoicemailBlock) -> Iterator[Fault]:
    longest = LONGEST_MESSAGE_SECONDS
    wrong = not 1 <= take.max_seconds <= longest
    yield from _if(wrong, f"{place}.max_seconds", "config_outside_seconds", most=longest)
    yield from _if(
        not 0 <= take.silence_seconds <= longest, f"{place}.silence_seconds", "config_outside_seconds", most=longest
    )
    yield from _if(re.fullmatch("[0-9*#]*", take.keys) is None, f"{place}.keys", "config_key", found=take.keys)
    into = take.into if isinstance(take, RecordBlock) else ""
    yield from _if(bool(into) and _NAME.fullmatch(into) is None, f"{place}.into", "config_flow_name", found=into)


# Exits.


def outcomes(block: Block, flows: Flows) -> tuple[frozenset[str], frozenset[str]]:
    """What must lead somewhere, and what may, beside `otherwise`."""
    if block.ask is not None:
        asks_back = block.ask.speech is None or block.ask.speech.confirm
        return frozenset(block.ask.keys) | (frozenset() if asks_back else {UNSURE}), _AFTER_ATTEMPTS
    if (listen := block.listen) is not None:
        unsure = frozenset() if listen.confirm else {UNSURE}
        return frozenset({"done", *listen.keys, *unsure}), _AFTER_ATTEMPTS | {DEAF}
    if block.collect is not None:
        return frozenset({"done"}), _AFTER_ATTEMPTS
    if block.branch is not None:
        return frozenset(case.exit for case in block.branch.cases) | {OTHERWISE}, frozenset()
    if block.flow is not None:
        return _backs(block.flow, flows), frozenset()
    if asked := block.look_up or block.fetch:
        locks = asked.lock_out is not None
        return (_ANSWERED | {LOCKED}) if locks else _ANSWERED, frozenset({"failed", "forgotten"})
    if block.function is not None:
        return frozenset(block.function.branches or ("done",)), frozenset({"done", FAULT})
    if block.callback is not None:
        asks = block.callback.ask_number or block.callback.ask_time
        return frozenset({IMPOSSIBLE}), _AFTER_ATTEMPTS if asks else frozenset()
    return _plain_outcomes(block)


def _plain_outcomes(block: Block) -> tuple[frozenset[str], frozenset[str]]:
    """Of blocks whose body has no say in it."""
    if block.outside:
        return frozenset({"done"}), frozenset({"no_answer", "busy", "failed", IMPOSSIBLE})
    if block.record or block.voicemail:
        return frozenset({"done"}), frozenset({"no_input", "failed"})
    if block.say or block.mail or block.sms:
        return frozenset({"done"}), frozenset({"failed"})
    if block.set or block.wait:
        return frozenset({"done"}), frozenset()
    return frozenset(), frozenset()


def _backs(block: SubFlowBlock, flows: Flows) -> frozenset[str]:
    found = flows.get(block.flow)
    return frozenset(each.back.exit for each in found.blocks if each.back is not None) if found else frozenset()


def _exits(place: str, block: Block, flow: Flow, flows: Flows, plain: set[ScenarioId]) -> Iterator[Fault]:
    needed, possible = outcomes(block, flows)
    known = {each.id for each in flow.blocks}
    ends = not needed and block.flow is None
    foreign = block.flow is not None and block.flow.flow in plain
    for name, to in block.exits.items():
        at = f"{place}.exits.{name}"
        odd = name not in needed | possible and (ends or name != OTHERWISE)
        expected = ", ".join(sorted(needed | possible)) or "–"
        yield from _if(odd and not foreign, at, "config_flow_exit", expected=expected)
        yield from _if(to not in known, at, "config_flow_no_block", id=to)
    if OTHERWISE not in block.exits:
        for name in sorted(needed - block.exits.keys()):
            yield Fault(place=f"{place}.exits", code="config_flow_no_exit", values={"exit": name})


def _tests(place: str, flow: Flow) -> Iterator[Fault]:
    """Of other flows' blocks, too, an exit may be said; those of this one are looked at."""
    for number, test in enumerate(flow.tests):
        for name, to in test.branches.items():
            block = next((each for each in flow.blocks if each.id == name), None)
            needed, possible = outcomes(block, {}) if block is not None else (frozenset[str](), frozenset[str]())
            odd = block is not None and to not in (needed | possible if block.outside is not None else needed)
            yield from _if(odd, f"{place}.tests[{number}].branches.{name}", "config_flow_branch", id=name, exit=to)
        for name in test.answers:
            block = next((each for each in flow.blocks if each.id == name), None)
            odd = block is not None and not any(getattr(block, kind) for kind in _ANSWERING)
            yield from _if(odd, f"{place}.tests[{number}].answers.{name}", "config_flow_answer", id=name)


def _onward(flow: Flow) -> dict[str, list[str]]:
    return {block.id: list(block.exits.values()) for block in flow.blocks}


def _reached(start: str, onward: Mapping[str, list[str]]) -> set[str]:
    seen, open_ends = {start}, [start]
    while open_ends:
        for each in onward.get(open_ends.pop(), ()):
            if each not in seen:
                seen.add(each)
                open_ends.append(each)
    return seen


def _unreached(place: str, flow: Flow) -> Iterator[Fault]:
    if not flow.blocks:
        return
    reached = _reached(flow.blocks[0].id, _onward(flow))
    for number, block in enumerate(flow.blocks):
        unreached = block.id not in reached
        yield from _if(unreached, f"{place}.blocks[{number}]", "config_flow_unreached", warning=True, id=block.id)


def _endless(place: str, flow: Flow) -> Iterator[Fault]:
    """Blocks that lead back to themselves, with none between at which the customer is heard or told anything."""
    quick = {block.id: block for block in flow.blocks if any(getattr(block, kind) for kind in _WITHOUT_WAITING)}
    onward = {name: [to for to in block.exits.values() if to in quick] for name, block in quick.items()}
    for number, block in enumerate(flow.blocks):
        circle = any(block.id in _reached(to, onward) for to in onward.get(block.id, ()))
        yield from _if(circle, f"{place}.blocks[{number}]", "config_flow_endless", id=block.id)


def _run_by(flow: Flow, flows: Flows) -> set[str]:
    """The flows that run within this one, and within those."""
    onward = {
        str(each.id): [str(block.flow.flow) for block in each.blocks if block.flow is not None]
        for each in flows.values()
    }
    return {found for to in onward.get(str(flow.id), ()) for found in _reached(to, onward)}
