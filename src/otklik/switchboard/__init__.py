"""The switchboard: one writer per tenant that logs facts, hands them to deciding code and performs what it decides.

What never happens here: a choice between agents, a text a customer hears, a state of a contact; those are decided in
`routing` and `scenario`. Start with `centre.py` (the loop), then `outbox.py` (performing) and `feed.py` (pages).
"""
