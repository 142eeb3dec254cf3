"""The menu Tools > Scripts > Limn, and what is shown while an edit runs.
SPDX-License-Identifier: GPL-3.0-or-later
"""
from krita import Extension, Krita
from PyQt5.QtWidgets import QMenu, QMessageBox, QProgressDialog

from .dialog import ask
from .edits import EDITS
from .job import Job, refusal
from .places import _


class LimnExtension(Extension):
    def __init__(self, parent):
        super().__init__(parent)
        self.job = None

    def setup(self):
        pass

    def createActions(self, window):
        entry = window.createAction("limn", "Limn", "tools/scripts")
        parent = window.qwindow()  # window itself doesn't live on
        menu = QMenu("limn", parent)
        entry.setMenu(menu)
        for edit in EDITS:
            action = window.createAction("limn_" + edit.name, edit.label + "…", "tools/scripts/limn")
            action.triggered.connect(lambda checked=False, edit=edit: self.run(edit, parent))

    def run(self, edit, parent):
        document = Krita.instance().activeDocument()
        node = document.activeNode() if document else None
        sentence = _("An edit is running. Wait for it, or cancel it.") if self.job else refusal(edit, document, node)
        if sentence:
            QMessageBox.information(parent, edit.label, sentence)
            return
        values = ask(edit, parent)
        if values is not None:
            self.start(Job(edit, values, document, node), parent)

    def start(self, job, parent):
        """Shows job's progress beside Krita, which can be used meanwhile."""
        progress = QProgressDialog(job.edit.label, _("Cancel"), 0, 100, parent)
        progress.setWindowTitle(job.edit.label)
        progress.setMinimumDuration(500)
        progress.setAutoReset(False)
        progress.setAutoClose(False)
        progress.canceled.connect(job.cancel)
        job.progress.connect(progress.setValue)
        job.finished.connect(lambda sentence: self.end(job, progress, parent, sentence))
        self.job = job

    def end(self, job, progress, parent, sentence):
        self.job = None
        progress.canceled.disconnect()
        progress.reset()  # and its timer, which would show it
        progress.hide()
        progress.deleteLater()
        job.deleteLater()
        if sentence:
            QMessageBox.warning(parent, job.edit.label, sentence)
