"""Many pictures: limn-cli batch and replay, what they promise when they are stopped, and convert, documents and pipes beside them.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import random
import shutil
import signal
import subprocess
import time

import numpy as np
from PIL import Image

from harness import CLI, disc, fail, main, photo, read_png, run, save_jpeg, succeed, write_fill, write_png


def write_photos(folder, count, width=96, height=80):
    os.makedirs(folder)
    for i in range(count):
        save_jpeg(os.path.join(folder, "p%02d.jpg" % i), np.repeat(photo(width, height, 1, seed=i), 3, 2))


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def colorize(*arguments):
    """{state: names of pictures} of a batch that succeeds."""
    *items, last = lines(succeed("batch", "colorize", *arguments, "--json"))
    states = {"done": [], "skipped": [], "failed": []}
    for item in items:
        states[item["state"]].append(os.path.basename(item["photo"]))
    assert {k: len(v) for k, v in states.items()} == {k: last[k] for k in states}, (states, last)
    return {k: sorted(v) for k, v in states.items()}


def contents(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder)) if not name.startswith(".limn-batch")}


def start(*arguments):
    return subprocess.Popen([CLI, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(.02)
    raise AssertionError("waited in vain")


# ---------------------------------------------------------------- what is made

def test_a_batch_makes_what_single_runs_make():
    write_photos("in", 4)
    assert len(colorize("in", "-o", "out", "--jobs", 2)["done"]) == 4
    for name in os.listdir("in"):
        succeed("colorize", "in/" + name, "-o", "one.jpg", "-q")
        assert open("one.jpg", "rb").read() == open("out/" + name, "rb").read(), name


def test_names_formats_and_folders():
    write_photos("in/sub", 2)
    write_png("in/a.png", photo())
    assert len(colorize("in", "-o", "out", "--name", "{name}-{edit}.{ext}")["done"]) == 1
    assert sorted(contents("out")) == ["a-colorize.png"]
    assert len(colorize("in", "-o", "deep", "-r", "--format", "webp")["done"]) == 3
    assert sorted(os.listdir("deep/sub")) == ["p00.webp", "p01.webp"] and Image.open("deep/a.webp").format == "WEBP"


def test_masks_lie_beside_their_photos():
    os.mkdir("in")
    for name in "ab":
        write_png("in/%s.png" % name, photo(seed=ord(name)))
        write_png("in/%s.mask.png" % name, disc(radius=10 if name == "a" else 16))
    out = lines(succeed("batch", "fill", "in", "--masks", "{name}.mask.png", "-o", "out", "--json"))
    assert out[-1]["done"] == 2 and sorted(contents("out")) == ["a.png", "b.png"]
    before, after = (read_png(folder + "/b.png")[0] for folder in ("in", "out"))
    assert (before != after).any() and (before[:12] == after[:12]).all()


# ---------------------------------------------------------------- what is not done twice

def test_only_what_is_missing_or_changed_is_done_again():
    write_photos("in", 4)
    colorize("in", "-o", "out")
    assert len(colorize("in", "-o", "out")["skipped"]) == 4
    os.utime("in/p00.jpg")                          # touched, but the same
    os.remove("out/p01.jpg")
    save_jpeg("in/p02.jpg", np.repeat(photo(channels=1, seed=99), 3, 2))
    assert colorize("in", "-o", "out") == {"done": ["p01.jpg", "p02.jpg"], "skipped": ["p00.jpg", "p03.jpg"], "failed": []}
    assert len(colorize("in", "-o", "out", "--saturation", 1.5)["done"]) == 4
    assert len(colorize("in", "-o", "out", "--saturation", 1.5)["skipped"]) == 4


def test_a_changed_mask_is_another_edit():
    os.mkdir("in")
    write_png("in/a.png", photo())
    write_png("in/a.mask.png", disc())
    fill = ["batch", "fill", "in", "--masks", "{name}.mask.png", "-o", "out", "--json"]
    assert lines(succeed(*fill))[-1]["done"] == 1 and lines(succeed(*fill))[-1]["skipped"] == 1
    write_png("in/a.mask.png", disc(radius=9))
    assert lines(succeed(*fill))[-1]["done"] == 1


def test_killed_and_run_again_every_picture_is_there_once_and_whole():
    write_photos("in", 12, 320, 240)
    chance = random.Random(4)
    for _ in range(10):
        process = start("batch", "colorize", "in", "-o", "out", "-q")
        time.sleep(chance.uniform(.05, .6))
        process.kill()
        process.wait()
    before = contents("out") if os.path.isdir("out") else {}
    whole = [name for name in before if not name.startswith(".")]
    for name in whole:
        Image.open("out/" + name).load()
    again = colorize("in", "-o", "out")
    assert len(again["done"]) + len(again["skipped"]) == 12 and set(again["skipped"]) <= set(whole)
    assert sorted(contents("out")) == sorted(os.listdir("in")), "something was left behind"
    colorize("in", "-o", "clean")
    assert contents("out") == contents("clean")


def test_several_programs_fill_one_folder():
    write_photos("in", 9)
    workers = [start("batch", "colorize", "in", "-o", "out", "--part", "%d/3" % k, "--json") for k in (1, 2, 3)]
    ends = [lines(worker.communicate()[0])[-1] for worker in workers]
    assert [end["done"] for end in ends] == [3, 3, 3], ends
    assert len(colorize("in", "-o", "out")["skipped"]) == 9


def test_ctrl_c_ends_it_and_it_goes_on_later():
    write_photos("in", 30, 640, 480)
    process = start("batch", "colorize", "in", "-o", "out", "-q", "--jobs", 1)
    wait_for(lambda: os.path.exists("out/p00.jpg"))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130 and "goes on where it was" in err, (process.returncode, err)
    done = len(contents("out"))
    assert 0 < done < 30, "too quick to be stopped"
    assert len(colorize("in", "-o", "out")["skipped"]) == done


# ---------------------------------------------------------------- what goes wrong

def test_one_failure_does_not_stop_the_rest():
    write_photos("in", 3)
    open("in/p01.jpg", "wb").write(b"\xff\xd8\xff nothing")
    status, out, err = run("batch", "colorize", "in", "-o", "out", "--json")
    *items, last, problem = lines(out)
    assert problem["error"]["status"] == 2 and status == 2 and last["done"] == 2 and last["failed"] == 1, (status, last)
    wrong, = (item for item in items if item["state"] == "failed")
    assert wrong["photo"].endswith("p01.jpg") and wrong["error"] in err and "1 of 3 pictures failed" in err


def test_a_picture_too_large_for_its_format_fails_alone():
    write_photos("in", 1)
    write_png("in/wide.png", np.full((2, 4200), 128, np.uint8))
    status, _, err = run("batch", "upscale", "in", "-o", "out", "--scale", "4", "--format", "webp", "-q")
    assert status == 2 and "16383" in err and os.listdir("out").count("p00.webp") == 1 and "wide.webp" not in os.listdir("out"), err


def test_what_is_not_of_a_batch_is_not_replaced():
    write_photos("in", 1)
    os.mkdir("out")
    open("out/p00.jpg", "w").write("mine")
    status, _, err = run("batch", "colorize", "in", "-o", "out", "-q")
    assert status == 2 and "there already" in err and open("out/p00.jpg").read() == "mine"
    assert len(colorize("in", "-o", "out", "--replace")["done"]) == 1


def test_mistakes_are_told_before_any_work():
    write_photos("in", 1)
    write_png("in/p00.png", photo())
    fail(1, "would both become", "batch", "colorize", "in/p00.jpg", "in/p00.png", "-o", "o", "--format", "png")
    fail(1, "would become itself", "batch", "colorize", "in", "-o", "in")
    fail(1, "There is no edit colour", "batch", "colour", "in", "-o", "out")
    fail(1, "braces", "batch", "colorize", "in", "-o", "out", "--name", "{nom}.png")
    fail(1, "alike", "batch", "colorize", "in", "-o", "out", "--name", "a.png")
    fail(1, "--part must be", "batch", "colorize", "in", "-o", "out", "--part", "4/3")
    fail(1, "--format must be", "batch", "colorize", "in", "-o", "out", "--format", "gif")
    fail(1, "-o FOLDER", "batch", "colorize", "in")
    fail(1, "can't be done to many", "batch", "sketch", "in", "-o", "out")


# ---------------------------------------------------------------- a folder that is watched

def test_a_watched_folder_gets_each_new_picture():
    write_photos("in", 1)
    write_photos("more", 3)
    process = start("batch", "colorize", "in", "-o", "out", "--watch", "-q")
    wait_for(lambda: os.path.exists("out/p00.jpg"))
    os.rename("more/p01.jpg", "in/p01.jpg")         # moved in
    data = open("more/p02.jpg", "rb").read()
    with open("in/p02.jpg", "wb") as f:             # written in two pieces
        f.write(data[:1000])
        f.flush()
        time.sleep(.3)
        f.write(data[1000:])
    wait_for(lambda: os.path.exists("out/p01.jpg") and os.path.exists("out/p02.jpg"))
    assert watch_end(process) == ""
    assert len(colorize("in", "-o", "out")["skipped"]) == 3


def watch_end(process):
    """Ctrl+C; what it said of failures."""
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 0, (process.returncode, err)
    return err


def test_a_file_is_taken_when_it_is_whole_and_again_when_it_changes():
    write_photos("more", 3)
    os.mkdir("in")
    process = start("batch", "colorize", "in", "-o", "out", "--watch", "-q")
    wait_for(lambda: os.path.isdir("out/.limn-batch"))
    data = open("more/p00.jpg", "rb").read()
    with open("in/p00.jpg", "wb") as f:             # open for longer than a file must rest
        f.write(data[:1000])
        f.flush()
        time.sleep(1)
        assert not os.path.exists("out/p00.jpg")
        f.write(data[1000:])
    os.link("more/p01.jpg", "in/p01.jpg")
    wait_for(lambda: os.path.exists("out/p00.jpg") and os.path.exists("out/p01.jpg"))
    before = open("out/p01.jpg", "rb").read()
    os.rename("more/p02.jpg", "in/p01.jpg")         # another one in its place
    wait_for(lambda: open("out/p01.jpg", "rb").read() != before)
    assert watch_end(process) == ""
    assert len(colorize("in", "-o", "out")["skipped"]) == 2


def test_a_file_that_is_closed_between_its_pieces_is_done_in_the_end():
    write_photos("more", 4)
    os.mkdir("in")
    process = start("batch", "colorize", "in", "-o", "out", "--watch", "--json")
    wait_for(lambda: os.path.isdir("out/.limn-batch"))
    for name in sorted(os.listdir("more")):
        data = open("more/" + name, "rb").read()
        for k in range(0, len(data), len(data) // 3):
            with open("in/" + name, "ab") as f:
                f.write(data[k:k + len(data) // 3])
            time.sleep(.05)
    wait_for(lambda: os.path.isdir("out") and len(contents("out")) == 4)
    watch_end(process)
    assert len(colorize("in", "-o", "out")["skipped"]) == 4


def test_a_folder_that_comes_into_a_watched_one_is_watched_too():
    write_photos("more", 2)
    os.mkdir("in")
    process = start("batch", "colorize", "in", "-o", "out", "--watch", "-r", "-q")
    wait_for(lambda: os.path.isdir("out/.limn-batch"))
    os.makedirs("sub/deep")
    os.rename("more/p00.jpg", "sub/deep/p00.jpg")
    os.rename("sub", "in/sub")                      # with a picture in it
    wait_for(lambda: os.path.exists("out/sub/deep/p00.jpg"))
    os.rename("more/p01.jpg", "in/sub/p01.jpg")     # into the new one
    wait_for(lambda: os.path.exists("out/sub/p01.jpg"))
    assert watch_end(process) == ""


def test_a_watched_photo_waits_for_its_mask():
    """Wherever masks lie, whichever of the two comes first, and whether it was there before; no mask is taken for a photo."""
    for k, (pattern, folder) in enumerate((("{name}.mask.png", "in"), ("../masks1/{name}.png", "masks1"), (os.path.abspath("masks2/{name}.png"), "masks2"),
                                           ("masks/{name}.png", "in/masks"))):
        shutil.rmtree("in", ignore_errors=True)
        out = "out%d" % k
        os.makedirs("in/masks")
        os.makedirs(folder, exist_ok=True)
        mask = folder + ("/%s.mask.png" if folder == "in" else "/%s.png")
        write_png("in/early.png", photo())
        process = start("batch", "fill", "in", "--masks", pattern, "-o", out, "--watch", "-q")
        wait_for(lambda: os.path.isdir(out + "/.limn-batch"))
        for name, order in (("a", "pm"), ("b", "mp"), ("early", "m")):
            for what in order:
                path = "in/%s.png" % name if what == "p" else mask % name
                write_png(path + ".part", photo() if what == "p" else disc())
                os.rename(path + ".part", path)
                time.sleep(.4)
        wait_for(lambda: len(contents(out)) == 3)
        assert watch_end(process) == "" and sorted(contents(out)) == ["a.png", "b.png", "early.png"], contents(out).keys()


# ---------------------------------------------------------------- recipes and documents

def test_a_recipe_is_done_again():
    write_photos("in", 2)
    open("recipe.json", "w").write('{"task": "colorize", "saturation": 1.4}')
    assert lines(succeed("replay", "recipe.json", "in", "-o", "out", "--json"))[-1]["done"] == 2
    assert len(colorize("in", "-o", "out", "--saturation", 1.4)["skipped"]) == 2
    open("recipe.json", "w").write('{"task": "colorize", "saturation": 9}')
    fail(2, "damaged.*saturation.*0 to 2", "replay", "recipe.json", "in", "-o", "new")
    open("recipe.json", "w").write("no JSON")
    fail(2, "no JSON", "replay", "recipe.json", "in", "-o", "new")


def test_a_document_s_mask_is_scaled_to_other_pictures():
    write_fill()
    succeed("fill", "photo.png", "--mask", "mask.png", "--seed", 3, "-o", "doc.ora", "-q")
    succeed("fill", "photo.png", "--mask", "mask.png", "--seed", 3, "-o", "one.png", "-q")
    os.mkdir("in")
    shutil.copy("photo.png", "in/same.png")
    write_png("in/twice.png", photo(192, 160, seed=1))
    assert lines(succeed("replay", "doc.ora", "in", "-o", "out", "--json"))[-1]["done"] == 2
    assert (read_png("out/same.png")[0] == read_png("one.png")[0]).all()
    before, after = read_png("in/twice.png")[0], read_png("out/twice.png")[0]
    changed = (before != after).any(2)
    assert changed[80, 96] and not changed[:30].any() and not changed[:, :40].any()


def test_a_document_is_written_read_and_gets_another_layer():
    write_fill()
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "doc.ora", "-q")
    succeed("fill", "photo.png", "--mask", "mask.png", "-o", "one.png", "-q")
    succeed("convert", "doc.ora", "-o", "flat.png", "-q")
    assert (read_png("flat.png")[0] == read_png("one.png")[0]).all()
    succeed("colorize", "doc.ora", "-o", "two.ora", "-q")
    succeed("colorize", "one.png", "-o", "both.png", "-q")
    succeed("convert", "two.ora", "-o", "flat.png", "-q")
    assert (read_png("flat.png")[0] == read_png("both.png")[0]).all()
    assert lines(succeed("replay", "two.ora", "photo.png", "-o", "all", "--all", "--json"))[-1]["done"] == 1
    assert (read_png("all/photo.png")[0] == read_png("both.png")[0]).all()
    succeed("upscale", "photo.png", "--scale", 2, "-o", "plain.ora", "-q")     # has another photo, and no layer
    fail(2, "tells how it was made", "replay", "plain.ora", "photo.png", "-o", "new")


# ---------------------------------------------------------------- pipes, parts and sizes

def test_standard_input_and_output():
    write_png("photo.png", photo())
    data = open("photo.png", "rb").read()
    done = subprocess.run([CLI, "colorize", "-", "-o", "-", "--format", "jpg"], input=data, capture_output=True, timeout=300)
    assert done.returncode == 0 and done.stdout[:2] == b"\xff\xd8", done.stderr
    succeed("colorize", "photo.png", "-o", "one.jpg", "-q")
    assert open("one.jpg", "rb").read() == done.stdout
    same = subprocess.run([CLI, "colorize", "photo.png", "-o", "/dev/stdout", "--format", "jpg"], capture_output=True, timeout=300)
    assert same.returncode == 0 and same.stdout == done.stdout, same.stderr
    fail(1, "--format must be", "colorize", "photo.png", "-o", "-", "--format", "gif")


def test_convert_crops_and_makes_smaller():
    pixels = photo(depth=16)
    write_png("photo.png", pixels)
    succeed("convert", "photo.png", "--crop", "40x30+10+20", "-o", "part.png", "-q")
    assert (read_png("part.png")[0] == pixels[20:50, 10:50]).all()
    succeed("convert", "photo.png", "--resize", "48x", "-o", "small.png", "-q")
    assert read_png("small.png")[0].shape == (40, 48, 3)
    succeed("convert", "photo.png", "--resize", "30x30", "-o", "small.png", "-q")
    assert read_png("small.png")[0].shape == (25, 30, 3)
    fail(1, "reaches out", "convert", "photo.png", "--crop", "90x30+10+20", "-o", "new.png")
    fail(1, "--crop must be", "convert", "photo.png", "--crop", "40x30", "-o", "new.png")
    fail(1, "upscale does", "convert", "photo.png", "--resize", "200x", "-o", "new.png")
    fail(1, "--resize must be", "convert", "photo.png", "--resize", "50%", "-o", "new.png")
    fail(1, "no documents", "convert", "photo.png", "-o", "new.ora")


if __name__ == "__main__":
    main()
