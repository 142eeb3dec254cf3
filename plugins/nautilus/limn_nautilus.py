"""Limn in Nautilus: on pictures and folders, Colorize, Enlarge and Restore with Limn. Needs python3-nautilus.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import gettext
import os
import subprocess

from gi.repository import GObject, Nautilus

DATA = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), os.pardir, os.pardir))  # PREFIX/share
HELPER = os.environ.get("LIMN_BATCH_NOTIFY") or os.path.join(DATA, "limn", "limn-batch-notify")
TYPES = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/heif", "image/avif", "image/jxl")

_ = gettext.translation("limn", os.path.join(DATA, "locale"), fallback=True).gettext

# limn-cli's edit, the menu's words, and the folder that the results go into.
EDITS = (
    ("colorize", _("Colorize with Limn"), _("Colorized")),
    ("upscale", _("Enlarge with Limn"), _("Enlarged")),
    ("restore", _("Restore with Limn"), _("Restored")),
)


def is_for_limn(file):
    return file.get_uri_scheme() == "file" and (file.is_directory() or file.get_mime_type() in TYPES)


def out_folder(paths, word):
    """Beside what is edited: of a single folder one of its name, else one for all."""
    first = paths[0]
    name = "%s – %s" % (os.path.basename(first), word) if len(paths) == 1 and os.path.isdir(first) else word
    return os.path.join(os.path.dirname(first), name)


def start(item, edit, word, files):
    """The helper goes on when Nautilus ends."""
    paths = [file.get_location().get_path() for file in files]
    subprocess.Popen(["/usr/bin/python3", HELPER, edit, out_folder(paths, word), *paths], stdin=subprocess.DEVNULL, start_new_session=True)


class LimnMenu(GObject.GObject, Nautilus.MenuProvider):
    def get_file_items(self, *arguments):
        files = arguments[-1]  # before Nautilus 43 a window comes first
        if not files or not all(is_for_limn(file) for file in files):
            return []
        items = []
        for edit, label, word in EDITS:
            item = Nautilus.MenuItem(name="Limn::" + edit, label=label, tip=_("The results go into a folder beside"), icon="org.limn.Limn")
            item.connect("activate", start, edit, word, files)
            items.append(item)
        return items

    def get_background_items(self, *arguments):
        return []
