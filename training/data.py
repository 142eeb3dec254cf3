"""Pictures for training: shards (tar files of equally large WebP, PNG or JPEG pictures) decoded into one byte tensor.

A pack is a folder with shards named NAME-00.tar, NAME-01.tar, ... ; `training/pack` makes one from any folder of pictures.
Which pictures are never trained on is a list of files (heldout.tsv: shard, name), so that the split stays the same when
shards are added or read in another order."""
import csv
import glob
import io
import os
import tarfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def read_heldout(path):
    """Set of (shard, name) in a heldout.tsv; the empty set for no path."""
    if not path:
        return set()
    with open(path, newline="") as f:
        return {(row["shard"], row["name"]) for row in csv.DictReader(f, delimiter="\t")}


def load(folder, pattern, heldout=frozenset(), shrink=1):
    """All pictures of the shards that match -> (training bytes, held-out bytes), each (N, 3, H, W) uint8.

    shrink: divides width and height by averaging. Pictures must have one size."""
    train, held = [], []
    shards = sorted(glob.glob(os.path.join(folder, pattern)))
    if not shards:
        raise SystemExit(f"{folder} has no shard {pattern}: make one with training/pack")
    for shard in shards:
        with tarfile.open(shard) as tar:
            for member in tar:
                if not member.isfile():
                    continue
                with Image.open(io.BytesIO(tar.extractfile(member).read())) as im:
                    a = torch.from_numpy(np.array(im.convert("RGB"))).permute(2, 0, 1)
                if shrink > 1:
                    a = F.avg_pool2d(a.float()[None], shrink)[0].round().byte()
                (held if (os.path.basename(shard), member.name) in heldout else train).append(a)
    stack = lambda rows: torch.stack(rows) if rows else torch.zeros(0, 3, 0, 0, dtype=torch.uint8)
    return stack(train), stack(held)


def batch(x, n, size, turn=False):
    """n random crops of `size` pixels from the bytes x, mirrored half of the time (and transposed when turn): (n, 3, size, size)
    float in [-1, 1]."""
    out = torch.empty(n, 3, size, size)
    for k in range(n):
        i = np.random.randint(len(x))
        top, left = (np.random.randint(s - size + 1) for s in x.shape[-2:])
        c = x[i, :, top:top + size, left:left + size]
        c = c.flip(2) if np.random.rand() < .5 else c
        out[k] = c.transpose(1, 2) if turn and np.random.rand() < .5 else c
    return out / 127.5 - 1
