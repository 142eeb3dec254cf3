"""Runs limn-cli batch and tells by the desktop's notifications how far it is, with a button to cancel and, at the end, one to open the folder.
Usage: limn-batch-notify EDIT OUT FILE|FOLDER...
SPDX-License-Identifier: GPL-3.0-or-later
"""
import gettext
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from gi.repository import Gio, GLib

DATA = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # PREFIX/share
TRANSLATIONS = gettext.translation("limn", os.path.join(DATA, "locale"), fallback=True)
_, ngettext = TRANSLATIONS.gettext, TRANSLATIONS.ngettext

NOTIFICATIONS = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications")
WAIT_TO_OPEN = 60  # seconds for which the last notification's button works
CANCELLED = 130


class Notification:
    """One notification that changes; where the desktop has none, nothing happens. chosen is called with an action's name."""

    def __init__(self, chosen):
        self.id, self.bus, self.chosen = 0, None, chosen
        try:
            self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
            self.bus.signal_subscribe(NOTIFICATIONS[0], NOTIFICATIONS[2], "ActionInvoked", NOTIFICATIONS[1], None, 0, self._invoked)
        except GLib.Error as error:
            print(error.message, file=sys.stderr)

    def _invoked(self, _bus, _sender, _path, _interface, _signal, parameters):
        number, action = parameters.unpack()
        if number == self.id:
            self.chosen(action)

    def show(self, title, body, action, label):
        if self.bus is None:
            return
        hints = {"desktop-entry": GLib.Variant("s", "org.limn.Limn"), "resident": GLib.Variant("b", True)}
        values = GLib.Variant("(susssasa{sv}i)", ("Limn", self.id, "org.limn.Limn", title, GLib.markup_escape_text(body), [action, label], hints, 0))
        try:
            self.id, = self.bus.call_sync(*NOTIFICATIONS, "Notify", values, None, 0, -1, None).unpack()
        except GLib.Error as error:
            print(error.message, file=sys.stderr)


class Batch:
    def __init__(self, edit, out, inputs):
        self.title = {"colorize": _("Colorize"), "upscale": _("Upscale"), "restore": _("Restore")}[edit]
        self.out, self.done, self.failed, self.error, self.shown, self.over = out, 0, 0, "", 0.0, False
        self.loop, self.notification = GLib.MainLoop(), Notification(self.chosen)
        beside = os.path.join(os.path.dirname(DATA), "bin", "limn-cli")
        program = os.environ.get("LIMN_CLI") or (beside if os.access(beside, os.X_OK) else shutil.which("limn-cli") or "limn-cli")
        self.process = subprocess.Popen([program, "batch", edit, "--json", "-o", out, "--", *inputs], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        self.tell()
        GLib.io_add_watch(self.process.stdout, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, self.listen)

    def tell(self):
        self.shown = time.monotonic()
        self.notification.show(self.title, ngettext("%d picture is done", "%d pictures are done", self.done) % self.done, "cancel", _("Cancel"))

    def listen(self, stream, _condition):
        line = stream.readline()
        if not line:
            self.end(self.process.wait())
            return False
        told = json.loads(line)
        if "state" in told:
            self.done += told["state"] != "failed"
            self.failed += told["state"] == "failed"
            self.error = self.error or told.get("error", "")
            if time.monotonic() - self.shown > 1:
                self.tell()
        elif isinstance(told.get("error"), dict):
            self.error = self.error or told["error"].get("message", "")
        return True

    def end(self, status):
        self.over = True
        text = ngettext("%d picture is done", "%d pictures are done", self.done) % self.done
        if status == CANCELLED:
            text = _("Cancelled. The same again goes on where it was.")
        elif self.failed:
            text += "\n" + ngettext("%d picture failed", "%d pictures failed", self.failed) % self.failed + ": " + self.error
        elif status != 0:
            text = self.error
        self.notification.show(self.title, text, "default", _("Open Folder"))
        GLib.timeout_add_seconds(WAIT_TO_OPEN if self.notification.id else 0, self.loop.quit)

    def chosen(self, action):
        if action == "cancel" and not self.over:
            self.process.send_signal(signal.SIGTERM)
        elif action == "default" and self.over:
            Gio.AppInfo.launch_default_for_uri(GLib.filename_to_uri(self.out), None)
            self.loop.quit()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    batch = Batch(sys.argv[1], sys.argv[2], sys.argv[3:])
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, batch.process.terminate)
    batch.loop.run()


if __name__ == "__main__":
    main()
