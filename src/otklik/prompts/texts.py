"""Which texts a set-up has the machine say, where, and which of them have a recording. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Final

from otklik.contact.configuration import Configuration, Prompt, Speech
from otklik.contact.flow import Block, Texts
from otklik.routing.announcement import standard_speech

_FLOW_TEXTS: Final = ("opening", "text", "wrong", "silence", "keys_only", "entered", "right")
OBJECTS: Final = "prompts/{}.wav"
"""Where a recording lies among the objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`places`: `flows/main/menu/text`; several, where the same words stand. None: no longer said anywhere."""

    id: str
    speech: Speech
    places: tuple[str, ...]
    prompt: Prompt | None

    @property
    def varies(self) -> bool:
        """It has values in it, so that no recording can hold all that is said."""
        return "{" in self.speech.text


def identity(speech: Speech) -> str:
    return hashlib.sha256(f"{speech.language}\0{speech.text}".encode()).hexdigest()[:32]


def texts(configuration: Configuration) -> list[Said]:
    """In the order of the set-up; at the end recordings whose texts are no longer there."""
    prompts = {(each.language, each.text): each for each in configuration.prompts}
    found: dict[Speech, list[str]] = {}
    for place, speech in _spoken(configuration):
        if speech.text.strip():
            found.setdefault(speech, []).append(place)
    for each in configuration.prompts:
        found.setdefault(Speech(text=each.text, language=each.language), [])
    return [
        Said(
            id=identity(speech),
            speech=speech,
            places=tuple(places),
            prompt=prompts.get((speech.language, speech.text)),
        )
        for speech, places in found.items()
    ]


def with_prompt(configuration: Configuration, speech: Speech, prompt: Prompt | None) -> Configuration:
    """In place of the one this text has had. None: a voice speaks it again."""
    others = [each for each in configuration.prompts if (each.language, each.text) != (speech.language, speech.text)]
    return replace(configuration, prompts=(*others, *([prompt] if prompt is not None else [])))


def _spoken(configuration: Configuration) -> Iterator[tuple[str, Speech]]:
    for scenario in configuration.scenarios:
        for name in ("greeting", "prompt", "wrong_choice"):
            yield f"scenarios/{scenario.id}/{name}", Speech(text=getattr(scenario, name), language=scenario.language)
    for flow in configuration.flows:
        for block in flow.blocks:
            for name, said in _block(block):
                for language, text in said.items():
                    yield f"flows/{flow.id}/{block.label}/{name}", Speech(text=text, language=language)
    for name in ("entry_points", "queues"):
        for thing in getattr(configuration, name):
            yield from _within(f"{name}/{thing.id}", thing)
    for language in dict.fromkeys(_languages(configuration)):
        for speech in standard_speech(language):
            yield "program", speech


def _within(place: str, value: object) -> Iterator[tuple[str, Speech]]:
    if isinstance(value, Speech):
        yield place, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _within(place, each)
    elif isinstance(value, dict) and place.endswith(("/messages", "/mailbox/text", "/mailbox/thanks")):
        for language, text in value.items():
            yield place, Speech(text=text, language=language)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(f"{place}/{field.name}", getattr(value, field.name))


def _languages(configuration: Configuration) -> Iterator[str]:
    for scenario in configuration.scenarios:
        yield scenario.language
    for flow in configuration.flows:
        yield from flow.languages


def _block(block: Block) -> Iterator[tuple[str, Texts]]:
    what = block.say or block.ask or block.collect or block.listen or block.hang_up
    for name in _FLOW_TEXTS:
        said = getattr(what, name, None)
        if said:
            yield name, said
