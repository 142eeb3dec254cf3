"""Well-known methods beside ours. Each function is None where its program or library is missing.

Telea 2004 and Navier-Stokes (Bertalmio et al. 2001) by OpenCV; patch-based inpainting by G'MIC, in both of its kinds; bicubic and
Lanczos by Pillow; colour propagation of Levin, Lischinski and Weiss 2004, "Colorization using optimization", written down here."""
import os
import shutil
import subprocess
import tempfile

import numpy as np
from PIL import Image

try:
    import cv2
    cv2.setNumThreads(1)
except ImportError:
    cv2 = None
try:
    import scipy.sparse
    import scipy.sparse.linalg
except ImportError:
    scipy = None


def _opencv(method):
    def fill(picture, mask):
        return cv2.inpaint(np.ascontiguousarray(picture[..., ::-1]), mask.astype(np.uint8) * 255, 5, method)[..., ::-1]
    return fill


def _gmic(command):
    def fill(picture, mask):
        with tempfile.TemporaryDirectory() as d:
            a, m, out = (os.path.join(d, n) for n in ("a.png", "m.png", "out.png"))
            Image.fromarray(picture).save(a)
            Image.fromarray(mask.astype(np.uint8) * 255).save(m)
            subprocess.run(["gmic", a, m, *command.split(), "keep[0]", "-o", out], check=True, capture_output=True,
                           env={**os.environ, "OMP_NUM_THREADS": "1"})
            return np.array(Image.open(out).convert("RGB"))
    return fill


def _levin(gray, hints):
    """gray (H, W, 3) bytes, hints (H, W, 4) bytes: U and V minimise the squared difference to the weighted mean of the 8 neighbours,
    weights exp(-(Y(r)-Y(s))^2 / 2 var) with the variance of the 3 x 3 window, and equal the hints where there are any."""
    h, w = gray.shape[:2]
    y = gray[..., 0] / 255.
    n = h * w
    index = np.arange(n).reshape(h, w)
    padded = np.pad(y, 1, constant_values=np.nan)
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
    near = np.stack([padded[1 + dy:1 + dy + h, 1 + dx:1 + dx + w] for dy, dx in around])
    variance = np.maximum(np.nanvar(np.concatenate([near, y[None]]), 0), 2e-6 + np.nanmin((near - y) ** 2, 0) / 9.2)
    weight = np.nan_to_num(np.exp(-(near - y) ** 2 / (2 * variance)))
    weight /= weight.sum(0)
    free = hints[..., 3] == 0
    rows, cols, values = [np.arange(n)], [np.arange(n)], [np.ones(n)]
    for (dy, dx), v in zip(around, weight):
        use = free & (v > 0)
        rows.append(index[use])
        cols.append(index[use] + dy * w + dx)
        values.append(-v[use])
    a = scipy.sparse.csc_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), (n, n))
    c = hints[..., :3] / 255.
    c601 = c @ np.array([.299, .587, .114])
    b = np.stack([np.where(free, 0, c[..., 0] - c601), np.where(free, 0, c[..., 2] - c601)], -1).reshape(n, 2)
    r, bl = (scipy.sparse.linalg.splu(a).solve(b)[:, k].reshape(h, w) + y for k in (0, 1))
    g = (y - .299 * r - .114 * bl) / .587
    return (np.clip(np.stack([r, g, bl], -1), 0, 1) * 255).round().astype(np.uint8)


def enlarged(low, how):
    kernel = {"bicubic": Image.BICUBIC, "Lanczos": Image.LANCZOS}[how]
    return np.array(Image.fromarray(low).resize((low.shape[1] * 4, low.shape[0] * 4), kernel))


FILL = {}
if cv2:
    FILL["Telea"] = _opencv(cv2.INPAINT_TELEA)
    FILL["Navier-Stokes"] = _opencv(cv2.INPAINT_NS)
if shutil.which("gmic"):
    FILL["G'MIC patches"] = _gmic("inpaint[0] [1],7,16,0.1,1,10,0")
    FILL["G'MIC multi-scale"] = _gmic("inpaint_matchpatch[0] [1]")
PROPAGATION = _levin if scipy else None
MISSING = [name for name, there in (("OpenCV (python3-opencv)", cv2), ("G'MIC (gmic)", shutil.which("gmic")),
                                    ("SciPy (python3-scipy)", scipy)) if not there]
