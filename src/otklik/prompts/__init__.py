"""Recordings of what the machine says: a person's voice over a text of the set-up. Without one the text is spoken by a voice.

The set-up names a recording by what it holds; sounds are kept among the objects and never change. Start with `texts.py`.
"""
