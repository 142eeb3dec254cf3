"""Makes small files that ask for much, each with how it must end. `bombs.py FOLDER` leaves them in a folder, for trying by hand.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import functools
import io
import json
import os
import struct
import sys
import zipfile
import zlib

from PIL import Image

SIDE = 14142  # a square of almost 200 megapixels, the largest picture there may be
TOO_MUCH = "asks for more memory than a file of its size may"
OPENED = "opened"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@functools.cache
def png(width, height, kind=0, bits=8, extra=b"", cut=False):
    """A PNG of zeros. kind: PNG's colour type. cut: almost all of its pixels are missing."""
    row = b"\0" * ((width * bits * {0: 1, 2: 3, 6: 4}[kind] + 7) // 8 + 1)
    packer, packed, left = zlib.compressobj(9), [], 1 if cut else height
    rows = max(1, (1 << 20) // len(row))
    while left > 0:
        packed.append(packer.compress(row * min(rows, left)))
        left -= rows
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)) + extra +
            chunk(b"IDAT", b"".join(packed) + packer.flush()) + chunk(b"IEND", b""))


@functools.cache
def zeros(megabytes):
    return zlib.compress(b"a" * (megabytes << 20), 9)


def jpeg(side, progressive):
    """A gray JPEG of one colour: after the tables, each block is the same few bits."""
    out = io.BytesIO()
    Image.new("L", (16, 16), 128).save(out, "JPEG", progressive=progressive, optimize=False)
    file = out.getvalue()
    frame = file.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    scan = file.index(b"\xff\xda")
    head = file[:frame + 5] + struct.pack(">HH", side, side) + file[frame + 9:scan + 2 + struct.unpack(">H", file[scan + 2:scan + 4])[0]]
    blocks = ((side + 7) // 8) ** 2
    # A difference of 0 is 00 in the standard table (ITU T.81, K.3), the end of a block 1010 (K.5): four blocks are three bytes.
    bits = b"\0" * (blocks // 4 + 1) if progressive else b"\x28\xa2\x8a" * (blocks // 4 + 1)
    return head + bits + b"\xff\xd9"


def webp(width, height):
    """A lossless WebP of one colour (RFC 9649): five prefix codes of one symbol each, and no bits for the pixels."""
    bits, count = 0, 0
    fields = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (1, 1), (0, 3), (0, 1), (0, 1), (0, 1)] + [(1, 1), (0, 1), (0, 1), (1, 1)] * 5
    for value, size in fields:
        bits |= value << count
        count += size
    data = bits.to_bytes((count + 7) // 8 + 8, "little")
    data += b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 12 + len(data)) + b"WEBPVP8L" + struct.pack("<I", len(data)) + data


def ora(entries, mimetype="image/openraster"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, data in entries:
            archive.writestr(name, data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def stack(width, height, layers):
    return '<?xml version="1.0"?><image version="0.0.3" w="%d" h="%d"><stack>%s</stack></image>' % (width, height, layers)


def layers_of(side, count, layer):
    return stack(side, side, "".join(layer % i if "%d" in layer else layer for i in range(count)))


def recipe(side, layers):
    return json.dumps({"limn-recipe": 4, "photo": "a.png", "dots": [], "planes": {},
                       "layers": [{"name": "", "x": 0, "y": 0, "data": data} for data in layers]})


def pictures():
    texts = b"".join(chunk(b"zTXt", b"K%d\0\0" % i + zeros(31)) for i in range(100))
    yield "60000-by-60000.png", png(60000, 60000, cut=True), "60000 pixels a side and 200 megapixels"
    yield "200-megapixels-of-1-bit.png", png(SIDE, SIDE, 0, 1), OPENED
    yield "200-megapixels-of-16-bits.png", png(SIDE, SIDE, 6, 16), TOO_MUCH
    yield "100-texts.png", png(8, 8, 2, extra=texts), "more texts than the limit of 32 MB"
    yield "profile.png", png(8, 8, 2, extra=chunk(b"iCCP", b"x\0\0" + zeros(100))), OPENED
    yield "200-megapixels.jpg", jpeg(SIDE, False), OPENED
    yield "200-megapixels-progressive.jpg", jpeg(SIDE, True), TOO_MUCH
    yield "200-megapixels.webp", webp(16383, 12207), TOO_MUCH


def documents():
    largest, large, small = png(SIDE, SIDE, 0, 1), png(8000, 8000, 0, 1), png(8, 8, 6)
    groups = '<stack opacity="0.5">' * 20 + '<layer src="a.png"/>' * 2 + '<layer src="a.png"/></stack>' * 20
    yield "20-layers-of-one-picture.ora", ora([("stack.xml", layers_of(SIDE, 20, '<layer src="a.png"/>')), ("a.png", largest)]), OPENED
    yield ("20-layers.ora", ora([("stack.xml", layers_of(SIDE, 20, '<layer src="%d.png"/>'))] + [("%d.png" % i, largest) for i in range(20)]),
           TOO_MUCH)
    yield "9999-layers.ora", ora([("stack.xml", layers_of(4000, 9999, '<layer src="a.png"/>')), ("a.png", png(4000, 4000, 0, 1))]), OPENED
    yield "10001-layers.ora", ora([("stack.xml", layers_of(8, 10001, '<layer src="a.png"/>')), ("a.png", small)]), "more than 10000 layers"
    yield ("60000-entries.ora", ora([("stack.xml", layers_of(8, 9999, '<layer src="z%d.png"/>'))] + [("x%d" % i, "") for i in range(50000)] +
                                    [("z%d.png" % i, small) for i in range(9999)]), OPENED)
    yield "70000-entries.ora", ora([("x%d" % i, "") for i in range(70000)]), "more than 65535 entries"
    yield "groups.ora", ora([("stack.xml", stack(8000, 8000, groups)), ("a.png", large)]), TOO_MUCH
    yield "elements.ora", ora([("stack.xml", '<image w="8" h="8">' + "<a>" * (20 << 20) + "</image>")]), "larger than the limit of 4 MB"
    yield "nested-elements.ora", ora([("stack.xml", '<image w="8" h="8">' + "<a>" * (1 << 20) + "</image>")]), "limit of 64 levels"
    yield "attributes.ora", ora([("stack.xml", '<image w="8" h="8" ' + 'x="" ' * 700000 + "/>")]), "no XML that can be read"
    yield "picture-of-500-mb.ora", ora([("stack.xml", stack(8, 8, '<layer src="a.png"/>')), ("a.png", small + bytes(500 << 20))]), "a.png in it is larger than the limit of 67 MB"
    yield "recipe-of-60-mb.ora", ora([("limn/recipe.json", "[" * (60 << 20))]), "larger than the limit of 8 MB"
    yield "recipe-of-numbers.ora", ora([("limn/recipe.json", "[" + "0," * 3900000 + "0]")]), "damaged"
    yield ("recipe-of-one-picture.ora", ora([("limn/recipe.json", recipe(SIDE, ["a.png"] * 20)), ("a.png", largest)]), OPENED)
    yield ("recipe-of-20-pictures.ora",
           ora([("limn/recipe.json", recipe(SIDE, ["%d.png" % i for i in range(20)])), ("a.png", largest)] +
               [("%d.png" % i, largest) for i in range(20)]), TOO_MUCH)


def weights():
    names = ",".join('"%d":0' % i for i in range(300000))
    for name, length, header, words in (("header-of-1-tb", 1 << 40, "{}", "not a safetensors file"),
                                        ("header-of-16-mb", 16 << 20, " " * (16 << 20), "not a safetensors file"),
                                        ("header-of-brackets", 4000000, "[" * 4000000, "not a JSON object"),
                                        ("header-of-names", len(names) + 2, "{" + names + "}", "is of type")):
        yield name + ".safetensors", struct.pack("<Q", length) + header.encode(), words


def autosaves(folder):
    """Folders as an ended program left them; how they must end."""
    for name, manifest in (("manifest-of-60-mb", '{"limn-autosave":1,"recipe":{"a":[' + "0," * (30 << 20) + "0]}}"),
                           ("manifest-of-brackets", "[" * 1000000)):
        inner = os.path.join(folder, name, "document")
        os.makedirs(inner)
        open(os.path.join(inner, "lock"), "w").close()
        with open(os.path.join(inner, "manifest.json"), "w") as file:
            file.write(manifest)
        yield os.path.join(folder, name), "nothing is found"


def make(folder):
    """(kind, path, words that the answer must have) for each bomb, in folder."""
    for kind, files in (("picture", pictures), ("document", documents), ("weights", weights)):
        for name, data, words in files():
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(data)
            yield kind, path, words
    for path, words in autosaves(folder):
        yield "autosave", path, words


if __name__ == "__main__":
    for kind, path, _ in make(sys.argv[1]):
        print(kind, path)
