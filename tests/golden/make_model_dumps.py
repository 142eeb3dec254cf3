#!/usr/bin/python3
"""Writes what PyTorch makes of the consistency functions, for the engine to be compared with.

Usage: make_model_dumps.py FOLDER MODELS CONVERTER

FOLDER gets NAME.f32 files (channels last), for the shipped base and detail networks in MODELS: conditioning, anchors, what the
recogniser is shown where base is told what it sees, noisy pictures and f(x, t), from the formulas written out here; and for small networks in OpenAI's layout, which CONVERTER turns into folders:
their input and f(x, t). The U-Net itself is that of make_dumps.py; the one in OpenAI's layout is written below.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import math
import os
import subprocess
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)

sys.dont_write_bytecode = True
from make_dumps import Net, read
from make_see_dumps import Recogniser

FOLDER, MODELS, CONVERTER = sys.argv[1:4]


def dump(name, x):
    """x: [1, C, H, W]"""
    x[0].permute(1, 2, 0).contiguous().numpy().astype(np.float32).tofile(os.path.join(FOLDER, name + ".f32"))


def photo(height, width):
    """Smooth colours with edges, in [-1, 1]."""
    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    planes = [torch.sin(5 * x + 3 * y), torch.cos(4 * x - 7 * y), (x > y).float() - 0.5 + 0.3 * torch.sin(40 * x)]
    return torch.stack(planes)[None].clamp(-1, 1) * 0.8


# ---------------------------------------------------------------- anchors

def pull_push(x, m):
    xs, ms = [x * m], [m]
    while min(xs[-1].shape[-2:]) > 1:
        a, b = F.avg_pool2d(xs[-1], 2), F.avg_pool2d(ms[-1], 2)
        k = (4 * b).clamp(max=1) / b.clamp(min=1e-6)
        xs.append(a * k)
        ms.append(b * k)
    y = xs[-1] / ms[-1].clamp(min=1e-6)
    for a, b in zip(xs[-2::-1], ms[-2::-1]):
        y = a + (1 - b) * F.interpolate(y, size=a.shape[-2:], mode="bilinear", align_corners=False)
    return y


def base_anchor(planes):
    known = (planes[:, 3:4] + planes[:, 4:5]).clamp(max=1)
    smooth = pull_push(planes[:, :3], known)
    return known * planes[:, :3] + (1 - known) * torch.where(planes[:, 6:7] > 0, planes[:, 5:6], smooth)


# ---------------------------------------------------------------- f(x, t), anchored

def anchored(net, sd, p, x, t, anchor, condition, told=None):
    s = t * t + sd * sd
    inside = torch.cat([F.pixel_unshuffle((x - anchor) / math.sqrt(s), p), condition], 1)
    outside = F.pixel_shuffle(net(inside, 250 * math.log(max(t, 0.002)) / 4, -1, told), p)
    return anchor + sd * sd / s * (x - anchor) + t * sd / math.sqrt(s) * outside


def shown(planes, anchor, sharp):
    """What the recogniser is shown, four times as large: the photo, its luma where that is known, else the anchor; lines in black."""
    def large(v, mode, **more):
        return F.interpolate(v, scale_factor=4, mode=mode, **more)
    ink = large(planes[:, 7:8] * planes[:, 8:9], "bilinear", align_corners=False)
    if planes[:, 6].max() > 0:
        y = (sharp * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True).expand(-1, 3, -1, -1)
    else:
        y = torch.where(large(planes[:, 3:4], "nearest") > 0, sharp, large(anchor, "bicubic", align_corners=False))
    return (y.clamp(-1, 1) + 1) * (1 - ink) - 1


def base(net):
    height, width = 48, 64
    x = photo(height, width)
    planes = torch.zeros(1, 9, height, width)
    planes[:, 3, :, :20] = 1                       # exact on the left but for a hole
    planes[:, 3, 10:20, 5:15] = 0
    planes[:, 4, :, 30:40] = 1                     # painted
    planes[:, :3] = (planes[:, 3:4] + planes[:, 4:5]) * x
    planes[:, 6, :, 50:] = 1                       # luma on the right
    planes[:, 5:6] = planes[:, 6:7] * (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    planes[:, 7] = (torch.arange(width) % 9 == 0).float()
    planes[:, 8] = 1
    anchor = base_anchor(planes)
    dump("base.planes", planes)
    dump("base.anchor", anchor)
    told = None
    if "see.0.weight" in net.t:
        sharp = photo(4 * height, 4 * width)
        dump("base.sharp", sharp)
        dump("base.shown", shown(planes, anchor, sharp))
        told = Recogniser(os.path.join(MODELS, "see.safetensors"))(shown(planes, anchor, sharp))
    for i, t in enumerate((40.0, 0.5, 0.002)):
        noisy = anchor + t * torch.randn(x.shape)
        dump("base.x%d" % i, noisy)
        dump("base.y%d" % i, anchored(net, 0.4, 2, noisy, t, anchor, F.pixel_unshuffle(planes, 2), told))


def detail(net):
    height, width = 64, 96
    x = photo(height, width)
    low = F.avg_pool2d(x, 4)
    known = torch.zeros(1, 1, height, width)
    known[..., 20:, 40:90] = 1
    exact, level = x * known, 0.05
    anchor = known * exact + (1 - known) * F.interpolate(low, scale_factor=4, mode="bicubic", align_corners=False)
    condition = torch.cat([F.pixel_unshuffle(exact, 4), F.pixel_unshuffle(known, 4), low, torch.full_like(low[:, :1], 4 * level)], 1)
    dump("detail.low", low)
    dump("detail.exact", exact)
    dump("detail.known", known)
    dump("detail.anchor", anchor)
    dump("detail.condition", condition)
    for i, t in enumerate((10.0, 0.15)):
        noisy = anchor + t * torch.randn(x.shape)
        dump("detail.x%d" % i, noisy)
        dump("detail.y%d" % i, anchored(net, 0.1, 4, noisy, t, anchor, condition))


# ---------------------------------------------------------------- OpenAI's layout

class Original:
    """github.com/openai/consistency_models, cm/unet.py: the forward pass, inventing tensors as they are asked for."""

    def __init__(self, base, mult, layers, attention, head, groups, shift, classes):
        self.base, self.mult, self.layers, self.attention = base, mult, layers, attention
        self.head, self.groups, self.shift, self.classes = head, groups, shift, classes
        self.state = {}

    def get(self, name, *shape):
        if name not in self.state:
            fan = np.prod(shape[1:]) if len(shape) > 1 else 1
            x = torch.randn(*shape) * (fan ** -0.5 if len(shape) > 1 else 0.2)
            self.state[name] = x + 1 if len(shape) == 1 and name.endswith("weight") else x
        return self.state[name]

    def conv(self, x, name, out, size=3):
        return F.conv2d(x, self.get(name + ".weight", out, x.shape[1], size, size), self.get(name + ".bias", out), padding=size // 2)

    def linear(self, x, name, out):
        return F.linear(x, self.get(name + ".weight", out, x.shape[1]), self.get(name + ".bias", out))

    def norm(self, x, name):
        return F.group_norm(x, self.groups, self.get(name + ".weight", x.shape[1]), self.get(name + ".bias", x.shape[1]), 1e-5)

    def block(self, x, emb, name, out, sample=None):
        h = F.silu(self.norm(x, name + ".in_layers.0"))
        if sample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        if sample == "up":
            h, x = (F.interpolate(v, scale_factor=2, mode="nearest") for v in (h, x))
        h = self.conv(h, name + ".in_layers.2", out)
        e = self.linear(F.silu(emb), name + ".emb_layers.1", 2 * out if self.shift else out)[:, :, None, None]
        if self.shift:
            scale, move = e.chunk(2, 1)
            h = self.norm(h, name + ".out_layers.0") * (1 + scale) + move
        else:
            h = self.norm(h + e, name + ".out_layers.0")
        h = self.conv(F.silu(h), name + ".out_layers.3", out)
        return h + (x if x.shape[1] == out else self.conv(x, name + ".skip_connection", out, 1))

    def attend(self, x, name):
        b, c, height, width = x.shape
        y = self.norm(x, name + ".norm").flatten(2)
        qkv = F.conv1d(y, self.get(name + ".qkv.weight", 3 * c, c, 1), self.get(name + ".qkv.bias", 3 * c))
        q, k, v = qkv.view(3, c // self.head, self.head, height * width)  # thirds, then heads
        weights = torch.softmax(torch.einsum("hdt,hds->hts", q, k) / math.sqrt(self.head), -1)
        y = torch.einsum("hts,hds->hdt", weights, v).reshape(1, c, height * width)
        y = F.conv1d(y, self.get(name + ".proj_out.weight", c, c, 1), self.get(name + ".proj_out.bias", c))
        return x + y.view_as(x)

    def __call__(self, x, time, label):
        half = self.base // 2
        angles = time * torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / half)
        emb = torch.cat([torch.cos(angles), torch.sin(angles)])[None]
        emb = self.linear(F.silu(self.linear(emb, "time_embed.0", 4 * self.base)), "time_embed.2", 4 * self.base)
        if self.classes:
            emb = emb + self.get("label_emb.weight", self.classes, 4 * self.base)[label][None]
        h = self.conv(x, "input_blocks.0.0", self.base)
        skips, at, last = [h], 1, len(self.mult) - 1
        for level, m in enumerate(self.mult):
            for _ in range(self.layers):
                h = self.block(h, emb, "input_blocks.%d.0" % at, m * self.base)
                if level in self.attention:
                    h = self.attend(h, "input_blocks.%d.1" % at)
                skips.append(h)
                at += 1
            if level < last:
                h = self.block(h, emb, "input_blocks.%d.0" % at, m * self.base, "down")
                skips.append(h)
                at += 1
        h = self.block(h, emb, "middle_block.0", h.shape[1])
        h = self.attend(h, "middle_block.1")
        h = self.block(h, emb, "middle_block.2", h.shape[1])
        at = 0
        for level in range(last, -1, -1):
            for i in range(self.layers + 1):
                h = self.block(torch.cat([h, skips.pop()], 1), emb, "output_blocks.%d.0" % at, self.mult[level] * self.base)
                if level in self.attention:
                    h = self.attend(h, "output_blocks.%d.1" % at)
                if level > 0 and i == self.layers:
                    h = self.block(h, emb, "output_blocks.%d.%d" % (at, 2 if level in self.attention else 1), h.shape[1], "up")
                at += 1
        return self.conv(F.silu(self.norm(h, "out.0")), "out.2", 3)


def original(name, size, label, **kind):
    """f(x, t) of the published checkpoints' parametrisation; the network goes through the converter."""
    net = Original(**kind)
    x = photo(size, size)
    with torch.no_grad():
        net(x, 0.0, label)  # invents the tensors
    path = os.path.join(FOLDER, name + ".pt")
    torch.save(net.state, path)
    subprocess.run([sys.executable, CONVERTER, path, os.path.join(FOLDER, name), "--size", str(size), "--head-dim", str(net.head),
                    "--groups", str(net.groups), "--full"], check=True)
    sd, least = 0.5, 0.002
    for i, t in enumerate((80.0, 1.5)):
        noisy = x + t * torch.randn(x.shape)
        skip, out = sd * sd / ((t - least) ** 2 + sd * sd), sd * (t - least) / math.sqrt(sd * sd + t * t)
        y = skip * noisy + out * net(noisy / math.sqrt(t * t + sd * sd), 1000 * 0.25 * math.log(t), label)
        dump("%s.x%d" % (name, i), noisy)
        dump("%s.y%d" % (name, i), y)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(7)
    with torch.no_grad():
        base(Net(*read(os.path.join(MODELS, "base.safetensors"))))
        detail(Net(*read(os.path.join(MODELS, "detail.safetensors"))))
        original("classes", 32, 2, base=32, mult=(1, 2, 3), layers=1, attention=(1, 2), head=16, groups=8, shift=True, classes=5)
        original("plain", 16, -1, base=16, mult=(1, 2), layers=2, attention=(1,), head=8, groups=4, shift=False, classes=None)


if __name__ == "__main__":
    main()
