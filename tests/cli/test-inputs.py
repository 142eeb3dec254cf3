"""Pictures that can't be used, and unusual ones that can.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os

import numpy as np
from PIL import Image

from harness import disc, fail, main, photo, read_png, report, save_jpeg, succeed, write_fill, write_png

FILL = ("fill", "photo.png", "--mask", "mask.png", "-o", "out.png")


def colorize(path):
    return ("colorize", path, "-o", "out.png")


def cut(path, size):
    """Keeps the first size bytes of path."""
    os.truncate(path, size)


def test_missing_file():
    write_fill()
    fail(2, r"There is no file nowhere\.png", *colorize("nowhere.png"))
    fail(2, r"There is no file nowhere\.png", "fill", "photo.png", "--mask", "nowhere.png", "-o", "out.png")
    for option in ("--paint", "--lines"):
        fail(2, r"There is no file nowhere\.png", *FILL, option, "nowhere.png")
    fail(2, r"There is no file nowhere\.png", "colorize", "photo.png", "--hints", "nowhere.png", "-o", "out.png")


def test_folder():
    os.mkdir("folder.png")
    write_fill()
    fail(2, r"folder\.png is a folder", *colorize("folder.png"))
    fail(2, r"folder\.png is a folder", "fill", "photo.png", "--mask", "folder.png", "-o", "out.png")


def test_empty_file():
    open("photo.png", "w").close()
    fail(2, r"photo\.png is empty", *colorize("photo.png"))


def test_files_that_are_no_pictures():
    with open("photo.png", "w") as f:
        f.write("This is no picture.\n" * 100)
    fail(2, r"isn't a picture that Limn can open", *colorize("photo.png"))
    Image.fromarray(photo()).save("photo.gif")
    fail(2, r"photo\.gif is a GIF", *colorize("photo.gif"))
    Image.fromarray(photo()).save("photo.bmp")
    fail(2, r"a BMP", *colorize("photo.bmp"))


def test_truncated_png():
    write_png("photo.png", photo())
    size = os.path.getsize("photo.png")
    for left in (size - 13, size // 2, 60, 33, 20, 8):
        cut("photo.png", left)
        fail(2, r"photo\.png", *colorize("photo.png"))


def test_corrupt_png():
    write_png("photo.png", photo())
    data = bytearray(open("photo.png", "rb").read())
    for at in (17, 25, 30, len(data) // 2):
        bad = bytearray(data)
        bad[at] ^= 0x55
        with open("photo.png", "wb") as f:
            f.write(bad)
        fail(2, r"photo\.png", *colorize("photo.png"))


def test_truncated_jpeg():
    save_jpeg("photo.jpg", photo())
    size = os.path.getsize("photo.jpg")
    for left in (size - size // 4, size // 2, 300, 20, 3):
        cut("photo.jpg", left)
        fail(2, r"photo\.jpg", *colorize("photo.jpg"))


def test_progressive_jpeg_without_end():
    """All scans are there, or one is missing (each begins with a scan header, FF DA)."""
    for options in ({"progressive": True}, {"progressive": True, "quality": 30}):
        Image.fromarray(photo()).save("photo.jpg", **options)
        data = open("photo.jpg", "rb").read()
        cut("photo.jpg", len(data) - 2)
        succeed(*colorize("photo.jpg"))
        for left in (data.rindex(b"\xff\xda"), len(data) - 20, len(data) // 2):
            cut("photo.jpg", left)
            fail(2, r"cut short", *colorize("photo.jpg"))


def test_corrupt_jpeg():
    save_jpeg("photo.jpg", photo())
    data = bytearray(open("photo.jpg", "rb").read())
    sof = data.index(b"\xff\xc0")
    data[sof + 4] = 99  # bits a sample
    with open("photo.jpg", "wb") as f:
        f.write(data)
    fail(2, r"photo\.jpg", *colorize("photo.jpg"))


def test_truncated_webp():
    Image.fromarray(photo()).save("photo.webp")
    cut("photo.webp", os.path.getsize("photo.webp") // 2)
    fail(2, r"photo\.webp", *colorize("photo.webp"))


def test_zero_size():
    for size in ((0, 80), (96, 0), (0, 0)):
        write_png("photo.png", photo(), size=size)
        fail(2, r"photo\.png", *colorize("photo.png"))


def test_huge_size():
    for size in ((60001, 10), (20000, 20000), (2 ** 31 - 1, 2 ** 31 - 1), (2 ** 32 - 1, 1)):
        write_png("photo.png", photo(), size=size)
        fail(2, r"photo\.png", *colorize("photo.png"))


def test_enlarged_beyond_the_limit():
    write_png("photo.png", np.full((10, 8000), 128, np.uint8))
    fail(2, r"64000 x 80", "upscale", "photo.png", "--scale", "8", "-o", "out.png")


def test_what_a_format_cannot_hold_is_told_before_the_work():
    write_png("photo.png", np.full((2, 4200), 128, np.uint8))
    early = ("--models", "nowhere")  # is told once work begins
    fail(2, r"16800 × 8 .*WebP.*16383", "upscale", "photo.png", "--scale", "4", "-o", "out.webp", *early)
    fail(2, r"nowhere", "upscale", "photo.png", "--scale", "4", "-o", "out.jpg", *early)
    write_png("wide.png", np.full((2, 16384), 128, np.uint8))
    fail(2, r"WebP", "colorize", "wide.png", "-o", "out.webp", *early)
    fail(2, r"WebP", "restore", "wide.png", "-o", "out.png", "--mask-out", "mask.webp", *early)
    fail(2, r"WebP", "convert", "wide.png", "-o", "out.webp")


def test_mask_of_another_size():
    write_fill()
    write_png("mask.png", disc(95, 80))
    fail(2, r"mask is 95 x 80 pixels and the photo 96 x 80", *FILL)
    fail(2, r"mask is 95 x 80 pixels and the photo 96 x 80", "colorize", "photo.png", "--mask", "mask.png", "-o", "out.png")


def test_mask_that_is_empty():
    write_fill()
    write_png("mask.png", disc() * 0)
    fail(2, r"mask is empty", *FILL)
    fail(2, r"mask is empty", "colorize", "photo.png", "--mask", "mask.png", "-o", "out.png")


def test_mask_that_is_all_white():
    write_fill()
    write_png("mask.png", disc() * 0 + 255)
    fail(2, r"covers the whole photo", *FILL)


def test_mask_as_strokes_on_a_transparent_ground():
    write_fill()
    plain = read_png_after(FILL)
    mask = disc()
    write_png("mask.png", np.dstack([np.full_like(mask, 255)] * 3 + [mask]))
    assert (read_png_after(FILL) == plain).all()


def read_png_after(arguments):
    succeed(*arguments)
    return read_png("out.png")[0]


def test_no_mask_and_no_hole():
    write_fill()
    fail(2, "give a mask", "fill", "photo.png", "-o", "out.png")


def test_transparent_everywhere():
    pixels = photo(channels=4)
    pixels[..., 3] = 0
    write_png("photo.png", pixels)
    fail(2, r"whole photo is transparent", "fill", "photo.png", "-o", "out.png")


def test_transparent_hole_is_filled():
    pixels, hole = photo(channels=4), disc() > 0
    pixels[..., 3] = np.where(hole, 0, 255)
    pixels[hole] = (255, 0, 255, 0)  # what nobody sees must not be seen afterwards
    write_png("photo.png", pixels)
    succeed("fill", "photo.png", "-o", "out.png")
    out, _ = read_png("out.png")
    assert (out[..., 3] == 255).all() if out.shape[2] == 4 else True
    assert out[hole][:, 1].mean() > 80, "the hidden magenta came through"
    far = disc(radius=14 + 4 + 4 + 2) == 0
    assert (out[far][:, :3] == pixels[far][:, :3]).all()


def test_guidance_of_another_size():
    write_fill()
    write_png("small.png", photo(50, 50, 4))
    fail(2, r"50 x 50 pixels.*96 x 80", *FILL, "--paint", "small.png")
    fail(2, r"50 x 50 pixels.*96 x 80", *FILL, "--lines", "small.png")
    fail(2, r"50 x 50 pixels.*96 x 80", "colorize", "photo.png", "--hints", "small.png", "-o", "out.png")
    write_png("lines.png", photo(40, 50, 1))
    fail(2, r"40 x 50 pixels.*50 x 50", "sketch", "--paint", "small.png", "--lines", "lines.png", "-o", "out.png")


def test_gray_with_alpha():
    write_fill(channels=2)
    for arguments in (FILL, colorize("photo.png")):
        succeed(*arguments)
        assert read_png("out.png")[0].shape[:2] == (80, 96)
    assert report("upscale", "photo.png", "--scale", "2", "-o", "out.png")["size"] == [192, 160]
    assert read_png("out.png")[0].shape[2] == 2


def test_16_bit():
    write_fill(depth=16, channels=3)
    for arguments in (FILL, colorize("photo.png"), ("upscale", "photo.png", "--scale", "2", "-o", "out.png")):
        succeed(*arguments)
        assert read_png("out.png")[1][b"IHDR"][8] == 16


def test_16_bit_mask_and_gray_photo():
    write_png("photo.png", photo(channels=1, depth=16))
    write_png("mask.png", disc().astype(np.uint16) * 257)
    succeed(*FILL)
    assert read_png("out.png")[0].shape == (80, 96, 1)


def test_palette_and_one_bit_masks():
    write_fill()
    Image.fromarray(photo()).quantize(16).save("photo.png")
    Image.fromarray(disc()).convert("1").save("mask.png")
    succeed(*FILL)


def test_cmyk_jpeg():
    Image.fromarray(photo()).convert("CMYK").save("photo.jpg")
    succeed(*colorize("photo.jpg"))


def test_turned_jpeg():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    save_jpeg("photo.jpg", photo(), exif=exif)
    assert report(*colorize("photo.jpg"))["size"] == [80, 96]


def test_tiny_photos():
    for width, height in ((1, 1), (1, 40), (40, 1), (2, 3)):
        write_png("photo.png", photo(width, height))
        assert report(*colorize("photo.png"))["size"] == [width, height]
        assert report("upscale", "photo.png", "--scale", "3", "-o", "out.png")["size"] == [3 * width, 3 * height]


def test_two_pixels_one_to_fill():
    write_png("photo.png", photo(2, 1))
    write_png("mask.png", np.array([[255, 0]], np.uint8))
    succeed(*FILL, "--grow", "0", "--feather", "0")


def sketch(labels):
    return ("sketch", "--paint", "paint.png", "--materials", labels, "--size", "96", "-o", "out.png")


def test_materials():
    """Gray values are labels; what is none is refused by name, and what they say is seen."""
    listed = {m["id"]: m["label"] for m in json.loads(succeed("materials", "--json"))}
    assert listed["sky"] == 1 and listed["meadow"] == 5 and len(listed) >= 24
    paint = np.full((64, 96, 3), 128, np.uint8)
    write_png("paint.png", paint)
    labels = np.full((64, 96), listed["sky"], np.uint8)
    labels[40:] = listed["brick"]
    Image.fromarray(labels).save("labels.png")
    succeed("sketch", "--quiet", *sketch("labels.png")[1:])
    made = np.asarray(Image.open("out.png").convert("L"), float)
    rough = np.abs(np.diff(made, axis=1)).mean(axis=1)
    assert rough[44:].mean() > 4 * rough[:16].mean(), "the brick is as smooth as the sky"
    os.remove("out.png")
    labels[3, 3] = 99
    Image.fromarray(labels).save("labels.png")
    fail(2, r"gray value 99, which is no material", *sketch("labels.png"))
    Image.fromarray(labels[:50]).save("labels.png")
    fail(2, r"96 x 50 pixels and the paint 96 x 64", *sketch("labels.png"))
    Image.fromarray(np.dstack([labels, labels + 1, labels])).save("labels.png")
    fail(2, r"has colours", *sketch("labels.png"))
    for sun in "0.5", "0.5,", "a,b", "3,0", "0.5,2", "0.5,0.5,0.5":
        fail(1, r"--sun must be two numbers", *sketch("labels.png"), "--sun", sun)
    fail(1, r"--horizon must be", *sketch("labels.png"), "--horizon", "1.5")
    fail(1, r"give the --paint too", "sketch", "--lines", "paint.png", "--materials", "labels.png", "-o", "out.png")


def test_own_surface():
    """A material is laid with a picture of one's own, in the paint's colour, and the others stay as they were."""
    write_png("paint.png", np.full((64, 96, 3), 128, np.uint8))
    labels = np.full((64, 96), 22, np.uint8)
    labels[:32] = 1
    Image.fromarray(labels).save("labels.png")
    write_png("stripes.png", np.repeat(np.uint8(40 + 150 * (np.arange(64) // 4 % 2))[None, :, None], 64, 0).repeat(3, 2))
    succeed("sketch", "--quiet", *sketch("labels.png")[1:])
    before = np.asarray(Image.open("out.png").convert("L"), float)
    succeed("sketch", "--quiet", *sketch("labels.png")[1:], "--surface", "brick=stripes.png:0,0,64,32")
    after = np.asarray(Image.open("out.png").convert("L"), float)
    assert (before[:20] == after[:20]).all() and (before[44:] != after[44:]).any()
    assert np.abs(np.diff(after[44:], axis=1)).mean() > 3 * np.abs(np.diff(after[44:], axis=0)).mean(), "the stripes are not seen"
    fail(1, "takes one of these materials: meadow.*not sky", *sketch("labels.png"), "--surface", "sky=stripes.png")
    fail(1, "must be MATERIAL=PICTURE", *sketch("labels.png"), "--surface", "stripes.png")


def test_sketch_keeps_the_shape():
    write_png("paint.png", photo(90, 60, 4))
    assert report("sketch", "--paint", "paint.png", "--size", "96", "-o", "out.png")["size"] == [96, 64]
    write_png("lines.png", photo(60, 90, 1))
    assert report("sketch", "--lines", "lines.png", "--size", "96", "-o", "out.png")["size"] == [64, 96]


def test_every_output_format():
    write_fill()
    for name, kind in (("out.png", "PNG"), ("out.JPG", "JPEG"), ("out.webp", "WEBP")):
        succeed("fill", "photo.png", "--mask", "mask.png", "-o", name)
        with Image.open(name) as picture:
            assert picture.format == kind and picture.size == (96, 80)


def test_quality():
    write_fill()
    sizes = []
    for quality in (20, 95):
        succeed("fill", "photo.png", "--mask", "mask.png", "--quality", quality, "-o", "out.jpg")
        sizes.append(os.path.getsize("out.jpg"))
    assert sizes[0] * 2 < sizes[1], sizes


main()
