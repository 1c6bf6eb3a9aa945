"""How customers and agents hear each other: what a page measures of its own line comes in, and figures of people go out.

Nothing is decided here: `contact/quality.py` computes, `routing/measuring.py` keeps. Start with `api.py`.
"""
