"""Tests of the launchers: real PostgreSQL, real Asterisk, real kills."""
