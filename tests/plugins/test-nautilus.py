"""The extension with the real nautilus-python, on a message bus of its own where this test shows the notifications.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from harness import SOURCE, Skip, main, photo, read_png, write_png  # noqa: E402  (the path is set first)

os.environ["GIO_USE_VFS"] = "local"  # gvfs would keep a connection to the first message bus, and end with that
FOLDER = os.path.join(SOURCE, "plugins", "nautilus")
SERVICE = """<node><interface name="org.freedesktop.Notifications"><method name="Notify"><arg type="s"/><arg type="u"/><arg type="s"/><arg type="s"/>
<arg type="s"/><arg type="as"/><arg type="a{sv}"/><arg type="i"/><arg type="u" direction="out"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal></interface></node>"""


def need_nautilus():
    """gi's Nautilus and Gio."""
    try:
        import gi
        gi.require_version("Nautilus", "4.0")
        from gi.repository import Gio, GLib, Nautilus
    except (ImportError, ValueError):
        raise Skip("python3-nautilus is not installed")
    if not shutil.which("dbus-daemon"):
        raise Skip("dbus-daemon is not installed")
    return Nautilus, Gio, GLib


class File:
    """What Nautilus tells of a file."""

    def __init__(self, path, scheme="file", kind="image/png"):
        self.path, self.scheme, self.kind = os.path.abspath(path), scheme, kind

    def get_uri_scheme(self):
        return self.scheme

    def is_directory(self):
        return os.path.isdir(self.path)

    def get_mime_type(self):
        return self.kind

    def get_location(self):
        _, Gio, _ = need_nautilus()
        return Gio.File.new_for_path(self.path)


class Desktop:
    """A message bus with a service of notifications: shown = [(title, body, actions)]; press chooses an action of the last one."""

    def __enter__(self):
        _, self.Gio, self.GLib = need_nautilus()
        self.shown = []
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address = self.daemon.stdout.readline().strip()
        flags = self.Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | self.Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = self.Gio.DBusConnection.new_for_address_sync(address, flags)
        interface = self.Gio.DBusNodeInfo.new_for_xml(SERVICE).interfaces[0]
        self.bus.register_object("/org/freedesktop/Notifications", interface, self.notify)
        self.Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.Notifications", 0)
        return self

    def notify(self, _bus, _sender, _path, _interface, _method, parameters, invocation):
        values = parameters.unpack()
        self.shown.append((values[3], values[4], values[5]))
        invocation.return_value(self.GLib.Variant("(u)", (7,)))

    def press(self, action):
        self.bus.emit_signal(None, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked",
                             self.GLib.Variant("(us)", (7, action)))

    def wait_for(self, condition):
        end = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < end, "waited in vain; shown: %s" % self.shown
            self.GLib.MainContext.default().iteration(False)
            time.sleep(0.01)

    def __exit__(self, *error):
        self.bus.close_sync()
        self.daemon.kill()
        self.daemon.wait()


def items(*files):
    os.environ["LIMN_BATCH_NOTIFY"] = os.path.join(FOLDER, "limn_batch_notify.py")
    spec = importlib.util.spec_from_file_location("limn_nautilus", os.path.join(FOLDER, "limn_nautilus.py"))
    extension = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(extension)
    return {item.get_property("name"): item for item in extension.LimnMenu().get_file_items(list(files))}


def test_items_are_there_for_pictures_and_folders():
    need_nautilus()
    os.mkdir("album")
    names = ["Limn::colorize", "Limn::upscale", "Limn::restore"]
    assert list(items(File("a.png"))) == names
    assert list(items(File("a.jpg", kind="image/jpeg"), File("album", kind="inode/directory"))) == names
    assert items(File("a.png"), File("b.txt", kind="text/plain")) == {}
    assert items(File("a.png", scheme="sftp")) == {}


def test_pictures_are_colorized_into_a_folder_beside():
    need_nautilus()
    write_png("a photo.png", photo(channels=1))
    write_png("b.png", photo(channels=1, seed=2))
    with Desktop() as desktop:
        items(File("a photo.png"), File("b.png"))["Limn::colorize"].emit("activate")
        desktop.wait_for(lambda: desktop.shown and "default" in desktop.shown[-1][2])
        assert desktop.shown[0] == ("Colorize", "0 pictures are done", ["cancel", "Cancel"]), desktop.shown
        assert desktop.shown[-1] == ("Colorize", "2 pictures are done", ["default", "Open Folder"]), desktop.shown
    assert read_png("Colorized/a photo.png")[0].shape == (80, 96, 3)
    assert os.path.exists("Colorized/b.png")


def test_a_folder_is_enlarged_into_one_of_its_name_and_failures_are_told():
    need_nautilus()
    os.mkdir("album")
    write_png("album/a.png", photo())
    with open("album/b.png", "w", encoding="utf-8") as f:
        f.write("no picture")
    with Desktop() as desktop:
        items(File("album", kind="inode/directory"))["Limn::upscale"].emit("activate")
        desktop.wait_for(lambda: desktop.shown and "default" in desktop.shown[-1][2])
        assert desktop.shown[-1][1].startswith("1 picture is done\n1 picture failed: "), desktop.shown
    assert read_png("album – Enlarged/a.png")[0].shape == (320, 384, 3)


def test_cancel():
    need_nautilus()
    write_png("a.png", photo())
    with open("slow-cli", "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\ntrap 'touch ended; exit 130' TERM\ntouch started\nwhile :; do sleep 0.1; done\n")
    os.chmod("slow-cli", stat.S_IRWXU)
    cli, os.environ["LIMN_CLI"] = os.environ["LIMN_CLI"], os.path.abspath("slow-cli")
    try:
        with Desktop() as desktop:
            items(File("a.png"))["Limn::restore"].emit("activate")
            desktop.wait_for(lambda: desktop.shown and os.path.exists("started"))
            desktop.press("cancel")
            desktop.wait_for(lambda: "default" in desktop.shown[-1][2])
            assert desktop.shown[-1][1].startswith("Cancelled."), desktop.shown
            assert os.path.exists("ended")
    finally:
        os.environ["LIMN_CLI"] = cli


main()
