#!/usr/bin/python3
"""Puts the figures of measure.py into docs/performance.md, between its two marks, and draws the plot beside it.

report.py RESULTS.json PERFORMANCE.md PLOT.svg            SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import math
import os
import sys

BEGIN, END = "<!-- figures: written by tests/bench/report.py -->", "<!-- end of figures -->"
COLORS = {"fill": "#1c71d8", "colorize": "#c64600", "sketch": "#26a269", "upscale": "#813d9c"}
NAMES = {"base": "base, reference", "detail": "detail, reference", "shipped-base": "base, shipped", "shipped-detail": "detail, shipped",
         "see": "recogniser"}
PEERS = {"onnx": "ONNX Runtime", "openvino": "OpenVINO", "torch": "PyTorch"}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows] + [""]


def ms(value):
    return "%.0f" % value if value >= 100 else "%.1f" % value


def ratio(row, engine):
    return "%.2f" % row["ratio"][engine] if engine in row["ratio"] else "–"


def in_order(rows):
    return sorted(rows, key=lambda r: (list(NAMES).index(r["network"]), r["threads"], r["state"] != "idle"))


def avx2_rows(results):
    for r in in_order(results["avx2"]):
        t = r["ms"]
        peers = [ms(t[p]) if p in t else "–" for p in PEERS if p != "onnx"]
        yield [NAMES.get(r["network"], r["network"]), r["threads"], r["state"], ms(t["limn"]), *peers,
               *(ratio(r, p) for p in PEERS if p != "onnx"), "%.0f" % (r["gflop"] / t["limn"] * 1e3), "%.0f %%" % (100 * r["others"])]


def network_rows(results):
    rate = {t: v["sgemm_gflops"] for t, v in (results.get("limits") or {}).items()}
    for r in in_order(results["networks"]):
        t, limit = r["ms"], rate.get(str(r["threads"]))
        peers = [ms(t[p]) if p in t else "–" for p in PEERS]
        ratios = [ratio(r, p) for p in PEERS]
        reached = r["gflop"] / t["limn"] * 1e3
        share = "%.0f %%" % (100 * reached / limit) if limit and r["state"] == "idle" else "–"
        yield [NAMES.get(r["network"], r["network"]), r["threads"], r["state"], ms(t["limn"]), *peers, *ratios, "%.0f" % reached, share,
               "%.0f %%" % (100 * r["others"])]


def memory_rows(results):
    for name in dict.fromkeys(r["network"] for r in results["networks"]):
        r = next(r for r in results["networks"] if r["network"] == name)
        per_engine = [["%.0f" % r[key][e] if e in r[key] else "–" for e in ("limn", *PEERS)] for key in ("peak_mb", "ready_ms")]
        yield [NAMES.get(name, name), "%.1f" % r["gflop"], *per_engine[0], *per_engine[1],
               "%.1e" % max(r["differs"].values()) if r["differs"] else "–"]


def edit_rows(results):
    copy = {t: v["copy_gb_per_s"] for t, v in (results.get("limits") or {}).items()}
    for r in sorted((r for r in results["edits"] if r["task"] in COLORS), key=lambda r: list(COLORS).index(r["task"])):
        # the least that must be moved: 4 bytes a pixel in, 4 out
        least = 8e6 * r["megapixels"] / (copy.get(str(r["threads"]), math.nan) * 1e6)
        network = "%s (%.0f %%)" % (ms(r["network_ms"]), 100 * r["network_ms"] / r["ms"])
        yield ["%s, %.3g megapixels" % (r["task"], r["megapixels"]), r["threads"], ms(r["ms"]), network, r["evaluations"],
               "–" if math.isnan(least) else "%.1f" % least, "%.0f" % r["peak_mb"], "%.0f" % r["open_ms"],
               "%.0f %%" % (100 * r["others"])]


def growth_rows(results):
    sizes = sorted({r["megapixels"] for r in results["growth"]})
    for task in COLORS:
        found = {r["megapixels"]: r for r in results["growth"] if r["task"] == task}
        yield [task] + ["%s ms, %.0f MB" % (ms(found[s]["ms"]), found[s]["peak_mb"]) if s in found else "–" for s in sizes]


def plot(rows, path):
    """Time against megapixels, both on logarithmic axes."""
    width, height, left, right, top, bottom = 720, 440, 70, 110, 20, 50
    sizes, times = [r["megapixels"] for r in rows], [r["ms"] / 1e3 for r in rows]
    x0, x1 = math.log10(min(sizes)), math.log10(max(sizes))
    y0, y1 = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    place = lambda s, t: (left + (math.log10(s) - x0) / (x1 - x0) * (width - left - right),
                          height - bottom - (math.log10(t) - y0) / (y1 - y0) * (height - top - bottom))
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">' % (width, height),
           '<rect width="100%" height="100%" fill="white"/>']
    for e in range(y0, y1 + 1):
        y = place(sizes[0], 10.0 ** e)[1]
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/>' % (left, width - right, y, y))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%g s</text>' % (left - 8, y + 4, 10.0 ** e))
    for s in sorted(set(sizes)):
        x = place(s, 10.0 ** y0)[0]
        out.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#ddd"/>' % (x, x, top, height - bottom))
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%g</text>' % (x, height - bottom + 20, s))
    out.append('<text x="%.1f" y="%d" text-anchor="middle">megapixels</text>' % ((left + width - right) / 2, height - 10))
    ends = []
    for task, color in COLORS.items():
        points = sorted((r["megapixels"], r["ms"] / 1e3) for r in rows if r["task"] == task)
        if not points:
            continue
        line = " ".join("%.1f,%.1f" % place(*p) for p in points)
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (color, line))
        out += ['<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>' % (*place(*p), color) for p in points]
        ends.append([place(*points[-1])[1], task, color])
    ends.sort()
    for i, end in enumerate(ends):  # names that would lie on each other move apart
        end[0] = max(end[0], ends[i - 1][0] + 16) if i else end[0]
        out.append('<text x="%d" y="%.1f" fill="%s">%s</text>' % (width - right + 10, end[0] + 4, end[2], end[1]))
    with open(path, "w") as f:
        f.write("\n".join(out + ["</svg>", ""]))


def figures(results, plot_name):
    machine = results["machine"]
    lines = ["Measured on %s, %d cores, %s." % (machine["processor"], machine["cores"], machine["system"]), ""]
    if results.get("limits"):
        lines += table(["threads", "sgemm (OpenBLAS), GFLOP/s", "copying, GB/s read and written"],
                       [[t, v["sgemm_gflops"], v["copy_gb_per_s"]] for t, v in sorted(results["limits"].items())])
    lines += ["### Networks", ""]
    lines += table(["network", "threads", "state", "Limn, ms", *(p + ", ms" for p in PEERS.values()), *("of " + p for p in PEERS.values()),
                    "GFLOP/s", "of sgemm", "others"], network_rows(results))
    lines += table(["network", "GFLOP", "peak MB: Limn", *PEERS.values(), "ready after, ms: Limn", *PEERS.values(), "largest difference"], memory_rows(results))
    lines += ["%s was left out: %s" % m for m in results["missing"].items()]
    if results.get("avx2"):
        lines += ["The same with AVX2 alone, as most laptops have it (ONNX Runtime can't be kept from AVX-512):", ""]
        lines += table(["network", "threads", "state", "Limn, ms", "OpenVINO, ms", "PyTorch, ms", "of OpenVINO", "of PyTorch", "GFLOP/s", "others"], avx2_rows(results))
    lines += ["### Edits", ""]
    lines += table(["edit", "threads", "ms", "of it in networks", "evaluations", "copying alone, ms", "peak MB", "engine opens in, ms",
                    "others"], edit_rows(results))
    for r in results["edits"]:
        if r["task"] == "preview":
            lines += ["Live preview of a 1024 x 1024 sketch through the worker, request to pixels, %d threads: **%s ms** (the first, with "
                      "the opening of the engine: %s ms)." % (r["threads"], ms(r["ms"]), ms(r["first_ms"])), ""]
    sizes = sorted({r["megapixels"] for r in results["growth"]})
    lines += ["### Growth", "", "![Time against megapixels](%s)" % plot_name, ""]
    lines += table(["edit, two threads"] + ["%g MP" % s for s in sizes], growth_rows(results))
    return lines


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1]) as f:
        results = json.load(f)
    with open(sys.argv[2]) as f:
        text = f.read()
    if BEGIN not in text or END not in text:
        sys.exit("%s: the marks are missing" % sys.argv[2])
    plot(results["growth"], sys.argv[3])
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    with open(sys.argv[2], "w") as f:
        f.write(before + BEGIN + "\n\n" + "\n".join(figures(results, os.path.basename(sys.argv[3]))) + "\n" + END + after)


main()
