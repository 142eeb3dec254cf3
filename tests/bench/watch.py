#!/usr/bin/env python3
"""How long a watched folder takes: seconds from a picture's being complete in it to its result's being there, for each way in which files
come. Usage: tests/bench/watch.py build/cli/limn-cli [ROUNDS]. Needs python3-numpy and python3-pil.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image


def in_pieces(source, target, count, pause, reopen):
    """Written in count pieces with pauses, the file closed and opened again between them, or kept open."""
    data = open(source, "rb").read()
    step = -(-len(data) // count)
    out = open(target, "wb")
    for k in range(0, len(data), step):
        out.write(data[k:k + step])
        out.flush()
        if k + step < len(data):
            if reopen:
                out.close()
            time.sleep(pause)
            if reopen:
                out = open(target, "ab")
    out.close()


def renamed_within(source, target):
    shutil.copy(source, target + ".part")
    os.rename(target + ".part", target)


WAYS = {
    "moved in": os.rename,
    "copied": shutil.copy,
    "copied slowly (1.3 s)": lambda source, target: in_pieces(source, target, 12, .12, False),
    "in pieces, closed between": lambda source, target: in_pieces(source, target, 4, .05, True),
    "under another name, then renamed": renamed_within,
    "linked": os.link,
}


def make(path, seed):
    blocks = np.kron(np.random.default_rng(seed).random((8, 8)), np.ones((60, 80)))
    Image.fromarray((blocks * 255).astype("u1")).save(path, quality=90)


def seconds_until(path):
    start = time.monotonic()
    while not os.path.exists(path):
        time.sleep(.003)
    return time.monotonic() - start


def main():
    program, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("in")
        batch = subprocess.Popen([program, "batch", "colorize", "in", "-o", "out", "--watch", "-q"])
        seconds_until("out/.limn-batch")
        make("warm.jpg", 0)
        os.rename("warm.jpg", "in/warm.jpg")  # the networks are read
        seconds_until("out/warm.jpg")
        times = {way: [] for way in WAYS}
        for k in range(rounds):
            for number, (way, come) in enumerate(WAYS.items()):
                name = "%d-%d.jpg" % (k, number)
                make(name, k)
                come(name, "in/" + name)
                times[way].append(seconds_until("out/" + name))
        batch.send_signal(signal.SIGINT)
        batch.wait()
    print("| how it comes | median, s | worst, s |\n|---|---|---|")
    for way, list_ in times.items():
        print("| %s | %.2f | %.2f |" % (way, statistics.median(list_), max(list_)))


if __name__ == "__main__":
    main()
