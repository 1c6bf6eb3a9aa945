"""The agent's workplace: what the desk shows at this moment, the card of the contact, the draft of its outcome.

Nothing is decided here: `view.py` lays the engine's state flat for the screen, `card.py` says what is known about
the customer. Start with `view.py`.
"""
