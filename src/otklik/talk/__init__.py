"""What the agent reads to the customer: talk scripts, and what was answered.

A script is part of the tenant's set-up; answers are personal data and never enter the event log. Start with `script.py`.
"""
