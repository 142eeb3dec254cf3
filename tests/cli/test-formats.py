"""TIFF, HEIC, AVIF and JPEG XL: read, written, and refused where it must be. What Limn was built without is skipped.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import io
import os
import shutil
import struct
import subprocess

import numpy as np
from PIL import Image, ImageCms

from harness import SANITIZED, Skip, fail, main, photo, read_png, run, succeed, write_png


def need(ending):
    """Skips where the format isn't built in."""
    write_png("try.png", photo())
    status, _, err = run("convert", "try.png", "-o", "try." + ending)
    if status == 1 and "should end in" in err:
        raise Skip("built without " + ending)
    if "isn't installed" in err:
        raise Skip("no encoder of " + ending)


def program(name):
    if not shutil.which(name):
        raise Skip(name + " is not installed")
    return name


def as_png(path):
    """The picture at path, read by limn-cli: [height, width, channels]."""
    succeed("convert", path, "-o", "as.png", "-q")
    return read_png("as.png")[0]


def difference(a, b):
    return abs(a.astype(float) - b.astype(float)).mean()


def smooth(channels=3, depth=8):
    """A picture that lossy formats keep well."""
    y, x = np.mgrid[0:80, 0:96]
    most = 2 ** depth - 1
    planes = [most * (.5 + .4 * np.sin(x / 30 + c) * np.cos(y / 25)) for c in range(channels)]
    return np.stack(planes, -1).astype(np.uint8 if depth == 8 else np.uint16)


def profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


# ---------------------------------------------------------------- TIFF

def test_tiff_keeps_every_value():
    need("tif")
    for channels in (1, 2, 3, 4):
        for depth in (8, 16):
            pixels = photo(channels=channels, depth=depth)
            write_png("in.png", pixels)
            succeed("convert", "in.png", "-o", "out.tif", "-q")
            assert (as_png("out.tif").squeeze() == pixels.squeeze()).all(), (channels, depth)


def test_tiff_of_others():
    need("tif")
    rgb = photo()
    image = Image.fromarray(rgb)
    for mode, options in (("RGB", {"compression": "tiff_lzw"}), ("RGB", {"compression": "packbits"}), ("L", {}), ("RGBA", {}), ("LA", {})):
        other = image.convert(mode)
        other.save("in.tif", **options)
        assert (as_png("in.tif").squeeze() == np.asarray(other)).all(), mode
    image.quantize(64).save("in.tif")
    assert (as_png("in.tif") == np.asarray(image.quantize(64).convert("RGB"))).all()
    image.convert("1").save("in.tif", compression="group4")
    assert set(np.unique(as_png("in.tif"))) == {0, 255}
    image.convert("CMYK").save("in.tif")
    assert difference(as_png("in.tif"), rgb) < 12
    image.save("in.tif", compression="jpeg", quality=95)
    assert difference(as_png("in.tif"), rgb) < 6


def test_tiff_in_tiles_and_planes():
    need("tif")
    program("tiffcp")
    for depth in (8, 16):
        pixels = photo(depth=depth)
        write_png("in.png", pixels)
        succeed("convert", "in.png", "-o", "in.tif", "-q")
        for options in (["-t", "-w", "32", "-l", "16"], ["-p", "separate"], ["-p", "separate", "-t", "-w", "32", "-l", "16"], ["-B"], ["-L"]):
            if depth == 16 and "-p" in options:
                continue                                # tiffcp can't
            subprocess.run(["tiffcp", "-c", "lzw", *options, "in.tif", "other.tif"], check=True, capture_output=True)
            assert (as_png("other.tif") == pixels).all(), (depth, options)


def test_tiff_is_turned_and_keeps_its_profile():
    need("tif")
    rgb, icc = photo(), profile()
    Image.fromarray(rgb).save("in.tif", tiffinfo={274: 6}, icc_profile=icc, dpi=(300, 300))
    assert (as_png("in.tif") == np.rot90(rgb, -1)).all()
    succeed("convert", "in.tif", "-o", "out.tif", "-q")
    with Image.open("out.tif") as out:
        assert out.size == (80, 96) and out.info["icc_profile"] == icc
        assert out.tag_v2.get(274, 1) == 1 and abs(out.info["dpi"][0] - 300) < .5


def directory(order, entries, at):
    """A TIFF directory at this place of its file: its bytes and those of the values behind it. entries: (tag, type, count, value's bytes)."""
    values, place = b"", at + 2 + 12 * len(entries) + 4
    out = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        out += struct.pack(order + "HHI", tag, kind, count)
        if len(value) <= 4:
            out += value.ljust(4, b"\0")
        else:
            out += struct.pack(order + "I", place + len(values))
            values += value + b"\0" * (len(value) % 2)
    return out + b"\0" * 4 + values


def tiff_of_a_camera(order):
    """A gray TIFF of 4 x 4 pixels with what a camera tells, in directories of EXIF and GPS. order: of struct, < or >."""
    short, long, ratio = (lambda *n: struct.pack(order + "%dH" % len(n), *n)), (lambda n: struct.pack(order + "I", n)), (
        lambda *n: struct.pack(order + "%dI" % len(n), *n))
    at_exif, at_gps, at_pixels, caption = 1000, 1400, 1800, b"\x1c\x02\x78\0\x04Haus"
    photoshop = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(caption)) + caption + b"\0"
    main_directory = directory(order, [
        (256, 4, 1, long(4)), (257, 4, 1, long(4)), (258, 3, 1, short(8)), (259, 3, 1, short(1)), (262, 3, 1, short(1)),
        (271, 2, 7, b"Camera\0"), (273, 4, 1, long(at_pixels)), (277, 3, 1, short(1)), (278, 4, 1, long(4)), (279, 4, 1, long(16)),
        (306, 2, 20, b"2026:11:24 12:00:00\0"), (34377, 1, len(photoshop), photoshop), (34665, 4, 1, long(at_exif)),
        (34853, 4, 1, long(at_gps))], 8)
    exif = directory(order, [(33434, 5, 1, ratio(1, 125)), (34855, 3, 1, short(400)), (40962, 4, 1, long(4)), (65000, 3, 3, short(1, 2, 3))], at_exif)
    gps = directory(order, [(1, 2, 2, b"N\0"), (2, 5, 3, ratio(52, 1, 31, 1, 12, 1))], at_gps)
    file = ({"<": b"II", ">": b"MM"}[order] + short(42) + long(8) + main_directory).ljust(at_exif, b"\0") + exif
    return (file.ljust(at_gps, b"\0") + gps).ljust(at_pixels, b"\0") + bytes(range(0, 160, 10))


def camera_of(path):
    """What of it a picture still tells."""
    with Image.open(path) as picture:
        exif = picture.getexif()
        inner, gps = exif.get_ifd(34665), exif.get_ifd(34853)
        return {"make": exif.get(271), "time": exif.get(306), "exposure": float(inner.get(33434, 0)), "speed": inner.get(34855),
                "width": inner.get(40962), "private": inner.get(65000), "north": gps.get(1), "degrees": tuple(map(float, gps.get(2, ())))}


def test_tiff_keeps_what_the_camera_tells():
    need("tif")
    expected = {"make": "Camera", "time": "2026:11:24 12:00:00", "exposure": 1 / 125, "speed": 400, "width": 4, "private": (1, 2, 3), "north": "N",
                "degrees": (52, 31, 12)}
    for order in "<>":
        open("in.tif", "wb").write(tiff_of_a_camera(order))
        succeed("convert", "in.tif", "-o", "out.tif", "-q")
        succeed("convert", "out.tif", "-o", "out.jpg", "-q")
        succeed("convert", "out.jpg", "-o", "back.tif", "-q")
        for name in ("out.tif", "out.jpg", "back.tif"):
            assert camera_of(name) == expected, (order, name, camera_of(name))
            assert b"\x1c\x02\x78\0\x04Haus" in open(name, "rb").read(), name
        assert (as_png("out.tif")[..., 0].ravel() == np.arange(0, 160, 10)).all()
        succeed("upscale", "out.tif", "--scale", 2, "-o", "large.tif", "-q")
        assert camera_of("large.tif") == dict(expected, width=8)


def test_tiff_whose_directories_are_damaged_is_read_without_them():
    need("tif")
    whole = tiff_of_a_camera("<")
    at = whole.index(struct.pack("<HHI", 34665, 4, 1)) + 8
    for place in (0, 7, 8, 2000, 2 ** 31, 2 ** 32 - 1):  # nowhere, in the head, the main directory, pixels, outside
        open("in.tif", "wb").write(whole[:at] + struct.pack("<I", place) + whole[at + 4:])
        succeed("convert", "in.tif", "-o", "out.tif", "-q")
        assert camera_of("out.tif")["make"] == "Camera"
        assert (as_png("out.tif")[..., 0].ravel() == np.arange(0, 160, 10)).all()


def test_of_several_pages_the_first_is_taken_and_told():
    need("tif")
    pages = [Image.fromarray(photo(seed=s)) for s in (1, 2, 3)]
    pages[0].save("in.tif", save_all=True, append_images=pages[1:])
    status, _, err = run("convert", "in.tif", "-o", "out.png")
    assert status == 0 and "has 3 pictures; the first" in err, err
    assert (read_png("out.png")[0] == photo(seed=1)).all()


def test_tiff_that_cannot_be_read():
    need("tif")
    Image.fromarray(photo(channels=1).astype(np.float32)[..., 0]).save("in.tif")
    fail(2, "8 or 16 bits", "convert", "in.tif", "-o", "out.png")
    Image.fromarray(photo()).save("good.tif")
    data = open("good.tif", "rb").read()
    for size in (8, 100, len(data) // 2):
        open("in.tif", "wb").write(data[:size])
        fail(2, "in.tif is", "convert", "in.tif", "-o", "out.png")


# ---------------------------------------------------------------- AVIF, HEIC

def test_avif_there_and_back():
    need("avif")
    for channels in (3, 4):
        for depth in (8, 16):
            pixels = smooth(channels, depth)
            write_png("in.png", pixels)
            succeed("convert", "in.png", "-o", "out.avif", "--quality", 95, "-q")
            back = as_png("out.avif")
            assert back.shape == pixels.shape and difference(back, pixels) < (3 if depth == 8 else 3 * 257), (channels, depth, back.shape)


def test_metadata_goes_through_avif_and_jpeg_xl():
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x0112] = 6
    Image.fromarray(smooth()).save("in.jpg", exif=exif, icc_profile=profile(), quality=95)
    for ending in ("avif", "jxl"):
        need(ending)
        succeed("convert", "in.jpg", "-o", "out." + ending, "-q")
        succeed("convert", "out." + ending, "-o", "back.jpg", "-q")
        with Image.open("back.jpg") as back:
            assert back.size == (80, 96) and back.getexif()[0x010F] == "Maker" and back.getexif().get(0x0112, 1) == 1, ending
            assert back.info.get("icc_profile"), ending


def test_heic_is_read_and_not_written():
    need("avif")
    program("heif-enc")
    rgb = smooth()
    write_png("in.png", rgb)
    done = subprocess.run(["heif-enc", "-q", "95", "in.png", "-o", "in.heic"], capture_output=True)
    if done.returncode:
        raise Skip("heif-enc has no encoder")
    assert difference(as_png("in.heic"), rgb) < 3
    fail(1, "should end in one of", "convert", "in.png", "-o", "out.heic")
    data = open("in.heic", "rb").read()
    for size in (20, len(data) // 2):
        open("cut.heic", "wb").write(data[:size])
        fail(2, "cut.heic is", "convert", "cut.heic", "-o", "out.png")


# ---------------------------------------------------------------- JPEG XL

def test_jpeg_xl_there_and_back():
    need("jxl")
    for channels in (1, 3, 4):
        for depth in (8, 16):
            pixels = smooth(channels, depth)
            write_png("in.png", pixels)
            succeed("convert", "in.png", "-o", "out.jxl", "--quality", 95, "-q")
            back = as_png("out.jxl")
            assert back.squeeze().shape == pixels.squeeze().shape, (channels, depth, back.shape)
            assert difference(back.squeeze(), pixels.squeeze()) < (2 if depth == 8 else 2 * 257), (channels, depth)
    data = open("out.jxl", "rb").read()
    open("cut.jxl", "wb").write(data[:len(data) // 2])
    if not SANITIZED:                               # then it is read in limn-cli itself, and the library speaks on standard error
        fail(2, "cut.jxl is", "convert", "cut.jxl", "-o", "out.png")


def test_lossless_jpeg_xl_stays_so():
    need("jxl")
    program("cjxl")
    rgb = photo()
    write_png("in.png", rgb)
    subprocess.run(["cjxl", "in.png", "in.jxl", "-d", "0"], check=True, capture_output=True)
    assert (as_png("in.jxl") == rgb).all()
    succeed("convert", "in.jxl", "-o", "out.jxl", "-q")
    assert (as_png("out.jxl") == rgb).all()


# ---------------------------------------------------------------- others

def test_raw_files_are_told_what_to_do():
    open("in.cr2", "wb").write(b"II*\0\x10\0\0\0CR\x02\0" + bytes(64))
    fail(2, "camera's raw file", "convert", "in.cr2", "-o", "out.png")


def test_an_edit_of_each_format():
    for ending in ("tif", "avif", "jxl"):
        need(ending)
        write_png("in.png", np.repeat(photo(channels=1), 3, 2))
        succeed("convert", "in.png", "-o", "in." + ending, "-q")
        succeed("colorize", "in." + ending, "-o", "out." + ending, "-q")
        assert as_png("out." + ending).shape == (80, 96, 3), ending


if __name__ == "__main__":
    main()
