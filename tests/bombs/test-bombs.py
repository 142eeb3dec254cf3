"""Opens each bomb of bombs.py twice: as it is, within 1 GB and 10 seconds of processor time, and with 1 GB of address space. It opens or
is refused by a sentence, and the program never ends otherwise. TAP; what each took is told. LIMN_OPEN_FILE = the program.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

import bombs

GIGABYTE = 1000 * 1000 * 1000
SANITIZED = os.environ.get("LIMN_SANITIZED", "none") != "none"  # sanitizers need address space without end
SECONDS = 60 if SANITIZED else 10


def limits(address_space):
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if address_space:
        resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))


def open_file(kind, path, address_space):
    """Exit status, what was said, processor seconds, and the most memory in bytes of the program and those that it started."""
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen([os.environ["LIMN_OPEN_FILE"], kind, path], stdout=said, stderr=said,
                                 preexec_fn=lambda: limits(address_space))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return child.returncode, said.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def problem_with(kind, path, words):
    status, said, seconds, memory = open_file(kind, path, False)
    print("# %s: %.2f s, %d MB: %s" % (os.path.basename(path), seconds, memory / 1e6, said.strip()), flush=True)
    if status not in (0, 2, 3) or not re.search(re.escape(words), said):
        return "ended with %d instead of %r" % (status, words)
    if memory > GIGABYTE and not SANITIZED:
        return "took %d MB" % (memory / 1e6)
    if not SANITIZED:
        status, said, _, _ = open_file(kind, path, True)
        if status not in (0, 2, 3) or not said.strip():
            return "in 1 GB of address space it ended with %d: %s" % (status, said)
    return None


def main():
    folder, count, failed = tempfile.mkdtemp(prefix="limn-bombs-"), 0, 0
    try:
        for kind, path, words in bombs.make(folder):
            count += 1
            problem = problem_with(kind, path, words)
            failed += problem is not None
            print("%sok %d - %s%s" % ("not " if problem else "", count, os.path.basename(path), ": " + problem if problem else ""), flush=True)
    finally:
        shutil.rmtree(folder)
    print("1..%d" % count)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
