"""Sheets of pictures at 100 %."""
import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 256


def cut(picture, mask):
    """At most SIDE x SIDE pixels of a picture around the middle of the mask: nothing on a sheet is reduced."""
    h, w = picture.shape[:2]
    ys, xs = np.nonzero(mask) if mask is not None else ([h // 2], [w // 2])
    y, x = (int(min(max(0, (min(v) + max(v)) // 2 - SIDE // 2), max(0, n - SIDE))) for v, n in ((ys, h), (xs, w)))
    return picture[y:y + SIDE, x:x + SIDE]


def save(path, rows):
    """Rows of pictures (dicts with the same names), their names above, as one JPEG."""
    font = ImageFont.load_default()
    h, w = (max(p.shape[i] for r in rows for p in r.values()) for i in (0, 1))
    names = list(rows[0])
    head = 6 + 11 * max(1 + name.count(", ") for name in names)
    im = Image.new("RGB", (len(names) * (w + 4) - 4, head + len(rows) * (h + 4) - 4), "white")
    d = ImageDraw.Draw(im)
    for x, name in enumerate(names):
        d.multiline_text((x * (w + 4) + 2, 2), name.replace(", ", "\n"), (0, 0, 0), font, spacing=0)
        for y, row in enumerate(rows):
            im.paste(Image.fromarray(row[name]), (x * (w + 4), head + y * (h + 4)))
    im.save(path, quality=86, optimize=True)
