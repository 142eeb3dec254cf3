"""Looks at a network while it is trained: sample sheets and a few figures on held-out pictures."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from learning import data
from networks.consistency import sample
from learning.degrade import TASKS, condition


def sheet(path, rows):
    """Rows of pictures (each (N, 3, H, W) in [-1, 1]) as one PNG."""
    g = torch.cat([torch.cat(list(r.clamp(-1, 1)), 2) for r in rows], 1)
    Image.fromarray(((g + 1) * 127.5).byte().permute(1, 2, 0).cpu().numpy()).save(path)


def psnr(a, b):
    """Mean over pictures of the peak signal-to-noise ratio in dB; peak to peak is 2."""
    return float(-10 * torch.log10(((a.clamp(-1, 1) - b) ** 2).mean((1, 2, 3)).clamp(min=1e-8) / 4).mean())


def sharpness(a, b):
    """Mean squared difference of neighbours in a, relative to b."""
    e = lambda v: float(((v[..., 1:] - v[..., :-1]) ** 2).mean() + ((v[..., 1:, :] - v[..., :-1, :]) ** 2).mean())
    return e(a.clamp(-1, 1)) / max(e(b), 1e-12)


def chroma(a):
    """Mean distance from gray."""
    return float((a.clamp(-1, 1) - a.clamp(-1, 1).mean(1, keepdim=True)).abs().mean())


def look(net, kind, val, masks, path, size):
    """Writes a sheet (given or anchor, one step, another seed, two steps, truth) and returns figures by task."""
    state, np_state = torch.get_rng_state(), np.random.get_state()
    torch.manual_seed(1)
    np.random.seed(1)
    rows, figures = [], {}
    for task in (range(len(TASKS)) if kind == "base" else ("area", "bicubic", None)):
        x = data.batch(val, 32, size).to(masks.device)
        cond, _, anchor, _ = condition(kind, x, masks, task)
        one, other, two = sample(net, cond, anchor, kind), sample(net, cond, anchor, kind), sample(net, cond, anchor, kind, 2)
        if kind == "base":
            c = F.pixel_shuffle(cond, 2)
            keep = lambda v: torch.where(c[:, 3:4] > 0, x, v)
            one, other, two, name = keep(one), keep(other), keep(two), TASKS[task]
            figures[name] = {"psnr": [round(psnr(v, x), 2) for v in (anchor, one, two)],
                             "colour": [round(chroma(v) / chroma(x), 2) for v in (anchor, one)], "sharp": round(sharpness(one, x), 2)}
            ink = c[:, 8:9] * (1 - 2 * c[:, 7:8])
            anchor = torch.where((c[:, 8:9] > 0) & (c[:, 4:5] == 0), ink.expand_as(anchor), anchor)
        else:
            up = lambda v: v + F.interpolate(F.avg_pool2d(x - v, 4), scale_factor=4, mode="nearest") if task == "area" else v
            figures[task or "mixed"] = {"psnr": [round(psnr(v, x), 2) for v in (anchor, one, two)], "faithful": round(psnr(up(one), x), 2),
                                        "sharp": [round(sharpness(v, x), 2) for v in (anchor, one, two)]}
        rows += [v[:10 if kind == "base" else 6] for v in (anchor, one, other, two, x)]
    sheet(path, rows)
    torch.set_rng_state(state)
    np.random.set_state(np_state)
    return figures
