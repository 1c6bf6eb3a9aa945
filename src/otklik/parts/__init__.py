"""Parts of the set-up that have a screen of their own: queues, talk scripts, results, the card. A part is read, checked and published
by itself; its versions are those of the set-up."""
