"""A scatter plot of methods as SVG: two panels, what a method costs (logarithmic) against how far its pictures are from the truth."""
import html
import math

WIDTH, HEIGHT, LEFT, GAP, TOP, BOTTOM = 860, 400, 62, 46, 30, 48
OURS, OTHER = "#c64600", "#1a5fb4"


def ticks(low, high):
    """1, 2 and 5 times powers of ten within [low, high]."""
    return [m * 10. ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)
            if low <= m * 10. ** e <= high]


def steps(low, high):
    """About five round numbers within [low, high]."""
    size = 10. ** math.floor(math.log10((high - low) / 4))
    size *= next(m for m in (1, 2, 5, 10) if (high - low) / (m * size) <= 6)
    return [i * size for i in range(math.ceil(low / size), math.floor(high / size) + 1)]


def place(points, names, right):
    """Where to write names beside points (x, y), so that nothing lies on anything else where that can be had: (x, y, anchor) of each.
    right: x of the panel's edge."""
    taken, out = [(x - 6, y - 6, x + 6, y + 6) for x, y in points], []
    for i, ((x, y), name) in enumerate(zip(points, names)):
        width, best = 7 * len(name), None
        for down in (0, 11, -11, 22, -22, 33, -33):
            for side, left in (("start", x + 9), ("end", x - 9 - width)):
                box = left, y + down - 6, left + width, y + down + 6
                hits = sum(j != i and box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for j, t in enumerate(taken))
                outside = box[2] > right or box[0] < right - (WIDTH - LEFT - GAP - 10) / 2
                if best is None or hits + 9 * outside < best[0]:
                    best = hits + 9 * outside, box, side, down
        taken.append(best[1])
        out.append((x + (9 if best[2] == "start" else -9), y + best[3], best[2]))
    return out


def panel(left, width, rows, key, title, y_of, y_marks):
    """One panel: rows of dicts with name, y and the cost `key`."""
    low, high = min(r[key] for r in rows) / 1.6, max(r[key] for r in rows) * 1.6
    x_of = lambda v: left + width * math.log(v / low) / math.log(high / low)
    out = [f'<rect x="{left}" y="{TOP}" width="{width}" height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="#c0bfbc"/>']
    for v in y_marks:
        out.append(f'<line x1="{left}" x2="{left + width}" y1="{y_of(v):.1f}" y2="{y_of(v):.1f}" stroke="#eeeeec"/>')
    for v in ticks(low, high / 1.1):
        out.append(f'<text x="{x_of(v):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{v:g}</text>')
        out.append(f'<line x1="{x_of(v):.1f}" x2="{x_of(v):.1f}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM + 4}" stroke="#77767b"/>')
    out.append(f'<text x="{left + width / 2}" y="{HEIGHT - 12}" text-anchor="middle">{title}</text>')
    points = [(x_of(r[key]), y_of(r["y"])) for r in rows]
    for r, (x, y), (at, level, side) in zip(rows, points, place(points, [r["name"] for r in rows], left + width)):
        color = OURS if r["name"].startswith("Limn") else OTHER
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{color}"/>')
        out.append(f'<text x="{at:.1f}" y="{level + 4:.1f}" fill="{color}" text-anchor="{side}">{html.escape(r["name"])}</text>')
    return out


def scatter(path, rows, y_title, costs):
    """Writes the plot. rows: dicts with name, y and each key of costs (key -> title of its axis; two)."""
    low, high = (f(r["y"] for r in rows) for f in (min, max))
    margin = .12 * (high - low) or .1 * high or 1.
    low, high = low - margin, high + margin
    y_of = lambda v: TOP + (HEIGHT - TOP - BOTTOM) * (high - v) / (high - low)
    width = (WIDTH - LEFT - GAP - 10) / 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="18">{y_title}: lower is nearer to the photo</text>']
    marks = steps(low, high)
    digits = max(0, -math.floor(math.log10(marks[1] - marks[0]) + 1e-9)) if len(marks) > 1 else 2
    for v in marks:
        out.append(f'<text x="{LEFT - 6}" y="{y_of(v) + 4:.1f}" text-anchor="end">{v:.{digits}f}</text>')
    for i, (key, title) in enumerate(costs.items()):
        out += panel(LEFT + i * (width + GAP), width, rows, key, title, y_of, marks)
    with open(path, "w") as f:
        f.write("\n".join(out) + "\n</svg>\n")
