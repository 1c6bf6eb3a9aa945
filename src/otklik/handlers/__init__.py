"""Where scenarios in Python are written: the code, what it failed of, its versions. What counts is in the set-up alone
(`contact/handler.py`); the code is never run here (`integrations/handlers`). Start with `api.py`.
"""
