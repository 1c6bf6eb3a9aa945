"""Python handlers of tenants, each version in processes of its own that may do nothing but ask us: no network, no files, no other
programs, little memory, little time. `inside.py` and `confinement.py` run in there, `outside.py` holds the other end.
"""
