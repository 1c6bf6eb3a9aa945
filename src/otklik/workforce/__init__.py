"""Agents' working time: how each shift was spent, by status, reason and activity, to the millisecond.

Nothing is counted here that the engine has not told: `routing/working_time.py` keeps the account, the projector writes
it, and this room reads it. Start with `api.py`.
"""
