"""Makes small valid files for each target to begin with. seeds.py FOLDER
SPDX-License-Identifier: GPL-3.0-or-later
"""
import io
import json
import os
import struct
import sys
import zipfile

from PIL import Image, PngImagePlugin

SIDE = 24


def picture(mode):
    image = Image.linear_gradient("L").resize((SIDE, SIDE)).convert("RGB")
    image = Image.merge("RGB", (image.getchannel(0), image.getchannel(1).rotate(90), image.getchannel(2).rotate(180)))
    return image.convert(mode)


def exif():
    tags = Image.Exif()
    tags[0x0112], tags[0x011A], tags[0x010E] = 6, 300.0, "a description"
    return tags.tobytes()


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pictures():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "plain")
    texts.add_text("Comment", "packed " * 20, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = picture("L").convert("I;16") if mode == "I;16" else picture("RGBA").convert("LA") if mode == "LA" else picture(mode)
        yield "png-%s" % mode.replace(";", ""), encoded(image, "PNG", pnginfo=texts, dpi=(300, 200))
    for mode in ("L", "RGB", "CMYK"):
        yield "jpeg-" + mode, encoded(picture(mode), "JPEG", quality=80, exif=exif(), dpi=(72, 72), comment="a comment")
        yield "jpeg-progressive-" + mode, encoded(picture(mode), "JPEG", progressive=True, quality=60)
    yield "webp", encoded(picture("RGB"), "WEBP", quality=60, exif=exif())
    yield "webp-lossless", encoded(picture("RGBA"), "WEBP", lossless=True)


def metadata():
    from PIL import ImageCms
    yield "exif", exif()
    yield "profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "gray-text", b"Title\0\0" + __import__("zlib").compress(b"text")
    yield "iptc", b"8BIM\x04\x04\0\0\0\0\0\x0c\x1c\x02\x05\0\x05Title\0"
    yield "iptc-text", b"\niptc\n      10\n1c0202000200021c0205\n"


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "image/openraster")
        for name, data in entries:
            file.writestr(name, data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def documents():
    layer, png = '<layer name="a" src="data/a.png" x="1" y="0.0" opacity="0,5" composite-op="svg:multiply"/>', encoded(picture("RGBA"), "PNG")
    stack = '<image w="24" h="24"><stack>%s<stack opacity="0.5" isolation="isolate">%s%s</stack><text/></stack></image>' % (layer, layer, layer)
    yield "document", archive([("stack.xml", stack), ("data/a.png", png)])
    yield "stack", stack.encode()


def recipes():
    plane = {"width": 20, "height": 30, "data": "mask"}
    layers = [{"name": "n", "x": 1, "y": 2, "visible": True, "opacity": 0.5, "blend": "svg:multiply", "data": "a", "model": "m",
               "recipe": {"task": task, "seed": "18446744073709551615", "seed-b": "3", "mix": 0.5, "steps": 2, "mask": plane, "lines": plane,
                          "paint": plane, "materials": plane, "sources": plane}} for task in ("fill", "colorize", "sketch", "upscale")]
    whole = {"limn-recipe": 4, "sketch": True, "photo": "p", "layers": layers, "planes": {"mask": "mask", "paint": "paint"},
             "scenery": {"horizon": 0.5, "sun-x": 1, "sun-y": 0}, "dots": [{"x": 1, "y": 2, "radius": 3, "color": "#ff00aa"}]}
    yield "recipe", json.dumps(whole).encode()
    yield "recipe-1", json.dumps(dict(whole, **{"limn-recipe": 1, "layers": []})).encode()


def kept():
    """A picture of 2 x 2 pixels: magic, size of the header, the header as GVariant serialises it, rows at the next block."""
    header = struct.pack("<QQQdd?", 2, 2, 8, 0, 0, True) + b"\0" + b"\0" * 64
    head = b"LimnPic2" + struct.pack("<Q", len(header)) + header
    yield "picture", head + b"\0" * (16384 - len(head)) + bytes(range(16))


def weights():
    config = {"in_channels": 3, "out_channels": 3, "sample_size": 64, "block_out_channels": [32, 64], "layers_per_block": 2,
              "down_block_types": ["DownBlock2D", "AttnDownBlock2D"], "up_block_types": ["AttnUpBlock2D", "UpBlock2D"], "norm_num_groups": 32}
    limn = {"role": "base", "parametrisation": "limn-anchor", "sigma": [0.002, 80, 0.5], "space_to_depth": 1, "size": 64, "version": 6}
    header = json.dumps({"__metadata__": {"config": json.dumps(config), "limn": json.dumps(limn)},
                         "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
                         "b": {"dtype": "F16", "shape": [4], "data_offsets": [16, 24]}}).encode()
    yield "weights", struct.pack("<Q", len(header)) + header + bytes(24)
    yield "config", json.dumps(config).encode()
    yield "metadata", json.dumps(limn).encode()


def main(folder):
    for target, files in (("picture", pictures), ("metadata", metadata), ("ora", documents), ("recipe", recipes), ("autosave", kept),
                          ("weights", weights)):
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        for name, data in files():
            with open(os.path.join(folder, target, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main(sys.argv[1])
