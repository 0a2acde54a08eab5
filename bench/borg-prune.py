"""Times borgbackup's prune rules on instants ten minutes apart: the first one in seconds, and how many."""
import datetime
import sys
import time

from borg.helpers import prune_split, prune_within


class Archive:
    def __init__(self, number, ts):
        self.id = number
        self.name = "auto-%d" % number
        self.ts = ts


def plan(archives):
    kept, keep = {}, []
    ordered = sorted(archives, key=lambda archive: archive.ts, reverse=True)
    keep += prune_within(ordered, 24, kept)
    for rule, n in (("secondly", 3), ("hourly", 24), ("daily", 7), ("weekly", 4), ("monthly", 12), ("yearly", 3)):
        keep += prune_split(ordered, rule, n, kept)
    kept_ids = {archive.id for archive in keep}
    return [archive for archive in ordered if archive.id not in kept_ids]


first, count = int(sys.argv[1]), int(sys.argv[2])
utc = datetime.timezone.utc
archives = [Archive(i, datetime.datetime.fromtimestamp(first + 600 * i, utc)) for i in range(count)]
for turn in range(8):
    start = time.perf_counter_ns()
    removed = plan(archives)
    taken = time.perf_counter_ns() - start
    if turn >= 3:
        print("borg\t%d" % taken)
assert 0 < len(removed) < count
