"""Pictures for training: shards (tar files of equally large WebP, PNG or JPEG pictures), decoded once and kept as plain bytes.

A pack is a folder with shards named NAME-00.tar, NAME-01.tar, ... and MANIFEST.tsv (shard, name, source); `training/pack` makes one from
any folder of pictures. Which pictures are never trained on is a list of files (heldout.tsv: shard, name), so that the split stays
the same when shards are added or read in another order."""
import collections
import csv
import glob
import hashlib
import io
import os
import tarfile

import numpy as np
import torch
from PIL import Image

CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "limn-training")


def rows(path):
    """The rows of a table with tabs between, as dicts; none for no file."""
    if not path or not os.path.exists(path):
        return []
    with open(path, newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def decoded(shard, cache):
    """(names, pictures (N, 3, H, W) bytes, mapped into memory) of a shard. The first call decodes it into a file of the folder `cache`."""
    with tarfile.open(shard) as tar:
        members = [m for m in tar if m.isfile()]
        names = [m.name for m in members]
        about = os.stat(shard)
        key = hashlib.sha1(f"{os.path.abspath(shard)} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()[:12]
        path = os.path.join(cache, f"{os.path.basename(shard)}-{key}.npy")
        if not os.path.exists(path):
            os.makedirs(cache, exist_ok=True)
            out, part = None, f"{path}.{os.getpid()}"
            for i, member in enumerate(members):
                with Image.open(io.BytesIO(tar.extractfile(member).read())) as im:
                    a = np.asarray(im.convert("RGB")).transpose(2, 0, 1)
                if out is None:
                    out = np.lib.format.open_memmap(part, "w+", np.uint8, (len(members), *a.shape))
                if a.shape != out.shape[1:]:
                    raise SystemExit(f"{shard}: {member.name} is not as large as the pictures before it")
                out[i] = a
            out.flush()
            os.replace(part, path)
    return names, np.load(path, mmap_mode="r")


class Pictures:
    """Pictures of some groups of shards. Each group is drawn from as often as its share says; within it the pictures of one source
    are drawn in proportion to (how many there are) ^ balance: 1 = every picture alike, 0 = every source alike."""

    def __init__(self, balance=1.):
        self.groups, self.shares, self.balance = [], [], balance

    def add(self, share, chosen):
        """chosen: list of (pictures (N, 3, H, W), index, source)."""
        if chosen:
            count = collections.Counter(source for _, _, source in chosen)
            chance = np.cumsum([count[source] ** (self.balance - 1.) for _, _, source in chosen])
            self.groups.append((chosen, chance / chance[-1]))
            self.shares.append(share)

    def __len__(self):
        return sum(len(chosen) for chosen, _ in self.groups)

    def batch(self, n, size, turn=False):
        """n random crops of `size` pixels, mirrored half of the time (and transposed when turn): (n, 3, size, size) in [-1, 1]."""
        out, shares = np.empty((n, 3, size, size), np.uint8), np.array(self.shares) / sum(self.shares)
        for k in range(n):
            chosen, chance = self.groups[np.random.choice(len(shares), p=shares)]
            pictures, i, _ = chosen[min(np.searchsorted(chance, np.random.rand(), "right"), len(chosen) - 1)]
            top, left = (np.random.randint(s - size + 1) for s in pictures.shape[-2:])
            c = pictures[i, :, top:top + size, left:left + size]
            c = c[..., ::-1] if np.random.rand() < .5 else c
            out[k] = c.transpose(0, 2, 1) if turn and np.random.rand() < .5 else c
        return torch.from_numpy(out) / 127.5 - 1


def load(folder, patterns, heldout=None, balance=1., cache=CACHE):
    """(pictures to train on, held-out pictures) of the shards that match. patterns: names of shards with commas between, each with its
    share of the draws after a colon where they are not alike ("photos160-*.tar:.6,photos160g-*.tar:.4"); heldout: path of the table."""
    held = {(r["shard"], r["name"]) for r in rows(heldout)}
    source = {(r["shard"], r["name"]): r.get("source", "") for r in rows(os.path.join(folder, "MANIFEST.tsv"))}
    train, kept = Pictures(balance), Pictures()
    for pattern, _, share in (p.partition(":") for p in patterns.split(",")):
        shards = sorted(glob.glob(os.path.join(folder, pattern)))
        if not shards:
            raise SystemExit(f"{folder} has no shard {pattern}: make one with training/pack")
        chosen = {True: [], False: []}
        for shard in shards:
            names, pictures = decoded(shard, cache)
            for i, name in enumerate(names):
                key = os.path.basename(shard), name
                chosen[key in held].append((pictures, i, source.get(key, "")))
        train.add(float(share or 1), chosen[False])
        kept.add(len(chosen[True]), chosen[True])
    return train, kept
