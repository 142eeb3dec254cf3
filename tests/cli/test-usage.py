"""The command line itself: what it understands and how it says that it doesn't.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess

from harness import CLI, SOURCE, fail, main, photo, report, run, succeed, write_fill, write_png

COMMANDS = tuple(re.findall(r"^  ([a-z-]+)  ", succeed("--help").split("Commands:")[1].split("\n\n")[0], re.M))


def options_of(command):
    return re.findall(r"^  (?:-\w, )?(--[a-z-]+)", succeed(command, "--help"), re.M)


def test_version():
    assert re.fullmatch(r"limn-cli \d+\.\d+\.\d+\n", succeed("--version"))


def test_overview_names_every_command():
    text = succeed("--help")
    assert {"fill", "colorize", "sketch", "upscale", "zero-shot", "info", "bench"} <= set(COMMANDS), COMMANDS
    assert succeed("-h") == text
    status, out, _ = run()
    assert (status, out) == (1, text)


def test_help_of_every_command_has_usage_options_and_examples():
    for command in COMMANDS:
        text = succeed(command, "--help")
        assert "Usage: limn-cli %s " % command in text and "\nExamples:\n  limn-cli %s" % command in text
        assert "--help" in options_of(command)
        assert all(len(line) <= 140 for line in text.splitlines())
        assert succeed(command, "-h", "nonsense") == text


def test_options_of_every_command():
    assert {"--loop", "--inside", "--outside", "--output", "--json", "--quiet"} <= set(options_of("select"))
    promised = {"fill": "mask grow feather paint lines from not-from surface", "colorize": "hints saturation mask", "sketch": "paint lines freedom size",
                "upscale": "scale denoise", "zero-shot": "checkpoint steps mask"}
    for command, names in promised.items():
        have = options_of(command)
        for name in names.split() + ["seed", "steps", "threads", "models", "json", "output"]:
            assert "--" + name in have, (command, name)


def complete(words):
    """What bash offers after these words of a command line, the last of which may be begun."""
    script = '. "$1"; COMP_WORDS=(limn-cli %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _limn_cli; printf "%%s\\n" "${COMPREPLY[@]}"' % words
    os.symlink(CLI, "limn-cli")
    done = subprocess.run(["bash", "-c", script, "bash", os.path.join(SOURCE, "data", "completions", "limn-cli")], capture_output=True,
                          text=True, check=True, env=dict(os.environ, PATH=".:" + os.environ["PATH"]))
    os.remove("limn-cli")
    return done.stdout.split()


def test_completion_offers_every_option():
    for command in COMMANDS:
        assert sorted(complete(command + " --")) == sorted(options_of(command)), command


def test_completion_offers_commands_and_values():
    write_fill()
    for words, wanted in (("''", {*COMMANDS, "--help", "--version"}), ("upscale --scale ''", {"2", "3", "4", "8"}),
                          ("fill --steps ''", {"1", "2"}), ("bench --net ''", {"base", "see", "detail"}),
                          ("batch u", {"upscale"}), ("batch upscale --scale ''", {"2", "3", "4", "8"}), ("fill --grow ''", set()),
                          ("fill -m ma", {"mask.png"}), ("fill pho", {"photo.png"})):
        assert set(complete(words)) == wanted, words


def test_manual_explains_every_option():
    with open(os.path.join(SOURCE, "data", "man", "limn-cli.1"), encoding="utf-8") as f:
        manual = f.read()
    for command in COMMANDS:
        assert re.search(r"limn-cli %s" % command, manual), command
        for option in options_of(command):
            assert re.search(r"(Fl|,) %s\b" % option[1:], manual), (command, option)
        for option, range_ in re.findall(r"^  --([a-z-]+) .*; (.*) \(", succeed(command, "--help"), re.M):
            section = manual[manual.index(".Ss limn-cli " + command):] + manual[manual.index(".Ss Options of every edit"):]
            told = re.search(r"-%s\b[^\n]*\n((?:[^.].*\n)*)" % option, section).group(1).replace("\n", " ")
            assert range_ in told or all(number in told for number in re.findall(r"[0-9]+", range_)), (command, option, range_, told)


def test_unknown_command():
    fail(1, r"no command filll\. Did you mean fill\?", "filll")
    fail(1, r"no command zzzzzz\.", "zzzzzz")


def test_unknown_option():
    fail(1, r"no option --nonsense\.", "fill", "--nonsense")
    fail(1, r"no option -z\.", "fill", "-z")
    fail(1, r"no option --saturation\.", "fill", "--saturation", "1")


def test_abbreviated_option():
    fail(1, r"no option --feath\. Did you mean --feather\?", "fill", "--feath", "3")
    fail(1, r"no option --maks\. Did you mean --mask\?", "fill", "--maks=x")
    fail(1, r"no option -mask\. Did you mean --mask\?", "fill", "-mask", "x")
    fail(1, r"no option --o\.", "fill", "--o", "x.png")


def test_missing_value():
    write_fill()
    fail(1, r"--mask needs a value: MASK", "fill", "photo.png", "-o", "out.png", "--mask")
    fail(1, r"--mask needs a value", "fill", "photo.png", "--mask", "--seed", "3", "-o", "out.png")
    fail(1, r"--seed needs a value", "fill", "photo.png", "--seed=", "-o", "out.png")
    fail(1, r"--output needs a value", "fill", "photo.png", "-o", "")


def test_numbers_that_are_none():
    write_fill()
    for option, value in (("--grow", "abc"), ("--grow", "nan"), ("--grow", "inf"), ("--grow", "-1"), ("--grow", "1001"), ("--grow", "Auto"),
                          ("--seed", "auto"),
                          ("--feather", "4px"), ("--feather", " 4"), ("--mix", "1.01"), ("--seed", "-1"), ("--seed", "1.5"),
                          ("--seed", "18446744073709551616"), ("--seed", "0x10"), ("--threads", "0"), ("--threads", "65"),
                          ("--threads", "two"), ("--threads", "1.5"), ("--steps", "3"), ("--steps", "0"), ("--steps", "1.5"),
                          ("--quality", "0"), ("--quality", "101"), ("--grow", "1,5"), ("--steps", "99999999999999999999")):
        fail(1, r"%s must be .*not %s" % (option, re.escape(value)), "fill", "photo.png", "--mask", "mask.png", option, value, "-o",
             "out.png")


def test_scale_5():
    write_png("photo.png", photo())
    for scale in ("5", "1", "0", "-2", "16", "4.5", "x", "4x", "2 3"):
        fail(1, r"--scale must be 2, 3, 4 or 8, not", "upscale", "photo.png", "--scale", scale, "-o", "out.png")


def test_other_ranges():
    write_png("photo.png", photo())
    fail(1, r"--freedom must be a number from 0 to 1, not 2", "sketch", "--paint", "photo.png", "--freedom", "2", "-o", "out.png")
    fail(1, r"--size must be a whole number from 64 to 4096", "sketch", "--paint", "photo.png", "--size", "63", "-o", "out.png")
    fail(1, r"--saturation must be", "colorize", "photo.png", "--saturation", "2.1", "-o", "out.png")
    for strength in ("-0.1", "-1", "automatic"):
        fail(1, r"--denoise must be a number from 0 to 1 or auto", "upscale", "photo.png", "--denoise", strength, "-o", "out.png")
    fail(1, r"--net must be base, see or detail", "bench", "--net", "nonsense")
    fail(1, r"--count must be", "bench", "--count", "0")


def test_operands():
    write_fill()
    fail(1, r"photo is missing", "fill", "-o", "out.png")
    fail(1, r"model is missing", "info")
    fail(1, r"one argument too many", "fill", "photo.png", "mask.png", "-o", "out.png")
    fail(1, r"only options", "sketch", "photo.png", "-o", "out.png")
    fail(1, r"--paint, --lines or both", "sketch", "-o", "out.png")


def test_flag_with_a_value():
    fail(1, r"--json takes no value", "fill", "x.png", "-o", "out.png", "--json=yes")


def test_output_is_checked_first():
    fail(1, r"-o OUT", "fill", "photo.png", "--mask", "mask.png")
    fail(1, r"out\.gif should end in one of \.png, \.jpg, \.webp", "fill", "photo.png", "-o", "out.gif")
    fail(1, r"out should end in", "fill", "photo.png", "-o", "out")
    fail(2, r"no folder nowhere", "fill", "photo.png", "-o", "nowhere/out.png")


def test_output_is_no_input():
    write_fill()
    os.link("photo.png", "same.png")
    for name in ("photo.png", "./photo.png", "same.png", "mask.png"):
        fail(1, r"is an input", "fill", "photo.png", "--mask", "mask.png", "-o", name)


def test_zero_shot_usage():
    write_fill()
    fail(1, r"no zero-shot task nonsense", "zero-shot", "nonsense", "-o", "out.png")
    fail(1, r"--checkpoint FOLDER", "zero-shot", "colorize", "photo.png", "-o", "out.png")
    fail(1, r"photo is missing", "zero-shot", "colorize", "--checkpoint", ".", "-o", "out.png")
    fail(1, r"takes no photo", "zero-shot", "interpolate", "photo.png", "--checkpoint", ".", "-o", "out.png")
    fail(1, r"Only zero-shot fill", "zero-shot", "strokes", "photo.png", "--mask", "mask.png", "--checkpoint", ".", "-o", "out.png")


def test_ways_to_write_an_option():
    write_fill()
    a = report("fill", "photo.png", "--mask=mask.png", "--seed=18446744073709551615", "--output=a.png")
    b = report("fill", "--seed", "18446744073709551615", "-m", "mask.png", "-o", "b.png", "--", "photo.png")
    assert a["seed"] == b["seed"] == 18446744073709551615
    with open("a.png", "rb") as f, open("b.png", "rb") as g:
        assert f.read() == g.read()


def test_names_with_spaces_and_beyond_ascii():
    write_fill()
    os.rename("photo.png", "ein Bild für -o.png")
    assert "größer.png: 96 x 80 pixels" in succeed("fill", "ein Bild für -o.png", "--mask", "mask.png", "-o", "größer.png",
                                                   env=dict(os.environ, LC_ALL="C.UTF-8"))


def test_report():
    write_fill()
    r = report("fill", "photo.png", "--mask", "mask.png", "-o", "out.png", "--seed", "7")
    assert (r["task"], r["seed"], r["size"], r["out"]) == ("fill", 7, [96, 80], "out.png")
    assert r["evaluations"] >= 1 and r["tiles"] < r["evaluations"]
    assert 0 < r["network_ms"] < r["total_ms"] and r["peak_rss_mb"] > 1


def test_quiet():
    write_fill()
    assert succeed("fill", "photo.png", "--mask", "mask.png", "-o", "out.png", "-q") == ""
    assert os.path.exists("out.png")


def test_progress_for_other_programs():
    write_fill()
    status, out, err = run("fill", "photo.png", "--mask", "mask.png", "-o", "out.png", "-q", "--progress")
    percents = [int(line[:-2]) for line in err.splitlines() if line.endswith(" %")]
    assert (status, out) == (0, "") and len(percents) == len(err.splitlines()) >= 2, err
    assert percents == sorted(set(percents)) and percents[-1] <= 100, percents


main()
