"""Real calls by sipp to the running product, answered in real headless Chromium."""
