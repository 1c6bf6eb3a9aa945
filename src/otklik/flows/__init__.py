"""Where flows are drawn: drafts, test calls, publishing, earlier versions. What counts is in the set-up alone
(`contact/configuration.py`); a draft decides nothing, and is published as a new version of it. Start with `drawing.py`.
"""
