"""What the quality report asks: held-out photos, and made from each what a person would hand the editor. The same for every run."""
import csv
import hashlib
import importlib.util
import io
import os
import tarfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DOTS, DOT = 12, 3                                   # colour dots a picture, and their radius in pixels
COLOURS = 10                                        # of the rough paint
# Sheets are published, so they show only photos whose licence is one of these, and name where they come from.
OPEN = ("CC0", "CC-BY", "public domain", "MIT", "GPL", "CC BY", "Apache")


# Photos of other sources than any trained on: those that scikit-image comes with (CC0 or public domain, see README.txt beside them).
_FOUND = importlib.util.find_spec("skimage")
SKIMAGE = os.path.join(os.path.dirname(_FOUND.origin), "data") if _FOUND else ""
LARGE = ("astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "grass.png", "gravel.png", "rocket.jpg")


def order(name):
    """A fixed number that shuffles names."""
    return hashlib.sha1(name.encode()).hexdigest()


def heldout(pack, table, prefix, count):
    """The first `count` photos that the table holds out of shards whose names begin with prefix (or one of several, with commas between),
    one picture a photograph, in a fixed shuffled order: list of (name, (H, W, 3) bytes, origin, licence)."""
    with open(table, newline="") as f:
        wanted = {(r["shard"], r["name"]) for r in csv.DictReader(f, delimiter="\t") if r["shard"].startswith(tuple(prefix.split(",")))}
    about = {}
    if os.path.exists(os.path.join(pack, "MANIFEST.tsv")):
        with open(os.path.join(pack, "MANIFEST.tsv"), newline="") as f:
            about = {(r["shard"], r["name"]): r for r in csv.DictReader(f, delimiter="\t")}
    chosen, photographs = [], set()
    for shard, name in sorted(wanted, key=lambda k: order("/".join(k))):
        row = about.get((shard, name), {})
        origin = " ".join(v for v in (row.get("source"), row.get("path", name).split("#")[0]) if v)
        if origin not in photographs and len(chosen) < count:
            photographs.add(origin)
            chosen.append((shard, name, origin, row.get("licence", "")))
    pictures = {}
    for shard in {c[0] for c in chosen}:
        names = {c[1] for c in chosen if c[0] == shard}
        with tarfile.open(os.path.join(pack, shard)) as tar:
            for member in tar:
                if member.name in names:
                    with Image.open(io.BytesIO(tar.extractfile(member).read())) as im:
                        pictures[shard, member.name] = np.array(im.convert("RGB"))
    return [(f"{s[:-4]}-{n.split('.')[0]}", pictures[s, n], origin, licence) for s, n, origin, licence in chosen]


def folder(path, side=512):
    """The photographs of a folder (of scikit-image's: those of LARGE), halved when more than twice that and cropped to at most `side`
    pixels a side: as heldout()."""
    out = []
    for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
        if path == SKIMAGE and name not in LARGE:
            continue
        try:
            with Image.open(os.path.join(path, name)) as im:
                im = im.convert("RGB")
        except OSError:
            continue
        if min(im.size) > 2 * side:
            im = im.resize((im.width // 2, im.height // 2), Image.LANCZOS)
        x, y = max(0, im.width - side) // 2, max(0, im.height - side) // 2
        out.append((name.split(".")[0], np.array(im.crop((x, y, x + min(side, im.width), y + min(side, im.height)))), name, ""))
    return out


def shown(case):
    """Whether a sheet may show the case."""
    return not case[3] or (case[3].startswith(OPEN) and "nsplash" not in case[3])


def random(name, what):
    return np.random.RandomState(int(order(name + what)[:8], 16))


def hole(name, h, w):
    """A mask as painted by hand (H, W bool): a wobbly blob or a few strokes of a brush, 4 to 18 % of the picture, off the edges."""
    r = random(name, "hole")
    while True:
        im = Image.new("L", (w, h))
        d = ImageDraw.Draw(im)
        s = min(h, w)
        if r.rand() < .5:
            t = np.linspace(0, 2 * np.pi, 90)
            wobble = 1 + .08 * np.sin(3 * t + r.uniform(0, 6)) + .05 * np.sin(7 * t + r.uniform(0, 6))
            a, b = r.uniform(.12, .27, 2) * s
            x, y = r.uniform(.3, .7) * w, r.uniform(.3, .7) * h
            d.polygon(list(zip(x + a * wobble * np.cos(t), y + b * wobble * np.sin(t))), fill=255)
        else:
            for _ in range(r.randint(1, 3)):
                p, a, width = r.uniform(.2, .8, 2) * (w, h), r.uniform(0, 2 * np.pi), r.uniform(.06, .16) * s
                for _ in range(r.randint(3, 7)):
                    a += r.uniform(-.9, .9)
                    q = p + s * r.uniform(.06, .14) * np.array([np.cos(a), np.sin(a)])
                    d.line([tuple(p), tuple(q)], fill=255, width=int(width))
                    d.ellipse([*(q - width / 2), *(q + width / 2)], fill=255)
                    p = q
        m = np.array(im) > 127
        m[:8] = m[-8:] = False
        m[:, :8] = m[:, -8:] = False
        if .04 < m.mean() < .18:
            return m


def thin(name, h, w):
    """What people retouch most, as a mask (H, W bool): of a third of the names lines of 1 to 8 pixels, of a third text, of a third dust."""
    r = random(name, "thin")
    im = Image.new("L", (w, h))
    d = ImageDraw.Draw(im)
    kind = int(order(name)[:4], 16) % 3
    if kind == 0:
        for width in (1, 2, 3, 4, 6, 8):
            p, q, bend, t = r.rand(2) * (w, h), r.rand(2) * (w, h), r.uniform(-.1, .1, 2) * (w, h), np.linspace(0, 1, 30)[:, None]
            d.line([tuple(v) for v in p + (q - p) * t + bend * np.sin(np.pi * t)], fill=255, width=width)
    elif kind == 1:
        words = "a photo under some lines of text such as web pages print over theirs".split()
        small = Image.new("L", (w // 2, h // 2))
        for y in range(8, h // 2 - 12, 24):
            ImageDraw.Draw(small).text((6, y), " ".join(r.permutation(words)), fill=255, font=ImageFont.load_default())
        im = small.resize((w, h), Image.NEAREST)
    else:
        for x, y, s in zip(r.rand(60) * w, r.rand(60) * h, r.choice([.5, 1, 1.5, 2, 3, 4, 5], 60)):
            d.ellipse([x - s, y - s * .8, x + s, y + s * .8], fill=255)
    return np.array(im) > 127


def dots(name, truth):
    """Colour dots as a person would pick them: (H, W, 4) bytes, transparent but for DOTS discs of the photo's mean colour there."""
    h, w = truth.shape[:2]
    r = random(name, "dots")
    out = np.zeros((h, w, 4), np.uint8)
    yy, xx = np.mgrid[:h, :w]
    for i in range(DOTS):                           # one somewhere in each field of a 4 x 3 grid
        y, x = int((i // 4 + r.uniform(.2, .8)) * h / 3), int((i % 4 + r.uniform(.2, .8)) * w / 4)
        disc = (yy - y) ** 2 + (xx - x) ** 2 <= DOT ** 2
        out[disc] = [*truth[disc].mean(0).round(), 255]
    return out


def paint(truth):
    """Rough paint: the photo in a few flat colours, without its details."""
    im = Image.fromarray(truth).filter(ImageFilter.GaussianBlur(truth.shape[0] / 50))
    im = im.quantize(COLOURS, kmeans=3).filter(ImageFilter.ModeFilter(9)).convert("RGB")
    return np.array(im)


def pencil(truth):
    """Lines where the photo grows darker than its surroundings: (H, W) bytes, 0 = ink on 255."""
    g = Image.fromarray(truth).convert("L")
    d = np.asarray(g.filter(ImageFilter.GaussianBlur(.8)), np.float64) - np.asarray(g.filter(ImageFilter.GaussianBlur(1.6)), np.float64)
    return (255 - 255 / (1 + np.exp((d + 5) * .9))).round().astype(np.uint8)


def gray(truth):
    """The photo's luma (BT.601), as three equal channels."""
    return np.array(Image.fromarray(truth).convert("L").convert("RGB"))


def reduced(truth, how):
    """The photo at a quarter of its size: "area" (means of 4 x 4 pixels, as a camera's sensor sees) or "bicubic"."""
    im = Image.fromarray(truth)
    size = (im.width // 4, im.height // 4)
    return np.array(im.resize(size, Image.BOX if how == "area" else Image.BICUBIC))


def worn(name, picture):
    """The picture as cameras and the web leave it: with noise (half of the names; standard deviation 6 to 16 levels), or saved as a
    JPEG of quality 30 to 60."""
    r = random(name, "worn")
    if r.rand() < .5:
        return np.clip(picture + r.randn(*picture.shape) * r.uniform(6, 16), 0, 255).round().astype(np.uint8)
    blob = io.BytesIO()
    Image.fromarray(picture).save(blob, "JPEG", quality=int(r.randint(30, 61)))
    return np.array(Image.open(blob).convert("RGB"))
