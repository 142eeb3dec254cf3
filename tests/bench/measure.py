#!/usr/bin/python3
"""Measures everything that docs/performance.md tells, into one JSON file.

measure.py BUILD NETS RESULTS.json [--peers PYTHON] [--parts limits,networks,avx2,edits,growth] [--only NETWORKS] [--tiny]

BUILD: the build folder; NETS: what export.py wrote. What other processes used of the machine is kept with each figure; above 3 % it
is measured again, up to three times, and the quietest attempt counts. So does what RESULTS.json has already: measuring again
replaces only figures that were made on a busier machine; remove the file when the code has changed. --tiny: small sizes, to see
that it works. "avx2": the networks once more, without AVX-512, where the processor has it. SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import json
import os
import platform
import resource
import subprocess
import time

import compare

ATTEMPTS = 3
QUIET = 0.03
SIZES = (0.25, 1, 4, 12, 25, 50)
# task, megapixels, threads: what the table of edits tells
EDITS = (("fill", 12, 2), ("colorize", 12, 2), ("upscale", 0.262144, 1), ("upscale", 4.194304, 2), ("sketch", 1, 2))


def processor():
    with open("/proc/cpuinfo") as f:
        return next(line.split(":")[1].strip() for line in f if line.startswith("model name"))


def has_avx512():
    with open("/proc/cpuinfo") as f:
        return "avx512bw" in f.read()


def own_seconds():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def quietest(command, options, attempts=ATTEMPTS):
    """Standard output of command, and the share of the machine that others used meanwhile."""
    best = None
    for _ in range(1 if options.tiny else attempts):
        before, own, start = compare.ticks([])[0], own_seconds(), time.monotonic()
        output = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, check=True, text=True, env=options.env).stdout
        seconds = time.monotonic() - start
        used = (compare.ticks([])[0] - before) / os.sysconf("SC_CLK_TCK") - (own_seconds() - own)
        others = max(0.0, used) / (seconds * os.cpu_count())
        if best is None or others < best[1]:
            best = output, others
        if others < QUIET:
            break
    return best


def limits(options):
    program = os.path.join(options.build, "tests/bench/limn-bench-limits")
    if not os.path.exists(program):
        print("limits were left out: limn-bench-limits needs OpenBLAS (libopenblas-dev)")
        return None
    result = {}
    if has_avx512():  # OpenBLAS takes its slowest loops on a processor that is newer than itself
        options.env.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
    for threads in (1, 2):
        output, others = quietest([program, threads], options)
        result[str(threads)] = dict((line.split()[0], float(line.split()[1])) for line in output.splitlines())
        result[str(threads)]["others"] = others
        print("limits, %d threads: %s" % (threads, result[str(threads)]))
    return result


def edit(options, *arguments, attempts=ATTEMPTS):
    output, others = quietest([os.path.join(options.build, "tests/bench/limn-bench-edits"), *arguments], options, attempts)
    row = json.loads(output)
    row["others"] = others
    print(json.dumps(row), flush=True)
    return row


def edits(options):
    todo = [(task, 0.02 if options.tiny else size, threads) for task, size, threads in EDITS]
    rows = [edit(options, task, size, threads, 1 if options.tiny else 3) for task, size, threads in todo]
    return rows + [edit(options, "preview", 2, 2 if options.tiny else 31)]


def growth(options):
    sizes = (0.02, 0.05) if options.tiny else SIZES
    return [edit(options, task, size, 2, 3 if size <= 4 and not options.tiny else 1, attempts=1)
            for task in ("fill", "colorize", "sketch", "upscale") for size in sizes]


def merge(before, now, key):
    """Both lists' rows, of two with the same key the one that was measured on the quieter machine."""
    rows = {}
    for row in before + now:
        name = tuple(row.get(k, 0) for k in key)
        if name not in rows or row["others"] < rows[name]["others"]:
            rows[name] = row
    return [rows[name] for name in sorted(rows)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("nets")
    parser.add_argument("results")
    parser.add_argument("--peers", default="python3")
    parser.add_argument("--parts", default="limits,networks,avx2,edits,growth")
    parser.add_argument("--only", help="networks by name, with commas: only these are measured")
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    options.env = dict(os.environ)
    options.env.setdefault("LIMN_MODELS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../resources/models"))
    results = {}
    if os.path.exists(options.results):
        with open(options.results) as f:
            results = json.load(f)
    results["machine"] = {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform()}
    for part in options.parts.split(","):
        if part == "limits":
            found, before = limits(options) or {}, results.get(part) or {}
            results[part] = {t: min((r for r in (before.get(t), found.get(t)) if r), key=lambda r: r["others"]) for t in {*found, *before}}
        elif part == "avx2" and not has_avx512():
            print("avx2 was left out: it is what networks measures on this processor")
        elif part in ("networks", "avx2"):
            words = [os.path.join(options.build, "tests/bench/limn-bench"), options.nets]
            words += ["--attempts", "1" if options.tiny else str(ATTEMPTS)]
            words += ["--rounds", "1"] if options.tiny else []
            words += ["--peers", options.peers]
            network_parser = argparse.ArgumentParser()
            compare.add_options(network_parser)
            words += ["--only", options.only] if options.only else []
            words += ["--avx2"] if part == "avx2" else []
            rows, missing = compare.run(network_parser.parse_args(words))
            if part == "networks":
                results["missing"] = missing
            results[part] = merge(results.get(part, []), rows, ("network", "threads", "state"))
        else:
            found = {"edits": edits, "growth": growth}[part](options)
            results[part] = merge(results.get(part, []), found, ("task", "megapixels", "threads"))
        with open(options.results + ".part", "w") as f:
            json.dump(results, f, indent=1)
        os.replace(options.results + ".part", options.results)


main()
