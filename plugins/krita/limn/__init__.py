"""Limn in Krita: Tools > Scripts > Limn.
SPDX-License-Identifier: GPL-3.0-or-later
"""
from krita import Krita

from .extension import LimnExtension

Krita.instance().addExtension(LimnExtension(Krita.instance()))
