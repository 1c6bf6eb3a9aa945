"""The composition root: settings in, running program out. The only place where adapters are named.

Start with `program.py`, which puts the parts together; `telephony.py` finds, fetches and starts Asterisk.
"""

from otklik.assembly.configuration import Target, apply, convert, export, plan
from otklik.assembly.program import RunOptions, doctor, migrate, openapi, retention, run, set_password
from otklik.assembly.retell import recount_time, replay, why
from otklik.assembly.roles import Role
from otklik.assembly.roles import run as run_role
from otklik.assembly.scenarios import test_scenarios

__all__ = [
    "Role",
    "RunOptions",
    "Target",
    "apply",
    "convert",
    "doctor",
    "export",
    "migrate",
    "openapi",
    "plan",
    "recount_time",
    "replay",
    "retention",
    "run",
    "run_role",
    "set_password",
    "test_scenarios",
    "why",
]
