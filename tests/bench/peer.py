"""What the Python sides of the comparison share: a network's inputs, its output to a file, and the talk with compare.py.

A peer is started with NAME THREADS OUTPUT, where NAME.json and NAME.in.f32 are, and speaks as limn-bench serve does.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import sys
import time

start = time.perf_counter()  # what is imported before a network is ready counts
import numpy as np


def arguments():
    """(NAME, threads, path of the output)"""
    name, threads, output = sys.argv[1:4]
    return name, int(threads), output


def inputs(name):
    """name -> array, in order: x from its file, everything else one number throughout."""
    with open(name + ".json") as f:
        about = json.load(f)["inputs"]
    return {i["name"]: np.fromfile(name + ".in.f32", np.float32).reshape(i["shape"]) if i["name"] == "x"
            else np.full(i["shape"], i["value"], np.float32) for i in about}


def serve(evaluate, output, warm=1):
    """evaluate () -> list of outputs, channels first, of one evaluation; a line of standard input asks for one more."""
    ready = (time.perf_counter() - start) * 1e3
    for _ in range(warm):
        results = evaluate()
    np.concatenate([np.asarray(y)[0].transpose(1, 2, 0).ravel() for y in results]).tofile(output)
    print("ready %.2f 0" % ready, flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        evaluate()
        print("%.4f" % ((time.perf_counter() - begin) * 1e3), flush=True)
