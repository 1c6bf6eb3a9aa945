"""Telephony behind the `Voice` port: Asterisk over ARI and AMI (`asterisk.py`), and a simulator of the same contract.

Both pass `tests/channels/test_voice_contract.py`. Media stays in Asterisk: no sound of a live call passes through here.
"""
