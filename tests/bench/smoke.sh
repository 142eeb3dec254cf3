#!/usr/bin/env bash
# The bench works: tiny networks and pictures, everything measured and reported once. No time is judged.
# Usage: smoke.sh BUILD. Without PyTorch there is nothing to export, and nothing is run (77: skipped).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3
"$python" -c 'import torch, numpy' 2>/dev/null || { echo "python3-torch or python3-numpy is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -W ignore "$here/export.py" "$work/nets" --tiny "$here/../../resources/models/see.safetensors" > "$work/export.log" 2>&1 || { cat "$work/export.log"; exit 1; }
"$python" "$here/measure.py" "$1" "$work/nets" "$work/results.json" --tiny | tee "$work/log"
printf '# Test\n<!-- figures: written by tests/bench/report.py -->\n<!-- end of figures -->\nthe rest\n' > "$work/performance.md"
"$python" "$here/report.py" "$work/results.json" "$work/performance.md" "$work/growth.svg"
"$python" - "$work" <<'P'
import json, sys
import xml.dom.minidom
work = sys.argv[1]
results = json.load(open(work + "/results.json"))
assert {r["network"] for r in results["networks"]} == {"base", "detail", "see"} and len(results["networks"]) == 12
for r in results["networks"]:
    assert r["ms"]["limn"] > 0 and r["gflop"] > 0 and "torch" in r["ms"], r
    assert all(d < 1e-4 for d in r["differs"].values()), "the engines disagree: %s" % r
assert {r["task"] for r in results["edits"]} == {"fill", "colorize", "sketch", "upscale", "preview"}
text = open(work + "/performance.md").read()
assert text.startswith("# Test\n") and text.endswith("the rest\n") and "| base, reference | 1 | idle |" in text
assert len(xml.dom.minidom.parse(work + "/growth.svg").getElementsByTagName("polyline")) == 4
print("the bench works")
P
"$1/tests/bench/limn-bench" --kernels plain layers "$work/nets/detail.safetensors" 1 | tail -1 | grep -q 'all .* steps'
"$1/tests/bench/limn-bench" layers "$work/nets/base.safetensors" 2 | tail -1 | grep -q 'all .* steps'
export LIMN_MODELS=$here/../../resources/models
"$1/tests/bench/limn-bench-cancel" colorize 0.1 2 5 16 profile > "$work/cancel.json"
"$python" -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["points"] > 0 and r["worst_ms"] >= r["mean_ms"] > 0, r' "$work/cancel.json"
"$1/tests/bench/limn-bench-materials" "$here/../data/sketches/cabin.png" 192 2 3 > "$work/materials.json"
"$python" -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["paint_ms"] > 0 and r["stroke_ms"] > 0 and r["peak_mb"] > 0, r' "$work/materials.json"
"$1/tests/bench/limn-bench-select" 0.2 2 3 > "$work/select.json"
"$python" -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["ms"] > 0 and r["cpu_ms"] > 0, r' "$work/select.json"
