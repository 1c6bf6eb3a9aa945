"""What follows from a contact's result: tasks, for a person or for whoever of a queue takes them.

A tenant says with each result whether one is asked (`Disposition.task`). Tasks that people write on a card are the same, and are in
`customer`. Nothing is decided here. Start with `api.py`.
"""
