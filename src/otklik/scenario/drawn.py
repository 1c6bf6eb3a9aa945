"""Drawn flows: the blocks of a `Flow`, one after another, by the same words that a Python handler has. And the plain greeting
with a menu of earlier days, as the flow that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from otklik.contact.configuration import AnyScenario, MenuChoice, Scenario
from otklik.contact.flow import (
    AskBlock,
    Block,
    CollectBlock,
    Flow,
    FunctionBlock,
    ListenBlock,
    QueueBlock,
    RecordBlock,
    SayBlock,
    SetBlock,
    Texts,
    VoicemailBlock,
)
from otklik.contact.handler import Handler
from otklik.contact.ids import ScenarioId
from otklik.contact.outside_number import OutsideNumber
from otklik.scenario import calling_back
from otklik.scenario.heard import Pressed
from otklik.scenario.talk import Contact, Limits, ScenarioFault
from otklik.scenario.verbs import OTHERWISE

DEEPEST: Final = 10
"""Flows that run one another."""
DONE: Final = "done"
FORGOTTEN: Final = "forgotten"


async def run(contact: Contact, flow: Flow, *, named: bool = True, depth: int = 1) -> str:
    """The exit of its `back` block. Whatever leads nowhere leads to the flow's queue `otherwise`."""
    if depth > DEEPEST:
        raise ScenarioFault(f"more than {DEEPEST} flows within one another")
    blocks = {block.id: block for block in flow.blocks}
    at = flow.blocks[0] if flow.blocks else None
    while at is not None:
        if at.back is not None and depth > 1:
            return at.back.exit
        came = await _perform(contact, at, at.label if named else "", depth)
        if contact.passed is not None:
            contact.passed(flow.id, at.id, came)
        following = at.exits.get(came) or at.exits.get(OTHERWISE, "")
        at = blocks.get(following)
    await contact.to_queue(flow.otherwise, name="")


async def _perform(contact: Contact, block: Block, name: str, depth: int) -> str:
    """What came of it: the name of an exit."""
    if block.say is not None:
        return await _say(contact, block.say, name)
    if block.ask is not None:
        return await _ask(contact, block.ask, name)
    if block.collect is not None or block.listen is not None:
        return await _answered(contact, block, name)
    if block.branch is not None:
        return await contact.choose(*block.branch.cases, name=name)
    if block.record is not None or block.voicemail is not None:
        return await _message(contact, block.record, block.voicemail, name)
    if block.set is not None:
        _set(contact, block.set, name)
        return DONE
    if block.wait is not None:
        await contact.wait(block.wait.wait_seconds, name=name)
        return DONE
    if any((block.look_up, block.fetch, block.function, block.mail, block.sms)):
        return await _outside(contact, block, name)
    if block.callback is not None:
        return await calling_back.offer(contact, block.callback, name)
    if block.outside is not None:
        return await _outside_number(contact, block.outside, name)
    if block.flow is not None:
        return await _sub_flow(contact, block.flow.flow, name, depth)
    return await _leave(contact, block, name)


async def _answered(contact: Contact, block: Block, name: str) -> str:
    """An attribute keeps what was answered."""
    if block.collect is not None:
        return await _collect(contact, block.collect, name)
    return await _listen(contact, block.listen, name) if block.listen is not None else OTHERWISE


async def _outside(contact: Contact, block: Block, name: str) -> str:
    outcome: str = OTHERWISE
    if block.mail is not None or block.sms is not None:
        return await _write(contact, block, name)
    if block.function is not None:
        return await _function(contact, block.function, name)
    if (look_up := block.look_up) is not None:
        outcome = await contact.look_up(
            look_up.connection,
            look_up.statement,
            look_up.parameters,
            into=look_up.into,
            lock_out=look_up.lock_out,
            name=name,
        )
    elif (fetch := block.fetch) is not None:
        outcome = await contact.fetch(
            fetch.service, fetch.request, fetch.parameters, into=fetch.into, lock_out=fetch.lock_out, name=name
        )
    return FORGOTTEN if contact.reason == FORGOTTEN and FORGOTTEN in block.exits else outcome


async def _function(contact: Contact, block: FunctionBlock, name: str) -> str:
    parameters, into, branches = block.parameters, block.into, block.branches
    return await contact.call(block.code, block.function, parameters, into=into, branches=branches, name=name)


def code_of(flow: Flow, scenario: Callable[[ScenarioId], AnyScenario | None]) -> dict[ScenarioId, Handler]:
    """Whose functions the flow calls, and those that run within it, as they are now."""
    found: dict[ScenarioId, Handler] = {}
    seen, left = {flow.id}, [flow]
    while left:
        for block in left.pop().blocks:
            if block.function is not None and isinstance(code := scenario(block.function.code), Handler):
                found[code.id] = code
            elif block.flow is not None and block.flow.flow not in seen:
                seen.add(block.flow.flow)
                inner = scenario(block.flow.flow)
                left += [inner] if isinstance(inner, Flow) else []
    return found


async def _write(contact: Contact, block: Block, name: str) -> str:
    if (mail := block.mail) is not None:
        return await contact.send_mail(mail.recipient, mail.subject, mail.text, name=name)
    sms = block.sms
    return await contact.send_sms(sms.text, sms.recipient, name=name) if sms is not None else OTHERWISE


async def _leave(contact: Contact, block: Block, name: str) -> str:
    if block.queue is not None:
        await contact.to_queue(block.queue.queue, name=name)
    if block.agent is not None:
        to = block.agent
        await contact.to_agent(to.agent, to.queue, agent_seconds=to.agent_seconds, name=name)
    if block.hang_up is not None:
        await contact.say(block.hang_up.text, name=name)
        await contact.hang_up(name=name)
    return OTHERWISE


async def _say(contact: Contact, say: SayBlock, name: str) -> str:
    spoken = await contact.say(say.text, interruptible=say.interruptible, name=name)
    return DONE if spoken else "failed"


async def _ask(contact: Contact, ask: AskBlock, name: str) -> str:
    pressed = await contact.menu(
        ask.text,
        ask.keys,
        opening=ask.opening,
        wrong=ask.wrong,
        silence=ask.silence,
        attempts=ask.attempts,
        timeout_seconds=ask.timeout_seconds,
        interruptible=ask.interruptible,
        speech=ask.speech,
        name=name,
    )
    if ask.speech is not None and ask.into:
        _heard(contact, ask.into, pressed)
    if pressed.outcome != "digits":
        return pressed.outcome
    if ask.into:
        contact.attributes[ask.into] = pressed.digits
    return pressed.digits


def _heard(contact: Contact, name: str, came: Pressed) -> None:
    """Of what was keyed there is neither."""
    contact.said.forget(f"{name}.said")
    contact.attributes.pop(f"{name}.confidence", None)
    if came.said or came.confidence:
        contact.said.keep(f"{name}.said", came.said, came.step)
        contact.attributes[f"{name}.confidence"] = str(round(100 * came.confidence))


async def _listen(contact: Contact, listen: ListenBlock, name: str) -> str:
    for each in (listen.into, f"{listen.into}.confidence"):
        contact.attributes.pop(each, None)
    came = await contact.listen(
        listen.text,
        keys=listen.keys,
        wrong=listen.wrong,
        silence=listen.silence,
        confirm=listen.confirm,
        keys_only=listen.keys_only,
        attempts=listen.attempts,
        timeout_seconds=listen.timeout_seconds,
        interruptible=listen.interruptible,
        sure=listen.sure,
        unsure=listen.unsure,
        longest_seconds=listen.longest_seconds,
        silence_seconds=listen.silence_seconds,
        name=name,
    )
    if came.outcome in ("heard", "unsure"):
        contact.attributes[listen.into] = contact.said.phrase(came.said, came.step)
        contact.attributes[f"{listen.into}.confidence"] = str(round(100 * came.confidence))
    if came.outcome == "heard":
        return DONE
    return came.digits if came.outcome == "digits" else came.outcome


async def _collect(contact: Contact, collect: CollectBlock, name: str) -> str:
    pressed = await contact.collect(
        collect.text,
        min_digits=collect.min_digits,
        max_digits=collect.max_digits,
        terminator=collect.terminator,
        masked=collect.masked,
        wrong=collect.wrong,
        silence=collect.silence,
        attempts=collect.attempts,
        timeout_seconds=collect.timeout_seconds,
        interruptible=collect.interruptible,
        name=name,
    )
    if pressed.outcome != "digits":
        return pressed.outcome
    contact.attributes[collect.into] = pressed.digits
    contact.keys[collect.into] = pressed
    return DONE


async def _outside_number(contact: Contact, to: OutsideNumber, name: str) -> str:
    return await contact.outside(to, written="{" not in to.dial, name=name)


async def _message(contact: Contact, record: RecordBlock | None, voicemail: VoicemailBlock | None, name: str) -> str:
    take = record or voicemail
    assert take is not None
    limits: Limits = {
        "max_seconds": take.max_seconds,
        "silence_seconds": take.silence_seconds,
        "keys": take.keys,
        "beep": take.beep,
    }
    if voicemail is not None:
        said = await contact.voicemail(voicemail.queue, voicemail.text, name=name, **limits)
    else:
        said = await contact.record(take.text, name=name, **limits)
    if record is not None and record.into and said.outcome == "recorded":
        contact.attributes[record.into] = said.message
    return DONE if said.outcome == "recorded" else said.outcome


def _set(contact: Contact, block: SetBlock, name: str) -> None:
    found = {key: contact.filled(value) for key, value in block.attributes.items()}
    contact.set(priority=block.priority, requires=block.requires, language=block.language, vip=block.vip, name=name)
    contact.attributes |= found


async def _sub_flow(contact: Contact, wanted: ScenarioId, name: str, depth: int) -> str:
    contact.enter(name)
    found = contact.world.scenario(wanted)
    if found is None:
        raise ScenarioFault(f"there is no flow {wanted}")
    if isinstance(found, Handler):
        raise ScenarioFault(f"{wanted} is a scenario in Python: an entry point can lead to it, a flow cannot run it")
    return await run(contact, found if isinstance(found, Flow) else of_menu(found), depth=depth + 1)


# The plain greeting with a menu.


def of_menu(scenario: Scenario) -> Flow:
    """The greeting is spoken with the menu, so that who knows the key need not hear it out."""
    queues = {
        choice.queue: Block(id=f"to:{choice.queue}", queue=QueueBlock(queue=choice.queue))
        for choice in scenario.choices
    }

    def texts(text: str) -> Texts:
        return {scenario.language: text} if text else {}

    if not scenario.choices or scenario.attempts < 1:
        first = Block(id="greeting", say=SayBlock(text=texts(scenario.greeting)))
    else:
        first = Block(
            id="menu",
            ask=AskBlock(
                text=texts(scenario.prompt),
                keys=_labels(scenario.choices),
                opening=texts(scenario.greeting),
                wrong=texts(scenario.wrong_choice),
                attempts=scenario.attempts,
                timeout_seconds=scenario.timeout_seconds,
            ),
            exits={choice.digit: f"to:{choice.queue}" for choice in reversed(scenario.choices)},
        )
    return Flow(
        id=scenario.id,
        languages=(scenario.language,),
        otherwise=scenario.otherwise,
        blocks=(first, *queues.values()),
    )


def _labels(choices: tuple[MenuChoice, ...]) -> dict[str, str]:
    """Of two choices with one key the first counts."""
    return {choice.digit: choice.label for choice in reversed(choices)}
