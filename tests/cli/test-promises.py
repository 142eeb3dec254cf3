"""What the edits promise, on files.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from harness import WIDE, disc, fail, luma, main, photo, read_png, report, succeed, wide_profile, write_fill, write_png


def bytes_of(*arguments):
    succeed(*arguments, "-o", "out.png")
    with open("out.png", "rb") as f:
        return f.read()


def outside_is_kept(depth, channels):
    pixels, mask = write_fill(depth, channels)
    for options, reach in ((("--grow", "0", "--feather", "0"), 0), ((), 4 + 4 + 1), (("--grow", "7.5", "--feather", "3"), 12)):
        succeed("fill", "photo.png", "--mask", "mask.png", *options, "-o", "out.png")
        out, chunks = read_png("out.png")
        outside = disc(radius=14 + reach) == 0
        assert out.shape == pixels.shape and chunks[b"IHDR"][8] == depth
        assert (out[outside] == pixels[outside]).all(), "pixels outside the mask have changed"
        assert (out[mask > 0] != pixels[mask > 0]).any(), "nothing was filled"


def test_fill_keeps_outside_8_bit():
    outside_is_kept(8, 3)


def test_fill_keeps_outside_8_bit_alpha():
    outside_is_kept(8, 4)


def test_fill_keeps_outside_16_bit():
    outside_is_kept(16, 3)


def test_fill_keeps_outside_16_bit_alpha():
    outside_is_kept(16, 4)


def test_fill_keeps_outside_gray():
    outside_is_kept(8, 1)
    outside_is_kept(16, 2)


def test_fill_keeps_outside_in_webp():
    pixels, mask = write_fill(8, 4)
    pixels[..., 3] = 255
    Image.fromarray(pixels).save("photo.webp", lossless=True, exact=True)
    succeed("fill", "photo.webp", "--mask", "mask.png", "-o", "out.webp")
    out, outside = np.asarray(Image.open("out.webp").convert("RGB")), disc(radius=14 + 9) == 0
    assert (out[outside] == pixels[outside][:, :3]).all()


def halves():
    """A photo, red on the left and blue on the right, with a hole in the middle, and masks of both halves."""
    pixels = np.zeros((120, 200, 3), np.uint8)
    pixels[:] = np.random.RandomState(1).randint(0, 40, (120, 200, 1))
    pixels[:, :100, 0] += 180
    pixels[:, 100:, 2] += 180
    mask, left = np.zeros((120, 200), np.uint8), np.zeros((120, 200), np.uint8)
    mask[40:80, 75:125] = 255
    left[:, :70] = 255
    for name, picture in (("photo", pixels), ("mask", mask), ("left", left), ("right", left[:, ::-1])):
        write_png(name + ".png", picture)
    return mask > 0


def blueness(hole, *options):
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "out.png", "--grow", "0", "--feather", "0", *options)
    inside = read_png("out.png")[0][50:70, 85:115].astype(int)
    return (inside[..., 2] - inside[..., 0]).mean()


def test_fill_copies_from_where_it_is_told():
    hole = halves()
    assert blueness(hole, "--from", "left.png") < -60
    assert blueness(hole, "--from", "right.png") > 60
    assert blueness(hole, "--not-from", "left.png") > blueness(hole, "--not-from", "right.png") + 60


def test_fill_with_a_surface():
    """The hole becomes of another picture, or a part of it, and of nothing else."""
    hole = halves()
    other = np.zeros((60, 90, 3), np.uint8)
    other[:] = np.random.RandomState(2).randint(0, 60, (60, 90, 1))
    other[:, :30, 1] += 180
    write_png("other:1.png", other)
    succeed("fill", "photo.png", "--mask", "mask.png", "--surface", "other:1.png:0,0,30,60", "-o", "out.png", "--grow", "0")
    inside = read_png("out.png")[0][50:70, 85:115].astype(int)
    assert (inside[..., 1] - inside[..., [0, 2]].max(axis=-1)).min() > 80
    fail(1, "one --surface, not with 2", "fill", "photo.png", "--mask", "mask.png", "--surface", "a.png", "--surface", "b.png", "-o", "out.png")
    fail(1, "5,5,99,9 reaches out of the picture, which is 90 x 60", "fill", "photo.png", "--mask", "mask.png", "--surface",
         "other:1.png:5,5,99,9", "-o", "out.png")
    fail(1, "at least 16 pixels", "fill", "photo.png", "--mask", "mask.png", "--surface", "other:1.png:0,0,9,40", "-o", "out.png")


def test_fill_with_nothing_to_copy_says_so():
    halves()
    Image.fromarray(np.full((120, 200), 255, np.uint8)).save("all.png")
    fail(2, "let more of the photo be copied", "fill", "photo.png", "--mask", "mask.png", "--not-from", "all.png", "-o", "out.png")


def test_hidden_colours_never_show():
    """What is under alpha 0 makes no difference to what is seen."""
    pixels, mask = write_fill(8, 4)
    y, x = np.mgrid[:mask.shape[0], :mask.shape[1]]
    hidden = (x + y) % 97 < 40
    edits = ("fill", "--mask", "mask.png"), ("colorize",), ("upscale", "--scale", "2"), ("upscale", "--scale", "3", "--denoise", "0.5")
    for edit, *options in edits:
        results = []
        for colour in (0, 0, 0), (20, 240, 30):
            pixels[..., 3] = np.where(hidden & (mask == 0), 0, 255)
            pixels[pixels[..., 3] == 0, :3] = colour
            write_png("photo.png", pixels)
            succeed(edit, "photo.png", *options, "-o", "out.png")
            results.append(read_png("out.png")[0].astype(int))
        assert (results[0][..., 3] == results[1][..., 3]).all(), edit
        assert (results[0] - results[1])[results[0][..., 3] > 0].max() == 0, edit


def test_wide_gamut_is_kept():
    """Patches outside of sRGB keep their numbers, filled and enlarged, and so do averages."""
    colours = np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255), (10, 200, 40), (240, 90, 0)])
    pixels = np.repeat(np.repeat(colours.reshape(2, 4, 3), 40, axis=0), 40, axis=1).astype(np.uint8)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[12:28, 12:28] = mask[52:68, 132:148] = 255
    Image.fromarray(mask).save("mask.png")
    paint = np.zeros((*mask.shape, 4), np.uint8)
    paint[12:28, 12:28] = 255
    Image.fromarray(paint).save("paint.png")
    for name in WIDE:
        Image.fromarray(pixels).save("photo.png", icc_profile=wide_profile(name))
        succeed("fill", "photo.png", "--mask", "mask.png", "-o", "out.png")
        filled = Image.open("out.png")
        assert filled.info["icc_profile"] == wide_profile(name)
        error = np.abs(np.asarray(filled.convert("RGB")).astype(int) - pixels).max()
        assert error <= 2, "%s: filled to within %d" % (name, error)
        for scale in 2, 3:
            succeed("upscale", "photo.png", "--scale", scale, "--denoise", "0", "-o", "out.png")
            large = np.asarray(Image.open("out.png").convert("RGB")).astype(float)
            average = large.reshape(80, scale, 160, scale, 3).mean(axis=(1, 3))
            error = np.abs(average - pixels).max()
            assert error <= 0.5, "%s, %d times as large: averages differ by %.2f" % (name, scale, error)
        succeed("fill", "photo.png", "--mask", "mask.png", "--paint", "paint.png", "-o", "out.png")
        white = np.asarray(Image.open("out.png").convert("RGB"))[18:22, 18:22].astype(int)
        assert white.min() >= 235, "%s: paint is %d" % (name, white.min())


def test_colorize_of_wide_gamut_is_not_richer():
    """The colours that the network finds are sRGB's, in whatever space they are written."""
    write_png("photo.png", luma(photo(64, 48)).round().astype(np.uint8)[..., None])
    gray = Image.open("photo.png").convert("L")
    seen = {}
    for name in (None, "Display P3", "Adobe RGB"):
        gray.convert("RGB").save("photo.png", **({"icc_profile": wide_profile(name)} if name else {}))
        succeed("colorize", "photo.png", "-o", "out.png")
        out = Image.open("out.png").convert("RGB")
        if name:
            with open("wide.icc", "wb") as f:
                f.write(wide_profile(name))
            out = ImageCms.profileToProfile(out, "wide.icc", ImageCms.createProfile("sRGB"), renderingIntent=1)
        seen[name] = np.ptp(np.asarray(out).astype(float), axis=2).mean()
    for name in seen:
        assert abs(seen[name] - seen[None]) < 0.15 * seen[None] + 1.5, seen


def test_fill_keeps_profile_text_and_resolution():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    chunks = ((b"iCCP", b"made by hand\0\0" + zlib.compress(profile)), (b"pHYs", struct.pack(">IIB", 11811, 11811, 1)),
              (b"tEXt", b"Comment\0a hand made picture"))
    write_fill()
    write_png("photo.png", photo(), chunks=chunks)
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "out.png")
    out, kept = read_png("out.png")
    outside = disc(radius=14 + 9) == 0
    assert (out[outside] == photo()[outside]).all()
    assert zlib.decompress(kept[b"iCCP"].split(b"\0", 1)[1][1:]) == profile
    assert struct.unpack(">II", kept[b"pHYs"][:8]) == (11811, 11811)
    assert any(b"a hand made picture" in body for body in kept.values())


def test_fill_follows_paint():
    pixels, mask = write_fill()
    paint = np.zeros((80, 96, 4), np.uint8)
    paint[mask > 0] = (220, 40, 40, 255)
    write_png("paint.png", paint)
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "plain.png")
    succeed("fill", "photo.png", "--mask", "mask.png", "--paint", "paint.png", "-o", "out.png")
    redness = [np.diff(read_png(name)[0][mask > 0][:, 1::-1]).mean() for name in ("plain.png", "out.png")]
    assert redness[1] > redness[0] + 5, redness


def test_colorize_keeps_luma():
    for depth, channels in ((8, 1), (8, 3), (16, 3)):
        pixels = photo(channels=channels, depth=depth)
        write_png("photo.png", pixels)
        succeed("colorize", "photo.png", "-o", "out.png")
        out, _ = read_png("out.png")
        before = luma(pixels.astype(float)) if channels == 3 else pixels[..., 0].astype(float)
        assert np.abs(luma(out) - before).max() <= 1.0, np.abs(luma(out) - before).max()
        assert channels == 3 or np.ptp(out, axis=2).max() > 0, "no colour at all"


def test_colorize_keeps_alpha():
    pixels, _ = write_fill(8, 4)
    succeed("colorize", "photo.png", "-o", "out.png")
    assert (read_png("out.png")[0][..., 3] == pixels[..., 3]).all()


def test_colorize_only_where_the_mask_is_white():
    pixels, mask = write_fill()
    succeed("colorize", "photo.png", "--mask", "mask.png", "-o", "out.png")
    out, _ = read_png("out.png")
    assert (out[mask == 0] == pixels[mask == 0]).all() and (out[mask > 0] != pixels[mask > 0]).any()


def test_colorize_without_saturation_is_gray():
    write_png("photo.png", photo())
    succeed("colorize", "photo.png", "--saturation", "0", "-o", "out.png")
    assert np.ptp(read_png("out.png")[0], axis=2).max() <= 1


def test_colorize_follows_hints():
    write_png("photo.png", photo(channels=1))
    hints = np.zeros((80, 96, 4), np.uint8)
    hints[30:50, 40:56] = (40, 90, 220, 255)
    write_png("hints.png", hints)
    succeed("colorize", "photo.png", "--hints", "hints.png", "-o", "out.png")
    there = read_png("out.png")[0][34:46, 44:52].reshape(-1, 3).mean(0)
    assert there[2] > there[0] + 40, there


def test_upscale_is_faithful():
    for scale in (2, 3, 4, 8):
        pixels = photo(40, 34)
        write_png("photo.png", pixels)
        succeed("upscale", "photo.png", "--scale", scale, "-o", "out.png")
        out, _ = read_png("out.png")
        back = out.reshape(34, scale, 40, scale, 3).mean((1, 3))
        assert np.abs(back - pixels).max() <= 0.51, (scale, np.abs(back - pixels).max())


def test_upscale_keeps_16_bit_and_alpha():
    pixels = photo(40, 34, 4, 16)
    write_png("photo.png", pixels)
    succeed("upscale", "photo.png", "--scale", "2", "-o", "out.png")
    out, _ = read_png("out.png")
    assert out.shape == (68, 80, 4)
    back = out[..., :3].reshape(34, 2, 40, 2, 3).mean((1, 3))
    assert np.abs(back - pixels[..., :3]).max() <= 1.0


def test_denoise_changes_the_average():
    write_png("photo.png", photo(40, 34))
    plain = bytes_of("upscale", "photo.png", "--scale", "2")
    assert bytes_of("upscale", "photo.png", "--scale", "2", "--denoise", "auto") == plain
    assert bytes_of("upscale", "photo.png", "--scale", "2", "--denoise", "1") != plain
    assert bytes_of("upscale", "photo.png", "--scale", "2", "--no-faithful") != plain


def same_for_threads(*arguments):
    one = bytes_of(*arguments, "--seed", "5", "--threads", "1")
    assert bytes_of(*arguments, "--seed", "5", "--threads", "2") == one
    assert bytes_of(*arguments, "--seed", "5", "--threads", "3", "--steps", "1") == one
    return one


def test_fill_is_reproducible():
    write_fill()
    same_for_threads("fill", "photo.png", "--mask", "mask.png")


def test_colorize_is_reproducible():
    write_png("photo.png", photo(channels=1))
    one = same_for_threads("colorize", "photo.png")
    assert bytes_of("colorize", "photo.png", "--seed", "6") != one
    assert bytes_of("colorize", "photo.png", "--seed", "5", "--steps", "2") != one


def test_sketch_is_reproducible():
    write_png("paint.png", photo(channels=4))
    one = same_for_threads("sketch", "--paint", "paint.png", "--size", "96")
    assert bytes_of("sketch", "--paint", "paint.png", "--size", "96", "--seed", "6") != one
    assert bytes_of("sketch", "--paint", "paint.png", "--size", "96", "--seed", "5", "--freedom", "1") != one


def test_upscale_is_reproducible():
    write_png("photo.png", photo(70, 50))
    same_for_threads("upscale", "photo.png", "--scale", "4")


def test_mix_of_two_seeds():
    write_png("photo.png", photo(channels=1))
    a, b = bytes_of("colorize", "photo.png", "--seed", "1"), bytes_of("colorize", "photo.png", "--seed", "2")
    both = ("colorize", "photo.png", "--seed", "1", "--seed-b", "2", "--mix")
    assert bytes_of(*both, "0") == a
    assert bytes_of(*both, "0.5") not in (a, b)
    succeed(*both, "1", "-o", "out.png")
    end = read_png("out.png")[0]
    succeed("colorize", "photo.png", "--seed", "2", "-o", "out.png")
    assert np.abs(end - read_png("out.png")[0]).max() <= 1


def test_two_steps_are_two_evaluations():
    write_png("photo.png", photo(channels=1))
    one = report("colorize", "photo.png", "-o", "out.png")["evaluations"]
    assert report("colorize", "photo.png", "--steps", "2", "-o", "out.png")["evaluations"] == 2 * one == 2


def test_select_finds_the_outline():
    """A red disc on green: from a loop around it, and from a stroke on it; what is outside is put right."""
    y, x = np.mgrid[:160, :200]
    distance = np.hypot(y - 80, x - 110)
    picture = np.where(distance[..., None] < 40, (200, 40, 30), (40, 150, 60)) + (x * 7 + y * 13)[..., None] % 20
    write_png("photo.png", picture.astype(np.uint8))
    write_png("loop.png", (np.hypot(y - 84, x - 104) < 65).astype(np.uint8) * 255)
    write_png("inside.png", ((abs(y - 80) < 3) & (abs(x - 110) < 20)).astype(np.uint8) * 255)
    write_png("outside.png", ((abs(y - 80) < 3) & (abs(x - 140) < 5)).astype(np.uint8) * 255)
    for told in (("--loop", "loop.png"), ("--inside", "inside.png")):
        assert report("select", "photo.png", *told, "-o", "mask.png")["size"] == [200, 160]
        found = read_png("mask.png")[0].reshape(160, 200, -1)[..., 0] >= 128
        assert (found & (distance < 40)).sum() > 0.97 * (found | (distance < 40)).sum(), told
    succeed("select", "photo.png", "-q", "--inside", "inside.png", "--outside", "outside.png", "-o", "mask.png")
    assert not (read_png("mask.png")[0].reshape(160, 200, -1)[..., 0][80, 138:142]).any()
    fail(1, "give a --loop around it, or a stroke --inside it", "select", "photo.png", "--outside", "outside.png", "-o", "mask2.png")


main()
