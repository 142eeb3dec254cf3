"""The plug-in in the real Krita, on a screen of its own: starts Krita with tests/plugins/krita/limn_test, and reports its checks.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import stat
import subprocess
import sys
import zlib

import numpy as np
from PIL import ImageCms

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from harness import SOURCE, Skip, main, photo, read_png, succeed as cli, write_png  # noqa: E402  (the path is set first)

CHECKS = ("fill", "fill_of_16_bits", "fill_of_gray", "colorize", "upscale", "what_is_refused", "errors_are_shown", "cancelling")


def write_inputs():
    write_png("color.png", photo())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # without one Krita asks
    write_png("deep.png", photo(depth=16), chunks=((b"iCCP", b"sRGB\0\0" + zlib.compress(profile)),))
    write_png("gray.png", photo(channels=1))
    for name, text in (("failing-cli", "cat >/dev/null; echo '7 %' >&2; echo 'limn-cli: The cheese is out.' >&2; exit 3"),
                       ("nonsense-cli", "cat >/dev/null; echo nonsense"),
                       ("slow-cli", "trap 'touch ended; exit 130' TERM; touch started; echo '42 %' >&2; while :; do sleep 0.1; done")):
        with open(name, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\n%s\n" % text)
        os.chmod(name, stat.S_IRWXU)


def make_profile():
    """Krita's settings and plug-ins for the test; its environment."""
    os.makedirs("config")
    os.makedirs("data/krita/pykrita")
    with open("config/kritarc", "w", encoding="utf-8") as f:
        f.write("[python]\nenable_limn=true\nenable_limn_test=true\n")
    for folder, name in (("plugins", "limn"), ("tests/plugins", "limn_test")):
        for part in (name, name + ".desktop"):
            os.symlink(os.path.join(SOURCE, folder, "krita", part), os.path.join("data", "krita", "pykrita", part))
    return dict(os.environ, HOME=os.getcwd(), XDG_CONFIG_HOME=os.path.abspath("config"), XDG_DATA_HOME=os.path.abspath("data"),
                LIMN_TEST_REPORT=os.path.abspath("report"), QT_QPA_PLATFORM="xcb", LC_ALL="C.UTF-8", LANGUAGE="en")


def run_krita():
    """{check: what the report says of it}"""
    for program in ("krita", "xvfb-run"):
        if not shutil.which(program):
            raise Skip(program + " is not installed")
    if subprocess.run(["/usr/bin/python3", "-c", "import PyQt5.QtWidgets"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("python3-pyqt5, without which Krita has no plug-ins in Python, is not installed")
    write_inputs()
    with open("log", "w", encoding="utf-8") as log:
        subprocess.run(["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "krita", "--nosplash"], env=make_profile(), stdin=subprocess.DEVNULL,
                       stdout=log, stderr=log, timeout=800)
    with open("report", encoding="utf-8") as f:
        return {line.split()[-1] if line.startswith("ok") else line.split()[2]: line.strip() for line in f}


def test_in_krita():
    report = run_krita()
    for name in CHECKS:
        print("# " + report.get(name, name + " was not reached"))
    assert [name for name in CHECKS if not report.get(name, "").startswith("ok")] == []
    cli("colorize", "color.png", "-o", "expected.png")
    assert np.abs(read_png("colorized.png")[0][..., :3] - read_png("expected.png")[0]).max() <= 1
    cli("upscale", "color.png", "-o", "expected.png")
    assert (read_png("enlarged.png")[0][..., :3] == read_png("expected.png")[0]).all()


main()
