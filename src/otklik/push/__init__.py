"""Web push: a browser whose page is closed, or asleep, is told that something waits for its person.

`news.py` says what there is to tell; the words tell of the kind alone, never of a customer. Which browsers want it is in
`store.py`; `switchboard/pushing.py` looks and `integrations/push_services.py` sends. Start with `news.py`.
"""
