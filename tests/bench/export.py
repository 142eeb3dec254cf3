#!/usr/bin/python3
"""Writes networks as every engine of the comparison wants them.

Usage: export.py FOLDER [MODEL.safetensors ...]

For the two reference architectures with random weights (or, with --tiny, two very small ones), and for each given file, FOLDER
gets NAME.safetensors, NAME.onnx, NAME.pt (TorchScript), NAME.in.f32 and NAME.in.nhwc.f32 (the same random input, channels first
and last) and NAME.json (inputs: name, shape, and the number that all but x are throughout). A network that is told what a recogniser
sees is told ones; the recogniser itself comes from its definition in tests/golden. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "training"), os.path.join(HERE, "..", "golden")]
try:
    import numpy as np
    import torch
except ImportError as problem:
    sys.exit("%s: install python3-torch and python3-numpy." % problem)
from make_see_dumps import Recogniser
from networks import weights
from networks.unet import NETS, from_config

TIME = 230.0 / 250.0  # the engine's bench gives its U-Net 230
SEE_SIDE = 256        # of the picture that the recogniser is shown, as there


class Told(torch.nn.Module):
    """A network with the feature maps as inputs of their own."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, t, *features):
        return self.net(x, t, list(features))


class Sight(torch.nn.Module):
    """The recogniser: a picture in, its feature maps out."""

    def __init__(self, path):
        super().__init__()
        self.recogniser = Recogniser(path)

    def forward(self, x):
        return tuple(self.recogniser(x))


def invent(net):
    """Random weights everywhere, as large as a trained network's; nothing stays zero."""
    for name, p in net.named_parameters():
        fan = p[0].numel() if p.dim() > 1 else 1
        torch.nn.init.normal_(p, 1.0 if "norm" in name and name.endswith("weight") else 0.0, fan ** -0.5 if p.dim() > 1 else 0.1)


def trace(folder, name, net, x, constants):
    """NAME.pt, NAME.onnx, the input and NAME.json. constants: name -> tensor, the inputs after x."""
    base, inputs = os.path.join(folder, name), {"x": x, **constants}
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(net, tuple(inputs.values())), base + ".pt")
        torch.onnx.export(net, tuple(inputs.values()), base + ".onnx", input_names=list(inputs), opset_version=13)
    x.numpy().tofile(base + ".in.f32")
    np.ascontiguousarray(x.numpy()[0].transpose(1, 2, 0)).tofile(base + ".in.nhwc.f32")
    with open(base + ".json", "w") as f:
        json.dump({"inputs": [{"name": k, "shape": list(v.shape), "value": float(v.flatten()[0])} for k, v in inputs.items()]}, f)


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
    constants = {"t": torch.full((1,), TIME)}
    if limn.get("see"):
        constants.update({"f%d" % i: torch.ones(1, c.weight.shape[1], side >> i, side >> i) for i, c in enumerate(net.see)})
    trace(folder, name, Told(net) if limn.get("see") else net, torch.randn(1, net.config["in_channels"], side, side), constants)


def write_sight(folder, name, source):
    shutil.copyfile(source, os.path.join(folder, name + ".safetensors"))
    trace(folder, name, Sight(source).eval(), torch.randn(1, 3, SEE_SIDE, SEE_SIDE).clamp(-1, 1), {})


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
        if weights.read(path)[1]["limn"]["role"] == "see":
            write_sight(folder, "see", path)
            continue
        net, limn = weights.network(path)
        write(folder, "shipped-" + limn["role"], net, {"limn": limn}, path)


main()
