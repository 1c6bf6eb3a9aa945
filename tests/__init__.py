"""Tests of Otklik. Peers they need (sipp, baresip, Chromium) are installed by `python -m tests.peers`."""
