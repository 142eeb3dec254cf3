#!/bin/sh
# The quality report on a few generated pictures: every task, every table, every sheet. LIMN_CLI = the built limn-cli.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/tests/python.sh"
"$python" -c 'import numpy, PIL' 2>/dev/null || { echo "needs NumPy and Pillow: run training/setup, or install python3-numpy and python3-pil"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pictures" "$work/docs"
"$python" - "$work/pictures" <<'P'
import sys
import numpy as np
from PIL import Image
r = np.random.RandomState(0)
for i in range(3):
    Image.fromarray(r.randint(0, 256, (12, 12, 3), np.uint8)).resize((320, 320), Image.BICUBIC).save(f"{sys.argv[1]}/{i}.png")
P
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 96
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 128 --crops 1
printf 'shard\tname\nphotos-00.tar\t000000.webp\nphotos-00.tar\t000002.webp\ndetail-00.tar\t000001.webp\n' > "$work/heldout.tsv"
for page in quality compare; do
  for task in fill large thin upscale worn colorize sketch; do
    printf '<!-- %s: written by training/report -->\nold\n<!-- end of %s -->\n\nAfter %s.\n' $task $task $task
  done > "$work/tasks"
  { printf '# Page\n\nBefore.\n\n'; cat "$work/tasks"; } > "$work/docs/$page.md"
done
"$python" "$here/report" --data "$work/pack" --cli "$LIMN_CLI" --models "$here/../resources/models" --heldout "$work/heldout.tsv" \
  --whole photos --crops detail --large "$work/pictures" --count 2 --jobs 2 --docs "$work/docs" --figures "$work/figures.json" --without Real-ESRGAN --before "$here/../resources/models" --one-step
"$python" - "$work" <<'P'
import json
import sys
import xml.dom.minidom
from PIL import Image
figures = json.load(open(sys.argv[1] + "/figures.json"))
assert set(figures) == {"fill", "large", "thin", "upscale", "worn", "colorize", "sketch"}
for task in ("fill", "large", "thin"):
    ours = figures[task]["Limn, one step"]
    assert ours["outside"] == 0 and ours["psnr"] > 5 and figures[task]["truth"]["texture"] == 0
assert figures["upscale"]["area: Limn, one step"]["back"] <= 1 < figures["upscale"]["area: bicubic"]["back"]
assert figures["colorize"]["truth"]["de"] == 0 < figures["colorize"]["gray"]["de"]
assert figures["sketch"]["the paint itself"]["follows"] == 0
for of_task in figures.values():
    for method, row in of_task.items():
        if "Limn" in method:
            assert 0 < row["cpu"] < 60 and 20 < row["memory"] < 4000
        if "perceptual" in row:
            assert (row["perceptual"] < 1e-6) == method.endswith("truth")
    ours, before = (next((r for m, r in of_task.items() if m.endswith(n)), None) for n in ("Limn, one step", "Limn before, one step"))
    assert not before or all(before[k] == v for k, v in ours.items() if k not in ("cpu", "memory")), "the same weights twice"
for page in ("quality", "compare"):
    text = open(f"{sys.argv[1]}/docs/{page}.md").read()
    assert text.startswith("# Page\n\nBefore.\n\n<!--") and "\nold\n" not in text
    for task in figures:
        assert f"\n<!-- end of {task} -->\n\nAfter {task}.\n" in text
        if page == "quality":
            assert f"(quality/{task}.jpg)" in text
            with Image.open(f"{sys.argv[1]}/docs/quality/{task}.jpg") as im:
                assert im.width > 4 * 96
        else:
            plot = xml.dom.minidom.parse(f"{sys.argv[1]}/docs/compare/{task}.svg")
            drawn = [n.firstChild.data for n in plot.getElementsByTagName("text")]
            assert any("Limn" in v for v in drawn) and len(plot.getElementsByTagName("circle")) == 2 * sum("cpu" in r for m, r in figures[task].items() if not m.startswith("bicubic: "))
    assert text.count("| Limn, one step |") == (6 if page == "quality" else 5)
print("the report works")
P
