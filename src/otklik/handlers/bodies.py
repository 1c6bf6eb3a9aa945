"""What goes over the wire of the editor of scenarios in Python."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from otklik.contact.flow import FlowTest, GivenAnswer
from otklik.contact.handler import CODE_LIMIT

NO_NUL = r"^[^\x00]*$"
MOST_CALLED = 100
Tests = Annotated[tuple[FlowTest, ...], Field(max_length=MOST_CALLED)]
Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Code = Annotated[str, Field(max_length=CODE_LIMIT, pattern=NO_NUL)]


class FromCode(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class NamedQueue(FromCode):
    id: str
    name: str


class Number(FromCode):
    """An entry point. `scenario`: what it leads to now."""

    id: str
    name: str
    number: str
    scenario: str


class ShownFault(FromCode):
    """The contact has gone to the queue of last resort; `traceback` is of the code, from its first line on."""

    at: datetime
    contact: str
    scenario: str
    block: str
    reason: str
    traceback: str


class HandlerRow(BaseModel):
    """`numbers`: the entry points that lead to it. `last_fault`: null where none is known."""

    id: str
    name: str
    numbers: list[str]
    last_fault: datetime | None


class HandlerList(BaseModel):
    """`version` is that of the set-up. `faults`: the newest of all scenarios, drawn ones among them."""

    version: int
    handlers: list[HandlerRow]
    taken: list[str]
    """Names that a new one cannot have."""
    queues: list[NamedQueue]
    faults: list[ShownFault]


class HandlerBody(BaseModel):
    name: str
    language: str
    otherwise: str
    code: str
    written: bool
    tests: tuple[FlowTest, ...]


class HandlerVersion(FromCode):
    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


class OpenedHandler(HandlerBody):
    id: str
    version: int
    queues: list[NamedQueue]
    entry_points: list[Number]
    versions: list[HandlerVersion]
    faults: list[ShownFault]


class HandlerSent(BaseModel):
    """`entry_points`: those that shall lead to it from now on, beside those that do."""

    name: str = Field(default="", max_length=100, pattern=NO_NUL)
    language: str = Field(min_length=2, max_length=10, pattern=NO_NUL)
    otherwise: str = Field(min_length=1, max_length=100, pattern=NO_NUL)
    code: Code
    written: bool | None = None
    tests: Tests | None = None
    """Left out, both are as they are."""
    comment: str = Field(default="", max_length=500, pattern=NO_NUL)
    entry_points: list[str] = Field(default_factory=list, max_length=1_000)


class SavedHandler(BaseModel):
    """`warnings`: tests that do not hold, where the set-up lets such a scenario count all the same."""

    version: int
    warnings: list[str] = []


class HandlerTried(BaseModel):
    """A scenario as it stands in the editor. `otherwise`: as in the set-up. `written`: it is for written requests, too."""

    id: str = Field(default="handler", min_length=1, max_length=64, pattern=NO_NUL)
    language: str = Field(min_length=2, max_length=10, pattern=NO_NUL)
    otherwise: str = Field(min_length=1, max_length=100, pattern=NO_NUL)
    code: Code
    written: bool = False


class HandlerTrialAsked(HandlerTried):
    """The call goes on to the first question that `presses` has no answer to: keys, `says: some words`, `deaf`, `failed`; or the
    words of a message. By the name of a step: `branches` (how a condition or a call to somebody outside turns out) and `answers` (what a
    database or a service says; nobody is asked)."""

    presses: Annotated[list[Annotated[str, Field(max_length=200, pattern=NO_NUL)]], Field(max_length=MOST_CALLED)] = []
    ani: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    caller_language: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    vip: bool = False
    attributes: Annotated[dict[str, Text], Field(max_length=MOST_CALLED)] = {}
    request: Annotated[dict[Text, Text], Field(max_length=MOST_CALLED)] | None = None
    """As that of a test: in place of a call something was written."""
    branches: Annotated[dict[str, Text], Field(max_length=MOST_CALLED)] = {}
    answers: Annotated[dict[str, tuple[GivenAnswer, ...]], Field(max_length=MOST_CALLED)] = {}


class HandlerTurn(FromCode):
    """`step`: what the code wants next: `text` is its name, `verb` which it is, `line` where in the code. Others as in a flow's test call."""

    kind: Literal[
        "said", "pressed", "spoke", "heard", "silent", "failed", "deaf", "outside", "wrote", "unspoken", "step"
    ]
    text: str
    confidence: float | None
    verb: str
    line: int


class HandlerTrial(FromCode):
    """`asks`: what a question waits for; empty: the call is over. `line`: of the code, where it stands or where it failed; 0: it
    cannot be told. `traceback`: of the code, from its first line on."""

    turns: list[HandlerTurn]
    asks: Literal["", "keys", "words", "message"]
    line: int
    queue: str | None
    agent: str | None
    served: bool
    callback: bool
    voicemail: str | None
    """The queue where a message waits."""
    choices: list[str]
    attributes: dict[str, str]
    priority: int
    fault: str | None
    traceback: str
    seconds: float


class HandlerTestsAsked(HandlerTried):
    tests: Tests


class HandlerVerdict(FromCode):
    """`wrong`: what was expected, and what came instead; empty: it holds."""

    name: str
    wrong: list[str]


class HandlerVerdicts(BaseModel):
    verdicts: list[HandlerVerdict]
