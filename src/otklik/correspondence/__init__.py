"""What customers write, where it is not said on a line: today the requests that a web site hands in.

A text is never in the log: a fact says that there is one, and the text stands in a table of its own. Nothing is decided here.
Start with `api.py`.
"""
