"""Those who oversee: beside an agent's conversation, and over what agents do. Nothing is decided here: the engine does.

What is shown of it is laid flat in `desk/view.py`, with the rest of the live state. Start with `api.py`.
"""
