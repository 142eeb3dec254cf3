"""What people retouch most: scratches, text and dust vanish, and what they crossed stays.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from harness import SOURCE, main, report, succeed, write_png

TRUTH = np.asarray(Image.open(os.path.join(SOURCE, "resources", "samples", "cat.png")).convert("RGB"))
HEIGHT, WIDTH = TRUTH.shape[:2]


def drawn(draw):
    """A mask (H, W bool) of what draw (ImageDraw, random numbers) draws; the same each time."""
    im = Image.new("L", (WIDTH, HEIGHT))
    draw(ImageDraw.Draw(im), np.random.RandomState(1))
    return np.asarray(im) > 0


def scratches(d, r):
    for _ in range(5):
        d.line([tuple(p) for p in r.rand(3, 2) * (WIDTH, HEIGHT)], fill=255, width=1)


def dust(d, r):
    for x, y, s in zip(r.rand(40) * WIDTH, r.rand(40) * HEIGHT, r.choice([1, 2, 3, 5], 40)):
        d.ellipse([x - s, y - s, x + s, y + s], fill=255)


def filled(damaged, mask, *options):
    write_png("photo.png", damaged)
    write_png("mask.png", mask.astype(np.uint8) * 255)
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "out.png", *options)
    return np.asarray(Image.open("out.png").convert("RGB"))


def psnr(picture, where):
    return 10 * np.log10(255 ** 2 / ((picture.astype(float) - TRUTH)[where] ** 2).mean())


def vanishes(draw, least):
    """Without a word about growing, the damage alone is replaced, and by what was there."""
    mask = drawn(draw)
    damaged = TRUTH.copy()
    damaged[mask] = 255
    out = filled(damaged, mask)
    assert (out[~mask] == damaged[~mask]).all(), "what was not covered has changed"
    assert psnr(out, mask) > least, psnr(out, mask)


def test_scratches_vanish():
    vanishes(scratches, 30)


def test_dust_vanishes():
    vanishes(dust, 27)


def test_fringe_goes_too():
    mask = drawn(dust)
    soft = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1)))[..., None] / 255
    damaged = (TRUTH * (1 - soft) + 255 * soft).round().astype(np.uint8)
    hurt = np.abs(damaged.astype(int) - TRUTH).max(2) > 8
    assert psnr(filled(damaged, mask), hurt) > psnr(filled(damaged, mask, "--grow", "0"), hurt) + 4


def test_no_network_is_asked():
    mask = drawn(scratches)
    write_png("photo.png", TRUTH)
    write_png("mask.png", mask.astype(np.uint8) * 255)
    assert report("fill", "photo.png", "--mask", "mask.png", "-o", "out.png")["evaluations"] == 0


main()
