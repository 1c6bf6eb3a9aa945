"""What is wrong with a menu that may be answered in words, and with a question that asks for a phrase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import AskBlock, Block, BySpeech, Flow, ListenBlock
from otklik.contact.hearing import LONGEST_PHRASE, LONGEST_UTTERANCE_SECONDS, MOST_PHRASES
from otklik.scenario.spoken import PLACE
from otklik.scenario.understood import plain

LONGEST_SILENCE_SECONDS: Final = 3.0


def faults(place: str, ask: AskBlock, speech: BySpeech, flow: Flow) -> Iterator[Fault]:
    for key in speech.phrases:
        if key not in ask.keys:
            yield Fault(place=f"{place}.phrases.{key}", code="config_speech_key", values={"id": key})
    yield from hearing_faults(place, speech)
    for language in flow.languages:
        yield from _phrases(place, ask, speech, language)


def hearing_faults(place: str, hears: BySpeech | ListenBlock) -> Iterator[Fault]:
    if hears.attempts < 1:
        yield Fault(place=f"{place}.attempts", code="config_flow_attempts", values={"found": hears.attempts})
    if not 0 < hears.unsure <= hears.sure <= 1:
        yield Fault(place=f"{place}.sure", code="config_speech_sure")
    for name, most in (("longest_seconds", LONGEST_UTTERANCE_SECONDS), ("silence_seconds", LONGEST_SILENCE_SECONDS)):
        if not 0 < getattr(hears, name) <= most:
            yield Fault(place=f"{place}.{name}", code="config_outside_seconds", values={"most": most})


def _phrases(place: str, ask: AskBlock, speech: BySpeech, language: str) -> Iterator[Fault]:
    """Warns of a choice that can only be named by its digit, and of words that two choices share."""
    said: dict[str, str] = {}
    for key in ask.keys:
        phrases = speech.phrases.get(key, {}).get(language, ())
        at = f"{place}.phrases.{key}.{language}"
        if not any(map(plain, phrases)):
            yield Fault(
                place=at, code="config_speech_no_phrase", values={"id": key, "language": language}, warning=True
            )
        if len(phrases) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
            values: dict[str, object] = {"most": MOST_PHRASES, "longest": LONGEST_PHRASE}
            yield Fault(place=at, code="config_speech_long", values=values)
        for phrase in map(plain, phrases):
            if said.setdefault(phrase, key) != key:
                yield Fault(place=at, code="config_speech_twice", values={"found": phrase, "id": said[phrase]})


def leaving(configuration: Configuration) -> Iterator[Fault]:
    """Words in a place that is logged, or goes with the contact; a phrase may go with it, and is not dialled or counted by."""
    blocks = [
        (f"flows[{m}].blocks[{n}]", b) for m, each in enumerate(configuration.flows) for n, b in enumerate(each.blocks)
    ]
    heard = {f"{b.ask.into}.said" for _, b in blocks if b.ask is not None and b.ask.speech is not None}
    phrases = {b.listen.into for _, b in blocks if b.listen is not None}
    for at, block in blocks:
        for place, text in _kept(block):
            for found in PLACE.finditer(text):
                if found[1] in heard or (found[1] in phrases and not place.startswith("set.")):
                    yield Fault(place=f"{at}.{place}", code="config_speech_words", values={"found": found[0]})


def _kept(block: Block) -> Iterator[tuple[str, str]]:
    if block.set is not None:
        yield from ((f"set.attributes.{name}", value) for name, value in block.set.attributes.items())
    if block.outside is not None:
        yield "outside.dial", block.outside.dial
    for kind, asked in (("look_up", block.look_up), ("fetch", block.fetch)):
        if asked is not None and asked.lock_out is not None:
            yield from ((f"{kind}.lock_out.by", each) for each in asked.lock_out.by)


def unheard(configuration: Configuration) -> list[Fault]:
    """Warnings, for an installation in which nobody listens: where customers are asked to speak."""
    return [
        Fault(place=f"flows[{number}].blocks[{n}].{place}", code="config_no_recogniser", warning=True)
        for number, flow in enumerate(configuration.flows)
        for n, block in enumerate(flow.blocks)
        if (place := _asks_for_words(block))
    ]


def _asks_for_words(block: Block) -> str:
    if block.listen is not None:
        return "listen"
    return "ask.speech" if block.ask is not None and block.ask.speech is not None else ""
