"""Calls that agents place, and calls at chosen times: what they type becomes a number, what they called lately, and the wish itself.

Nothing is decided here: `routing/calling_out.py` says who may call whom; `desk/view.py` shows it. Start with `api.py`.
"""
