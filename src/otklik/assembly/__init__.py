"""The composition root: settings in, running program out. The only place where adapters are named.

Start with `program.py`, which puts the parts together; `telephony.py` finds, fetches and starts Asterisk.
"""

from otklik.assembly.configuration import Target, apply, convert, export, plan
from otklik.assembly.program import RunOptions, doctor, migrate, openapi, run, set_password

__all__ = [
    "RunOptions",
    "Target",
    "apply",
    "convert",
    "doctor",
    "export",
    "migrate",
    "openapi",
    "plan",
    "run",
    "set_password",
]
