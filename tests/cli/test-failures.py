"""What goes wrong late: no room, no permission, Ctrl+C. OUT stays as it was.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import fcntl
import json
import os
import pty
import re
import resource
import signal
import subprocess

from PIL import Image

from harness import CLI, SANITIZED, SECONDS, Skip, fail, main, photo, run, snapshot, succeed, write_fill, write_png

FILL = ("fill", "photo.png", "--mask", "mask.png", "-o")


def test_folder_as_output():
    write_fill()
    os.mkdir("out.png")
    fail(2, r"out\.png is a folder", *FILL, "out.png")


def test_file_as_folder():
    write_fill()
    open("file", "w").close()
    fail(2, r"no folder file", *FILL, "file/out.png")


def immutable(path, yes):
    if subprocess.run(["chattr", "+i" if yes else "-i", path], capture_output=True).returncode:
        raise Skip("chattr does not work here")


def test_output_that_must_not_be_replaced():
    write_fill()
    succeed(*FILL, "out.png")
    immutable("out.png", True)
    try:
        fail(2, r"out\.png can't be", *FILL, "out.png", "--seed", "2")
    finally:
        immutable("out.png", False)


def test_folder_that_must_not_be_written():
    write_fill()
    os.mkdir("locked")
    immutable("locked", True)
    try:
        fail(2, r"out\.png can't be written", *FILL, "locked/out.png")
    finally:
        immutable("locked", False)
    assert os.listdir("locked") == []


def test_link_stays_a_link():
    write_fill()
    os.mkdir("there")
    os.symlink("there/picture.png", "out.png")
    open("there/picture.png", "w").close()
    succeed(*FILL, "out.png")
    assert os.path.islink("out.png") and os.path.getsize("there/picture.png") > 100 and os.listdir("there") == ["picture.png"]


def test_link_to_nothing_yet_stays_a_link():
    write_fill()
    os.mkdir("there")
    os.symlink("out-2.png", "out.png")
    os.symlink("there/picture.png", "out-2.png")
    succeed(*FILL, "out.png")
    assert os.path.islink("out.png") and os.path.islink("out-2.png") and os.listdir("there") == ["picture.png"]
    os.symlink("there/circle.png", "circle.png")
    os.symlink("../circle.png", "there/circle.png")
    fail(2, r"circle\.png can't be written", *FILL, "circle.png")


def test_extended_attributes_are_kept():
    write_fill()
    succeed(*FILL, "out.png")
    try:
        os.setxattr("out.png", "user.rating", b"five stars")
    except OSError:
        raise Skip("the file system has no extended attributes")
    succeed(*FILL, "out.png", "--seed", "2")
    assert os.getxattr("out.png", "user.rating") == b"five stars"


def test_full_device():
    write_fill()
    os.symlink("/dev/full", "out.png")
    fail(3, r"out\.png can't be written: No space left", *FILL, "out.png")


def test_read_only_disk():
    write_fill()
    os.mkdir("disk")
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "disk"], capture_output=True).returncode:
        raise Skip("no file system may be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro", "disk"], check=True)
        fail(3, r"out\.png can't be written: Read-only", *FILL, "disk/out.png")
    finally:
        subprocess.run(["umount", "disk"], check=True)


def told_as_json(status, words, *arguments):
    """Runs what must fail with --json: an object on standard output, the sentence on standard error as always."""
    got, out, err = run(*arguments)
    error = json.loads(out)["error"]
    assert (got, error["status"]) == (status, status) and re.search(words, error["message"]), out
    assert error["message"] in err, err


def test_json_of_failures():
    write_fill()
    told_as_json(2, "There is no file none.png", "fill", "none.png", "--mask", "mask.png", "-o", "out.png", "--json")
    told_as_json(1, "no option --nonsense", *FILL, "out.png", "--nonsense", "--json")
    told_as_json(2, "There is no file none.safetensors|can't be opened", "info", "none.safetensors", "--json")
    told_as_json(2, "There is no file \ufffd.png", "fill", b"\xe9.png", "--mask", "mask.png", "-o", "out.png", "--json")


def test_json_of_any_file_name():
    write_fill()
    name = b"l\xe9 \"x\"\n\x01.png"
    out = json.loads(succeed(*FILL, name, "--json"))["out"]
    assert out == "l\ufffd \"x\"\n\x01.png", out
    assert name in os.listdir(b".")


def test_full_disk():
    write_fill()
    os.mkdir("small")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", "small"], capture_output=True).returncode:
        raise Skip("no file system may be mounted here")
    try:
        with open("small/out.png", "wb") as f:
            f.write(b"before")
        fail(3, r"out\.png can't be written: No space left", *FILL, "small/out.png")
        assert snapshot("small").keys() == {"out.png"} and os.path.getsize("small/out.png") == 6
    finally:
        subprocess.run(["umount", "small"], check=True)


def test_file_size_limit():
    """The disk is full in the middle of writing: what was there stays, and nothing is left beside it."""
    write_fill()
    succeed(*FILL, "out.png")
    before = snapshot(".")
    fail(3, r"out\.png can't be written: File too large", *FILL, "out.png", "--seed", "2", restore_signals=False,
         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, resource.RLIM_INFINITY)))
    assert snapshot(".") == before


def test_out_of_memory():
    if SANITIZED:
        raise Skip("the sanitizers need more address space than any limit")
    Image.new("1", (14000, 14000)).save("photo.png")
    fail(3, r"not enough memory", "colorize", "photo.png", "-o", "out.png",
         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)))


# ---------------------------------------------------------------- Ctrl+C

def test_interrupted_while_reading():
    """The photo comes through a pipe that stays open: the program surely is still reading when the signal comes."""
    write_fill()
    os.mkfifo("pipe.png")
    before = snapshot(".")
    process = subprocess.Popen([CLI, "colorize", "pipe.png", "-o", "out.png"], stderr=subprocess.PIPE, text=True)
    with open("pipe.png", "wb") as pipe, open("photo.png", "rb") as f:  # opens when the other end does
        pipe.write(f.read(100))
        pipe.flush()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)  # whichever is taken first cancels, the second ends what hangs
        assert process.wait(SECONDS) == 130
    assert snapshot(".") == before


def interrupted(number):
    """Sends a signal when the progress bar shows that the edit is under way; what the terminal got."""
    try:
        terminal, end = pty.openpty()
    except OSError as problem:
        raise Skip("no terminal can be made here: %s" % problem)
    write_png("photo.png", photo(512, 512))
    write_png("out.png", photo())
    before = snapshot(".")
    signal.signal(number, signal.SIG_DFL)  # the program rightly leaves a signal ignored that nohup had ignored for the tests
    process = subprocess.Popen([CLI, "upscale", "photo.png", "--scale", "8", "-o", "out.png"], stderr=end, stdout=subprocess.PIPE)
    os.close(end)
    shown = b""
    while b"%" not in shown:
        shown += os.read(terminal, 4096)
    process.send_signal(number)
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    assert process.communicate(timeout=SECONDS)[0] == b""
    assert process.returncode == 130, process.returncode
    assert snapshot(".") == before
    return shown.decode()


def test_interrupted_in_the_middle():
    shown = interrupted(signal.SIGINT)
    assert "[" in shown and "limn-cli: cancelled; nothing was written." in shown, shown


def test_terminated_and_hung_up():
    for number in (signal.SIGTERM, signal.SIGHUP):
        assert "cancelled" in interrupted(number)


def test_no_progress_bar_in_a_pipe():
    write_png("photo.png", photo(200, 200))
    _, _, err = run("upscale", "photo.png", "--scale", "4", "-o", "out.png")
    assert err == ""


def test_closed_standard_output():
    """The picture is what counts: a report that nobody reads is no failure of it."""
    write_fill()
    end, start = os.pipe()
    os.close(end)
    process = subprocess.Popen([CLI, *FILL, "out.png"], stdout=start, stderr=subprocess.DEVNULL)
    os.close(start)
    process.wait(SECONDS)
    assert os.path.getsize("out.png") > 100


main()
