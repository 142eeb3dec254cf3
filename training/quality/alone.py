"""base alone, without the editor around it: how near its own picture comes to the truth in a hole."""
import functools
import os

import numpy as np

from quality import figures as f
from quality import perceptual

SIDE = 64                                           # base's picture of a crop of four times that

if perceptual.THERE:
    import torch

    from learning.see import shown
    from learning.degrade import base_anchor
    from networks import weights
    from networks.consistency import sample


@functools.lru_cache(4)
def network(folder):
    """(base of a folder of weights, its metadata)."""
    return weights.network(os.path.join(folder, "base.safetensors"))


def fill_psnr(folder, truth, mask):
    """PSNR within the hole, at SIDE pixels, of what base makes in one evaluation; truth (4 SIDE, 4 SIDE, 3) bytes."""
    net, limn = network(folder)
    torch.manual_seed(0)
    photo = torch.from_numpy(np.array(truth)).permute(2, 0, 1)[None].float() / 127.5 - 1
    x = torch.nn.functional.avg_pool2d(photo, 4)
    exact = 1 - torch.nn.functional.max_pool2d(torch.from_numpy(mask).float()[None, None], 4)
    planes = torch.cat([x * exact, exact, torch.zeros(1, 5, SIDE, SIDE)], 1)
    anchor = base_anchor(planes)
    with torch.no_grad():
        features = perceptual.network()(shown(photo, planes, anchor)) if limn.get("see") else None
        y = sample(net.eval(), torch.nn.functional.pixel_unshuffle(planes, limn["space_to_depth"]), anchor, "base", 1, features)
    as_bytes = lambda v: ((v[0].clamp(-1, 1) + 1) * 127.5).permute(1, 2, 0).numpy()
    return f.psnr(as_bytes(y), as_bytes(x), exact[0, 0].numpy() == 0)
