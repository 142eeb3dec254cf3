"""What the editor will hand the networks, made from clean photos: hole masks, colour hints, paint strokes, line art, low resolution.

Everything runs batched on the training device. Pictures are float in [-1, 1], NCHW."""
import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F


def mask_bank(n, size, seed=0):
    """n hole masks (n, 1, size, size), 1 = missing: brush strokes, rectangles, ellipses, borders (outpainting)."""
    from PIL import Image, ImageDraw
    r = np.random.RandomState(seed)
    out = np.zeros((n, 1, size, size), np.uint8)
    for i in range(n):
        im = Image.new("L", (size, size)); d = ImageDraw.Draw(im)
        kind = r.randint(10)
        if kind < 6:                                   # free-form brush strokes
            for _ in range(r.randint(1, 5)):
                w = int(size * r.uniform(.04, .22)); p = r.uniform(0, size, 2); a = r.uniform(0, 6.28)
                for _ in range(r.randint(2, 9)):
                    a += r.uniform(-1.2, 1.2); q = p + size * r.uniform(.05, .22) * np.array([math.cos(a), math.sin(a)])
                    d.line([tuple(p), tuple(q)], fill=255, width=w); d.ellipse([q[0]-w/2, q[1]-w/2, q[0]+w/2, q[1]+w/2], fill=255); p = q
        elif kind < 9:                                 # blobs
            for _ in range(r.randint(1, 4)):
                w, h = r.uniform(.1, .6, 2) * size; x, y = r.uniform(-.1, .9, 2) * size
                (d.ellipse if r.rand() < .5 else d.rectangle)([x, y, x + w, y + h], fill=255)
        else:                                          # one side gone
            f = int(size * r.uniform(.1, .5)); s = r.randint(4)
            d.rectangle([[0, 0, f, size], [size - f, 0, size, size], [0, 0, size, f], [0, size - f, size, size]][s], fill=255)
        out[i, 0] = np.asarray(im) > 127
    return torch.from_numpy(out)


def blur(x, sigma):
    k = max(1, int(2.5 * sigma)) ; t = torch.arange(-k, k + 1, device=x.device, dtype=x.dtype)
    g = torch.exp(-t * t / (2 * sigma * sigma)); g = g / g.sum(); c = x.shape[1]
    x = F.conv2d(F.pad(x, (k, k, 0, 0), mode="reflect"), g.view(1, 1, 1, -1).expand(c, 1, 1, -1), groups=c)
    return F.conv2d(F.pad(x, (0, 0, k, k), mode="reflect"), g.view(1, 1, -1, 1).expand(c, 1, -1, 1), groups=c)


def luma(x):
    return (x * torch.tensor([.299, .587, .114], device=x.device, dtype=x.dtype).view(1, 3, 1, 1)).sum(1, keepdim=True)


def strokes(x, cells=None, iters=2):
    """Flat regions of mean colour whose borders follow the picture (a few k-means steps in position+colour): a coarse painting."""
    b, _, h, w = x.shape
    n = cells or int(2 ** np.random.uniform(3.5, 7))
    g = max(2, int(round(n ** .5))); n = g * g
    yy, xx = torch.meshgrid(torch.linspace(-1, 1, h, device=x.device), torch.linspace(-1, 1, w, device=x.device), indexing="ij")
    spatial = float(np.random.uniform(.15, .7)) * g / 4
    xs = blur(x, 2.0)
    feat = torch.cat([xs, spatial * yy.expand(b, 1, h, w), spatial * xx.expand(b, 1, h, w)], 1).flatten(2)      # b 5 p
    ys = ((torch.arange(g, device=x.device) + .5) / g * h).long().clamp(max=h - 1)
    xs_ = ((torch.arange(g, device=x.device) + .5) / g * w).long().clamp(max=w - 1)
    idx = (ys[:, None] * w + xs_[None]).flatten()
    jit = torch.randint(-(h // (2 * g)), h // (2 * g) + 1, (b, n), device=x.device)
    idx = (idx[None] + jit * w + torch.randint(-(w // (2 * g)), w // (2 * g) + 1, (b, n), device=x.device)).clamp(0, h * w - 1)
    cen = torch.gather(feat, 2, idx[:, None].expand(b, 5, n))
    for _ in range(iters):
        d = (cen * cen).sum(1)[:, None] - 2 * torch.einsum("bcp,bcn->bpn", feat, cen)
        a = d.argmin(2)                                                                                         # b p
        one = torch.zeros(b, n, device=x.device).scatter_add_(1, a, torch.ones_like(a, dtype=x.dtype)).clamp(min=1)
        cen = torch.zeros(b, 5, n, device=x.device).scatter_add_(2, a[:, None].expand(b, 5, h * w), feat) / one[:, None]
    col = torch.gather(cen[:, :3], 2, a[:, None].expand(b, 3, h * w)).view(b, 3, h, w)
    return (col + .04 * torch.randn(b, 3, 1, 1, device=x.device)).clamp(-1, 1)


def lines(x):
    """Pencil-like line art in [0, 1] (1 = ink): thresholded difference of Gaussians with random scale, some ink rubbed out."""
    y = luma(x); s = float(np.random.uniform(.6, 1.6))
    d = blur(y, s) * (1 + .0) - blur(y, 1.6 * s)
    ink = torch.sigmoid((-d - float(np.random.uniform(.01, .04))) * 120)
    keep = F.interpolate(torch.rand(x.shape[0], 1, 8, 8, device=x.device), size=x.shape[-2:], mode="bilinear", align_corners=False)
    return ink * (keep > float(np.random.choice([0, 0, .35]))).to(x.dtype)


def hints(b, h, w, device):
    """Where the user dabs true colours: 0 to 24 small squares a picture."""
    m = torch.zeros(b, 1, h, w, device=device)
    count = (torch.rand(b, device=device) ** 2 * 25).long() * (torch.rand(b, device=device) < .6).long()
    for i in range(24):
        s = int(np.random.randint(1, 5)); on = (count > i)
        cy, cx = torch.randint(0, h, (b,), device=device), torch.randint(0, w, (b,), device=device)
        yy, xx = torch.arange(h, device=device)[None, :, None], torch.arange(w, device=device)[None, None]
        square = ((yy - cy[:, None, None]).abs() <= s) & ((xx - cx[:, None, None]).abs() <= s)
        m[:, 0] = torch.maximum(m[:, 0], (square & on[:, None, None]).float())
    return m


TASKS = ["fill", "colorize", "paint", "lines", "lines+paint", "none"]
P = np.array([.17, .52, .12, .05, .12, .02])


def base_condition(x, masks, task=None):
    """x (B,3,H,W) -> cond (B,9,H,W), loss weight (B,1,H,W), task ids.
    planes: 0-2 colour (exact where 3, rough where 4), 3 exact, 4 rough, 5 luma, 6 luma known, 7 ink, 8 ink known."""
    b, _, h, w = x.shape; dev = x.device
    t = torch.from_numpy(np.random.choice(6, b, p=P)).to(dev) if task is None else torch.full((b,), task, device=dev)
    is_ = lambda *n: sum((t == TASKS.index(k)).float() for k in n).clamp(max=1).view(b, 1, 1, 1)
    hole = masks[torch.randint(0, len(masks), (b,), device=dev)].to(dev).float()
    exact = is_("fill") * (1 - hole) + is_("colorize") * (hints(b, h, w, dev) if task is None else 0.)
    inner = (torch.rand(b, 1, 1, 1, device=dev) < (.25 if task is None else 0.)).float()      # painted guidance inside the hole
    patches = F.interpolate(torch.rand(b, 1, 6, 6, device=dev), size=(h, w), mode="bilinear", align_corners=False) > .5
    rough = is_("paint") + is_("lines+paint") * patches.float() + is_("fill") * inner * hole
    rough = rough.clamp(max=1)
    inkm = is_("lines", "lines+paint") + is_("fill") * hole * (torch.rand(b, 1, 1, 1, device=dev) < (.12 if task is None else 0.)).float()
    lum = is_("colorize").expand(b, 1, h, w)
    need = (rough.flatten(1).amax(1) > 0)
    st = torch.zeros_like(x)
    if need.any(): st[need] = strokes(x[need])
    ink = torch.zeros(b, 1, h, w, device=dev)
    need = (inkm.flatten(1).amax(1) > 0)
    if need.any(): ink[need] = lines(x[need])
    colour = exact * x + (1 - exact) * rough * st
    cond = torch.cat([colour, exact, (1 - exact) * rough, luma(x) * lum, lum, ink * inkm, inkm.expand(b, 1, h, w)], 1)
    weight = 1 - .85 * is_("fill") * (1 - hole)
    return cond, weight, t


def pull_push(x, m):
    """Smooth membrane through the known pixels: x (B,C,H,W), m (B,1,H,W) in [0, 1]; a pyramid of weighted averages, coarse to fine."""
    xs, ms = [x * m], [m]
    while min(xs[-1].shape[-2:]) > 1:
        a, b = F.avg_pool2d(xs[-1], 2), F.avg_pool2d(ms[-1], 2)
        k = (4 * b).clamp(max=1) / b.clamp(min=1e-6)
        xs.append(a * k); ms.append(b * k)
    y = xs[-1] / ms[-1].clamp(min=1e-6)
    for a, b in zip(xs[-2::-1], ms[-2::-1]):
        y = F.interpolate(y, size=a.shape[-2:], mode="bilinear", align_corners=False)
        y = a + (1 - b) * y
    return y


def base_anchor(c):
    """The picture a plain program would give from the conditioning planes: luma as gray, else the known colours smoothly extended."""
    known = (c[:, 3:4] + c[:, 4:5]).clamp(max=1)
    gray = c[:, 5:6].expand(-1, 3, -1, -1)
    lum = c[:, 6:7]
    return known * c[:, :3] + (1 - known) * torch.where(lum > 0, gray, pull_push(c[:, :3], known))


def detail_anchor(lo, kx, k):
    up = F.interpolate(lo, scale_factor=4, mode="bicubic", align_corners=False)
    return kx * k + up * (1 - k)


@dataclass
class Case:
    """What the network is given of photos (B, 3, H, W)."""
    cond: torch.Tensor                              # conditioning on the network's grid
    weight: torch.Tensor                            # (B, 1, H, W) how much a pixel counts in the loss
    anchor: torch.Tensor                            # (B, 3, H, W)
    task: torch.Tensor                              # (B,) index in TASKS; detail: 0
    planes: torch.Tensor = None                     # base: the conditioning (B, 9, H, W)


def condition(kind, x, masks, task=None):
    """The Case of the photos x."""
    if kind == "base":
        c, w, t = base_condition(x, masks, task)
        return Case(F.pixel_unshuffle(c, 2), w, base_anchor(c), t, c)
    lo, level, kx, k, w = detail_condition(x, masks, task)
    cond = torch.cat([F.pixel_unshuffle(kx, 4), F.pixel_unshuffle(k, 4), lo, level], 1)
    return Case(cond, w, detail_anchor(lo, kx, k), torch.zeros(len(x), dtype=torch.long, device=x.device))


def _dct8(device):
    n = torch.arange(8, device=device, dtype=torch.float32)
    m = torch.cos((2 * n[None] + 1) * n[:, None] * math.pi / 16) * .5
    m[0] *= 2 ** -.5
    return m


# Quantisation of luminance and chrominance of ITU-T T.81 (JPEG), tables K.1 and K.2.
LUMINANCE = torch.tensor([
    [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92], [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99.]])
CHROMINANCE = torch.full((8, 8), 99.)
CHROMINANCE[:4, :4] = torch.tensor([[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99.]])


def _quantised(planes, table):
    """planes (B, C, H, W), H and W multiples of 8, with the DCT of each block of 8 x 8 rounded to the table's steps."""
    b, c, h, w = planes.shape
    d = _dct8(planes.device)
    blocks = d @ planes.view(b, c, h // 8, 8, w // 8, 8).permute(0, 1, 2, 4, 3, 5) @ d.t()
    blocks = torch.round(blocks / table) * table
    return (d.t() @ blocks @ d).permute(0, 1, 2, 4, 3, 5).reshape(b, c, h, w)


def jpeg(x, quality):
    """x (B, 3, H, W) as a JPEG of quality (B,) with chroma at half its size leaves it. The blocks begin anywhere, as in a part of a
    picture."""
    b, _, h, w = x.shape
    top, left = np.random.randint(0, 16, 2).tolist()
    x = F.pad(x, (left, 16 - left + -w % 16, top, 16 - top + -h % 16), mode="reflect")
    m = torch.tensor([[.299, .587, .114], [-.168736, -.331264, .5], [.5, -.418688, -.081312]], device=x.device)
    y = torch.einsum("ij,bjhw->bihw", m, x * 127.5)
    s = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality).view(b, 1, 1, 1, 1, 1) / 100
    light, colour = ((t.to(x.device) * s).clamp(min=1) for t in (LUMINANCE, CHROMINANCE))
    chroma = F.interpolate(_quantised(F.avg_pool2d(y[:, 1:], 2), colour), size=y.shape[-2:], mode="bilinear", align_corners=False)
    y = torch.cat([_quantised(y[:, :1], light), chroma], 1)[..., top:top + h, left:left + w]
    return (torch.einsum("ij,bjhw->bihw", torch.linalg.inv(m), y) / 127.5).clamp(-1, 1)


def detail_condition(x, masks, task=None, p=4):
    """x (B, 3, H, W) sharp -> low-resolution colour (B, 3, H/p, W/p), its noise level plane, known pixels, their mask, loss weight.

    task None: two thirds upscaling (half of it clean, half with noise or JPEG blocks, whose strength the level plane tells),
    one third finishing a fill: the low resolution is a soft one, as base gives it, and the photo around the hole is known.
    task "area" or "bicubic": clean upscaling only, of that reduction."""
    b, _, h, w = x.shape
    dev = x.device
    pick = lambda q: (torch.rand(b, device=dev) < q).view(b, 1, 1, 1)
    fill = pick(0. if task else 1 / 3)
    dirty = pick(0. if task else .5) & ~fill
    src = torch.where(fill & pick(.6), blur(x, float(np.random.uniform(.8, 2.5))), x)
    bicubic = F.interpolate(src, scale_factor=1 / p, mode="bicubic", align_corners=False, antialias=True)
    lo = torch.where(pick({"area": 0., "bicubic": 1.}.get(task, .5)), bicubic, F.avg_pool2d(src, p))
    level = (torch.rand(b, 1, 1, 1, device=dev) ** 2 * .12) * dirty
    lo = lo + level * torch.randn_like(lo)
    quality = 25 + 70 * torch.rand(b, device=dev)
    blocks = dirty & pick(.6)
    lo = torch.where(blocks, jpeg(lo, quality), lo)
    level = torch.where(blocks, torch.maximum(level, (100 - quality.view(b, 1, 1, 1)) / 100 * .12), level)
    lo = torch.round((lo.clamp(-1, 1) + 1) * 127.5) / 127.5 - 1
    hole = F.interpolate(masks[torch.randint(0, len(masks), (b,), device=dev)].float(), size=(h, w), mode="nearest")
    known = fill.float() * (1 - hole)
    return lo, level.expand(b, 1, h // p, w // p) * 4, known * x, known, 1 - .85 * known
