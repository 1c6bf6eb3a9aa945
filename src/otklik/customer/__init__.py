"""Who is on the other side: customers with their numbers and addresses, what is written about them, and all that was.

Nothing here decides about calls or queues. A customer's rows are personal data and never enter the event log, which names
a card by its id only; a merge changes nothing in the log. Start with `identity.py`, then `card.py` and `merge.py`.
"""
