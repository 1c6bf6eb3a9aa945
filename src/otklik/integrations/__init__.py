"""Programs of others that are asked for something: databases and HTTP services of the tenants. Never anything of ours, never a
word of what they hold in the program's log, and nothing foreign passes from here but `PeerError`. Start with `outside.py`.
"""
