#!/bin/sh
# The quality report on a few generated pictures: every task, every table, every sheet. LIMN_CLI = the built limn-cli.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-/usr/bin/python3}
export PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1
"$python" -c 'import numpy, PIL' 2>/dev/null || { echo "needs python3-numpy and python3-pil"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pictures" "$work/docs"
"$python" - "$work/pictures" <<'P'
import sys
import numpy as np
from PIL import Image
r = np.random.RandomState(0)
for i in range(3):
    Image.fromarray(r.randint(0, 256, (12, 12, 3), np.uint8)).resize((260, 260), Image.BICUBIC).save(f"{sys.argv[1]}/{i}.png")
P
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 96
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 128 --crops 1
printf 'shard\tname\nphotos-00.tar\t000000.webp\nphotos-00.tar\t000002.webp\ndetail-00.tar\t000001.webp\n' > "$work/heldout.tsv"
{ printf '# Quality\n\nBefore.\n\n'
  for task in fill large upscale colorize sketch; do
    printf '<!-- %s: written by training/report -->\nold\n<!-- end of %s -->\n\nAfter %s.\n' $task $task $task
  done
} > "$work/docs/quality.md"
"$python" "$here/report" --data "$work/pack" --cli "$LIMN_CLI" --models "$here/../resources/models" --heldout "$work/heldout.tsv" \
  --whole photos --crops detail --large "$work/pictures" --count 2 --jobs 2 --docs "$work/docs" > "$work/figures.json"
"$python" - "$work" <<'P'
import json
import sys
from PIL import Image
figures = json.load(open(sys.argv[1] + "/figures.json"))
assert set(figures) == {"fill", "large", "upscale", "colorize", "sketch"}
for task in ("fill", "large"):
    ours = figures[task]["Limn, one step"]
    assert ours["outside"] == 0 and ours["psnr"] > 5 and figures[task]["truth"]["texture"] == 0
assert figures["upscale"]["area: Limn, one step"]["back"] <= 1 < figures["upscale"]["area: bicubic"]["back"]
assert figures["colorize"]["truth"]["de"] == 0 < figures["colorize"]["gray"]["de"]
assert figures["sketch"]["the paint itself"]["follows"] == 0
text = open(sys.argv[1] + "/docs/quality.md").read()
assert text.startswith("# Quality\n\nBefore.\n\n<!--") and "\nold\n" not in text
for task in figures:
    assert f"\n<!-- end of {task} -->\n\nAfter {task}.\n" in text
    assert f"(quality/{task}.jpg)" in text
    with Image.open(f"{sys.argv[1]}/docs/quality/{task}.jpg") as im:
        assert im.width > 4 * 96
assert text.count("| Limn, one step |") == 5
print("the report works")
P
