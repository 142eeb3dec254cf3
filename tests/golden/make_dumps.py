#!/usr/bin/python3
"""Writes what PyTorch makes of networks, for the engine to be compared with.

Usage: make_dumps.py FOLDER [MODEL.safetensors ...]

For each model file, and for small random networks with every block type of diffusers' UNet2DModel that the engine knows, FOLDER
gets CASE.safetensors (the network; a link for a given file), CASE.in.f32 and CASE.out.f32 (channels last), for a network that is
told what a recogniser sees CASE.see.f32 (the feature maps one after the other), and a line in cases.txt: name, width, height, time,
class. The network here is written from diffusers' definition (unet_2d.py, unet_2d_blocks.py,
resnet.py, attention_processor.py), which is not among Debian's packages.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import math
import os
import struct
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)

DEFAULTS = dict(in_channels=3, out_channels=3, center_input_sample=False, freq_shift=0, flip_sin_to_cos=True, layers_per_block=2,
                mid_block_scale_factor=1, downsample_type="conv", upsample_type="conv", attention_head_dim=8, norm_num_groups=32,
                norm_eps=1e-5, resnet_time_scale_shift="default", add_attention=True, num_class_embeds=None,
                attn_norm_num_groups=None)


class Net:
    """The forward pass alone, on a dictionary of tensors. With make=True tensors are invented as they are asked for."""

    def __init__(self, config, tensors, make=False):
        self.c, self.t, self.make = dict(DEFAULTS, **config), tensors, make
        self.temb = 4 * self.c["block_out_channels"][0]

    def get(self, name, *shape):
        if self.make and name not in self.t:
            fan = np.prod(shape[1:]) if len(shape) > 1 else 1
            x = torch.randn(*shape) * (fan ** -0.5 if len(shape) > 1 else 0.2)
            if "norm" in name and name.endswith("weight"):
                x += 1
            self.t[name] = x
        assert tuple(self.t[name].shape) == shape, (name, tuple(self.t[name].shape), shape)
        return self.t[name]

    def conv(self, x, name, cout, size=3, stride=1):
        return F.conv2d(x, self.get(name + ".weight", cout, x.shape[1], size, size), self.get(name + ".bias", cout), stride, size // 2)

    def linear(self, x, name, cout):
        return F.linear(x, self.get(name + ".weight", cout, x.shape[-1]), self.get(name + ".bias", cout))

    def norm(self, x, name):
        c = x.shape[1]
        return F.group_norm(x, self.c["norm_num_groups"], self.get(name + ".weight", c), self.get(name + ".bias", c), self.c["norm_eps"])

    def resnet(self, x, emb, name, cout, scale=1.0, sample=None):
        h = F.silu(self.norm(x, name + ".norm1"))
        if sample == "up":
            x, h = (F.interpolate(v, scale_factor=2.0, mode="nearest") for v in (x, h))
        elif sample == "down":
            x, h = (F.avg_pool2d(v, 2, 2) for v in (x, h))
        h = self.conv(h, name + ".conv1", cout)
        shift = self.c["resnet_time_scale_shift"] == "scale_shift"
        t = self.linear(F.silu(emb), name + ".time_emb_proj", 2 * cout if shift else cout)[:, :, None, None]
        if shift:
            a, b = t.chunk(2, 1)
            h = self.norm(h, name + ".norm2") * (1 + a) + b
        else:
            h = self.norm(h + t, name + ".norm2")
        h = self.conv(F.silu(h), name + ".conv2", cout)
        if x.shape[1] != cout:
            x = self.conv(x, name + ".conv_shortcut", cout, 1)
        return (x + h) / scale

    def attention(self, x, name, scale=1.0, norm=True):
        b, c, h, w = x.shape
        y = self.norm(x, name + ".group_norm") if norm else x
        y = y.flatten(2).transpose(1, 2)
        heads = c // (self.c["attention_head_dim"] or c)
        q, k, v = (self.linear(y, name + part, c).view(b, h * w, heads, -1).transpose(1, 2) for part in (".to_q", ".to_k", ".to_v"))
        o = torch.softmax(q @ k.transpose(-1, -2) * (c // heads) ** -0.5, -1) @ v
        o = self.linear(o.transpose(1, 2).reshape(b, h * w, c), name + ".to_out.0", c)
        return (x + o.transpose(1, 2).view(b, c, h, w)) / scale

    def told(self, x, level, features):
        """x and what a recogniser sees at that level, where the network is told."""
        return x + self.conv(features[level], "see.%d" % level, x.shape[1], 1) if features and level < len(features) else x

    def __call__(self, x, time, label, features=None):
        c, ch = self.c, self.c["block_out_channels"]
        n, layers = len(ch), c["layers_per_block"]
        if c["center_input_sample"]:
            x = 2 * x - 1
        half = ch[0] // 2
        a = time * torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / (half - c["freq_shift"]))
        parts = (torch.cos(a), torch.sin(a)) if c["flip_sin_to_cos"] else (torch.sin(a), torch.cos(a))
        emb = self.linear(torch.cat(parts)[None], "time_embedding.linear_1", self.temb)
        emb = self.linear(F.silu(emb), "time_embedding.linear_2", self.temb)
        if c["num_class_embeds"]:
            emb = emb + self.get("class_embedding.weight", c["num_class_embeds"], self.temb)[label][None]
        x = self.told(self.conv(x, "conv_in", ch[0]), 0, features)
        skips = [x]
        for i, kind in enumerate(c["down_block_types"]):
            name = "down_blocks.%d" % i
            for j in range(layers):
                x = self.resnet(x, emb, "%s.resnets.%d" % (name, j), ch[i])
                if i > 0 and j == 0:
                    x = self.told(x, i, features)
                if kind == "AttnDownBlock2D":
                    x = self.attention(x, "%s.attentions.%d" % (name, j))
                skips.append(x)
            if i < n - 1:
                if kind == "ResnetDownsampleBlock2D" or (kind == "AttnDownBlock2D" and c["downsample_type"] == "resnet"):
                    x = self.resnet(x, emb, name + ".downsamplers.0", ch[i], sample="down")
                else:
                    x = self.conv(x, name + ".downsamplers.0.conv", ch[i], stride=2)
                skips.append(x)
        scale = c["mid_block_scale_factor"]
        x = self.resnet(x, emb, "mid_block.resnets.0", ch[-1], scale)
        if c["add_attention"]:
            norm = "mid_block.attentions.0.group_norm.weight" in self.t or c["resnet_time_scale_shift"] == "default" \
                or c["attn_norm_num_groups"] is not None
            x = self.attention(x, "mid_block.attentions.0", scale, norm)
        x = self.resnet(x, emb, "mid_block.resnets.1", ch[-1], scale)
        for i, kind in enumerate(c["up_block_types"]):
            name, out = "up_blocks.%d" % i, ch[n - 1 - i]
            for j in range(layers + 1):
                x = self.resnet(torch.cat([x, skips.pop()], 1), emb, "%s.resnets.%d" % (name, j), out)
                if kind == "AttnUpBlock2D":
                    x = self.attention(x, "%s.attentions.%d" % (name, j))
            if i < n - 1:
                if kind == "ResnetUpsampleBlock2D" or (kind == "AttnUpBlock2D" and c["upsample_type"] == "resnet"):
                    x = self.resnet(x, emb, name + ".upsamplers.0", out, sample="up")
                else:
                    x = self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"), name + ".upsamplers.0.conv", out)
        return self.conv(F.silu(self.norm(x, "conv_norm_out")), "conv_out", c["out_channels"])


def read(path):
    with open(path, "rb") as f:
        length = struct.unpack("<Q", f.read(8))[0]
        header = json.loads(f.read(length))
        data = f.read()
    kinds = {"F32": np.float32, "F16": np.float16}
    config = json.loads(header.pop("__metadata__")["config"])
    tensors = {}
    for name, item in header.items():
        begin, end = item["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(data[begin:end], kinds[item["dtype"]]).astype(np.float32).reshape(item["shape"]))
    return config, tensors


def write(path, config, tensors, dtype):
    header, blobs, at = {"__metadata__": {"config": json.dumps(config)}}, [], 0
    for name, x in tensors.items():
        x = x.contiguous()
        if dtype == "BF16":
            blob = x.to(torch.bfloat16).view(torch.int16).numpy().tobytes()
        else:
            blob = x.numpy().astype({"F32": np.float32, "F16": np.float16}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(x.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


# name: config, weights' type, grid width, height, time, class
SMALL = {
    "plain": (dict(block_out_channels=[32, 64], layers_per_block=1, norm_num_groups=8, add_attention=False,
                   down_block_types=["DownBlock2D"] * 2, up_block_types=["UpBlock2D"] * 2), "F32", 24, 20, 3.5, -1),
    "default-attention": (dict(block_out_channels=[32, 48, 64], layers_per_block=1, norm_num_groups=16, attention_head_dim=16,
                               down_block_types=["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
                               up_block_types=["AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"], flip_sin_to_cos=False,
                               freq_shift=1), "F32", 32, 24, 571.0, -1),
    "one-head": (dict(block_out_channels=[24, 40], layers_per_block=2, norm_num_groups=8, attention_head_dim=None, norm_eps=1e-3,
                      down_block_types=["AttnDownBlock2D", "DownBlock2D"], up_block_types=["UpBlock2D", "AttnUpBlock2D"],
                      mid_block_scale_factor=1.4142135623730951, center_input_sample=True), "F16", 14, 10, 0.0, -1),
    "resnet-sampling": (dict(block_out_channels=[32, 64, 96], layers_per_block=2, norm_num_groups=32, attention_head_dim=32,
                             down_block_types=["ResnetDownsampleBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
                             up_block_types=["AttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D"],
                             downsample_type="resnet", upsample_type="resnet", resnet_time_scale_shift="scale_shift",
                             attn_norm_num_groups=32, num_class_embeds=5), "BF16", 32, 32, -1553.0, 3),
    "conv-sampling-shift": (dict(in_channels=7, out_channels=5, block_out_channels=[16, 16, 48, 32], layers_per_block=1,
                                 norm_num_groups=4, attention_head_dim=8, resnet_time_scale_shift="scale_shift",
                                 down_block_types=["DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "ResnetDownsampleBlock2D"],
                                 up_block_types=["ResnetUpsampleBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D"]),
                            "F32", 56, 40, 80.25, -1),
    "one-level": (dict(in_channels=1, out_channels=2, block_out_channels=[8], layers_per_block=3, norm_num_groups=2,
                       attention_head_dim=4, down_block_types=["AttnDownBlock2D"], up_block_types=["AttnUpBlock2D"]),
                  "F32", 9, 13, 12.0, -1),
}


def main():
    folder, models = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    lines = []

    def case(name, net, width, height, time, label):
        x = torch.randn(1, net.c["in_channels"], height, width)
        told = [torch.randn(1, net.t[n].shape[1], height >> i, width >> i)
                for i, n in enumerate("see.%d.weight" % k for k in range(3)) if n in net.t]
        if told:
            last = [v[0].permute(1, 2, 0).reshape(-1).numpy() for v in told]
            np.concatenate(last).tofile(os.path.join(folder, name + ".see.f32"))
        with torch.no_grad():
            y = net(x, time, label, told)
            if net.make:  # the rounded weights are the ones in the file
                net.t = {k: v.to({"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[kind]).float()
                         for k, v in net.t.items()}
                y = net(x, time, label)
        x[0].permute(1, 2, 0).contiguous().numpy().tofile(os.path.join(folder, name + ".in.f32"))
        y[0].permute(1, 2, 0).contiguous().numpy().tofile(os.path.join(folder, name + ".out.f32"))
        lines.append("%s %d %d %r %d" % (name, width, height, time, label))

    for path in models:
        name, kind = os.path.splitext(os.path.basename(path))[0], None
        config, tensors = read(path)
        link = os.path.join(folder, name + ".safetensors")
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(os.path.abspath(path), link)
        case(name, Net(config, tensors), 32, 32, 230.0, -1)
    for name, (config, kind, width, height, time, label) in SMALL.items():
        net = Net(config, {}, True)
        case(name, net, width, height, time, label)
        config = dict(config, _class_name="UNet2DModel", sample_size=max(width, height))
        write(os.path.join(folder, name + ".safetensors"), config, net.t, kind)
    with open(os.path.join(folder, "cases.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
