#!/bin/sh
# A few training steps of both networks on generated pictures: packing, holding out, training, resuming, export.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/tests/python.sh"
"$python" -c 'import sys, torch, PIL; sys.exit(int(torch.__version__.split(".")[0]) < 2)' 2>/dev/null \
  || { echo "$python has no PyTorch 2: run training/setup"; exit 77; }
(cd "$here" && "$python" -c 'import sys; from networks import recogniser; sys.exit(recogniser.find() is None)') \
  || { echo "$python has no recogniser: run training/setup"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pictures"
"$python" - "$work/pictures" <<'P'
import sys
import numpy as np
from PIL import Image
r = np.random.RandomState(0)
for i in range(8):
    Image.fromarray(r.randint(0, 256, (8, 8, 3), np.uint8)).resize((144, 144), Image.BICUBIC).save(f"{sys.argv[1]}/{i}.png")
P
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 64
"$python" "$here/pack" "$work/pictures" "$work/pack" --size 64 --crops 1
printf 'shard\tname\nphotos-00.tar\t000000.webp\n' > "$work/heldout.tsv"
"$python" "$here/hold-out" "$work/pack" 'detail-*.tar' --table "$work/heldout.tsv" --percent 0 | grep -q '^1 files more are held out, 2 in all$'
train () {
  "$python" -W ignore "$here/train.py" "$@" --data "$work/pack" --heldout "$work/heldout.tsv" --cache "$work/cache" --out "$work/out" \
    --pairs 2 --others 2 --looks 1 --look-pictures 4 --threads 1 --no-compile
}
train base --size 32 --steps 3 --state "$work/base.pt" --stages 1 | tee "$work/log"
grep -q '^7 pictures to train on, 1 held out$' "$work/log"
train base --size 32 --steps 2 --state "$work/base.pt" --beta 0.6,colorize=0.15 | tee "$work/log"
grep -q '^done: 20 pictures, 5 steps$' "$work/log"
"$python" "$here/export-state" "$work/base.pt" "$work/again.safetensors"
cmp "$work/again.safetensors" "$work/out/base.safetensors"
train base --size 32 --init "$work/out/base.safetensors" --steps 1 --shards 'photos*.tar:.7,detail*.tar:.3' --balance .5 --perceptual .1 | tee "$work/log"
grep -q '^done: 24 pictures, 1 steps$' "$work/log"
train detail --net detail-nano --size 64 --steps 2 --perceptual .1
train detail --init "$work/out/detail.safetensors" --size 64 --steps 1 | tee "$work/log"
grep -q '^done: 12 pictures, 1 steps$' "$work/log"
# Ended early, everything is written all the same.
train detail --init "$work/out/detail.safetensors" --size 64 --state "$work/detail.pt" > "$work/log" & run=$!
until grep -q '^look 000' "$work/log"; do sleep .2; kill -0 $run; done
pkill -TERM -P $run
wait $run
grep -q '^done: ' "$work/log"
test -s "$work/detail.pt"
"$python" -W ignore "$here/train-colours" --data "$work/pack" --shards 'photos*.tar' --heldout "$work/heldout.tsv" --cache "$work/cache" \
  --out "$work/out" --minutes .02 --batch 4 --width 16 --looks 1 | tee "$work/log"
grep -q '^7 photos to learn from, 1 held out, ' "$work/log"
# Two processes, each with its own pictures.
export WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=$(($$ % 20000 + 30000))
RANK=1 LOCAL_RANK=1 train base --no-see --size 32 --steps 2 > "$work/second" 2>&1 & second=$!
RANK=0 LOCAL_RANK=0 train base --no-see --size 32 --steps 2 | tee "$work/log"
wait $second || { cat "$work/second"; exit 1; }
grep -q '^done: 16 pictures, 2 steps$' "$work/log"
unset WORLD_SIZE
"$python" - "$here" "$work" <<'P'
import sys
sys.path.insert(0, sys.argv[1])
import torch
from networks import weights
from networks.unet import from_config
folder = sys.argv[2]
for path, kind, size, see in (("again", "base", 32, "efficientnet-lite0"), ("out/base", "base", 32, None), ("out/base-2", "base", 32, None),
                              ("out/detail", "detail", 64, None)):
    tensors, meta = weights.read(f"{folder}/{path}.safetensors")
    limn = meta["limn"]
    assert limn["role"] == kind and limn["size"] == size and limn["pictures_seen"] > 0 and limn.get("see") == see
    net = from_config(meta["config"], see)
    assert set(net.load_state_dict(tensors, strict=False).missing_keys) == {f"see.{i}.{n}" for i in range(3) for n in ("mean", "std") if see}
    assert all(torch.isfinite(v).all() for v in tensors.values())
    assert float(net.conv_out.weight.abs().max()) > 0, "the last layer starts at zero and must have moved"
tensors, meta = weights.read(f"{folder}/out/colours.safetensors")
assert meta["limn"]["role"] == "colours" and meta["limn"]["pictures_seen"] > 0 and len(tensors["palette"]) == meta["config"]["colours"]
assert all(torch.isfinite(v).all() for v in tensors.values())
# Folding the standardisation into the weights changes nothing.
state, meta = weights.read_state(f"{folder}/base.pt")
one, other = (from_config(meta["config"], "efficientnet-lite0") for _ in range(2))
one.load_state_dict(state)
other.load_state_dict(weights.folded(state), strict=False)
x, t = torch.randn(1, 48, 16, 16), torch.tensor([.5])
features = [3 * torch.randn(1, c, 16 >> i, 16 >> i) for i, c in enumerate((40, 112, 320))]
assert float(one.see[0].std.mean()) != 1
with torch.no_grad():
    a, b = one(x, t, features), other(x, t, features)
assert float((a - b).abs().max()) < 1e-3 * float(a.abs().max()) > 0
print("training works")
P
