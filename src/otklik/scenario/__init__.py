"""What a customer hears and presses before, and instead of, an agent: drawn flows and Python handlers, one runtime. Pure
stepping: decisions out, `VerbFinished` in, milliseconds to test; no sound, no clock and no routing ever happen in here.
Start with `run.py`, then `talk.py` (what a scenario may do) and `drawn.py` (how a flow does it).
"""

from otklik.scenario.run import Run
from otklik.scenario.talk import Contact
from otklik.scenario.verbs import Known, QueueState, Visitor, World

__all__ = ["Contact", "Known", "QueueState", "Run", "Visitor", "World"]
