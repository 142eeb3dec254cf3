"""docs/compare.md: for each edit, what every method costs and how far its pictures are from the truth."""
import os

from quality import methods, plot
from quality.tables import COLUMNS, value

COSTS = {"cpu": "seconds of one processor core, whole process", "memory": "peak memory, MB, whole process"}
TITLES = {"fill": "Fill, 256 x 256 pixels", "large": "Fill, up to 512 x 512 pixels",
          "thin": "Thin holes, 256 x 256 pixels", "upscale": "Upscale 4 times, to 256 x 256 pixels",
          "worn": "Upscale 4 times, photos with noise or JPEG blocks", "colorize": "Colorize, 160 x 160 pixels",
          "sketch": "Sketch, 160 x 160 pixels"}


def compared(task, results):
    """Names of the methods of a task that cost something; of upscale's reductions the one by means."""
    return [m for m in results[0] if "cpu" in results[0][m] and not m.startswith("bicubic: ")]


def rows(task, results):
    """(title of the distance, dicts of name, y and costs). Where there is no perceptual distance: the first other column."""
    names = compared(task, results)
    perceptual_first = sorted(COLUMNS[task], key=lambda c: c[1] != "perceptual")
    title, key, how, _ = next(c for c in perceptual_first if value(results, names[0], c[1], c[2]) is not None)
    return title, [{"name": m.split(": ")[-1], "method": m, "y": value(results, m, key, how), "cpu": value(results, m, "cpu", "median"),
                    "memory": value(results, m, "memory", "max")} for m in names]


def section(task, results, folder):
    """Markdown of one task; its plot goes to folder/compare/."""
    title, made = rows(task, results)
    picture = f"compare/{task}.svg"
    os.makedirs(os.path.join(folder, "compare"), exist_ok=True)
    plot.scatter(os.path.join(folder, picture), made, title, COSTS)
    others = [c for c in COLUMNS[task] if c[0] != title and c[1] in ("psnr", "de", "sharp", "colour", "grain", "edges")]
    head = ["", title, *(c[0] for c in others), "CPU seconds, median", "peak memory, MB", "what it is"]
    out = [f"## {TITLES[task]}", "", f"{len(results)} pictures.", "", f"![{title} against costs]({picture})", "",
           "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    what = {m.name: m.what for m in methods.ALL}
    for r in made:
        cells = [f"{r['y']:.3f}", *(f"{value(results, r['method'], key, how):.{digits}f}" for _, key, how, digits in others)]
        cells += [f"{r['cpu']:.2f}", f"{r['memory']:.0f}", what.get(r["name"].split(", ")[0], "limn-cli")]
        out.append(f"| {r['name']} | " + " | ".join(cells) + " |")
    return out + [""]
