"""Who gets which contact. Facts in, decisions out; no input or output, no clock, no dice ever happen in here.

Start with `engine.py` (the whole surface), then `contact.py` and `agent.py` (the states and the tables of legal
moves), then `matching.py` (the decision itself).
"""

from otklik.routing.agent import AgentState, AgentStatus, Hand, HandState, LiveAgent, NextStatus
from otklik.routing.contact import ContactState, LiveContact
from otklik.routing.engine import Engine, EngineState, QueueView, Touched
from otklik.routing.explanation import Candidate
from otklik.routing.taping import TapeState

__all__ = [
    "AgentState",
    "AgentStatus",
    "Candidate",
    "ContactState",
    "Engine",
    "EngineState",
    "Hand",
    "HandState",
    "LiveAgent",
    "LiveContact",
    "NextStatus",
    "QueueView",
    "TapeState",
    "Touched",
]
