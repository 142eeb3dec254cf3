#!/usr/bin/python3
"""Writes networks as every engine of the comparison wants them.

Usage: export.py FOLDER [MODEL.safetensors ...]

For the two reference architectures with random weights (or, with --tiny, two very small ones), and for each given file, FOLDER
gets NAME.safetensors, NAME.onnx, NAME.pt (TorchScript), NAME.in.f32 and NAME.in.nhwc.f32 (the same random input, channels first
and last) and NAME.json (shapes). SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "training"))
try:
    import numpy as np
    import torch
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)
from networks import weights
from networks.unet import NETS, from_config

TIME = 230.0 / 250.0  # the engine's bench gives its U-Net 230


def invent(net):
    """Random weights everywhere, as large as a trained network's; nothing stays zero."""
    for name, p in net.named_parameters():
        fan = p[0].numel() if p.dim() > 1 else 1
        torch.nn.init.normal_(p, 1.0 if "norm" in name and name.endswith("weight") else 0.0, fan ** -0.5 if p.dim() > 1 else 0.1)


def write(folder, name, net, meta, source=None):
    base = os.path.join(folder, name)
    net.eval()
    limn = meta["limn"]
    side = limn["size"] // limn["space_to_depth"]
    if source:
        shutil.copyfile(source, base + ".safetensors")
    else:
        weights.save(base + ".safetensors", net.state_dict(), meta)
        state, _ = weights.read(base + ".safetensors")  # as rounded to F16, so that all engines have the same weights
        net.load_state_dict(state)
    x = torch.randn(1, net.config["in_channels"], side, side)
    t = torch.full((1,), TIME)
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(net, (x, t)), base + ".pt")
        torch.onnx.export(net, (x, t), base + ".onnx", input_names=["x", "t"], output_names=["y"], opset_version=13)
    x.numpy().tofile(base + ".in.f32")
    np.ascontiguousarray(x.numpy()[0].transpose(1, 2, 0)).tofile(base + ".in.nhwc.f32")
    with open(base + ".json", "w") as f:
        json.dump({"shape": list(x.shape), "out": [1, net.config["out_channels"], side, side], "time": TIME}, f)


def meta_for(net, role, size, space):
    return {"config": net.config, "limn": {"role": role, "space_to_depth": space, "planes": 12, "sigma": [0.002, 40, 0.4],
            "parametrisation": "limn-anchor", "size": size, "trained_on": "nothing", "pictures_seen": 0, "version": "bench"}}


def main():
    arguments = [a for a in sys.argv[1:] if a != "--tiny"]
    tiny = "--tiny" in sys.argv
    if not arguments:
        sys.exit(__doc__)
    folder, models = arguments[0], arguments[1:]
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(1)
    for role, kind, size, space in (("base", "nano" if tiny else "base-1", 32 if tiny else 128, 2),
                                    ("detail", "detail-nano" if tiny else "detail-1", 64 if tiny else 256, 4)):
        net = NETS[kind]()
        invent(net)
        write(folder, role, net, meta_for(net, role, size, space))
    for path in models:
        state, meta = weights.read(path)
        net = from_config(meta["config"])
        net.load_state_dict(state)
        write(folder, "shipped-" + meta["limn"]["role"], net, meta, path)


main()
