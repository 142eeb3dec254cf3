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


def load(folder, patterns, heldout=frozenset(), shrink=1):
    """All pictures of the shards that match -> (pictures to train on, held-out pictures): lists of (N, 3, H, W) bytes, one for each of
    the comma-separated patterns that has any.

    shrink: divides width and height by averaging. The pictures of one pattern must have one size."""
    train, held = [], []
    for pattern in patterns.split(","):
        shards = sorted(glob.glob(os.path.join(folder, pattern)))
        if not shards:
            raise SystemExit(f"{folder} has no shard {pattern}: make one with training/pack")
        rows = {True: [], False: []}
        for shard in shards:
            with tarfile.open(shard) as tar:
                for member in tar:
                    if not member.isfile():
                        continue
                    with Image.open(io.BytesIO(tar.extractfile(member).read())) as im:
                        a = torch.from_numpy(np.array(im.convert("RGB"))).permute(2, 0, 1)
                    if shrink > 1:
                        a = F.avg_pool2d(a.float()[None], shrink)[0].round().byte()
                    rows[(os.path.basename(shard), member.name) in heldout].append(a)
        train += [torch.stack(rows[False])] if rows[False] else []
        held += [torch.stack(rows[True])] if rows[True] else []
    return train, held


def batch(packs, n, size, turn=False):
    """n random crops of `size` pixels, from each of the packs (N, 3, H, W) equally often, mirrored half of the time (and transposed
    when turn): (n, 3, size, size) float in [-1, 1]."""
    out = torch.empty(n, 3, size, size)
    for k in range(n):
        x = packs[np.random.randint(len(packs))]
        i = np.random.randint(len(x))
        top, left = (np.random.randint(s - size + 1) for s in x.shape[-2:])
        c = x[i, :, top:top + size, left:left + size]
        c = c.flip(2) if np.random.rand() < .5 else c
        out[k] = c.transpose(1, 2) if turn and np.random.rand() < .5 else c
    return out / 127.5 - 1
