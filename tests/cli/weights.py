"""Weight files for the tests: reading, changing and writing safetensors, and a tiny unconditional network.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import struct

import numpy as np

DTYPES = {"F16": np.float16, "F32": np.float32}


def read(path):
    """({name: array}, metadata)"""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        blob = f.read()
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, x in header.items():
        begin, end = x["data_offsets"]
        tensors[name] = np.frombuffer(blob[begin:end], DTYPES[x["dtype"]]).reshape(x["shape"]).copy()
    return tensors, metadata


def write(path, tensors, metadata=None):
    header, blobs, at = ({"__metadata__": metadata} if metadata else {}), [], 0
    for name, x in tensors.items():
        blobs.append(x.tobytes())
        header[name] = {"dtype": "F16" if x.dtype == np.float16 else "F32", "shape": list(x.shape),
                        "data_offsets": [at, at + len(blobs[-1])]}
        at += len(blobs[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def write_checkpoint(folder, channels=16, size=16, seed=1):
    """A folder as diffusers writes it, with random weights: one level, no attention."""
    random, tensors, time = np.random.default_rng(seed), {}, 4 * channels

    def layer(name, *shape):
        tensors[name + ".weight"] = (random.standard_normal(shape) / np.sqrt(np.prod(shape[1:]) or 1)).astype(np.float32)
        tensors[name + ".bias"] = np.zeros(shape[0], np.float32)

    def norm(name, n):
        tensors[name + ".weight"], tensors[name + ".bias"] = np.ones(n, np.float32), np.zeros(n, np.float32)

    def resnet(name, n_in, n_out):
        norm(name + ".norm1", n_in)
        layer(name + ".conv1", n_out, n_in, 3, 3)
        layer(name + ".time_emb_proj", n_out, time)
        norm(name + ".norm2", n_out)
        layer(name + ".conv2", n_out, n_out, 3, 3)
        if n_in != n_out:
            layer(name + ".conv_shortcut", n_out, n_in, 1, 1)

    layer("time_embedding.linear_1", time, channels)
    layer("time_embedding.linear_2", time, time)
    layer("conv_in", channels, 3, 3, 3)
    resnet("down_blocks.0.resnets.0", channels, channels)
    for i in range(2):
        resnet("mid_block.resnets.%d" % i, channels, channels)
        resnet("up_blocks.0.resnets.%d" % i, 2 * channels, channels)
    norm("conv_norm_out", channels)
    layer("conv_out", 3, channels, 3, 3)
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "diffusion_pytorch_model.safetensors"), tensors)
    write_config(folder, sample_size=size, block_out_channels=[channels])


def write_config(folder, **changes):
    config = {"_class_name": "UNet2DModel", "sample_size": 16, "in_channels": 3, "out_channels": 3, "block_out_channels": [16],
              "layers_per_block": 1, "norm_num_groups": 8, "norm_eps": 1e-5, "attention_head_dim": 8, "add_attention": False,
              "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"], "resnet_time_scale_shift": "default",
              "time_embedding_type": "positional", "flip_sin_to_cos": True, "freq_shift": 0, "center_input_sample": False}
    config.update(changes)
    with open(os.path.join(folder, "config.json"), "w") as f:
        json.dump(config, f)
