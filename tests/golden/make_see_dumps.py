#!/usr/bin/python3
"""Writes what PyTorch makes of the image recogniser and of a network that is told what it sees, for the engine to be compared with.

Usage: make_see_dumps.py FOLDER SEE.safetensors

FOLDER gets WIDTHxHEIGHT.in.f32 and .out.f32 (the feature maps one after the other, channels last) for some sizes; and base.txt,
what tests/engine/told.c makes a small network of, with its base.out.f32. tests/golden/see holds thinned.f32, every STEPth number
of the 256x256 maps, base.txt and base.out.f32, for machines without PyTorch: copy them there when the recogniser's file changes.
The recogniser is written from its definition (Tan and Le 2019; Google's Lite variant). SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)

sys.dont_write_bytecode = True
from make_dumps import Net, read

SIZES = ((256, 256), (160, 96), (32, 64))
STEP = 97
CHANNELS = (40, 112, 320)
CONFIG = dict(_class_name="UNet2DModel", in_channels=48, out_channels=12, block_out_channels=[16, 24, 32], layers_per_block=1,
              norm_num_groups=8, attention_head_dim=16, down_block_types=["DownBlock2D", "DownBlock2D", "AttnDownBlock2D"],
              up_block_types=["AttnUpBlock2D", "UpBlock2D", "UpBlock2D"], resnet_time_scale_shift="scale_shift",
              downsample_type="conv", upsample_type="conv")
LIMN = dict(role="base", parametrisation="limn-anchor", sigma=[0.002, 40, 0.4], space_to_depth=2, size=64, see="efficientnet-lite0",
            version="test")


def picture(width, height):
    """As tests/engine/told.c's: patches and slopes, in whole numbers first."""
    y, x, c = np.mgrid[:height, :width, :3]
    return ((((x // 16 + 2 * (y // 16)) * 37 + c * 53 + x * y // 64) % 256) / 127.5 - 1).astype(np.float32)


def same_padding(x, size, stride):
    """TensorFlow's: the extra pixel at the end."""
    v, h = (max((-(-n // stride) - 1) * stride + size - n, 0) for n in x.shape[-2:])
    return F.pad(x, (h // 2, h - h // 2, v // 2, v - v // 2))


class Recogniser:
    def __init__(self, path):
        self.config, self.t = read(path)

    def conv(self, x, name, stride=1, groups=1):
        w = self.t[name + ".weight"]
        return F.conv2d(same_padding(x, w.shape[-1], stride), w, self.t[name + ".bias"], stride, groups=groups)

    def __call__(self, x):
        x, at, maps = F.relu6(self.conv(x, "stem", 2)), 0, []
        for stage in self.config["stages"]:
            for j in range(stage["repeats"]):
                name, stride = "blocks.%d." % at, stage["stride"] if j == 0 else 1
                y = F.relu6(self.conv(x, name + "expand")) if stage["expand"] > 1 else x
                y = F.relu6(self.conv(y, name + "depthwise", stride, y.shape[1]))
                y = self.conv(y, name + "project")
                x = x + y if y.shape == x.shape else y
                if at in self.config["taps"]:
                    maps.append(x)
                at += 1
        return maps


def flat(maps):
    return np.concatenate([m[0].permute(1, 2, 0).reshape(-1).numpy() for m in maps])


def numbers(count, state):
    """As tests/engine/told.c draws them: uniform in [-1, 1), and the state after them."""
    out = np.empty(count, np.float32)
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2 ** 32
        out[i] = (state >> 8) / 8388608 - 1
    return out, state


def draw(name, shape, state):
    """A tensor of the small network: about as large as a trained one's."""
    values, state = numbers(int(np.prod(shape)), state)
    if name.endswith("bias"):
        values *= np.float32(0.1)
    elif len(shape) == 1:
        values = 1 + np.float32(0.2) * values
    else:
        values *= np.float32(1.5 / np.sqrt(np.prod(shape[1:])))
    return torch.from_numpy(values.astype(np.float32).reshape(shape)), state


def base(folder):
    side = LIMN["size"] // LIMN["space_to_depth"]
    told = [torch.zeros(1, c, side >> i, side >> i) for i, c in enumerate(CHANNELS)]
    names = Net(CONFIG, {}, True)
    names(torch.zeros(1, CONFIG["in_channels"], side, side), 0.0, -1, told)
    state, tensors = 1, {}
    with open(os.path.join(folder, "base.txt"), "w") as f:
        f.write("%s\n%s\n" % (json.dumps(CONFIG), json.dumps(LIMN)))
        for name in sorted(names.t):
            tensors[name], state = draw(name, tuple(names.t[name].shape), state)
            f.write("%s %s\n" % (name, " ".join(str(n) for n in tensors[name].shape)))
    x, state = numbers(side * side * CONFIG["in_channels"], state)
    x = torch.from_numpy(x.reshape(1, side, side, -1)).permute(0, 3, 1, 2)
    told = []
    for i, c in enumerate(CHANNELS):
        values, state = numbers((side >> i) ** 2 * c, state)
        told.append(torch.from_numpy(values.reshape(1, side >> i, side >> i, c)).permute(0, 3, 1, 2))
    y = Net(CONFIG, tensors)(x, 230.0, -1, told)
    flat([y])[::7].tofile(os.path.join(folder, "base.out.f32"))


def main():
    folder, see = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with torch.no_grad():
        recogniser = Recogniser(see)
        for width, height in SIZES:
            x = picture(width, height)
            maps = flat(recogniser(torch.from_numpy(x).permute(2, 0, 1)[None]))
            name = os.path.join(folder, "%dx%d" % (width, height))
            x.tofile(name + ".in.f32")
            maps.tofile(name + ".out.f32")
            if (width, height) == SIZES[0]:
                maps[::STEP].tofile(os.path.join(folder, "thinned.f32"))
        base(folder)


if __name__ == "__main__":
    main()
