"""What the report does with each photo: every method's picture, and its figures. A task is a function of a case (name, truth, origin,
licence; cases.py) to (figures by method, pictures for the sheet by name, mask or None)."""
import argparse

import numpy as np

from quality import alone, cases, methods, perceptual
from quality import figures as f

OPTIONS = argparse.Namespace(cli=None, models=None, before=None, works=[], steps=())   # of the run; set before the workers start
STEPS = {"Limn, one step": "1", "Limn, two steps": "2"}
OURS, BEFORE = "Limn, one step", "Limn before, one step"
STRENGTHS = ("0", "0.25", "0.5", "1", "auto")       # of upscale --denoise


def limns():
    """(name, limn-cli with its weights, --steps) of each way that Limn is run: as it is, with two steps, with the weights before."""
    now = methods.Limn(OPTIONS.cli, OPTIONS.models)
    ways = [(name, now, steps) for name, steps in STEPS.items() if steps in OPTIONS.steps]
    return ways + ([(BEFORE, methods.Limn(OPTIONS.cli, OPTIONS.before), "1")] if OPTIONS.before else [])


def others(kind):
    """The other methods of a kind that work here."""
    return [m for m in kind if m.name in OPTIONS.works]


class Measured:
    """Figures of every method's picture of one case."""

    def __init__(self, truth, mask=None):
        self.truth, self.mask, self.rows, self.pictures = truth, mask, {}, {}
        self.features = perceptual.features(truth) if perceptual.THERE else None

    def add(self, name, made, figures, texture=None):
        """made: (picture, (CPU seconds, MB)) or a picture that cost nothing; texture: whether the texture distance is wanted."""
        picture, cost = made if isinstance(made, tuple) else (made, None)
        row = dict(figures)
        if self.features:
            row["perceptual"] = perceptual.distance(perceptual.features(picture), self.features, self.mask)
        if texture is not None:
            row["texture"] = f.texture_distance(f.texture(picture, self.mask), texture)
        if cost:
            row["cpu"], row["memory"] = cost
        self.rows[name], self.pictures[name] = row, picture


def fill(case, hole=cases.hole):
    """What hole (name, height, width) masks: figures within it, and how many pixels changed outside of it."""
    name, truth, _, _ = case
    mask = hole(name, *truth.shape[:2])
    given = truth.copy()
    given[mask] = 128
    out, t = Measured(truth, mask), f.texture(truth, mask)
    figure = lambda a: dict(psnr=f.psnr(a, truth, mask), ssim=f.ssim(a, truth, mask), sharp=f.gradient_energy(a, mask),
                            seam=f.seam(a, mask), outside=int((a != given).any(2)[~mask].sum()))
    for k, limn, steps in limns():
        made = limn("fill", given, "--grow", "0", "--feather", "0", "--steps", steps, mask=mask)
        out.add(k, made, figure(made[0]), t)
    for m in others(methods.FILL):
        made = m(given, mask)
        out.add(m.name, made, figure(made[0]), t)
    out.add("truth", truth, figure(truth), t)
    for k, folder in ((OURS, OPTIONS.models), (BEFORE, OPTIONS.before)):
        if k in out.rows and folder and perceptual.THERE and truth.shape[:2] == (4 * alone.SIDE,) * 2:
            out.rows[k]["alone"] = alone.fill_psnr(folder, truth, mask)
    return out.rows, {"given": given, **out.pictures}, mask


def thin(case):
    """Lines, text or dust."""
    return fill(case, cases.thin)


def upscale(case):
    """4x from the area-reduced photo, and by Limn and the plain methods from the bicubic-reduced one."""
    truth, rows, sheet, t = case[1], {}, {}, f.texture(case[1])
    for how in ("area", "bicubic"):
        low, out = cases.reduced(truth, how), Measured(truth)
        figure = lambda a: dict(psnr=f.psnr(f.luma(a), f.luma(truth)), ssim=f.ssim(a, truth), sharp=f.gradient_energy(a),
                                back=float(np.abs(f.blocks(a, 4) - low).max()))
        for m in others(methods.ENLARGE)[:None if how == "area" else 2]:
            made = m(low)
            out.add(m.name, made, figure(made[0]), t)
        for k, limn, steps in limns():
            made = limn("upscale", low, "--scale", "4", "--steps", steps)
            out.add(k, made, figure(made[0]), t)
        out.add("truth", truth, figure(truth), t)
        rows.update({f"{how}: {k}": v for k, v in out.rows.items()})
        sheet = sheet or {"given": low.repeat(4, 0).repeat(4, 1), **out.pictures}
    return rows, sheet, None


def worn(case):
    """4x from a photo with noise or JPEG blocks, by strength of --denoise; grain: sharpness where the truth is flat."""
    name, truth, _, _ = case
    low, out, flat = cases.worn(name, cases.reduced(truth, "area")), Measured(truth), f.flat(truth)
    figure = lambda a: dict(psnr=f.psnr(f.luma(a), f.luma(truth)), sharp=f.gradient_energy(a), grain=f.gradient_energy(a, flat))
    for m in others(methods.ENLARGE):
        made = m(low)
        out.add(m.name, made, figure(made[0]))
    limn = methods.Limn(OPTIONS.cli, OPTIONS.models)
    for strength in OPTIONS.strengths:
        made = limn("upscale", low, "--scale", "4", "--denoise", strength)
        out.add(f"Limn, denoise {strength}", made, figure(made[0]))
    out.add("truth", truth, figure(truth))
    return out.rows, {"given": low.repeat(4, 0).repeat(4, 1), **out.pictures}, None


def colorize(case):
    name, truth, _, _ = case
    given, dots, out, lab = cases.gray(truth), cases.dots(name, truth), Measured(truth), f.lab(truth)
    y = given[..., 0].astype(float)
    figure = lambda a: dict(de=float(f.ciede2000(f.lab(a), lab).mean()), colour=f.colourfulness(a), psnr=f.psnr(a, truth),
                            light=float(np.abs(a @ np.array([.299, .587, .114]) - y).mean()))
    out.add("gray", given, figure(given))
    for hints, suffix in ((None, ""), (dots, ", 12 dots")):
        for k, limn, steps in limns():
            made = limn("colorize", given, "--steps", steps, hints=hints)
            out.add(k + suffix, made, figure(made[0]))
        if hints is None:
            on = np.where(dots[..., 3:] > 0, dots[..., :3], given)
            plain = dict(out.pictures)
    for m in others(methods.COLORIZE):
        made = m(given, dots)
        out.add(m.name + ", 12 dots", made, figure(made[0]))
    out.add("truth", truth, figure(truth))
    return out.rows, {**plain, "12 dots": on, **{k: v for k, v in out.pictures.items() if k not in plain}}, None


def sketch(case):
    truth = case[1]
    side = str(max(truth.shape[:2]))
    rough, pencil, out = cases.paint(truth), cases.pencil(truth), Measured(truth)
    layer = np.dstack([rough, np.full(rough.shape[:2], 255, np.uint8)])
    t, ink, colours = f.texture(truth), pencil < 96, f.lab(f.blocks(rough, 16))
    figure = lambda a: dict(follows=float(f.ciede2000(f.lab(f.blocks(a, 16)), colours).mean()), edges=f.edge_on_lines(a, ink),
                            sharp=f.gradient_energy(a), colour=f.colourfulness(a))
    out.add("the paint itself", rough, figure(rough), t)
    for k, limn, steps in limns():
        for what, lines in (("paint", None), ("paint and lines", pencil)):
            made = limn("sketch", None, "--steps", steps, "--size", side, paint=layer, lines=lines)
            out.add(f"{k}, {what}", made, figure(made[0]), t)
    out.add("truth", truth, figure(truth), t)
    del out.pictures["the paint itself"]
    return out.rows, {"paint": rough, "lines": pencil[..., None].repeat(3, 2), **out.pictures}, None


TASKS = {"fill": fill, "large": fill, "thin": thin, "upscale": upscale, "worn": worn, "colorize": colorize, "sketch": sketch}
