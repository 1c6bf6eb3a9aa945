"""What a customer hears and presses before the queue. Pure stepping: decisions out, `VerbFinished` in, milliseconds
to test; no sound, no clock and no routing ever happen in here. Start with `run.py`.
"""

from otklik.scenario.run import Run

__all__ = ["Run"]
