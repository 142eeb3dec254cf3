"""Weights as one safetensors file (f16) with the metadata that the engine reads, and back."""
import json
import os
import struct

import numpy as np
import torch


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
