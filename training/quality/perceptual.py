"""A learned perceptual distance: what a picture and another one are to an image recogniser (networks/recogniser.py).

As in LPIPS (Zhang et al. 2018, "The unreasonable effectiveness of deep features as a perceptual metric", equation 1, there "lin" left
out): features of several blocks, of unit length at every place; squared distance, mean over places, then over blocks. It is not calibrated:
their weights were fitted to what people answered, and there is no such fit for this network. 0 = alike, 2 = nothing in common."""
import functools

import numpy as np

BLOCKS = (0, 2, 4, 10, 15)                          # 1/2, 1/4, 1/8, 1/16 and 1/32 of the size

try:
    import torch
    from networks import recogniser
    THERE = recogniser.find() is not None
except ImportError:
    THERE = False


@functools.lru_cache(1)
def network():
    torch.set_num_threads(1)
    return recogniser.load()


def features(a):
    """Features of unit length of the picture a (H, W, 3) bytes: one (C, h, w) a block."""
    with torch.no_grad():
        x = torch.from_numpy(np.array(a)).permute(2, 0, 1)[None].float() / 127.5 - 1
        return [(v / (v.square().sum(1, keepdim=True) + 1e-10).sqrt())[0] for v in network()(x, BLOCKS)]


def distance(p, q, mask=None):
    """Distance of two pictures' features(); mask (H, W) bool: only what it covers counts, each place by its covered part."""
    total = 0.
    for u, v in zip(p, q):
        d = (u - v).square().sum(0)
        if mask is None:
            total += float(d.mean())
        else:
            m = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(np.array(mask)).float()[None], d.shape)[0]
            total += float((d * m).sum() / m.sum())
    return total / len(p)
