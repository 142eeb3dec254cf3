#!/usr/bin/python3
"""Writes what PyTorch makes of the colours network, for the engine to be compared with.

Usage: make_colours_dumps.py FOLDER COLOURS.safetensors

FOLDER gets, channels last: WIDTHxHEIGHT.in.f32 (lightness, then the three feature maps) and .out.f32 (a and b at a temperature of 1, then of
0.38) for some grids. Written from docs/networks.md. SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)

sys.dont_write_bytecode = True
from make_dumps import read

GRIDS = ((32, 32), (48, 32), (8, 16))
FEATURES = (40, 112, 320)
TEMPERATURES = (1, 0.38)


class Colours:
    def __init__(self, path):
        self.config, self.t = read(path)

    def conv(self, x, name):
        weight = self.t[name + ".weight"]
        return F.conv2d(x, weight, self.t[name + ".bias"], padding=weight.shape[-1] // 2)

    def blocks(self, x, level):
        for i in range(2):
            name = "blocks.%d.%d." % (level, i)
            x = x + self.conv(F.silu(self.conv(x, name + "first")), name + "second")
        return x

    def __call__(self, lightness, maps):
        def larger(v):
            return F.interpolate(v, scale_factor=2, mode="bilinear", align_corners=False)
        x = self.blocks(self.conv(maps[2], "see.2"), 2)
        x = self.blocks(larger(x) + self.conv(maps[1], "see.1"), 1)
        x = self.blocks(larger(self.conv(x, "narrow")) + self.conv(maps[0], "see.0") + self.conv(lightness, "lightness"), 0)
        scores = self.conv(x, "out").permute(0, 2, 3, 1)
        return [(torch.softmax(scores / t, -1) @ self.t["palette"]).permute(0, 3, 1, 2) for t in TEMPERATURES]


def flat(maps):
    return np.concatenate([m[0].permute(1, 2, 0).reshape(-1).numpy() for m in maps])


def main():
    folder, path = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with torch.no_grad():
        network = Colours(path)
        for w, h in GRIDS:
            lightness = torch.rand(1, 4, h, w) * 2 - 1
            maps = [torch.randn(1, c, h >> i, w >> i) for i, c in enumerate(FEATURES)]
            name = os.path.join(folder, "%dx%d" % (w, h))
            flat([lightness] + maps).tofile(name + ".in.f32")
            flat(network(lightness, maps)).tofile(name + ".out.f32")


if __name__ == "__main__":
    main()
