#!/usr/bin/python3
"""Limn's networks in Limn's engine, ONNX Runtime, OpenVINO and PyTorch, interleaved: medians, ratios, peak memory, agreement.

An engine that is not installed is named and left out. Every engine is a process of its own that
evaluates once a line it is sent; they take turns, so that what else happens on the machine happens to all; a turn is some
evaluations that aren't counted and three that are. Idle first, then with one more process that keeps the last core busy all the time.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PAUSE = 0.05  # seconds before each turn: threads of the engine before spin for a while when they have nothing to do
WARM = 0.06  # seconds of evaluations that aren't counted in each turn, one at least: a core that slept comes back slowly to its clock
BURST = 3  # evaluations a turn after those

HERE = os.path.dirname(os.path.abspath(__file__))


class Engine:
    """One process of one engine with one network."""

    def __init__(self, label, command, env, output):
        self.label, self.output = label, output
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        words = self.process.stdout.readline().split()
        if not words or words[0] != "ready":
            self.process.kill()
            lines = self.process.stderr.read().strip().splitlines() or ["it said nothing"]
            raise RuntimeError(next((l for l in lines if "Error:" in l), lines[-1]).strip())
        self.ready, self.gflop = float(words[1]), float(words[2])

    def once(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def peak_mb(self):
        with open("/proc/%d/status" % self.process.pid) as f:
            return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ticks(pids):
    """Clock ticks spent so far by the whole machine, and by these processes."""
    with open("/proc/stat") as f:
        words = [int(w) for w in f.readline().split()[1:8]]
    own = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        own += int(fields[11]) + int(fields[12])
    return words[0] + words[1] + words[2] + words[5] + words[6], own


def spin():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    while True:
        pass


def commands(options, name, threads, folder):
    net = os.path.join(options.nets, name)
    out = {e: os.path.join(folder, e) for e in ("limn", "onnx", "openvino", "torch")}
    env = dict(os.environ)
    if options.avx2:
        env.update(ONEDNN_MAX_CPU_ISA="AVX2", ATEN_CPU_CAPABILITY="avx2")
    kernels = ["--kernels", "avx2"] if options.avx2 else []
    limn = ("limn", [options.bench, *kernels, "serve", net + ".safetensors", threads, net + ".in.nhwc.f32", out["limn"]], env, out["limn"])
    def peer(engine, python):
        return engine, [python, os.path.join(HERE, "peer-%s.py" % engine), net, threads, out[engine]], env, out[engine]
    peers = {"onnx": options.peers, "openvino": options.peers, "torch": "/usr/bin/python3"}
    if options.avx2:
        del peers["onnx"]  # it can't be told
    return [limn] + [peer(e, python) for e, python in peers.items()]


def floats(path):
    import array
    values = array.array("f")
    with open(path, "rb") as f:
        values.frombytes(f.read())
    return values


def apart(a, b):
    """Largest difference as a share of b's range."""
    a, b = floats(a), floats(b)
    return max(abs(x - y) for x, y in zip(a, b)) / max(max(b), -min(b), 1e-30)


def turns_ratio(own, other):
    """Median of each round's own ratio: its turns follow each other, so that a slow while of the machine meets both engines."""
    rounds = [[statistics.median(v[i:i + BURST]) for v in (own, other)] for i in range(0, len(own), BURST)]
    return statistics.median(a / b for a, b in rounds)


def measure(engines, state, rounds):
    """Times of each engine, and the share of the machine that others used meanwhile."""
    busy = None
    if state != "idle":
        busy = multiprocessing.Process(target=spin, daemon=True)
        busy.start()
    pids = [e.process.pid for e in engines] + [os.getpid()] + ([busy.pid] if busy else [])
    before, start = ticks(pids), time.monotonic()
    times = {e.label: [] for e in engines}
    for _ in range(rounds):
        for e in engines:
            time.sleep(PAUSE)
            ready = time.monotonic() + WARM
            while e.once() and time.monotonic() < ready:
                pass
            times[e.label] += [e.once() for _ in range(BURST)]
    after, seconds = ticks(pids), time.monotonic() - start
    if busy:
        busy.terminate()
        busy.join()
    others = (after[0] - before[0]) - (after[1] - before[1])
    return times, max(0, others) / (seconds * os.sysconf("SC_CLK_TCK") * os.cpu_count())


def one(options, name, threads, missing):
    with tempfile.TemporaryDirectory() as folder:
        engines = []
        for arguments in commands(options, name, str(threads), folder):
            try:
                engines.append(Engine(*arguments))
            except (OSError, RuntimeError) as problem:
                missing[arguments[0]] = str(problem)
        if not engines or engines[0].label != "limn":
            sys.exit("limn-bench: %s" % missing.get("limn"))
        rows = []
        for state in ("idle", "busy core"):
            best = None
            for _ in range(options.attempts):
                times, others = measure(engines, state, options.rounds)
                if best is None or others < best[1]:
                    best = times, others
                if others < 0.03:
                    break
            rows.append({"network": name, "threads": threads, "state": state, "gflop": engines[0].gflop, "others": best[1],
                         "ms": {k: statistics.median(v) for k, v in best[0].items()},
                         "ratio": {k: turns_ratio(best[0]["limn"], v) for k, v in best[0].items() if k != "limn"}})
        for row in rows:
            row["peak_mb"] = {e.label: e.peak_mb() for e in engines}
            row["ready_ms"] = {e.label: e.ready for e in engines}
            row["differs"] = {e.label: apart(engines[0].output, e.output) for e in engines[1:]}
        for e in engines:
            e.close()
        return rows


def print_row(row):
    ms = row["ms"]
    parts = ["%-15s %d thread%s %-9s" % (row["network"], row["threads"], "s" if row["threads"] > 1 else " ", row["state"])]
    parts += ["%s %7.2f ms" % (k, v) for k, v in ms.items()]
    parts += ["%.2f of %s" % (v, k) for k, v in row["ratio"].items()]
    parts.append("%.0f GFLOP/s" % (row["gflop"] / ms["limn"] * 1e3))
    parts.append("others %.0f %%" % (100 * row["others"]))
    print("  ".join(parts), flush=True)


def run(options):
    """Rows of every network, number of threads and state; and which engines were left out, and why."""
    names = sorted(f[:-5] for f in os.listdir(options.nets) if f.endswith(".json"))
    if options.only:
        names = [n for n in names if n in options.only.split(",")]
    if not names:
        sys.exit("%s: no networks here; run export.py first" % options.nets)
    rows, missing = [], {}
    for name in names:
        for threads in (int(t) for t in options.threads.split(",")):
            rows += one(options, name, threads, missing)
            for row in rows[-2:]:
                print_row(row)
    for name in names:
        row = next(r for r in rows if r["network"] == name)
        print("%-15s peak memory: %s; ready after: %s; largest difference of outputs: %s" % (
            name, ", ".join("%s %.0f MB" % p for p in row["peak_mb"].items()), ", ".join("%s %.0f ms" % p for p in row["ready_ms"].items()),
            ", ".join("%s %.1e" % p for p in row["differs"].items()) or "nothing to compare with"))
    for engine, problem in missing.items():
        print("%s was left out: %s" % (engine, problem))
    return rows, missing


def add_options(parser):
    parser.add_argument("bench", help="limn-bench")
    parser.add_argument("nets", help="the folder that export.py wrote")
    parser.add_argument("--peers", default="python3", help="the Python that has onnxruntime, openvino and numpy, of a virtual environment")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--only", help="networks by name, with commas")
    parser.add_argument("--attempts", type=int, default=3)
    parser.add_argument("--avx2", action="store_true", help="no engine may use AVX-512; ONNX Runtime, which can't be told, is left out")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    run(parser.parse_args())
