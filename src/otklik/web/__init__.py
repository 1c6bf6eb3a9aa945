"""The ASGI application: mounts each room's api, resolves the session, and carries the two WebSockets of a page.

No rule of the contact centre lives here. Start with `app.py`.
"""
