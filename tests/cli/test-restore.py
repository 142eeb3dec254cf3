"""Restore: damage is found, told, saved as a mask and mended; what isn't marked stays.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from harness import SOURCE, WIDE, fail, main, read_png, report, succeed, wide_profile, write_png

HEIGHT, WIDTH = 200, 260


def scan(damaged=True):
    """A gray print with soft shades and a little grain, a scratch and a speck; and where these are."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    grain = np.random.RandomState(1).normal(0, 1.5, (HEIGHT, WIDTH))
    gray = 110 + 40 * np.sin(x / 50) * np.cos(y / 40) + grain
    where = (abs(y - 50 - .4 * x) < 1.5) & (x > 15) & (x < 245) | (np.hypot(x - 200, y - 40) < 2.5)
    if damaged:
        gray[where] = 215
    return np.repeat(gray.clip(0, 255).round().astype(np.uint8)[..., None], 3, 2), where


def mask_of(path):
    return np.asarray(Image.open(path).convert("L")) > 0


def test_damage_is_mended_and_nothing_else():
    photo, where = scan()
    write_png("photo.png", photo)
    told = report("restore", "photo.png", "-o", "out.png", "--mask-out", "mask.png", "--fading", "0", "--grain", "0")
    out, mask = np.asarray(Image.open("out.png").convert("RGB")), mask_of("mask.png")
    assert mask[where].mean() > .95 and mask.mean() < 4 * where.mean(), (mask[where].mean(), mask.mean())
    assert (out[~mask] == photo[~mask]).all(), "what is not marked has changed"
    assert abs(out.astype(int) - scan(False)[0])[where].mean() < 6
    assert told["found"]["spots"] >= 2 and 0 < told["found"]["damaged"] < .1


def is_kept(depth, name):
    """A photo of that depth, partly transparent, of a wide gamut: where nothing is marked no number changes, and alpha nowhere."""
    gray, where = scan()
    most = 2 ** depth - 1
    rgb = np.stack([gray[..., 0] / 255 * tint for tint in (1, .9, .75)], -1) * most
    rgb[150:180, 20:60] = np.array([1, 0, .1]) * most   # a red that sRGB hasn't
    alpha = np.full((HEIGHT, WIDTH, 1), most)
    alpha[:, :30], alpha[180:, :] = most // 2, 0
    pixels = np.concatenate([rgb.round(), alpha], -1).astype(np.uint8 if depth == 8 else np.uint16)
    write_png("photo.png", pixels, chunks=((b"iCCP", b"wide\0\0" + zlib.compress(wide_profile(name))),))
    succeed("restore", "photo.png", "-o", "out.png", "--mask-out", "mask.png", "--fading", "0", "--grain", "0")
    (out, chunks), mask = read_png("out.png"), mask_of("mask.png")
    assert chunks[b"IHDR"][8] == depth and zlib.decompress(chunks[b"iCCP"].split(b"\0", 1)[1][1:]) == wide_profile(name)
    assert (out[~mask] == pixels[~mask]).all(), "what is not marked has changed"
    assert (out[..., 3] == pixels[..., 3]).all(), "alpha has changed"
    assert not mask[alpha[..., 0] == 0].any() and mask[:180][where[:180]].mean() > .8, mask[where].mean()
    assert (out[mask] != pixels[mask]).any()


def test_wide_gamut_and_alpha_stay():
    for name in WIDE:
        is_kept(8, name)


def test_wide_gamut_and_alpha_stay_in_16_bits():
    for name in WIDE:
        is_kept(16, name)


def test_marks_hold():
    photo, where = scan()
    write_png("photo.png", photo)
    spare, more = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    spare[:, :130], more[150:154, 200:220] = 255, 255
    write_png("spare.png", spare)
    write_png("more.png", more)
    succeed("restore", "photo.png", "-o", "out.png", "--mask-out", "mask.png", "--spare", "spare.png", "--mask", "more.png")
    mask = mask_of("mask.png")
    assert not mask[:, :120].any() and mask[more > 0].all() and mask[:, 140:][where[:, 140:]].mean() > .9


def marked(pixels):
    """The mask of a picture, with the defaults."""
    Image.fromarray(pixels).save("photo.png")
    succeed("restore", "photo.png", "-o", "out.png", "--mask-out", "mask.png", "--fading", "0", "--grain", "0")
    return mask_of("mask.png")


def test_eyes_stay():
    """Those of the sample's cat, as the photo is and as a scan would show it."""
    cat = Image.open(os.path.join(SOURCE, "resources", "samples", "cat.png")).convert("L")
    for times in 1, 3:
        mask = marked(np.asarray(cat.resize((cat.width * times, cat.height * times), Image.BICUBIC)))
        y, x = np.mgrid[:mask.shape[0], :mask.shape[1]] / times
        for column, row, radius in (86, 58, 16), (160, 68, 13):
            eye = np.hypot(x - column, y - row) < radius
            assert mask[eye].mean() < .1, (times, column, mask[eye].mean())


def test_letters_stay():
    """Dark ones on a light ground, and light ones on a dark ground, as large as a sign's."""
    ink = Image.new("L", (220, 30))
    ImageDraw.Draw(ink).text((6, 8), "Grandmother, 12 July 1931, Lake", 255, ImageFont.load_default())
    ink = np.asarray(ink.resize((880, 120), Image.BICUBIC)) / 255.
    grain = np.random.RandomState(2).normal(0, 2, ink.shape)
    for ground, letters in (190, 60), (70, 220):
        mask = marked((ground + (letters - ground) * ink + grain).clip(0, 255).round().astype(np.uint8))
        assert mask[ink > .5].mean() < .15, (ground, mask[ink > .5].mean())


def test_a_batch_tells_what_it_found():
    write_png("photo.png", scan()[0])
    out = succeed("batch", "restore", "photo.png", "-o", "mended", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert any(line.get("found", {}).get("spots", 0) >= 2 for line in lines), lines


def test_mistakes_are_told():
    write_png("photo.png", scan()[0])
    fail(1, r"another name", "restore", "photo.png", "-o", "out.png", "--mask-out", "out.png")
    fail(1, r"is an input", "restore", "photo.png", "-o", "out.png", "--mask-out", "photo.png")
    fail(1, r"scratches", "restore", "photo.png", "-o", "out.png", "--scratches", "2")


main()
