"""Runs the real GIMP 2.10 without a window, with Limn's plug-in and the few of its own that a test needs, and a profile of the test's own.

Environment, beside that of tests/cli/harness.py: LIMN_GIMP = the plug-in's program.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import subprocess
import sys

import numpy as np
from PIL import TiffImagePlugin

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import CLI, SECONDS, Skip  # noqa: E402  (the path is set first)

PLUG_INS = "/usr/lib/gimp/2.0/plug-ins"
NEEDED = ("script-fu", "file-png", "file-tiff")


def make_profile(folder):
    """GIMP's settings for the tests in folder: no plug-ins but those that are needed, so that it starts in three seconds."""
    plug_ins = os.path.join(folder, "plug-ins")
    os.makedirs(os.path.join(plug_ins, "limn"))
    for name in NEEDED:
        os.symlink(os.path.join(PLUG_INS, name), os.path.join(plug_ins, name))
    os.symlink(os.environ["LIMN_GIMP"], os.path.join(plug_ins, "limn", "limn"))
    with open(os.path.join(folder, "gimprc"), "w", encoding="utf-8") as f:
        f.write('(plug-in-path "%s")\n' % plug_ins)


def environment(cli=CLI):
    profile = os.path.abspath("profile")
    if not os.path.exists(profile):
        make_profile(profile)
    return dict(os.environ, GIMP2_DIRECTORY=profile, LIMN_CLI=str(cli), LC_ALL="C.UTF-8", LANGUAGE="")


def need_gimp():
    """Skips a test where GIMP 2.10, or the plug-in, is missing."""
    if not shutil.which("gimp-2.10") or not os.path.isdir(PLUG_INS):
        raise Skip("GIMP 2.10 is not installed")
    if not os.environ.get("LIMN_GIMP"):
        raise Skip("the plug-in is not built: libgimp2.0-dev is missing")


def start(*scripts, **how):
    """GIMP, running Scheme scripts, each whether or not those before it failed, and then ending."""
    need_gimp()
    batch = [argument for script in (*scripts, "(gimp-quit 1)") for argument in ("-b", script)]
    return subprocess.Popen(["gimp-2.10", "-i", "-d", "-f", "-s", *batch], env=environment(**how), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def run(*scripts, **how):
    """What GIMP says while it runs scripts to their end."""
    with start(*scripts, **how) as gimp:
        try:
            return gimp.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            gimp.kill()
            raise


def succeed(*scripts, **how):
    said = run(*scripts, **how)
    assert said.count("batch command executed successfully") == len(scripts) and "execution error" not in said, said


def fail(cases, **how):
    """Each script of cases, (words, script), must fail with its words."""
    said = run(*[script for _, script in cases], **how)
    for (words, _), part in zip(cases, said.split("execution error:\n")[1:] + [""] * len(cases)):
        assert words in part.split("\n")[0], "%r is not in %r; all was: %s" % (words, part, said)


def load(name):
    """Scheme that binds image and layer to a picture file; END closes it."""
    return """(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "%s" "%s"))) (layer (car (gimp-image-get-active-layer image)))) """ % (
        name, name)


END = ")"


def save(name, layer="layer"):
    """Scheme that saves a layer alone with its numbers as they are: .png in 8 or 16 bits, .tif in as many as it has."""
    if name.endswith(".tif"):
        return '(file-tiff-save RUN-NONINTERACTIVE image %s "%s" "%s" 0)' % (layer, name, name)
    return '(file-png-save RUN-NONINTERACTIVE image %s "%s" "%s" 0 9 0 0 0 0 0)' % (layer, name, name)


def read_tiff(name):
    """[height, width, channels] of an uncompressed TIFF of whole numbers or floating-point ones, as fractions of what is white."""
    with open(name, "rb") as f:
        tags = TiffImagePlugin.ImageFileDirectory_v2(f.read(8))
        f.seek(tags.next)
        tags.load(f)
        data = b""
        for offset, size in zip(tags[TiffImagePlugin.STRIPOFFSETS], tags[TiffImagePlugin.STRIPBYTECOUNTS]):
            f.seek(offset)
            data += f.read(size)
    bits, whole = tags[TiffImagePlugin.BITSPERSAMPLE][0], tags.get(TiffImagePlugin.SAMPLEFORMAT, (1,))[0] == 1
    values = np.frombuffer(data, "<%s%d" % ("u" if whole else "f", bits // 8)).astype(float) / (2 ** bits - 1 if whole else 1)
    return values.reshape(tags[TiffImagePlugin.IMAGELENGTH], tags[TiffImagePlugin.IMAGEWIDTH], -1)
