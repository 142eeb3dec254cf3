"""Weight files: missing, damaged and of the wrong kind; other people's checkpoints.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import shutil

import numpy as np

import weights
from harness import MODELS, fail, main, photo, read_png, report, succeed, write_fill, write_png

COLORIZE = ("colorize", "photo.png", "--models", "models", "-o", "out.png")
UPSCALE = ("upscale", "photo.png", "--scale", "2", "--models", "models", "-o", "out.png")


def changed(net, change):
    """models/ = Limn's own networks, one of them changed by change (tensors, metadata)."""
    write_png("photo.png", photo(32, 32))
    shutil.copytree(MODELS, "models", ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)
    path = os.path.join("models", net + ".safetensors")
    tensors, metadata = weights.read(path)
    change(tensors, metadata)
    weights.write(path, tensors, metadata)
    return path


def test_unchanged_copy_works():
    changed("base", lambda tensors, metadata: None)
    succeed(*COLORIZE)
    copy = read_png("out.png")[0]
    succeed("colorize", "photo.png", "-o", "out.png")
    assert (read_png("out.png")[0] == copy).all()


def test_missing_folder_and_files():
    write_png("photo.png", photo())
    fail(2, r"models/base\.safetensors", *COLORIZE)
    os.mkdir("models")
    fail(2, r"models/base\.safetensors", *COLORIZE)
    shutil.copy(os.path.join(MODELS, "base.safetensors"), "models")
    fail(2, r"models/detail\.safetensors", *UPSCALE)


def test_folder_from_the_environment():
    write_png("photo.png", photo())
    fail(2, r"/nowhere/base\.safetensors", "colorize", "photo.png", "-o", "out.png", env=dict(os.environ, LIMN_MODELS="/nowhere"))


def test_missing_tensor():
    changed("base", lambda tensors, metadata: tensors.pop("conv_in.weight"))
    fail(2, r"conv_in\.weight", *COLORIZE)
    changed("detail", lambda tensors, metadata: tensors.pop("conv_out.bias"))
    fail(2, r"conv_out\.bias", *UPSCALE)


def test_misshapen_tensor():
    def change(tensors, metadata):
        tensors["conv_in.weight"] = tensors["conv_in.weight"][:, :-1].copy()

    changed("base", change)
    fail(2, r"conv_in\.weight", *COLORIZE)


def test_nan_and_infinity():
    for value in (np.nan, np.inf):
        def change(tensors, metadata):
            tensors["conv_out.weight"].flat[5] = value

        changed("detail", change)
        fail(2, r"conv_out\.weight", *UPSCALE)


def test_role_of_the_other():
    changed("base", lambda tensors, metadata: None)
    shutil.copy("models/detail.safetensors", "models/base.safetensors")
    fail(2, r"base\.safetensors", *COLORIZE)


def test_metadata_that_makes_no_sense():
    def no_config(tensors, metadata):
        del metadata["config"]

    def bad_json(tensors, metadata):
        metadata["config"] = "{"

    def bad_block(tensors, metadata):
        metadata["config"] = metadata["config"].replace('"DownBlock2D"', '"FancyBlock2D"')

    def bad_groups(tensors, metadata):
        metadata["config"] = json.dumps(dict(json.loads(metadata["config"]), norm_num_groups=7))

    for change in (no_config, bad_json, bad_block, bad_groups):
        changed("base", change)
        fail(2, r"base\.safetensors", *COLORIZE)


def test_truncated_and_no_weights():
    path = changed("base", lambda tensors, metadata: None)
    size = os.path.getsize(path)
    for left in (size - 100, size // 2, 1000, 9, 8, 3, 0):
        os.truncate(path, left)
        fail(2, r"base\.safetensors", *COLORIZE)
    with open(path, "wb") as f:
        f.write(b"\xff" * 100)
    fail(2, r"base\.safetensors", *COLORIZE)
    os.remove(path)
    os.mkdir(path)
    fail(2, r"base\.safetensors", *COLORIZE)


def test_info():
    text = succeed("info", "base")
    assert "role             base" in text and "million" in text
    info = json.loads(succeed("info", os.path.join(MODELS, "detail.safetensors"), "--json"))
    tensors, metadata = weights.read(os.path.join(MODELS, "detail.safetensors"))
    assert info["role"] == "detail" and info["tensors"] == len(tensors)
    assert info["parameters"] == sum(x.size for x in tensors.values())
    see = json.loads(succeed("info", "see", "--json"))
    assert see["role"] == "see" and see["see"] == "efficientnet-lite0" and see["parameters"] > 2e6
    assert "recogniser       efficientnet-lite0" in succeed("info", "see")
    fail(2, r"nowhere", "info", "nowhere")
    fail(2, r"photo\.png", "info", changed("base", lambda tensors, metadata: None) and "photo.png")


def test_bench():
    lines = succeed("bench", "--count", "1").splitlines()
    told = json.loads(succeed("info", "base", "--json"))["see"]
    assert [line.split()[0] for line in lines] == (["base", "see", "detail"] if told else ["base", "detail"])
    assert json.loads(succeed("bench", "--net", "see", "--count", "1", "--json"))["gflop"] > 0
    measured = json.loads(succeed("bench", "--net", "detail", "--threads", "1", "--count", "2", "--json"))
    assert measured["net"] == "detail" and 0 < measured["best_ms"] <= measured["median_ms"]
    fail(2, r"/nowhere", "bench", "--models", "/nowhere")


# ---------------------------------------------------------------- zero-shot

def zero_shot(task, *arguments):
    return ("zero-shot", task) + arguments + ("--checkpoint", "net", "-o", "out.png")


def test_zero_shot_tasks():
    write_fill()
    weights.write_checkpoint("net")
    steps = (("fill", 3, ("photo.png", "--mask", "mask.png", "--steps", "3")), ("colorize", 3, ("photo.png", "--steps", "3")),
             ("upscale", 3, ("photo.png", "--steps", "3", "--scale", "4")), ("strokes", 2, ("photo.png",)),
             ("denoise", 1, ("photo.png", "--sigma", "0.3")), ("interpolate", 1, ("--seed", "1", "--seed-b", "2", "--mix", "0.5")))
    for task, evaluations, arguments in steps:
        done = report(*zero_shot(task, *arguments))
        assert (done["size"], done["evaluations"]) == ([16, 16], evaluations), (task, done)
    fail(2, r"scale", *zero_shot("upscale", "photo.png", "--scale", "5"))
    fail(2, r"class", *zero_shot("denoise", "photo.png", "--class", "3"))


def test_zero_shot_is_reproducible():
    write_fill()
    weights.write_checkpoint("net")
    pictures = []
    for threads in (1, 2):
        succeed(*zero_shot("fill", "photo.png", "--mask", "mask.png", "--steps", "5", "--threads", threads))
        pictures.append(read_png("out.png")[0])
    assert (pictures[0] == pictures[1]).all()


def test_zero_shot_of_a_hole():
    weights.write_checkpoint("net")
    pixels = photo(32, 32, 4)
    pixels[..., 3] = 255
    pixels[8:20, 8:20, 3] = 0
    write_png("photo.png", pixels)
    assert report(*zero_shot("fill", "photo.png", "--steps", "2"))["evaluations"] == 2


def test_checkpoints_that_do_not_fit():
    write_fill()
    fail(2, r"net", *zero_shot("colorize", "photo.png"))
    weights.write_checkpoint("net")
    for changes, words in (({"down_block_types": ["FancyBlock2D"]}, r"down_block_types|FancyBlock2D"),
                           ({"time_embedding_type": "fourier"}, r"time_embedding_type"),
                           ({"block_out_channels": [24]}, r"weight|bias"), ({"layers_per_block": 2}, r"resnets\.1"),
                           ({"num_class_embeds": 10}, r"class")):
        weights.write_config("net", **changes)
        fail(2, words, *zero_shot("colorize", "photo.png"))
    os.remove("net/diffusion_pytorch_model.safetensors")
    fail(2, r"diffusion_pytorch_model\.safetensors", *zero_shot("colorize", "photo.png"))


main()
