#!/usr/bin/python3
"""Many pictures: how many a second `limn-cli batch colorize` makes, how its memory goes on, and what is left of it when it is killed.

  thousand.py CLI FOLDER [--count 1000]

FOLDER gets gray JPEG pictures of two megapixels (made of the photographs that Limn ships) and the results. A batch takes turns with a shell loop of
single runs and with ImageMagick, which halves the same pictures; then one batch makes all of them, another is killed ten times.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import filecmp
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import time

from PIL import Image, ImageEnhance

SIZE = 1732, 1155                                   # two megapixels
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PHOTOS = ["resources/samples/moss.jpg", "resources/samples/pavilion.jpg"]
TURN, TURNS = 40, 5                                 # pictures a turn of each program, turns


def make_pictures(folder, count):
    """Gray pictures, each another part of a photograph at another brightness."""
    os.makedirs(folder, exist_ok=True)
    photos = [Image.open(os.path.join(SOURCE, p)).convert("L") for p in PHOTOS]
    chance = random.Random(1)
    for i in range(count):
        path = os.path.join(folder, f"{i:04d}.jpg")
        photo, part = photos[i % len(photos)], chance.uniform(.5, 1)
        w = int(part * min(photo.width, photo.height * SIZE[0] // SIZE[1]))
        h = w * SIZE[1] // SIZE[0]
        x, y, light = chance.randint(0, photo.width - w), chance.randint(0, photo.height - h), chance.uniform(.7, 1.2)
        if not os.path.exists(path):
            ImageEnhance.Brightness(photo.resize(SIZE, Image.BICUBIC, (x, y, x + w, y + h))).enhance(light).save(path, quality=88)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def memory(pid):
    """Resident megabytes of a process and its children."""
    total = 0
    for p in [str(pid), *open(f"/proc/{pid}/task/{pid}/children").read().split()]:
        with open(f"/proc/{p}/smaps_rollup") as f:
            total += sum(int(line.split()[1]) for line in f if line.startswith("Pss:"))
    return total / 1024


def timed(work):
    """(seconds by the clock, seconds of processors) of what work() runs."""
    used = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    begun, before = time.monotonic(), used()
    work()
    return time.monotonic() - begun, used() - before


def in_turns(cli, pictures, folder):
    """Seconds a picture of each program, a list a program."""
    def batch(some):
        subprocess.run([cli, "batch", "colorize", *some, "-o", fresh(folder), "-q"], check=True)

    def loop(some):
        subprocess.run(["sh", "-c", 'for f; do "$CLI" colorize "$f" -o "$OUT/${f##*/}" -q || exit; done', "sh", *some], check=True,
                       env={**os.environ, "CLI": cli, "OUT": fresh(folder)})

    def magick(some):
        subprocess.run(["mogrify", "-path", fresh(folder), "-resize", "50%", *some], check=True)

    programs = {"batch": batch, "shell loop": loop}
    if shutil.which("mogrify"):
        programs["ImageMagick, halving"] = magick
    seconds = {name: [] for name in programs}
    for turn in range(TURNS):
        some = pictures[turn * TURN % len(pictures):][:TURN]
        for name, program in programs.items():
            seconds[name].append([t / len(some) for t in timed(lambda: program(some))])
    return seconds


def all_of_them(cli, pictures, out):
    """Memory in megabytes every half second of one batch, and its seconds."""
    begun, samples = time.monotonic(), []
    process = subprocess.Popen([cli, "batch", "colorize", *pictures, "-o", fresh(out), "-q"])
    while process.poll() is None:
        try:
            samples.append(memory(process.pid))
        except (FileNotFoundError, ProcessLookupError):     # a process that has just ended
            pass
        time.sleep(.5)
    assert process.returncode == 0
    return samples, time.monotonic() - begun


def killed(cli, pictures, out, seconds, times=10):
    """A batch that is killed at random moments and run again until all is there; how often a picture was begun in vain."""
    chance = random.Random(2)
    command = [cli, "batch", "colorize", *pictures, "-o", fresh(out), "--json"]
    done = 0
    for _ in range(times):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        time.sleep(chance.uniform(.2, 1.6) * seconds / times)
        os.killpg(process.pid, signal.SIGKILL)
        done += sum('"done"' in line for line in process.communicate()[0].splitlines())
    last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return done, json.loads(last[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli")
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=1000)
    a = parser.parse_args()
    cli = os.path.abspath(a.cli)
    pictures = make_pictures(os.path.join(a.folder, "in"), a.count)[:a.count]

    seconds = in_turns(cli, pictures, os.path.join(a.folder, "turns"))
    for name, turns in seconds.items():
        ratio = statistics.median(t[0] / b[0] for t, b in zip(turns, seconds["batch"]))
        clock, used = (statistics.median(t[k] for t in turns) for k in (0, 1))
        print(f"{name}: {1 / clock:.2f} pictures/s, {used:.3f} s of processors each, {ratio:.2f} times batch's time", flush=True)

    first = os.path.join(a.folder, "out")
    samples, whole = all_of_them(cli, pictures, first)
    quarters = [samples[k * len(samples) // 4:(k + 1) * len(samples) // 4] for k in range(4)]
    print(f"{len(pictures)} pictures in {whole:.0f} s, {len(pictures) / whole:.2f} a second; memory, MB, most and middle of each quarter:",
          ", ".join(f"{max(q):.0f} and {statistics.median(q):.0f}" for q in quarters if q), flush=True)

    second = os.path.join(a.folder, "killed")
    done, last = killed(cli, pictures, second, whole)
    made = lambda folder: sorted(n for n in os.listdir(folder) if not n.startswith(".limn-batch"))
    same = filecmp.cmpfiles(first, second, made(first), shallow=False)[0]
    print(f"killed ten times: {done} told as done before, {last['done']} made and {last['skipped']} skipped by the last run, "
          f"{last['failed']} failed; {len(same)} of {len(pictures)} the same bytes, {len(set(made(second)) - set(made(first)))} other files")


if __name__ == "__main__":
    main()
