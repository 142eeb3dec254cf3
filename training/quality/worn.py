"""Photos made old: dust, hairs, scratches, creases, stains and torn corners printed into a photo that has none, and where they are.

What is printed follows what is published of real scans. Ivanova, Williamson and Henderson, "Simulating analogue film damage to analyse and
improve artefact restoration on high-resolution scans" (Eurographics 2023), outlined 12135 artefacts on ten scanned frames: dust is by far
the most common, then dirt, hairs, and scratches the least; areas spread over more than two decades around small ones, as a log-normal
distribution does; artefacts stand in clusters. Creases, torn corners and stains are those that Wan et al., "Bringing old photos back to
life" (CVPR 2020), name for prints; fading and grain are in the ranges given there."""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FINE = 4                                            # shapes are drawn this many times as large
VISIBLE = 16                                        # a pixel is damaged where it changed by more levels than this


class Sheet:
    """Coverage (H, W) in [0, 1] that shapes are drawn on, antialiased."""

    def __init__(self, h, w):
        self.size, self.image = (w, h), Image.new("L", (w * FINE, h * FINE))
        self.draw = ImageDraw.Draw(self.image)

    def blot(self, r, x, y, radius, stretch=1.):
        """An irregular blot around (x, y)."""
        t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        rough = 1 + sum(r.uniform(0, .35 / k) * np.sin(k * t + r.uniform(0, 6.3)) for k in (1, 2, 3, 5))
        a, turn = radius * rough, r.uniform(0, np.pi)
        u, v = a * np.cos(t) * stretch, a * np.sin(t) / stretch
        points = np.stack([x + u * np.cos(turn) - v * np.sin(turn), y + u * np.sin(turn) + v * np.cos(turn)], 1)
        self.draw.polygon([tuple(p * FINE) for p in points], fill=255)

    def line(self, points, widths):
        for p, q, width in zip(points[:-1], points[1:], widths):
            self.draw.line([tuple(p * FINE), tuple(q * FINE)], fill=255, width=max(1, round(width * FINE)))
            self.draw.ellipse([*((p - width / 2) * FINE), *((p + width / 2) * FINE)], fill=255)

    def coverage(self, blur):
        im = self.image.resize(self.size, Image.BOX)
        return np.asarray(im.filter(ImageFilter.GaussianBlur(blur)) if blur else im, np.float32) / 255


def smooth_noise(r, h, w, cell):
    """Noise in [0, 1] whose blotches are `cell` pixels wide."""
    low = r.rand(max(2, round(h / cell) + 1), max(2, round(w / cell) + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(low).resize((w, h), Image.BICUBIC)).clip(0, 1)


def dust(r, h, w, amount):
    sheet, centres = Sheet(h, w), [r.rand(2) * (w, h) for _ in range(r.randint(2, 6))]
    for _ in range(r.poisson(amount * h * w / 6000)):
        x, y = r.rand(2) * (w, h) if r.rand() < .6 else centres[r.randint(len(centres))] + r.normal(0, .12, 2) * (w, h)
        sheet.blot(r, x, y, min(r.lognormal(.4, .5), 7.), r.uniform(1, 1.7))
    return sheet.coverage(r.uniform(.3, .7))


def hairs(r, h, w, amount):
    sheet = Sheet(h, w)
    for _ in range(r.poisson(amount * 2)):
        p, a, bend = r.rand(2) * (w, h), r.uniform(0, 6.3), r.normal(0, .1)
        points = [p]
        for _ in range(r.randint(8, 34)):
            a += bend + r.normal(0, .12)
            points.append(points[-1] + 3.5 * np.array([np.cos(a), np.sin(a)]))
        sheet.line(points, [r.uniform(1, 2.6)] * len(points))
    return sheet.coverage(r.uniform(.3, .6))


def scratches(r, h, w, amount):
    sheet, main = Sheet(h, w), r.uniform(0, np.pi)
    for _ in range(r.poisson(amount * 2.2)):
        a = (main if r.rand() < .6 else r.uniform(0, np.pi)) + r.normal(0, .06)
        length, p, bend = r.uniform(.15, 1.2) * max(h, w), r.rand(2) * (w, h), r.normal(0, .006)
        n = max(3, int(length / 4))
        angles = a + np.cumsum(np.full(n, bend) + r.normal(0, .01, n))
        points = p + np.cumsum(4 * np.stack([np.cos(angles), np.sin(angles)], 1), 0) - length / 2 * np.array([np.cos(a), np.sin(a)])
        sheet.line(list(points), r.uniform(.9, 3.4) * (1 + .25 * r.randn(n)).clip(.4, 1.7))
    broken = smooth_noise(r, h, w, r.uniform(5, 25)) > r.choice([0, 0, .3, .4])
    return sheet.coverage(r.uniform(.3, .6)) * broken


def creases(r, h, w, amount):
    sheet = Sheet(h, w)
    for _ in range(r.poisson(amount * .5)):
        side = r.randint(2)
        p, q = (np.array([r.rand() * w, -4.]), np.array([r.rand() * w, h + 4.])) if side else \
               (np.array([-4., r.rand() * h]), np.array([w + 4., r.rand() * h]))
        n = int(np.hypot(*(q - p)) / 3)
        t = np.linspace(0, 1, n)[:, None]
        points = p + (q - p) * t + np.cumsum(r.normal(0, .35, (n, 2)), 0)
        width = r.uniform(2, 8.)
        sheet.line(list(points), width * (1 + .35 * r.randn(n)).clip(.25, 1.9))
        for _ in range(r.randint(0, 12)):           # flakes beside it
            x, y = points[r.randint(n)] + r.normal(0, width, 2)
            sheet.blot(r, x, y, r.uniform(.8, 3.))
    return sheet.coverage(r.uniform(.4, .9))


def stains(r, h, w, amount):
    sheet = Sheet(h, w)
    for _ in range(r.poisson(amount * 1.2)):
        x, y = r.rand(2) * (w, h)
        sheet.blot(r, x, y, r.uniform(3, 14))
    return sheet.coverage(r.uniform(.5, 1.5))


def corner(r, h, w, amount):
    sheet = Sheet(h, w)
    if r.rand() < .15 * amount:
        a, b = r.uniform(.06, .25, 2) * (w, h)
        n = int(max(a, b) / 3) + 3
        t = np.linspace(0, 1, n)[:, None]
        edge = np.array([a, 0]) * (1 - t) + np.array([0, b]) * t + r.normal(0, 1.2, (n, 2))
        at = np.array([r.randint(2), r.randint(2)])
        points = np.vstack([[[-9, -9]], [[a, -9]], edge, [[-9, b]]])
        sheet.draw.polygon([tuple((at * (w, h) + (1 - 2 * at) * p) * FINE) for p in points], fill=255)
    return sheet.coverage(.5)


def age(rgb, r, colour=False):
    """rgb (H, W, 3) bytes as an old print without damage: gray, sepia or faded colours in less than the whole range, then grain.
    Returns (clean as it was taken, faded, grain), floats in 0..255."""
    clean = np.asarray(rgb, np.float32)
    if not colour:
        clean = np.repeat((clean @ np.float32([.299, .587, .114]))[..., None], 3, 2)
    h, w = clean.shape[:2]
    strength = r.choice([0., 1., 1.])
    black, white = strength * r.uniform(5, 60), 255 - strength * r.uniform(5, 70)
    tint = np.array([1, .91, .79]) ** r.uniform(.3, 1.4) if r.rand() < .6 * strength else np.ones(3)
    faded = (black + clean / 255 * (white - black)) * tint
    grain = r.normal(0, 1, (h, w)).astype(np.float32)
    if r.rand() < .6:
        k = r.uniform(.15, .5)                      # grains are larger than a pixel
        for axis in (0, 1):
            grain = grain + k * (np.roll(grain, 1, axis) + np.roll(grain, -1, axis))
        grain = grain / grain.std()
    return clean, faded.astype(np.float32), grain[..., None] * r.choice([0, 1, 1]) * r.uniform(1, 9)


def wear(rgb, r, amount=1., colour=False):
    """A photo (H, W, 3) bytes made old: dict of clean (as it was taken), worn, unworn (as worn without the damage, floats), truth
    (H, W bool: what changed visibly), kinds (name -> H, W bool)."""
    clean, faded, grain = age(rgb, r, colour)
    h, w = clean.shape[:2]
    out, kinds = faded.copy(), {}
    paper = np.percentile(faded, 99.5, (0, 1)) * r.uniform(.97, 1.05)
    dark = np.percentile(faded, .5, (0, 1)) * r.uniform(.6, 1)
    for name, make, lights, opacities in (("stains", stains, .25, (.35, .8)), ("creases", creases, .9, (.7, 1)), ("hairs", hairs, .6, (.6, 1)),
                                          ("scratches", scratches, .8, (.5, 1)), ("dust", dust, .75, (.6, 1)),
                                          ("corner", corner, .8, (1, 1))):
        cover = make(r, h, w, amount * r.choice([0, .5, 1, 1.6]))
        dim = np.float32(1) if name == "corner" else 1 - .5 * smooth_noise(r, h, w, 12)
        colour_of = np.where(smooth_noise(r, h, w, 9)[..., None] < lights if name in ("dust", "hairs") else r.rand() < lights, paper, dark)
        if name == "corner":
            colour_of = np.minimum(colour_of * np.where(colour_of > 128, 1.06, .5), 255)
        alpha = (cover * r.uniform(*opacities) * dim)[..., None]
        after = out + (colour_of - out) * alpha
        kinds[name] = np.abs(after - out).max(2) > VISIBLE
        out = after
    unworn = (faded + grain).clip(0, 255)
    worn = (out + grain).clip(0, 255).round().astype(np.uint8)
    return dict(clean=clean.clip(0, 255).round().astype(np.uint8), worn=worn, unworn=unworn, truth=np.abs(out - faded).max(2) > VISIBLE,
                kinds=kinds)
