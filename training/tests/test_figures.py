#!/usr/bin/python3
"""Tests of figures.py against published numbers and against properties that each figure must have. Prints TAP."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from quality import figures as f
from quality import measure, perceptual

# Sharma, Wu and Dalal 2005, table 1: L1 a1 b1 L2 a2 b2 difference.
SHARMA = """
50.0000 2.6772 -79.7751 50.0000 0.0000 -82.7485 2.0425
50.0000 3.1571 -77.2803 50.0000 0.0000 -82.7485 2.8615
50.0000 2.8361 -74.0200 50.0000 0.0000 -82.7485 3.4412
50.0000 -1.3802 -84.2814 50.0000 0.0000 -82.7485 1.0000
50.0000 -1.1848 -84.8006 50.0000 0.0000 -82.7485 1.0000
50.0000 -0.9009 -85.5211 50.0000 0.0000 -82.7485 1.0000
50.0000 0.0000 0.0000 50.0000 -1.0000 2.0000 2.3669
50.0000 -1.0000 2.0000 50.0000 0.0000 0.0000 2.3669
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0009 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0010 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0011 7.2195
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0012 7.2195
50.0000 -0.0010 2.4900 50.0000 0.0009 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0010 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0011 -2.4900 4.7461
50.0000 2.5000 0.0000 50.0000 0.0000 -2.5000 4.3065
50.0000 2.5000 0.0000 73.0000 25.0000 -18.0000 27.1492
50.0000 2.5000 0.0000 61.0000 -5.0000 29.0000 22.8977
50.0000 2.5000 0.0000 56.0000 -27.0000 -3.0000 31.9030
50.0000 2.5000 0.0000 58.0000 24.0000 15.0000 19.4535
50.0000 2.5000 0.0000 50.0000 3.1736 0.5854 1.0000
50.0000 2.5000 0.0000 50.0000 3.2972 0.0000 1.0000
50.0000 2.5000 0.0000 50.0000 1.8634 0.5757 1.0000
50.0000 2.5000 0.0000 50.0000 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""


def photo(seed, n=96):
    """Something with detail at all sizes: 1/f noise, coloured."""
    r = np.random.RandomState(seed)
    k = np.maximum(np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n))), 1 / n)
    a = np.stack([np.fft.ifft2(np.fft.fft2(r.randn(n, n)) / k).real for _ in range(3)], -1)
    return np.clip(128 + 40 * a / a.std(), 0, 255).astype(np.uint8)


def test_ciede2000():
    rows = np.array([[float(v) for v in line.split()] for line in SHARMA.strip().splitlines()])
    assert len(rows) == 34
    for p, q in ((rows[:, :3], rows[:, 3:6]), (rows[:, 3:6], rows[:, :3])):
        assert np.abs(f.ciede2000(p, q) - rows[:, 6]).max() < 1e-4


def test_lab():
    assert np.abs(f.lab(np.array([255, 255, 255])) - [100, 0, 0]).max() < .02
    assert np.abs(f.lab(np.array([255, 0, 0])) - [53.24, 80.09, 67.20]).max() < .02      # sRGB's red, as Lindbloom gives it


def test_psnr_and_ssim():
    a = photo(1)
    assert abs(f.psnr(a // 2, a // 2 + 10) - 20 * np.log10(25.5)) < 1e-9
    assert abs(f.ssim(a, a) - 1) < 1e-12
    noisy = np.clip(a + np.random.RandomState(2).randn(*a.shape) * 20, 0, 255)
    assert .2 < f.ssim(a, noisy) < .9 and f.ssim(a, 255 - a) < 0
    m = np.zeros((96, 96), bool)
    m[40:60, 40:60] = True
    b = a.copy()
    b[m] = 0
    assert f.psnr(a, b, ~m) > 90 and f.psnr(a, b, m) < 12


def test_gradients():
    ramp = np.repeat(np.arange(0, 192, 2)[None, :, None], 96, 0).repeat(3, 2)
    step = 219 / 255 * 2
    assert abs(f.gradient_energy(ramp) - step ** 2 / 2) < 1e-9           # half of the pairs lie along the ramp
    m = np.zeros((96, 96), bool)
    m[:, 48:] = True
    assert abs(f.seam(ramp, m) - step) < 1e-9
    broken = ramp.copy()
    broken[m] += 50
    assert f.seam(broken, m) > 20 * f.seam(ramp, m)


def test_colourfulness():
    a = photo(3)
    gray = a.mean(2, keepdims=True).repeat(3, 2)
    assert f.colourfulness(gray) < 1e-9 < f.colourfulness((a + gray) / 2) < f.colourfulness(a)


def test_texture():
    a, b = photo(4), photo(5)                                            # one texture, two pieces
    smooth = np.stack([f._smooth(a[..., c].astype(float), np.ones(9) / 9) for c in range(3)], -1)
    speckled = np.clip(a + np.random.RandomState(6).randn(96, 96, 1) * 30, 0, 255)
    s = f.texture(a)
    assert f.texture_distance(s, f.texture(a)) == 0
    same = f.texture_distance(s, f.texture(b))
    assert same < .5 * f.texture_distance(s, f.texture(smooth))
    assert same < .5 * f.texture_distance(s, f.texture(speckled))
    turned = f.texture_distance(f.texture(np.repeat(a[:, :1], 96, 1)), f.texture(np.repeat(a[:1], 96, 0)))
    assert turned > 4 * same                                             # stripes along and across differ


def test_pyramid_keeps_everything():
    x = photo(7)[..., 0] - 128.
    bands, rest = f.pyramid(x)
    s, t = np.abs(np.fft.fft2(x)) ** 2, np.abs(np.fft.fft2(rest)) ** 2
    assert t.sum() < s.sum()
    octave = np.log2(np.maximum(np.hypot(*np.meshgrid(np.fft.fftfreq(96), np.fft.fftfreq(96))), 1e-9) * 2)
    above = octave > 1 - f.LEVELS                                        # where the bands cover all of the spectrum
    turn = 5 / 4                                                         # sum of cos^6 over four angles
    power = sum(np.abs(np.fft.fft2(b)) ** 2 for b in bands.reshape(-1, 96, 96))
    power = (power + np.roll(power[::-1, ::-1], (1, 1), (0, 1))) / 4 / turn + t
    assert np.abs(power[above] / s[above] - 1).max() < .01


def test_edge_on_lines():
    a = np.zeros((64, 64, 3), np.uint8)
    a[:, 32:] = 200
    ink = np.zeros((64, 64), bool)
    ink[:, 32] = True
    off = np.roll(ink, 16, 1)
    assert f.edge_on_lines(a, ink) > 10 and f.edge_on_lines(a, off) < .1


def test_flat():
    a = photo(8)
    a[:, 48:] = 128
    where = f.flat(a)
    assert where[:, 56:].all() and not where[:, :40].any()


def test_perceptual():
    if not perceptual.THERE:
        return "the recogniser is missing: run training/setup"
    a, b = photo(9), photo(10)
    blurred = [np.stack([f._smooth(a[..., c].astype(float), np.ones(n) / n) for c in range(3)], -1).astype(np.uint8) for n in (3, 9)]
    p = perceptual.features(a)
    assert perceptual.distance(p, p) == 0
    d = [perceptual.distance(p, perceptual.features(v)) for v in (*blurred, b)]
    assert 0 < d[0] < d[1] < 2 and 0 < d[2] < 2
    left = np.zeros((96, 96), bool)
    left[:, :32] = True
    half = a.copy()
    half[:, 64:] = blurred[1][:, 64:]
    q = perceptual.features(half)
    assert perceptual.distance(p, q, left) < .6 * perceptual.distance(p, q, left[:, ::-1])


def test_costs():
    seconds, memory = measure.run([sys.executable, "-c", "x = bytearray(200 << 20); sum(range(3000000))"])
    assert .02 < seconds < 20 and 200 < memory < 260
    assert measure.run(["true"])[1] < 40, "the memory of this process, which holds NumPy, must not count"
    try:
        measure.run([sys.executable, "-c", "import sys; sys.exit('told why')"])
        assert False, "a program that fails must be noticed"
    except OSError as problem:
        assert "told why" in str(problem)


def main():
    tests = [(n, t) for n, t in globals().items() if n.startswith("test_")]
    print(f"1..{len(tests)}")
    bad = 0
    for i, (name, test) in enumerate(tests, 1):
        try:
            skipped = test()
            print(f"ok {i} {name[5:]}" + (f" # SKIP {skipped}" if skipped else ""))
        except AssertionError as e:
            bad += 1
            print(f"not ok {i} {name[5:]}\n# line {e.__traceback__.tb_next.tb_lineno}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
