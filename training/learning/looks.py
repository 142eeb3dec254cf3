"""Looks at a network while it is trained: a sheet of samples, and a few figures on held-out pictures."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from learning.degrade import TASKS, luma
from learning.loader import make
from networks.consistency import sample
from quality.figures import lab

CHUNK = 32                                          # pictures at once
COLUMNS = {"base": 12, "detail": 6}                 # pictures a row of the sheet
GAINS = (1., 1.1, 1.2, 1.3)                         # of the chroma: what a colour gain after the network would bring


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


def difference(a, b):
    """Mean CIE76 colour difference."""
    to_lab = lambda v: lab(((v.clamp(-1, 1) + 1) * 127.5).permute(0, 2, 3, 1).cpu().numpy())
    return float(np.sqrt(((to_lab(a) - to_lab(b)) ** 2).sum(-1)).mean())


def base_figures(task, y, x, anchor):
    """(figures, picture to show) of base's result."""
    figures = {}
    if task == "colorize":                          # with the photo's luma, as the editor does
        gray = luma(x)
        y = (y + gray - luma(y)).clamp(-1, 1)
        gained = [(gray + g * (y - gray)).clamp(-1, 1) for g in GAINS]
        figures["gain"] = {str(g): [round(difference(v, x), 2), round(chroma(v) / chroma(x), 2)] for g, v in zip(GAINS, gained)}
    return {"cie76": round(difference(y, x), 2), "psnr": [round(psnr(v, x), 2) for v in (anchor, y)],
            "colour": round(chroma(y) / chroma(x), 2), "sharp": round(sharpness(y, x), 2), **figures}, y


def detail_figures(task, y, x, anchor):
    """(figures, picture to show) of detail's result; faithful: once it averages back to what it was made from."""
    true = y + F.interpolate(F.avg_pool2d(x - y, 4), scale_factor=4, mode="nearest") if task == "area" else y
    return {"psnr": [round(psnr(v, x), 2) for v in (anchor, y)], "faithful": round(psnr(true, x), 2),
            "sharp": [round(sharpness(v, x), 2) for v in (anchor, y)]}, y


@torch.no_grad()
def look(net, kind, pictures, path, size, shrink, masks, sight, precision, count):
    """Writes a sheet (its rows, for each task: anchor, one draw, another, the truth) and returns figures by task. Always of the same
    `count` pictures a task, without colour dots."""
    torch.manual_seed(1)
    np.random.seed(1)
    rows, figures, measure = [], {}, base_figures if kind == "base" else detail_figures
    for index, task in enumerate(TASKS if kind == "base" else ("area", "bicubic", None)):
        parts = []
        for done in range(0, count, CHUNK):
            b = make(kind, pictures, 0, min(CHUNK, count - done), size, shrink, masks, sight, index if kind == "base" else task)
            with precision():
                one, other = (sample(net, b.cond, b.anchor, kind, 1, b.features).float() for _ in range(2))
            if kind == "base":
                exact = F.pixel_shuffle(b.cond, 2)[:, 3:4] > 0
                one, other = (torch.where(exact, b.x, v) for v in (one, other))
            parts.append((one, other, b.x, b.anchor))
        one, other, x, anchor = (torch.cat(v) for v in zip(*parts))
        figures[task or "mixed"], one = measure(task, one, x, anchor)
        rows += [v[:COLUMNS[kind]] for v in (anchor, one, other, x)]
    sheet(path, rows)
    return figures
