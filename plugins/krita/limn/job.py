"""One edit of a layer: limn-cli runs beside Krita, and its result becomes a layer above the edited one.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os

from krita import Krita
from PyQt5.QtCore import QObject, QProcess, pyqtSignal

from . import pixels
from .edits import arguments
from .places import _, limn_cli

SAID = "limn-cli: "


def refusal(edit, document, node):
    """Why the edit can't be done, as a sentence; None where it can."""
    if document is None or node is None:
        return _("Open a picture first.")
    if node.type() != "paintlayer":
        return _("Choose a paint layer: groups, masks and other layers have no pixels of their own.")
    if node.colorModel() not in ("RGBA", "GRAYA") or node.colorDepth() not in ("U8", "U16"):
        return _("Limn edits RGB and gray of 8 or 16 bits. Choose Image > Convert Image Color Space first.")
    if edit.fills and document.selection() is None:
        return _("Select what should be filled first.")
    return None


class Job(QObject):
    """Runs while it lives. finished tells a sentence where it failed, else nothing; after cancelling nothing too."""

    progress = pyqtSignal(int)  # percent
    finished = pyqtSignal(str)

    def __init__(self, edit, values, document, node):
        super().__init__()
        self.edit, self.scale, self.document, self.node = edit, int(values.get("scale", 1)), document, node
        self.width, self.height, self.selection = document.width(), document.height(), document.selection()
        self.coverage = pixels.selected(self.selection, self.width, self.height) if self.selection and not edit.enlarges else None
        self.cancelled, self.said, self.mask = False, "", None
        self.process = QProcess(self)
        self.process.readyReadStandardError.connect(self._listen)
        self.process.finished.connect(self._end)
        self.process.errorOccurred.connect(self._check_start)
        self._start(arguments(edit, values))

    def _start(self, words):
        if self.edit.fills:
            self.mask = os.memfd_create("limn", 0)  # limn-cli inherits it: no file is written anywhere
            with open(self.mask, "wb", closefd=False) as f:
                f.write(pixels.mask_png(self.coverage, self.width, self.height))
            words += ["--mask", "/dev/fd/%d" % self.mask]
        photo = pixels.layer_png(self.node, self.width, self.height)
        self.process.start(limn_cli(), words)
        self.process.write(photo)
        self.process.closeWriteChannel()

    def cancel(self):
        self.cancelled = True
        self.process.terminate()

    def _listen(self):
        self.process.setReadChannel(QProcess.StandardError)
        while self.process.canReadLine():
            line = bytes(self.process.readLine()).decode("utf-8", "replace").strip()
            if line.endswith(" %") and line[:-2].isdigit():
                self.progress.emit(int(line[:-2]))
            elif not self.said:
                self.said = line[len(SAID):] if line.startswith(SAID) else line

    def _check_start(self, error):
        if error == QProcess.FailedToStart:
            self._close(_("Limn's program limn-cli can't be started. Install Limn."))

    def _end(self, code, status):
        self._listen()
        if self.cancelled:
            self._close("")
        elif code != 0 or status != QProcess.NormalExit:
            self._close(self.said or _("limn-cli ended unexpectedly."))
        else:
            self._close(self._put(bytes(self.process.readAllStandardOutput())))

    def _close(self, sentence):
        if self.mask is not None:
            os.close(self.mask)
            self.mask = None
        self.finished.emit(sentence)

    def _put(self, png):
        """Adds the layer. A sentence where that can't be done, else nothing."""
        read = pixels.read_png(png, self.node, self.coverage)
        if read is None or read[1:] != (self.width * self.scale, self.height * self.scale):
            return _("What limn-cli wrote can't be read. Install Limn and its plug-in anew.")
        if self.document not in Krita.instance().documents() or self.node.parentNode() is None or \
                (self.document.width(), self.document.height()) != (self.width, self.height):
            return _("The picture was closed or has changed meanwhile.")
        if self.edit.enlarges:
            self.document.scaleImage(read[1], read[2], int(self.document.xRes()), int(self.document.yRes()), "Bicubic")
            self.document.waitForDone()
        layer = self.document.createNode(self.edit.label, "paintlayer")
        layer.setColorSpace(self.node.colorModel(), self.node.colorDepth(), self.node.colorProfile())
        layer.setPixelData(read[0], 0, 0, read[1], read[2])
        self.node.parentNode().addChildNode(layer, self.node)
        self.document.refreshProjection()
        return ""
