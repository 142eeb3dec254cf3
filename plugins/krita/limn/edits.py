"""The edits that the menu offers, each with the few options that its dialog shows.
SPDX-License-Identifier: GPL-3.0-or-later
"""
from collections import namedtuple

from .places import _

AUTOMATIC = -1.0

# name: limn-cli's option without its dashes. kind: "seed", "scale", "strength" or "automatic", a strength that may be AUTOMATIC.
Option = namedtuple("Option", "name kind most initial label")
# name: limn-cli's command. fills: takes the selection as its mask. enlarges: the image, too.
Edit = namedtuple("Edit", "name label fills enlarges options")

SEED = Option("seed", "seed", 2 ** 31 - 1, 0, _("Variation"))

EDITS = (
    Edit("fill", _("Fill Selection"), True, False, (SEED,)),
    Edit("colorize", _("Colorize"), False, False, (Option("saturation", "strength", 2, 1.0, _("Strength of the colors")), SEED)),
    Edit("upscale", _("Upscale"), False, True, (
        Option("scale", "scale", 8, 4, _("How many times as wide and high")),
        Option("denoise", "automatic", 1, AUTOMATIC, _("Clean up noise and JPEG blocks")), SEED)),
    Edit("restore", _("Restore"), False, False, (
        Option("scratches", "strength", 1, 0.5, _("Scratches")),
        Option("fading", "strength", 1, 0.8, _("Fading")),
        Option("grain", "strength", 1, 0.4, _("Grain")), SEED)),
)


def arguments(edit, values):
    """limn-cli's arguments after its name, for {option's name: value}."""
    words = [edit.name, "-", "-o", "-", "--quiet", "--progress"]
    if edit.fills:  # exactly what is selected
        words += ["--grow", "0", "--feather", "0"]
    for option in edit.options:
        words += ["--" + option.name, "auto" if values[option.name] == AUTOMATIC else "%g" % values[option.name]
                  if option.kind in ("strength", "automatic") else "%d" % values[option.name]]
    return words
