"""The dialog of an edit's options, which begins with the last values.
SPDX-License-Identifier: GPL-3.0-or-later
"""
from krita import Krita
from PyQt5.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QSpinBox

from .edits import AUTOMATIC
from .places import _


def last_value(edit, option):
    try:
        return float(Krita.instance().readSetting("limn", "%s/%s" % (edit.name, option.name), str(option.initial)))
    except ValueError:
        return option.initial


def seed_field(value, option):
    field = QSpinBox()
    field.setRange(0, option.most)
    field.setValue(int(value))
    return [field], lambda: float(field.value())


def scale_field(value, option):
    field = QComboBox()
    for scale in (2, 3, 4, 8):
        field.addItem("%d ×" % scale, scale)
    field.setCurrentIndex(max(field.findData(int(value)), 0))
    return [field], lambda: float(field.currentData())


def strength_field(value, option):
    field = QDoubleSpinBox()
    field.setRange(0, option.most)
    field.setSingleStep(0.05)
    field.setValue(max(value, 0))
    return [field], field.value


def automatic_field(value, option):
    (field,), get = strength_field(value, option)
    check = QCheckBox(_("Automatic"))
    check.toggled.connect(lambda on: field.setEnabled(not on))
    check.setChecked(value == AUTOMATIC)
    return [field, check], lambda: AUTOMATIC if check.isChecked() else field.value()


FIELDS = {"seed": seed_field, "scale": scale_field, "strength": strength_field, "automatic": automatic_field}


def ask(edit, parent):
    """{option's name: value}, or None where the user wants none of it."""
    dialog = QDialog(parent)
    dialog.setObjectName("limn-options")
    dialog.setWindowTitle(edit.label)
    form, getters = QFormLayout(dialog), {}
    for option in edit.options:
        fields, getters[option.name] = FIELDS[option.kind](last_value(edit, option), option)
        for row, field in enumerate(fields):
            form.addRow(option.label if row == 0 else "", field)
    buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    form.addRow(buttons)
    if dialog.exec() != QDialog.Accepted:
        return None
    values = {name: get() for name, get in getters.items()}
    for name, value in values.items():
        Krita.instance().writeSetting("limn", "%s/%s" % (edit.name, name), str(value))
    return values
