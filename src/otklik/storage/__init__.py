"""PostgreSQL, the only database: tenant transactions, the event log with its lease, and the schema's migrations.

Nothing here knows a contact centre. Every table has `tenant_id` and forced row-level security; the program works as
the role `otklik_app`, which owns nothing. Start with `engine.py`, then `log.py`.
"""
