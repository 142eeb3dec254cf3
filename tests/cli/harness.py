"""Runs limn-cli and reports in TAP, a test case for each function named test_*.

Environment: LIMN_CLI = the program; LIMN_SOURCE = the source folder; LIMN_SANITIZED = its sanitizers, or none.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import inspect
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import traceback
import zlib

import numpy as np
from PIL import Image

CLI = os.environ["LIMN_CLI"]
SOURCE = os.environ["LIMN_SOURCE"]
MODELS = os.path.join(SOURCE, "resources", "models")
SANITIZED = os.environ.get("LIMN_SANITIZED", "none") != "none"
SECONDS = 300  # a run that takes longer hangs


class Skip(Exception):
    """Raised by a test that can't be made here."""


def run(*arguments, **popen):
    """limn-cli's exit status, standard output and standard error."""
    done = subprocess.run([CLI] + [a if isinstance(a, bytes) else str(a) for a in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=SECONDS, **popen)
    return done.returncode, done.stdout, done.stderr


def succeed(*arguments, **popen):
    """Runs what must succeed without a word on standard error; its standard output."""
    status, out, err = run(*arguments, **popen)
    assert (status, err) == (0, ""), "exit %d: %s" % (status, err)
    return out


def report(*arguments):
    """The JSON report of what must succeed."""
    return json.loads(succeed(arguments[0], "--json", *arguments[1:]))


def fail(status, words, *arguments, **popen):
    """Runs what must fail with status and a sentence that has words (a regular expression) in it, and must not change the folder
    that it runs in."""
    before = snapshot(".")
    got, out, err = run(*arguments, **popen)
    lines = err.splitlines()
    assert got == status, "exit %d instead of %d: %s" % (got, status, err)
    assert out == "", "printed: " + out
    assert lines and lines[0].startswith("limn-cli: ") and lines[0][-1] in ".?", "no sentence: " + err
    assert len(lines) == (2 if status == 1 else 1), "too many lines: " + err
    assert re.search(words, err), "%r is not in: %s" % (words, err)
    assert snapshot(".") == before, "files have changed: %s" % sorted(os.listdir("."))


def snapshot(folder):
    """{name: (size, CRC) of every plain file in folder, or None for what is not one}."""
    return {name: file_sum(os.path.join(folder, name)) for name in os.listdir(folder)}


def file_sum(path):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as f:
        data = f.read()
    return len(data), zlib.crc32(data)


def main():
    tests = [(name, function) for name, function in inspect.getmembers(sys.modules["__main__"], inspect.isfunction)
             if name.startswith("test_")]
    tests.sort(key=lambda test: test[1].__code__.co_firstlineno)
    print("1..%d" % len(tests))
    for number, (name, function) in enumerate(tests, 1):
        title = name[5:].replace("_", " ")
        with tempfile.TemporaryDirectory(prefix="limn-cli-") as folder:
            os.chdir(folder)
            try:
                function()
                print("ok %d %s" % (number, title))
            except Skip as reason:
                print("ok %d %s # SKIP %s" % (number, title, reason))
            except Exception:  # whatever went wrong is this test's failure
                print("not ok %d %s" % (number, title))
                print("# " + traceback.format_exc().strip().replace("\n", "\n# "))
            os.chdir("/")
        sys.stdout.flush()


# ---------------------------------------------------------------- pictures

def photo(width=96, height=80, channels=3, depth=8, seed=1):
    """[height, width, channels] of smooth colours with some grain, away from black and white."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / 9.0 + c) + np.cos(y / (7.0 + c)) for c in range(channels)]
    values = 0.5 + 0.1 * np.stack(waves, -1) + 0.02 * random.standard_normal((height, width, channels))
    most = 2 ** depth - 1
    return (np.clip(values, 0.2, 0.8) * most + 0.5).astype(np.uint8 if depth == 8 else np.uint16)


def disc(width=96, height=80, radius=14):
    """[height, width], 255 inside a disc in the middle."""
    y, x = np.mgrid[0:height, 0:width]
    return np.where((x - width // 2) ** 2 + (y - height // 2) ** 2 <= radius ** 2, 255, 0).astype(np.uint8)


def write_png(path, pixels, size=None, chunks=()):
    """Writes [height, width] or [height, width, 1..4] of uint8 or uint16. size: (width, height) to claim instead of the truth."""
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = pixels.shape
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", *(size or (width, height)), pixels.dtype.itemsize * 8, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n")
        for kind, body in ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(data)), (b"IEND", b"")):
            f.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))


def read_png(path):
    """[height, width, channels] of a PNG of 8 or 16 bits a channel without palette or interlacing, and its chunks {kind: body}."""
    chunks, data, at = {}, open(path, "rb").read(), 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + length]
        at += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    channels = {0: 1, 4: 2, 2: 3, 6: 4}[color]
    if depth == 8:
        return np.asarray(Image.open(path)).reshape(height, width, channels).astype(int), chunks
    step, stride = channels * 2, width * channels * 2
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, stride + 1)
    out = np.zeros((height + 1, stride + step), np.int32)  # a row of zeros above, a pixel of zeros to the left
    for y in range(height):
        unfilter(raw[y, 0], raw[y, 1:].astype(np.int32), out[y], out[y + 1], step)
    pixels = out[1:, step:].astype(np.uint8).tobytes()
    return np.frombuffer(pixels, ">u2").reshape(height, width, channels).astype(int), chunks


def unfilter(kind, line, above, row, step):
    """Undoes a PNG row filter; above and row begin with a pixel of zeros."""
    if kind in (0, 2):
        row[step:] = (line + (above[step:] if kind == 2 else 0)) & 255
        return
    for i in range(len(line)):
        a, b, c = row[i], above[i + step], above[i]
        if kind == 4:
            p = a + b - c
            guess = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        else:
            guess = a if kind == 1 else (a + b) // 2
        row[i + step] = (line[i] + guess) & 255


def write_fill(depth=8, channels=3):
    """photo.png and mask.png in the current folder; their pixels."""
    pixels, mask = photo(channels=channels, depth=depth), disc()
    if channels in (2, 4):
        pixels[..., -1] = np.where(pixels[..., 0] % 3 == 0, pixels[..., -1], 2 ** depth - 1)  # some of it half transparent
    write_png("photo.png", pixels)
    write_png("mask.png", mask)
    return pixels, mask


def luma(rgb):
    return rgb[..., 0] * 0.299 + rgb[..., 1] * 0.587 + rgb[..., 2] * 0.114


def save_jpeg(path, pixels, **options):
    Image.fromarray(pixels).save(path, "JPEG", quality=92, **options)


# Red, green and blue of colour spaces larger than sRGB, as XYZ under D50, and their gamma (Lindbloom, "RGB/XYZ Matrices"; Display P3's
# curve is sRGB's, for which 2.2 stands here).
WIDE = {
    "Display P3": (((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)), 2.2),
    "Adobe RGB": (((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)), 2.2),
    "ProPhoto RGB": (((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491)), 1.8),
}


def wide_profile(name):
    """An ICC profile (ICC.1:2001, a matrix and a gamma)."""
    def xyz(values):
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * v) for v in values))
    colours, gamma = WIDE[name]
    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(256 * gamma), 0)
    text = name.encode() + b"\0"
    tags = [(b"desc", b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(79)),
            (b"cprt", b"text\0\0\0\0" + b"CC0\0"), (b"wtpt", xyz((0.96420, 1, 0.82491)))]
    tags += [(key, xyz(colour)) for key, colour in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colours)]
    tags += [(key, curve) for key in (b"rTRC", b"gTRC", b"bTRC")]
    table, data, at = b"", b"", 132 + 12 * len(tags)
    for key, value in tags:
        value += bytes(-len(value) % 4)
        table += key + struct.pack(">II", at + len(data), len(value))
        data += value
    head = struct.pack(">I4sI4s4s4s12s4s4s24x3i48x", at + len(data), b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp",
                       b"APPL", 63190, 65536, 54061)
    return head + struct.pack(">I", len(tags)) + table + data
