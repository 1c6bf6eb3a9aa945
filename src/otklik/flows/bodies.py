"""What goes over the wire of the editor of flows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from otklik.contact.flow import GivenAnswer, ScenarioTests
from otklik.flows.trial import Kind

NO_NUL = r"^[^\x00]*$"
MOST_CALLED = 100
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]


class FromCode(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Named(FromCode):
    id: str
    name: str


class Number(Named):
    """An entry point. `scenario`: what it leads to now."""

    number: str
    scenario: str


class DraftHead(FromCode):
    revision: int
    base: int
    saved_at: datetime
    by: str | None


class DraftBody(DraftHead):
    """`base`: the version of the set-up that it was begun from."""

    body: dict[str, Any]


class FlowRow(BaseModel):
    """`numbers`: the entry points that lead to it."""

    id: str
    name: str
    published: bool
    draft: DraftHead | None
    numbers: list[str]


class Testing(BaseModel):
    """Scenarios whose tests do not hold cannot count (always), count with a warning (warn), or are not tested (never)."""

    scenario_tests: ScenarioTests


class FlowList(Testing):
    """`version` is that of the set-up. `plain`: greetings with a menu, of the configuration file."""

    version: int
    flows: list[FlowRow]
    queues: list[Named]
    plain: list[Named]


class Problem(FromCode):
    """`place` within the flow, or of the whole set-up where `elsewhere`; `block` null: of the flow itself."""

    place: str
    block: str | None
    code: str
    warning: bool
    elsewhere: bool
    message: str


class Exit(BaseModel):
    block: str
    exit: str


class Problems(BaseModel):
    """`uncovered`: exits that none of the flow's tests takes; empty, too, where it has no tests."""

    problems: list[Problem]
    uncovered: list[Exit]


class Choices(BaseModel):
    """What the fields of blocks may name."""

    queues: list[Named]
    agents: list[Named]
    flows: list[Named]
    calendars: list[Named]
    number_lists: list[Named]
    connections: list[Named]
    statements: list[Named]
    services: list[Named]
    requests: list[Named]
    codes: list[Named]
    functions: list[Named]
    """Of the codes, with their parameters as a part of the name."""
    entry_points: list[Number]


class Opened(Problems):
    """What the editor needs. Problems are those of the draft, without one of what is published."""

    id: str
    version: int
    published: dict[str, Any] | None
    draft: DraftBody | None
    run_by: list[Named]
    choices: Choices


class FlowSent(BaseModel):
    """As in the configuration file, with agents by their login."""

    flow: dict[str, Any]


class DraftSent(FlowSent):
    """`base`: the version of the set-up that was seen."""

    base: Version


class Kept(Problems):
    revision: int


class TrialAsked(FlowSent):
    """As a test of the configuration file. The call goes on to the first question that `presses` has no answer to."""

    presses: Annotated[list[Annotated[str, Field(max_length=200, pattern=NO_NUL)]], Field(max_length=MOST_CALLED)] = []
    ani: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    language: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    vip: bool = False
    attributes: Annotated[dict[str, Text], Field(max_length=MOST_CALLED)] = {}
    request: Annotated[dict[Text, Text], Field(max_length=MOST_CALLED)] | None = None
    """As that of a test: in place of a call something was written."""
    branches: Annotated[dict[str, Text], Field(max_length=MOST_CALLED)] = {}
    answers: Annotated[dict[str, tuple[GivenAnswer, ...]], Field(max_length=MOST_CALLED)] = {}


class TrialTurn(FromCode):
    """`passed`: the exit `text` of the block was taken; `outside`: the number `text` is called; `computed`: the function `text` gave
    back `values` and named `exit`, or failed: `fault`. `confidence`: of words that were heard, 0 to 1."""

    kind: Kind
    text: str
    confidence: float | None
    flow: str | None
    block: str | None
    values: dict[str, str]
    exit: str
    fault: str
    traceback: str


class Trial(FromCode):
    """`asks`: a question waits for keys. `at`: the block where the call stands or has ended."""

    turns: list[TrialTurn]
    asks: bool
    at: str | None
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
    seconds: float


class Publication(BaseModel):
    """`entry_points`: those that lead to this flow from now on; others stay as they are."""

    comment: Text = ""
    entry_points: Annotated[list[Text], Field(max_length=1000)] = []


class Published(BaseModel):
    version: int


class FlowVersion(FromCode):
    """`gone`: from this version on the flow was not there."""

    version: int
    made_at: datetime
    by: str | None
    comment: str
    gone: bool


class FlowVersions(BaseModel):
    versions: list[FlowVersion]


class Change(FromCode):
    kind: Literal["+", "-", "~"]
    place: str
    before: Any
    after: Any


class Difference(BaseModel):
    """`before` and `after`: the two flows; null: there was none."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    changes: list[Change]


class Step(FromCode):
    """Of a block: how many contacts came to it, hung up there, and are there now."""

    came: int
    left: int
    now: int


class Course(FromCode):
    """Of the contacts since then. `served` by the flow, `queued` for an agent, `left` in the flow, in it `now`; `contained`: the
    share served of those who came to an end in it, null while there is none."""

    contacts: int
    served: int
    queued: int
    left: int
    now: int
    contained: float | None
    steps: dict[str, Step]


class FlowTemplate(BaseModel):
    """A flow to begin with and its tests, in the person's language and for the queues that there are; with the template's id as its own."""

    id: str
    name: str
    help: str
    flow: dict[str, Any]


class FlowTemplates(BaseModel):
    templates: list[FlowTemplate]


class Back(BaseModel):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    comment: Text = ""
