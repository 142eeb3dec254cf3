"""Weights as one safetensors file (f16) with the metadata that the engine reads, and back."""
import json
import os
import struct

import numpy as np
import torch

from networks import recogniser
from networks.consistency import SIGMA_DATA, SIGMA_MAX, SIGMA_MIN, SPACE_TO_DEPTH
from networks.unet import from_config


def save(path, state, meta):
    """Writes the tensors of state as F16, and meta (name -> anything JSON) into the header; atomic."""
    head, offset, blobs = {"__metadata__": {k: json.dumps(v) for k, v in meta.items()}}, 0, []
    for name, v in state.items():
        blob = v.detach().to("cpu", torch.float16).contiguous().numpy().tobytes()
        head[name] = {"dtype": "F16", "shape": list(v.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    h = json.dumps(head).encode()
    h += b" " * (-len(h) % 8)
    with open(path + ".part", "wb") as f:
        f.write(struct.pack("<Q", len(h)) + h)
        f.writelines(blobs)
    os.replace(path + ".part", path)


def read(path):
    """(tensors as f32, metadata) of a file that save() wrote."""
    with open(path, "rb") as f:
        raw = f.read()
    n, = struct.unpack("<Q", raw[:8])
    head = json.loads(raw[8:8 + n])
    meta = {k: json.loads(v) for k, v in head.pop("__metadata__", {}).items()}
    body = raw[8 + n:]
    dtype = {"F16": np.float16, "F32": np.float32}
    return {name: torch.from_numpy(np.frombuffer(body[slice(*i["data_offsets"])], dtype[i["dtype"]]).reshape(i["shape"]).astype(np.float32))
            for name, i in head.items()}, meta


def folded(state):
    """The state dict of a network as the engine reads it: what standardises a recogniser's features is put into the convolutions."""
    out = dict(state)
    for name in [n[:-len("mean")] for n in state if n.startswith("see.") and n.endswith(".mean")]:
        mean, std = out.pop(name + "mean").float(), out.pop(name + "std").float()
        weight = out[name + "weight"].float() / std.view(1, -1, 1, 1)
        out[name + "weight"], out[name + "bias"] = weight, out[name + "bias"].float() - weight.flatten(1) @ mean
    return out


def network_meta(kind, config, size, seen, see=None):
    """The metadata of a network: kind "base" or "detail", size the side of the pictures it was trained on, seen how many these were, see
    the name of the recogniser whose features it is told."""
    limn = {"role": kind, "parametrisation": "limn-anchor", "sigma": [SIGMA_MIN, SIGMA_MAX[kind], SIGMA_DATA[kind]],
            "space_to_depth": SPACE_TO_DEPTH[kind], "size": size, "planes": {"base": 9, "detail": 68}[kind],
            "trained_on": "see the model card", "pictures_seen": seen, "version": 1}
    return {"config": config, "limn": {**limn, "see": see} if see else limn}


def save_network(path, kind, state, config, size, seen, see=None):
    """Writes a network as the engine reads it, with network_meta()."""
    save(path, folded(state), network_meta(kind, config, size, seen, see))


def network(path):
    """(network with its weights, its `limn` metadata) of a file as the engine reads it."""
    state, meta = read(path)
    net = from_config(meta["config"], meta["limn"].get("see"))
    net.load_state_dict({**{k: v for k, v in net.state_dict().items() if k.endswith((".mean", ".std"))}, **state})
    return net, meta["limn"]


# Names of tensors in the first states of base with a recogniser, which kept the averaged weights alone.
FIRST = [("u.", ""), ("net.", ""), ("p.", "see."), ("mu", "mean"), ("sd", "std")]


def renamed(name):
    """The name in unet.py of a tensor of a first state."""
    for old, new in FIRST:
        if name.startswith(old):
            name = new + name[len(old):]
            break
    for what in ("mean", "std"):
        if name.startswith(what):
            name = f"see.{name[len(what):]}.{what}"
    return name


def read_state(path, average=0):
    """(tensors, metadata as save_network writes it) of a state of training; average: which of its averages."""
    s = torch.load(path, map_location="cpu")
    if "averages" in s:
        state = list(s["averages"].values())[average]
        return state, network_meta(s["kind"], s["config"], s["size"], s["seen"], s["see"])
    state = {renamed(k): v.float() for k, v in s["ema"].items()}
    return state, network_meta("base", s["config"], 64, s.get("seen", 0), recogniser.NAME)


def read_any(path):
    """(tensors as f32, metadata) of a file as the engine reads it, or of a state of training (.pt)."""
    return read_state(path) if path.endswith(".pt") else read(path)
