"""Figures of picture quality, by NumPy alone. Pictures are (H, W, 3) arrays of sRGB bytes; masks (H, W) bool.

Those that compare amounts (sharpness, seam, colourfulness) return the amount in one picture, so that a report can divide the sum
over all pictures by that over all truths: a mean of ratios would be ruled by a few flat photos."""
import functools

import numpy as np

LEVELS, ORIENTATIONS = 3, 4                         # of the pyramid for textures


def luma(a):
    """Y of BT.601 in [16, 235], on which papers on enlarging measure PSNR-Y."""
    return 16 + np.asarray(a, np.float64) @ np.array([65.481, 128.553, 24.966]) / 255


def psnr(a, b, mask=None):
    """Peak signal-to-noise ratio in dB over all channels, within the mask."""
    d = (np.asarray(a, np.float64) - np.asarray(b, np.float64)) ** 2
    return float(10 * np.log10(255 ** 2 / max((d if mask is None else d[mask]).mean(), 1e-6)))


def _smooth(x, taps):
    """Separable convolution with an odd number of symmetric taps, mirrored at the borders."""
    n = len(taps) // 2
    for axis in (0, 1):
        p = np.pad(x, [(n, n) if i == axis else (0, 0) for i in (0, 1)], "reflect")
        size = x.shape[axis]
        x = sum(t * p.take(range(i, i + size), axis) for i, t in enumerate(taps))
    return x


def ssim(a, b, mask=None):
    """Structural similarity of the lumas (Wang et al. 2004: Gaussian window of 11 pixels, spread 1.5), mean over the mask."""
    t = np.exp(-np.arange(-5, 6) ** 2 / (2 * 1.5 ** 2))
    t /= t.sum()
    x, y = luma(a), luma(b)
    mx, my = _smooth(x, t), _smooth(y, t)
    vx, vy, c = _smooth(x * x, t) - mx * mx, _smooth(y * y, t) - my * my, _smooth(x * y, t) - mx * my
    c1, c2 = (.01 * 255) ** 2, (.03 * 255) ** 2
    s = (2 * mx * my + c1) * (2 * c + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return float(s.mean() if mask is None else s[mask].mean())


def gradient_energy(a, mask=None):
    """Mean squared difference of neighbouring lumas, both within the mask: what is called sharpness when divided by the truth's."""
    y = luma(a)
    m = np.ones(y.shape, bool) if mask is None else mask
    h, v = m[:, 1:] & m[:, :-1], m[1:] & m[:-1]
    return float((((y[:, 1:] - y[:, :-1]) ** 2)[h].sum() + ((y[1:] - y[:-1]) ** 2)[v].sum()) / max(1, h.sum() + v.sum()))


def flat(a, share=.25):
    """Where the picture is flattest (H, W bool): that share of it, by the local variance of its luma over 7 x 7 pixels."""
    y, taps = luma(a), np.ones(7) / 7
    variance = _smooth(y * y, taps) - _smooth(y, taps) ** 2
    return variance <= np.quantile(variance, share)


def seam(a, mask):
    """Mean absolute difference of lumas across the mask's border: 1 when divided by the truth's means that no seam stands out."""
    y = luma(a)
    h, v = mask[:, 1:] != mask[:, :-1], mask[1:] != mask[:-1]
    return float((np.abs(y[:, 1:] - y[:, :-1])[h].sum() + np.abs(y[1:] - y[:-1])[v].sum()) / max(1, h.sum() + v.sum()))


def colourfulness(a):
    """M of Hasler and Süsstrunk 2003, "Measuring colourfulness in natural images"."""
    r, g, b = np.moveaxis(np.asarray(a, np.float64), -1, 0)
    rg, yb = r - g, (r + g) / 2 - b
    return float(np.hypot(rg.std(), yb.std()) + .3 * np.hypot(rg.mean(), yb.mean()))


def lab(a):
    """CIE L*a*b* of sRGB bytes under D65."""
    c = np.asarray(a, np.float64) / 255
    c = np.where(c > .04045, ((c + .055) / 1.055) ** 2.4, c / 12.92)
    m = np.array([[.4124564, .3575761, .1804375], [.2126729, .7151522, .0721750], [.0193339, .1191920, .9503041]])
    xyz = c @ m.T / np.array([.95047, 1., 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def ciede2000(p, q):
    """Colour difference of L*a*b* arrays (..., 3), by Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula"; their
    equation numbers stand beside the lines."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(np.asarray(p, np.float64), -1, 0), np.moveaxis(np.asarray(q, np.float64), -1, 0)
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7                                  # 2, 3
    g = .5 * (1 - np.sqrt(c7 / (c7 + 25. ** 7)))                                           # 4
    a1, a2 = (1 + g) * a1, (1 + g) * a2                                                    # 5
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)                                            # 6
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360    # 7
    gray = c1 * c2 == 0
    apart = np.abs(h1 - h2) > 180 + 1e-9                                                   # opposite hues: rounding must not decide
    dh = np.where(gray, 0, h2 - h1 - 360 * np.sign(h2 - h1) * apart)                       # 10
    dl, dc, dhh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))      # 8, 9, 11
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2                                                  # 12, 13
    total = h1 + h2
    hm = np.where(apart, np.where(total < 360, (total + 360) / 2, (total - 360) / 2), total / 2)                # 14
    hm = np.where(gray, total, hm)
    t = (1 - .17 * np.cos(np.radians(hm - 30)) + .24 * np.cos(np.radians(2 * hm)) + .32 * np.cos(np.radians(3 * hm + 6))
         - .20 * np.cos(np.radians(4 * hm - 63)))                                          # 15
    rt = -np.sin(np.radians(60 * np.exp(-((hm - 275) / 25) ** 2))) * 2 * np.sqrt(cm ** 7 / (cm ** 7 + 25. ** 7))    # 16, 17, 21
    sl = 1 + .015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)                          # 18
    sc, sh = 1 + .045 * cm, 1 + .015 * cm * t                                              # 19, 20
    c, h = dc / sc, dhh / sh
    return np.sqrt((dl / sl) ** 2 + c * c + h * h + rt * c * h)                            # 22


@functools.lru_cache(64)
def _filters(h, w):
    fy, fx = np.fft.fftfreq(h)[:, None] * 2 * np.pi, np.fft.fftfreq(w)[None] * 2 * np.pi
    octave = np.log2(np.maximum(np.hypot(fy, fx), 1e-9) / np.pi)
    angle = np.arctan2(fy, fx)
    rise = lambda o: np.cos(np.pi / 2 * np.clip(-o, 0, 1))          # 0 below half of a frequency, 1 above it
    bands = np.empty((LEVELS, ORIENTATIONS, h, w))
    for k in range(LEVELS):
        radial = rise(octave + k + 1) * np.sqrt(1 - rise(octave + k) ** 2)
        for j in range(ORIENTATIONS):
            d = (angle - np.pi * j / ORIENTATIONS + np.pi) % (2 * np.pi) - np.pi
            bands[k, j] = radial * np.where(np.abs(d) < np.pi / 2, 2 * np.cos(d) ** 3, 0)
    return bands, rise(octave)


def pyramid(x):
    """Complex bands (LEVELS, ORIENTATIONS, H, W) of a plane, undecimated, and its high-pass rest (H, W): the polar-separable filters of
    the steerable pyramid (Simoncelli and Freeman 1995; raised cosines in the octaves, cos^3 in the angle), one-sided in frequency, so that
    the real part is the band and the modulus its local strength."""
    bands, rest = _filters(*x.shape)
    s = np.fft.fft2(x)
    return np.fft.ifft2(s * bands), np.fft.ifft2(s * rest).real


def _correlation(a, b):
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / np.sqrt((a * a).mean() * (b * b).mean() + 1e-6))


def texture(a, mask=None):
    """Statistics of the picture within the mask that texture is recognised by (a part of those of Portilla and Simoncelli 2000), for
    each of L*, a*, b*: (strengths, correlations). strengths: log2 of the root mean square of each band and of the high-pass rest,
    plus half a unit of L*a*b* that nobody sees; correlations: of the moduli of bands next in angle and next in scale, and of each band with
    itself 2^scale pixels on."""
    m = np.ones(a.shape[:2], bool) if mask is None else mask
    ys, xs = np.nonzero(m)
    cut = tuple(slice(max(0, v.min() - 24), v.max() + 25) for v in (ys, xs))
    planes, m = lab(a[cut]), m[cut]
    pad = [(16, 16 + -n % 32) for n in m.shape]                           # fast sizes, and few, so that filters are used again
    out = []
    for c in range(3):
        inner = tuple(slice(16, 16 + n) for n in m.shape)
        bands, rest = pyramid(np.pad(planes[..., c], pad, "reflect"))
        bands, rest = bands[(..., *inner)], rest[inner]
        strength = [np.sqrt((b.real[m] ** 2).mean()) for b in bands.reshape(-1, *m.shape)] + [np.sqrt((rest[m] ** 2).mean())]
        modulus, rho = np.abs(bands), []
        for k in range(LEVELS):
            for j in range(ORIENTATIONS):
                rho.append(_correlation(modulus[k, j][m], modulus[k, (j + 1) % ORIENTATIONS][m]))
                if k:
                    rho.append(_correlation(modulus[k, j][m], modulus[k - 1, j][m]))
                b, n = bands[k, j].real, 2 ** k
                for x, y, both in ((b[n:], b[:-n], m[n:] & m[:-n]), (b[:, n:], b[:, :-n], m[:, n:] & m[:, :-n])):
                    rho.append(_correlation(x[both], y[both]) if both.any() else 0.)
        out.append((np.log2(np.array(strength) + .5), np.array(rho)))
    return out


def texture_distance(s, t):
    """Distance of two texture() statistics: mean absolute difference of the strengths (octaves) plus that of the correlations, L* counted
    as much as a* and b* together. 0 for equal statistics; like structural texture similarity (Zujovic, Pappas and Neuhoff 2013)
    it doesn't ask that details lie in the same place."""
    return float(sum(w * (np.abs(p[0] - q[0]).mean() + np.abs(p[1] - q[1]).mean()) for w, p, q in zip((.5, .25, .25), s, t)))


def edge_on_lines(a, ink):
    """Gradient at the lines relative to elsewhere: mean modulus within 2 pixels of ink (H, W bool) over the mean of the rest."""
    y = luma(a)
    g = np.hypot(np.gradient(y, axis=1), np.gradient(y, axis=0))
    near = ink.copy()
    for _ in range(2):
        p = np.pad(near, 1)
        near = p[1:-1, 1:-1] | p[:-2, 1:-1] | p[2:, 1:-1] | p[1:-1, :-2] | p[1:-1, 2:]
    return float(g[near].mean() / max(g[~near].mean(), 1e-6)) if near.any() and not near.all() else 1.


def blocks(a, n):
    """Means of n x n blocks, as floats."""
    h, w = a.shape[0] // n * n, a.shape[1] // n * n
    return np.asarray(a, np.float64)[:h, :w].reshape(h // n, n, w // n, n, 3).mean((1, 3))
