"""The report's tables: what its columns are, and what Limn aims at."""
import numpy as np

from quality.tasks import BEFORE, OURS

# Columns of the tables: title, figure, how (mean; ratio: sum over the truths' sum; max; some: photos where it isn't 0), decimals.
# A figure that no photo has (the perceptual distance without the recogniser) makes no column.
PERCEPTUAL = ("perceptual distance", "perceptual", "mean", 3)
FILL = [PERCEPTUAL, ("PSNR, dB", "psnr", "mean", 2), ("SSIM", "ssim", "mean", 3), ("sharpness", "sharp", "ratio", 2),
        ("seam", "seam", "ratio", 2), ("texture distance", "texture", "mean", 3), ("photos changed outside", "outside", "some", 0)]
COLUMNS = {
    "fill": FILL,
    "large": FILL,
    "thin": FILL,
    "upscale": [PERCEPTUAL, ("PSNR-Y, dB", "psnr", "mean", 2), ("SSIM", "ssim", "mean", 3), ("sharpness", "sharp", "ratio", 2),
                ("texture distance", "texture", "mean", 3), ("averaged back, largest error", "back", "max", 1)],
    "worn": [PERCEPTUAL, ("PSNR-Y, dB", "psnr", "mean", 2), ("sharpness", "sharp", "ratio", 2),
             ("grain where the photo is flat", "grain", "ratio", 2)],
    "colorize": [("CIEDE2000", "de", "mean", 2), ("colourfulness", "colour", "ratio", 2), PERCEPTUAL, ("PSNR, dB", "psnr", "mean", 2),
                 ("luma changed, levels", "light", "mean", 2)],
    "sketch": [PERCEPTUAL, ("CIEDE2000 to the paint, 16 x 16 blocks", "follows", "mean", 2),
               ("gradient on lines / elsewhere", "edges", "mean", 2), ("sharpness", "sharp", "ratio", 2),
               ("texture distance", "texture", "mean", 3), ("colourfulness", "colour", "ratio", 2)],
}
ALONE = ("base's own picture, PSNR in holes, dB", "alone", "mean", 2)
WORDS = {
    "fill": ("Fill",
             """{count} crops of 256 x 256 pixels, one from each held-out photograph, each with a hole as painted by hand (4 to 18 %),
which was gray in what the methods were given. All figures but the last within the hole. Sharpness: mean squared gradient, 1 = as the truth;
seam: mean step of luma across the border, 1 = as the truth; texture distance: see above, 0 = same texture. `limn-cli fill --grow 0
--feather 0`."""),
    "large": ("Fill in larger photos",
              """{count} photos of up to 512 x 512 pixels from other sources than any that was trained on; as above. The sheet shows
256 x 256 pixels around the hole."""),
    "thin": ("Thin holes",
             """{count} crops as in the first table, under lines of 1 to 8 pixels, text, or dust of 1 to 10 pixels."""),
    "upscale": ("Upscale 4 times",
                """{count} crops of 256 x 256 pixels, one from each held-out photograph, reduced to 64 x 64 and enlarged again. The last
column: how far a pixel of the reduced picture is from the mean of the pixels made of it, in levels of 255, the worst of all pictures."""),
    "worn": ("Upscale photos with noise or JPEG blocks",
             """{count} crops as above, reduced by means; half of them then got noise (standard deviation of 6 to 16 levels),
half were saved as JPEG of quality 30 to 60. Grain: sharpness in the flattest quarter of the photo, 1 = as the truth."""),
    "colorize": ("Colorize",
                 """{count} held-out photos of 160 x 160 pixels, given as their luma. The dots are of the photo's own colour, one at
random in each field of a 4 x 3 grid, the same for both methods. CIEDE2000: mean difference of colour from the truth;
colourfulness (Hasler and Süsstrunk): 1 = as the truth."""),
    "sketch": ("Sketch",
               """{count} held-out photos of 160 x 160 pixels as rough paint (10 flat colours) and pencil lines made from them, rendered
at that size with limn-cli's own freedom of 0.5. There is no single right answer; the truth is the photo that the paint was made from."""),
}


def value(results, method, key, how):
    """One cell: a figure of a method over all photos; None where a photo lacks it."""
    v = [r[method][key] for r in results if method in r and key in r[method]]
    if len(v) < len(results):
        return None
    v = np.array(v, float)
    truth = method.split(": ")[0] + ": truth" if ": " in method else "truth"
    if how == "ratio":
        return v.sum() / max(sum(r[truth][key] for r in results), 1e-9)
    return {"mean": np.mean, "max": np.max, "median": np.median, "some": np.count_nonzero}[how](v)


def table(task, results):
    """Markdown: a row a method. Reductions of upscale are tables of their own."""
    groups = {"": list(results[0])}
    if task == "upscale":
        groups = {how: [k for k in results[0] if k.startswith(how)] for how in ("area", "bicubic")}
    out = []
    for group, methods in groups.items():
        columns = [c for c in COLUMNS[task] if not (group == "bicubic" and c[1] in ("texture", "back"))]
        columns = [c for c in columns if value(results, methods[0], c[1], c[2]) is not None]
        if group:
            out += [f"Reduced by {'means of 4 x 4 pixels' if group == 'area' else 'bicubic interpolation, as papers do'}:", ""]
        out += ["| | " + " | ".join(c[0] for c in columns) + " |", "|---" * (len(columns) + 1) + "|"]
        for m in methods:
            if not m.endswith("truth"):
                cells = [f"{value(results, m, key, how):.{digits}f}" for _, key, how, digits in columns]
                out.append(f"| {m.split(': ')[-1]} | " + " | ".join(cells) + " |")
        if task == "sketch":
            out += ["", f"The photos themselves: {value(results, 'truth', 'follows', 'mean'):.2f} to the paint, "
                    f"{value(results, 'truth', 'edges', 'mean'):.2f} on the lines."]
        out.append("")
    return out


class Aims:
    """What Limn should reach at one step, beside what was measured."""

    def __init__(self, task, results):
        self.task, self.results, self.lines = task, results, []

    def figure(self, method, key):
        how = next(c for c in COLUMNS[self.task] + [ALONE] if c[1] == key)[2]
        return value(self.results, method, key, how) if method in self.results[0] else None

    def row(self, text, method, key, low=None, high=None, factor=1., plus=0.):
        """One aim. low, high: limits, each a number or another method whose figure, times factor plus `plus`, is the limit."""
        x = self.figure(method, key)
        digits = next(c for c in COLUMNS[self.task] + [ALONE] if c[1] == key)[3]
        limits, beside = [], ""
        for limit, nothing in ((low, -1e9), (high, 1e9)):
            if isinstance(limit, str):
                other = self.figure(limit, key)
                if other is None:
                    return
                beside += f"; {limit.split(': ')[-1]} {other:.{digits}f}"
                limit = other * factor + plus
            limits.append(nothing if limit is None else limit)
        if x is not None:
            self.lines.append(f"| {text} | {x:.{digits}f}{beside} | {'yes' if limits[0] <= x <= limits[1] else 'no'} |")

    def markdown(self):
        return ["| aim, at one step | measured | reached |", "|---|---|---|", *self.lines, ""] if self.lines else []


def aims(task, results):
    """Markdown: the aims of a task."""
    a = Aims(task, results)
    if task == "fill":
        for m in ("Telea", "Navier-Stokes", "FSR", "biharmonic", "G'MIC patches", "G'MIC multi-scale"):
            a.row(f"texture distance below that of {m}", OURS, "texture", high=m)
        a.row("sharpness 0.6 to 1.3", OURS, "sharp", .6, 1.3)
        a.row("seam 0.8 to 1.2", OURS, "seam", .8, 1.2)
        a.row("no photo changed outside", OURS, "outside", 0, 0)
        a.row("base's own picture, PSNR in holes: 1 dB above that of the weights before", OURS, "alone", low=BEFORE, plus=1.)
    elif task == "thin":
        a.row("at least 24.5 dB", OURS, "psnr", 24.5)
        for m in ("Telea", "Navier-Stokes", "FSR"):
            a.row(f"PSNR above that of {m}", OURS, "psnr", low=m)
        a.row("no photo changed outside", OURS, "outside", 0, 0)
    elif task == "upscale":
        a.row("PSNR-Y above bicubic's, reduced by means", "area: " + OURS, "psnr", low="area: bicubic")
        a.row("PSNR-Y above bicubic's, reduced by bicubic", "bicubic: " + OURS, "psnr", low="bicubic: bicubic")
        a.row("sharpness at least 0.45", "area: " + OURS, "sharp", .45)
        a.row("averaged back within 1 level", "area: " + OURS, "back", 0, 1)
    elif task == "worn":
        best = "Limn, denoise auto" if "Limn, denoise auto" in results[0] else "Limn, denoise 0.5"
        a.row("perceptual distance 15 % below bicubic's", best, "perceptual", high="bicubic", factor=.85)
        a.row("perceptual distance below that without denoising", best, "perceptual", high="Limn, denoise 0")
        for less, more in (("0", "0.25"), ("0.25", "0.5"), ("0.5", "1")):
            a.row(f"no more grain at {more} than at {less}", f"Limn, denoise {more}", "grain", high=f"Limn, denoise {less}")
    elif task == "colorize":
        a.row("CIEDE2000 at most 9.2", OURS, "de", 0, 9.2)
        a.row("CIEDE2000 below the gray picture's", OURS, "de", high="gray")
        a.row("colourfulness 0.65 to 1.0", OURS, "colour", .65, 1.)
        a.row("with 12 dots: CIEDE2000 at most 4.6", OURS + ", 12 dots", "de", 0, 4.6)
        a.row("with 12 dots: CIEDE2000 below propagation's", OURS + ", 12 dots", "de", high="Levin, 12 dots")
    elif task == "sketch":
        lines, paint = OURS + ", paint and lines", OURS + ", paint"
        a.row("colours follow the paint as the photos do", lines, "follows", high="truth")
        a.row("edges follow the lines as the photos' do", lines, "edges", low="truth")
        a.row("paint only: sharpness at least 0.45", paint, "sharp", .45)
        a.row("paint only: texture distance below half of the paint's", paint, "texture", high="the paint itself", factor=.5)
        a.row("with lines: perceptual distance 10 % below that of the weights before", lines, "perceptual",
              high=BEFORE + ", paint and lines", factor=.9)
    return a.markdown()
