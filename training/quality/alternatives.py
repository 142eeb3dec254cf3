"""Well-known methods beside ours that run in Python: alternatives.py METHOD PICTURE [MASK or DOTS] OUT

Telea 2004, Navier-Stokes (Bertalmio et al. 2001) and frequency-selective reconstruction (FSR; Genser et al. 2018) by OpenCV, biharmonic
equations by scikit-image, bicubic and Lanczos by Pillow, networks for enlarging by ncnn; colour propagation of Levin, Lischinski and Weiss
2004, "Colorization using optimization", is written down here. methods.py says what each needs."""
import sys

import numpy as np
from PIL import Image


def read(path, mode="RGB"):
    with Image.open(path) as im:
        return np.array(im.convert(mode))


def opencv(method, picture, mask):
    """picture (H, W, 3) bytes, mask (H, W) bool: the hole."""
    import cv2
    cv2.setNumThreads(1)
    given, hole = np.ascontiguousarray(picture[..., ::-1]), mask.astype(np.uint8) * 255
    if method == "fsr":                             # wants 0 where the hole is
        out = np.zeros_like(given)
        cv2.xphoto.inpaint(given, 255 - hole, out, cv2.xphoto.INPAINT_FSR_FAST)
        return out[..., ::-1]
    return cv2.inpaint(given, hole, 5, {"telea": cv2.INPAINT_TELEA, "navier-stokes": cv2.INPAINT_NS}[method])[..., ::-1]


def biharmonic(picture, mask):
    from skimage.restoration import inpaint_biharmonic
    return (np.clip(inpaint_biharmonic(picture, mask, channel_axis=-1), 0, 1) * 255).round().astype(np.uint8)


def levin(gray, dots):
    """gray (H, W, 3) bytes, dots (H, W, 4) bytes: U and V minimise the squared difference to the weighted mean of the 8 neighbours,
    weights exp(-(Y(r)-Y(s))^2 / 2 var) with the variance of the 3 x 3 window, and equal the dots where there are any."""
    import scipy.sparse
    import scipy.sparse.linalg
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
    free = dots[..., 3] == 0
    rows, cols, values = [np.arange(n)], [np.arange(n)], [np.ones(n)]
    for (dy, dx), v in zip(around, weight):
        use = free & (v > 0)
        rows.append(index[use])
        cols.append(index[use] + dy * w + dx)
        values.append(-v[use])
    a = scipy.sparse.csc_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), (n, n))
    c = dots[..., :3] / 255.
    c601 = c @ np.array([.299, .587, .114])
    b = np.stack([np.where(free, 0, c[..., 0] - c601), np.where(free, 0, c[..., 2] - c601)], -1).reshape(n, 2)
    r, bl = (scipy.sparse.linalg.splu(a).solve(b)[:, k].reshape(h, w) + y for k in (0, 1))
    g = (y - .299 * r - .114 * bl) / .587
    return (np.clip(np.stack([r, g, bl], -1), 0, 1) * 255).round().astype(np.uint8)


def enlarged(low, how):
    kernel = {"bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}[how]
    return np.array(Image.fromarray(low).resize((low.shape[1] * 4, low.shape[0] * 4), kernel))


def ncnn_network(low, model):
    """low (H, W, 3) bytes enlarged 4 times by the network of MODEL.param and MODEL.bin, in one tile."""
    import ncnn
    net = ncnn.Net()
    net.opt.use_vulkan_compute, net.opt.num_threads = False, 1
    if net.load_param(model + ".param") or net.load_model(model + ".bin"):
        raise SystemExit(f"ncnn can't load {model}")
    given = np.ascontiguousarray((low.astype(np.float32) / 255).transpose(2, 0, 1))
    with net.create_extractor() as run:
        run.input("data", ncnn.Mat(given))
        status, out = run.extract("output")
    if status:
        raise SystemExit(f"ncnn couldn't run {model}")
    return (np.clip(np.array(out).transpose(1, 2, 0), 0, 1) * 255).round().astype(np.uint8)


def main():
    method, picture, *rest, out = sys.argv[1:]
    given = read(picture)
    if method in ("telea", "navier-stokes", "fsr"):
        made = opencv(method, given, read(rest[0], "L") > 127)
    elif method == "biharmonic":
        made = biharmonic(given, read(rest[0], "L") > 127)
    elif method == "levin":
        made = levin(given, read(rest[0], "RGBA"))
    elif method == "ncnn":
        made = ncnn_network(given, rest[0])
    else:
        made = enlarged(given, method)
    Image.fromarray(made).save(out)


if __name__ == "__main__":
    main()
