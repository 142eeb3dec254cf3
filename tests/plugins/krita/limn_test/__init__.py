"""Runs inside Krita as a plug-in beside Limn's: chooses what its menu offers, as a person would, and writes what came of it, a line a check,
to LIMN_TEST_REPORT. tests/plugins/test-krita.py starts it.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import time
import traceback

from krita import Extension, Krita, Selection
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QDialog, QDialogButtonBox, QMessageBox, QProgressDialog

APP = Krita.instance()


def wait_for(condition, what, seconds=120):
    """Lets Krita go on until condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain for " + what
        QApplication.processEvents()
        time.sleep(0.01)


def shown(kind, name=None):
    return next((widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()
                 and (name is None or widget.objectName() == name)), None)


def screenshot(name):
    folder = os.environ.get("LIMN_TEST_SCREENSHOTS")
    if folder:
        QApplication.processEvents()
        os.system("import -window root '%s/krita-%s.png'" % (folder, name))


def accept(name):
    """Accepts the options as soon as they are shown: the dialog has an event loop of its own."""
    dialog = shown(QDialog, "limn-options")
    if dialog is None:
        QTimer.singleShot(50, lambda: accept(name))
        return
    screenshot(name)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok).click()


def choose(name):
    """Chooses an edit of the menu and accepts its options."""
    accept(name)
    APP.action("limn_" + name).trigger()


def read_message(said):
    """Adds the text of the next message to said and closes it: it has an event loop of its own, too."""
    box = shown(QMessageBox)
    if box is None:
        QTimer.singleShot(50, lambda: read_message(said))
        return
    said.append(box.text())
    box.accept()


def says(name):
    """What is said instead of the options."""
    said = []
    read_message(said)
    APP.action("limn_" + name).trigger()
    return said[0]


def open_picture(name):
    document = APP.openDocument(os.path.join(os.getcwd(), name))
    document.setBatchmode(True)
    APP.activeWindow().addView(document)
    APP.setActiveDocument(document)
    wait_for(lambda: APP.activeDocument() == document and document.activeNode() is not None, "the picture")
    return document


def close(document):
    document.setModified(False)
    document.close()
    QApplication.processEvents()


def select(document, x=30, y=24, width=36, height=30):
    selection = Selection()
    selection.select(x, y, width, height, 255)
    document.setSelection(selection)


def layers(document):
    """The names of those with pixels; a selection is a node, too."""
    return [node.name() for node in document.rootNode().childNodes() if node.type() == "paintlayer"]


def seen(document):
    document.refreshProjection()
    document.waitForDone()
    return bytes(document.pixelData(0, 0, document.width(), document.height()))


def undo(document, steps=1):
    for _ in range(steps):
        APP.action("edit_undo").trigger()
        document.waitForDone()
        QApplication.processEvents()


def at(document, data, x, y):
    size = len(data) // (document.width() * document.height())
    start = (y * document.width() + x) * size
    return data[start:start + size]


def fill(name):
    """Only what is selected changes, by a layer that one undo takes away."""
    document = open_picture(name)
    select(document)
    before, count = seen(document), len(layers(document))
    choose("fill")
    wait_for(lambda: len(layers(document)) == count + 1, "the layer")
    after = seen(document)
    screenshot("filled")
    outside = [(x, y) for y in range(document.height()) for x in range(document.width()) if not (30 <= x < 66 and 24 <= y < 54)]
    assert all(at(document, before, x, y) == at(document, after, x, y) for x, y in outside), "something outside the selection has changed"
    changed = sum(at(document, before, x, y) != at(document, after, x, y) for y in range(24, 54) for x in range(30, 66))
    assert changed > 0.7 * 36 * 30, "only %d pixels have changed" % changed
    undo(document)
    assert len(layers(document)) == count and seen(document) == before, "undo doesn't bring all back"
    close(document)


def check_fill():
    fill("color.png")


def check_fill_of_16_bits():
    fill("deep.png")


def check_fill_of_gray():
    fill("gray.png")


def check_colorize():
    document = open_picture("color.png")
    choose("colorize")
    wait_for(lambda: len(layers(document)) == 2, "the layer")
    document.setSelection(None)
    APP.setBatchmode(True)
    document.saveAs(os.path.join(os.getcwd(), "colorized.png"))
    close(document)


def check_upscale():
    document = open_picture("color.png")
    before = seen(document)
    choose("upscale")
    wait_for(lambda: len(layers(document)) == 2, "the layer")
    assert (document.width(), document.height()) == (384, 320)
    document.refreshProjection()
    document.saveAs(os.path.join(os.getcwd(), "enlarged.png"))
    undo(document, 2)
    assert (document.width(), document.height()) == (96, 80) and layers(document) != [] and seen(document) == before
    close(document)


def check_what_is_refused():
    document = open_picture("color.png")
    assert "Select what should be filled" in says("fill")
    document.setColorSpace("RGBA", "F32", "sRGB-elle-V2-g10.icc")
    document.waitForDone()
    assert "8 or 16 bits" in says("colorize")
    close(document)


def check_errors_are_shown():
    cli = os.environ["LIMN_CLI"]
    for program, words in (("failing-cli", "The cheese is out."), ("nonsense-cli", "can't be read"), ("nowhere", "Install Limn")):
        document = open_picture("color.png")
        os.environ["LIMN_CLI"], said = os.path.join(os.getcwd(), program), []
        read_message(said)
        try:
            choose("restore")
            wait_for(lambda: said, "the message")
        finally:
            os.environ["LIMN_CLI"] = cli
        assert words in said[0], said
        assert len(layers(document)) == 1
        close(document)


def check_cancelling():
    """Krita goes on meanwhile, and Cancel ends limn-cli."""
    cli, document = os.environ["LIMN_CLI"], open_picture("color.png")
    os.environ["LIMN_CLI"] = os.path.join(os.getcwd(), "slow-cli")
    choose("restore")
    os.environ["LIMN_CLI"] = cli
    wait_for(lambda: shown(QProgressDialog), "the progress")
    screenshot("progress")
    wait_for(lambda: os.path.exists("started") and shown(QProgressDialog).value() == 42, "limn-cli")
    shown(QProgressDialog).canceled.emit()
    wait_for(lambda: os.path.exists("ended"), "limn-cli's end")
    wait_for(lambda: not shown(QProgressDialog), "the progress to go")
    assert len(layers(document)) == 1 and shown(QMessageBox) is None
    close(document)


def run_all():
    with open(os.environ["LIMN_TEST_REPORT"], "w", encoding="utf-8") as report:
        for name, check in [(name, value) for name, value in globals().items() if name.startswith("check_")]:
            try:
                check()
                report.write("ok %s\n" % name[6:])
            except Exception:  # whatever went wrong is this check's failure
                report.write("not ok %s %r\n" % (name[6:], traceback.format_exc()))
            report.flush()
    os._exit(0)  # whatever Krita would still ask


class LimnTest(Extension):
    def setup(self):
        pass

    def createActions(self, window):
        QTimer.singleShot(3000, run_all)


APP.addExtension(LimnTest(APP))
