"""What came of one step of a scenario on the line."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.ids import ContactId


class VerbFinished(Struct, frozen=True, kw_only=True):
    """The channel finished step `step` of the scenario. `digits` is empty unless keys were pressed."""

    contact: ContactId
    step: int
    outcome: Literal["done", "digits", "timeout", "failed", "heard", "deaf", "busy", "no_answer", "impossible"]
    """heard: the customer has spoken, which was taken for the key `digits`, empty if for none. deaf: nobody can listen to words
    here now, and only keys may be asked for. The last three of somebody outside whom the customer was to be put through to:
    impossible is a number that must not be called."""
    digits: str = ""
    """As many asterisks where the digits were to be masked."""
    confidence: float = 0.0
    """0 to 1: how near what was heard is to what may be said for this key."""
    said: str = ""
    """The words that were heard: personal data, kept beside the log, never in its body. Empty where they were erased."""
    block: str = ""
    """What the step is called; empty in facts of earlier versions."""
    secret: str = ""
    """The masked digits. Never written down, and nothing is decided from them."""
    seconds: float = 0.0
    """Of a message ("done"); one in which nothing was said is a "timeout", and nothing of it is kept."""
    key: str = ""
    """Of the message in the object store; empty where it could not be stored yet."""
