"""Answers to what customers wrote, and requests that agents enter for them: what came on paper, in person, or by a letter.

An answer stands beside the log with what was asked, and goes out by mail where the tenant has a server for it. Nothing is decided
here. Start with `api.py`.
"""
