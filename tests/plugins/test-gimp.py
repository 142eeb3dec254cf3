"""The plug-in in the real GIMP 2.10: what it changes and what not, what it refuses, and what becomes of it when it is killed.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import signal
import stat
import time

import numpy as np
from gimp import END, environment, fail, load, read_tiff, run, save, start, succeed
from harness import main, photo, read_png, succeed as cli, write_png

SELECT = "(gimp-image-select-ellipse image CHANNEL-OP-REPLACE 30 24 36 30)"
FILL = "(plug-in-limn-fill RUN-NONINTERACTIVE image layer 3)"


def selected(width=96, height=80):
    """What SELECT selects, a little widened for its soft edge."""
    y, x = np.mgrid[0:height, 0:width]
    return ((x + 0.5 - 48) / 19.5) ** 2 + ((y + 0.5 - 39) / 16.5) ** 2 <= 1


def assert_within(before, after, area):
    changed = (before != after).any(-1)
    assert not changed[~area].any(), "%d pixels outside the selection have changed" % changed[~area].sum()
    assert changed[area].mean() > 0.7, "only %.2f of the selection has changed" % changed[area].mean()


def with_alpha(depth=8):
    pixels = photo(channels=4, depth=depth)
    pixels[..., 3] = np.where(pixels[..., 0] % 3 == 0, pixels[..., 3], 2 ** depth - 1)
    return pixels


def fake_cli(text):
    """A program that stands for limn-cli."""
    with open("fake-cli", "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod("fake-cli", stat.S_IRWXU)
    return os.path.abspath("fake-cli")


def test_procedures_and_their_parameters():
    said = run("""(for-each (lambda (name) (let ((info (gimp-procedural-db-proc-info name)))
        (gimp-message (string-append name " " (number->string (nth 6 info)) " " (nth 0 info)))))
      (list "plug-in-limn-fill" "plug-in-limn-colorize" "plug-in-limn-upscale" "plug-in-limn-restore"))""")
    for name, count in (("fill", 4), ("colorize", 5), ("upscale", 6), ("restore", 7)):
        assert "plug-in-limn-%s %d " % (name, count) in said, said


def test_fill_changes_what_is_selected_and_nothing_else():
    kinds = [(depth, channels) for depth in (8, 16) for channels in ([0], [0, 3], [0, 1, 2], [0, 1, 2, 3])]
    for number, (depth, channels) in enumerate(kinds):
        write_png("in%d.png" % number, with_alpha(depth)[..., channels])
    succeed(*[load("in%d.png" % n) + SELECT + FILL + save("out%d.png" % n) + END for n in range(len(kinds))])
    for number, (depth, channels) in enumerate(kinds):
        assert_within(with_alpha(depth)[..., channels], read_png("out%d.png" % number)[0], selected())


def test_fill_is_that_of_limn_cli():
    write_png("in.png", photo())
    write_png("mask.png", (np.where(np.mgrid[0:80, 0:96][1] // 24 == 1, 255, 0)).astype(np.uint8))
    succeed(load("in.png") + "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 24 0 24 80)" + FILL + save("out.png") + END)
    cli("fill", "in.png", "--mask", "mask.png", "--grow", 0, "--feather", 0, "--seed", 3, "-o", "expected.png")
    assert (read_png("out.png")[0] == read_png("expected.png")[0]).all()


def test_a_layer_that_lies_elsewhere():
    pixels = with_alpha()
    write_png("in.png", pixels)
    succeed(load("in.png") + "(gimp-image-resize image 200 200 50 70)(gimp-image-resize image 120 130 -20 -60)"
            "(gimp-image-select-ellipse image CHANNEL-OP-REPLACE 60 34 36 30)" + FILL + save("out.png") + END)
    assert_within(pixels, read_png("out.png")[0], selected())


def test_a_soft_selection_mixes():
    pixels = photo()
    write_png("in.png", pixels)
    succeed(load("in.png") + SELECT + "(gimp-selection-feather image 12)" + save("selection.png", "(car (gimp-image-get-selection image))") +
            FILL + save("out.png") + END)
    soft, out = read_png("selection.png")[0][..., 0], read_png("out.png")[0]
    assert ((soft > 0) & (soft < 255)).sum() > 500
    assert (out == pixels)[soft == 0].all()
    assert (out != pixels).any(-1)[soft > 200].mean() > 0.7


def test_every_precision_stays_outside_the_selection():
    write_png("in.png", photo(depth=16))
    precisions = ("U8-LINEAR", "U16-LINEAR", "U32-LINEAR", "U32-GAMMA", "HALF-LINEAR", "HALF-GAMMA", "FLOAT-LINEAR", "FLOAT-GAMMA")
    succeed(*[load("in.png") + "(gimp-image-convert-precision image PRECISION-%s)" % name + save("before-%s.tif" % name) + SELECT + FILL +
              save("after-%s.tif" % name) + END for name in precisions])
    for name in precisions:
        before, after = read_tiff("before-%s.tif" % name), read_tiff("after-%s.tif" % name)
        assert_within(before, after, selected())
        assert abs(after[selected()].mean() - before[selected()].mean()) < 0.05, name  # no curve was mistaken for another


def test_colorize_keeps_what_is_light_and_makes_a_gray_image_rgb():
    gray = photo(channels=1)
    write_png("in.png", gray)
    succeed(load("in.png") + "(plug-in-limn-colorize RUN-NONINTERACTIVE image layer 1.5 0)" + save("out.png") + END)
    cli("colorize", "in.png", "--saturation", 1.5, "-o", "expected.png")
    out = read_png("out.png")[0]
    assert out.shape[2] == 3
    assert np.abs(out - read_png("expected.png")[0]).max() <= 1


def test_colorize_in_the_profile_of_the_image():
    """Numbers of a wide gamut stay those of that gamut: with a strength of 0 each pixel becomes a gray of its own lightness."""
    write_png("p3.png", photo(), chunks=((b"cICP", bytes((12, 13, 0, 1))),))
    cli("convert", "p3.png", "-o", "in.png")  # with a profile of Display P3
    precisions = ("U8-LINEAR", "U16-GAMMA", "FLOAT-LINEAR")
    succeed(*[load("in.png") + '(if (= 0 (car (gimp-image-get-color-profile image))) (error "no profile"))'
              "(gimp-image-convert-precision image PRECISION-%s)" % name + save("before-%s.tif" % name) +
              "(plug-in-limn-colorize RUN-NONINTERACTIVE image layer 0 0)" + save("after-%s.tif" % name) + END for name in precisions])
    for name in precisions:
        before, after = read_tiff("before-%s.tif" % name), read_tiff("after-%s.tif" % name)
        assert np.ptp(after, -1).max() < 0.02, name
        assert abs(after.mean() - before.mean()) < 0.03, name


def test_upscale_enlarges_all_layers():
    first, second = photo(seed=1), with_alpha()[10:50, 20:60]
    write_png("in.png", first)
    write_png("second.png", second)
    succeed(load("in.png") + """(let ((other (car (gimp-file-load-layer RUN-NONINTERACTIVE image "second.png"))))
        (gimp-image-insert-layer image other 0 0) (gimp-layer-set-offsets other 5 7)""" + SELECT +
            "(plug-in-limn-upscale RUN-NONINTERACTIVE image layer 2 -1 0)" + save("out.png") + save("other.png", "other") +
            save("selection.png", "(car (gimp-image-get-selection image))") + """
        (if (not (equal? (gimp-drawable-offsets other) '(10 14))) (error "offsets"))
        (if (not (equal? (list (car (gimp-image-width image)) (car (gimp-image-height image))) '(192 160))) (error "size")))""" + END)
    for name, result in (("in.png", "out.png"), ("second.png", "other.png")):
        cli("upscale", name, "--scale", 2, "-o", "expected.png")
        assert (read_png(result)[0] == read_png("expected.png")[0]).all(), result
    assert read_png("selection.png")[0].shape[:2] == (160, 192)
    assert read_png("selection.png")[0][80, 96] == 255  # it is still there


def test_restore():
    pixels = photo()
    pixels[:, 40] = 250
    write_png("in.png", pixels)
    succeed(load("in.png") + "(plug-in-limn-restore RUN-NONINTERACTIVE image layer 0.9 0 0 0)" + save("out.png") + END)
    cli("restore", "in.png", "--scratches", 0.9, "--fading", 0, "--grain", 0, "-o", "expected.png")
    assert (read_png("out.png")[0] == read_png("expected.png")[0]).all()


def test_defaults_are_the_last_values_at_first():
    write_png("in.png", photo(channels=1))
    succeed(load("in.png") + "(plug-in-limn-colorize RUN-WITH-LAST-VALS image layer 0 0)" + save("out.png") + END)
    cli("colorize", "in.png", "-o", "expected.png")
    assert np.abs(read_png("out.png")[0] - read_png("expected.png")[0]).max() <= 1


def test_what_is_refused():
    write_png("in.png", photo())
    cases = (
        ("Select what should be filled first", "", FILL),
        ("has a palette", "(gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 8 FALSE FALSE \"\")" + SELECT, FILL),
        ("are locked", "(gimp-item-set-lock-content layer TRUE)" + SELECT, FILL),
        ("a group has no pixels", SELECT + "(set! layer (car (gimp-layer-group-new image)))(gimp-image-insert-layer image layer 0 0)", FILL),
        ("masks and channels are no photos", SELECT + "(set! layer (car (gimp-image-get-selection image)))", FILL),
        ("Nothing of this layer is selected", SELECT + "(gimp-layer-set-offsets layer 500 0)", FILL),
        ("5 is no value for scale", "", "(plug-in-limn-upscale RUN-NONINTERACTIVE image layer 5 -1 0)"),
        ("1.5 is no value for grain", "", "(plug-in-limn-restore RUN-NONINTERACTIVE image layer 0 0 1.5 0)"),
        ("at most 200 megapixels", "(gimp-image-scale image 6000 4000)", "(plug-in-limn-upscale RUN-NONINTERACTIVE image layer 8 0 0)"))
    fail([(words, load("in.png") + before + call + END) for words, before, call in cases])


def test_what_limn_cli_says_is_shown_and_nothing_has_changed():
    pixels = photo()
    write_png("in.png", pixels)
    script = load("in.png") + SELECT + "(gimp-image-clean-all image)" + "(catch 0 %s)" + save("out.png") + """
        (if (= TRUE (car (gimp-image-is-dirty image))) (gimp-message "has changed"))""" + END
    for cli_text, words in (("echo '7 %' >&2; echo 'limn-cli: The cheese is out.' >&2; exit 3", "The cheese is out."),
                            ("echo nonsense; exit 0", "What limn-cli wrote can't be read"), ("kill -9 $$", "signal 9")):
        failing = load("in.png") + SELECT + FILL + END
        fail([(words, failing)], cli=fake_cli(cli_text))
        said = run(script % FILL, cli=fake_cli(cli_text))
        assert "has changed" not in said, said
        assert (read_png("out.png")[0] == pixels).all()
    fail([("Install Limn", failing)], cli="/nowhere/limn-cli")


def processes(words):
    """The process ids whose command line has these words."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                if words.encode() in f.read():
                    found.append(int(pid))
        except OSError:
            pass  # it has just ended
    return found


def wait_for(condition, what):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain for " + what)


def test_cancelling_ends_limn_cli_and_changes_nothing():
    """GIMP's Cancel button kills a plug-in."""
    pixels = photo()
    write_png("in.png", pixels)
    cli_path = fake_cli("trap 'echo ended > ended; exit 130' TERM\necho started > started\nwhile :; do sleep 0.1; done")
    gimp = start(load("in.png") + SELECT + "(catch 0 %s)" % FILL + save("out.png") + END, cli=cli_path)
    wait_for(lambda: os.path.exists("started"), "limn-cli")
    plug_in, = processes(os.path.join(environment()["GIMP2_DIRECTORY"], "plug-ins", "limn", "limn"))
    os.kill(plug_in, signal.SIGKILL)
    said = gimp.communicate(timeout=60)[0]
    assert os.path.exists("ended"), said
    assert (read_png("out.png")[0] == pixels).all()
    assert not processes(cli_path)


main()
