"""limn-cli killed at moments spread over a run, and once more over its last part, where it writes: the file that it was to replace is the old
one or the new one, whole. KILLS in the environment says how often (12).
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import time

from harness import CLI, main, succeed, write_fill

FILL = ("fill", "photo.png", "--mask", "mask.png", "-o", "out.png")
KILLS = int(os.environ.get("KILLS", "12"))


def contents(name):
    with open(name, "rb") as file:
        return file.read()


def kill_after(seconds):
    """Whether the run was killed before it ended."""
    child = subprocess.Popen([CLI, *FILL, "--seed", "2", "-q"])
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
    return child.wait() < 0


def test_kills():
    write_fill()
    succeed(*FILL, "--seed", "2")
    new = contents("out.png")
    succeed(*FILL, "--seed", "1")
    old = contents("out.png")
    began = time.monotonic()
    succeed(*FILL, "--seed", "1")
    whole, killed, replaced, left = time.monotonic() - began, 0, 0, 0
    for i in range(KILLS):
        with open("out.png", "wb") as file:
            file.write(old)
        part = (i + 0.5) / KILLS
        killed += kill_after(whole * (part if i % 2 == 0 else 0.7 + 0.4 * part))
        after = contents("out.png")
        assert after in (old, new), "kill %d left %d bytes that are neither" % (i, len(after))
        replaced += after == new
        for name in os.listdir("."):
            if name.startswith(".limn-"):
                left += 1
                os.unlink(name)
    print("# %d runs: %d killed, %d had replaced the file, %d temporary files left" % (KILLS, killed, replaced, left))
    assert killed > 0 and old != new


main()
