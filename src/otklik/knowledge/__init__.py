"""The knowledge base: what agents look up while they talk. Administrators write it, version by version; agents read what is
published, and say whether it helped. Bodies are Markdown, and nothing of them is ever taken for HTML. Start with `article.py`.
"""
