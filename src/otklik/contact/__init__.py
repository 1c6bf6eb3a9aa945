"""The words of the house: ids, facts, decisions, configuration, and the ports between the parts.

Nothing here does anything. Start with `facts.py` and `decisions.py`.
"""
