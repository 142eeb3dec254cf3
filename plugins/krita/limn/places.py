"""Where Limn's own files are: limn-cli and the translations of what is shown.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import gettext
import os
import shutil

PREFIX = os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 4))  # of PREFIX/share/krita/pykrita/limn

_ = gettext.translation("limn", os.path.join(PREFIX, "share", "locale"), fallback=True).gettext


def limn_cli():
    """The program: what LIMN_CLI names, that of the same prefix, or the one that a shell would find."""
    beside = os.path.join(PREFIX, "bin", "limn-cli")
    return os.environ.get("LIMN_CLI") or (beside if os.access(beside, os.X_OK) else shutil.which("limn-cli") or "limn-cli")
