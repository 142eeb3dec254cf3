#!/bin/sh
# A few training steps of both networks on generated pictures: packing, training, resuming, export.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-/usr/bin/python3}
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
"$python" -c 'import torch, PIL' 2>/dev/null || { echo "needs python3-torch and python3-pil"; exit 77; }
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
printf 'shard\tname\nphotos-00.tar\t000000.webp\ndetail-00.tar\t000001.webp\n' > "$work/heldout.tsv"
train () {
  "$python" "$here/train.py" "$@" --data "$work/pack" --heldout "$work/heldout.tsv" --out "$work/out" \
    --pairs 2 --others 2 --looks 1 --stages 1
}
train base --net nano --size 32 --steps 3 --state "$work/base.pt" | tee "$work/log"
grep -q '^7 pictures to train on, 1 held out$' "$work/log"
train base --net nano --size 32 --steps 2 --state "$work/base.pt" | tee "$work/log"
grep -q '^done: 20 pictures, 5 steps$' "$work/log"
train detail --net detail-nano --size 64 --steps 2
train detail --init "$work/out/detail.safetensors" --size 64 --steps 1 | tee "$work/log"
grep -q '^done: 12 pictures, 1 steps$' "$work/log"
# Two processes, as torchrun starts them (PyTorch 1.13's own torchrun doesn't start under Python 3.11).
export WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=$(($$ % 20000 + 30000))
RANK=1 LOCAL_RANK=1 train base --net nano --size 32 --steps 2 --beta-sketch 1 > "$work/second" 2>&1 & second=$!
RANK=0 LOCAL_RANK=0 train base --net nano --size 32 --steps 2 --beta-sketch 1 | tee "$work/log"
wait $second || { cat "$work/second"; exit 1; }
grep -q '^done: 16 pictures, 2 steps$' "$work/log"
unset WORLD_SIZE
"$python" - "$here" "$work/out" <<'P'
import sys
sys.path.insert(0, sys.argv[1])
import torch
from networks import weights
from networks.unet import from_config
for kind, size in (("base", 32), ("detail", 64)):
    tensors, meta = weights.read(f"{sys.argv[2]}/{kind}.safetensors")
    assert meta["limn"]["role"] == kind and meta["limn"]["size"] == size and meta["limn"]["pictures_seen"] > 0
    net = from_config(meta["config"])
    net.load_state_dict(tensors)
    assert all(torch.isfinite(v).all() for v in tensors.values())
    assert float(net.conv_out.weight.abs().max()) > 0, "the last layer starts at zero and must have moved"
print("training works")
P
