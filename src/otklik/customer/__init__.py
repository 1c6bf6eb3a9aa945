"""Who is on the other side: customers with their numbers and addresses.

Nothing here knows about calls or queues. A customer's row is personal data and never enters the event log. Start with
`identity.py`.
"""
