"""Opening hours while they are edited: what a file of holidays would bring, and whether a calendar that does not count yet is
open at an instant. `moment.py` says so; keeping a calendar is the set-up's own business."""
