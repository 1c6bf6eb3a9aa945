"""Look-ups in outer databases and services from the desk: what the tenant allows, about the customer in hand, in their own time."""
