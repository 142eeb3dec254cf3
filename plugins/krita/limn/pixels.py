"""Krita's pixels as PNG files and back. Krita has a pixel's channels as blue, green, red, alpha, or gray, alpha, of 8 or 16 bits.
SPDX-License-Identifier: GPL-3.0-or-later
"""
from PyQt5.QtCore import QBuffer, QByteArray, QIODevice
from PyQt5.QtGui import QImage

WHITE_WHERE_SELECTED = bytes([0] + [255] * 255)


def _to_bgra(data, gray, size):
    """Four channels of size bytes each."""
    if not gray:
        return bytes(data)
    out = bytearray(len(data) * 2)
    for byte in range(size):
        for channel in range(3):
            out[channel * size + byte::4 * size] = data[byte::2 * size]
        out[3 * size + byte::4 * size] = data[size + byte::2 * size]
    return bytes(out)


def _from_bgra(data, gray, size):
    if not gray:
        return bytes(data)
    out = bytearray(len(data) // 2)
    for byte in range(size):
        out[byte::2 * size] = data[size + byte::4 * size]  # green
        out[size + byte::2 * size] = data[3 * size + byte::4 * size]
    return bytes(out)


def _png(image):
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.WriteOnly)
    image.save(buffer, "PNG", 80)  # packed little, for nobody keeps it
    return bytes(data)


def layer_png(node, width, height):
    """The layer, where the document is, as a PNG."""
    gray, size = node.colorModel() == "GRAYA", 2 if node.colorDepth() == "U16" else 1
    data = _to_bgra(bytes(node.pixelData(0, 0, width, height)), gray, size)
    if size == 1:
        return _png(QImage(data, width, height, 4 * width, QImage.Format_ARGB32))
    return _png(QImage(data, width, height, 8 * width, QImage.Format_RGBA64).rgbSwapped())


def selected(selection, width, height):
    """A byte a pixel: 0 is not selected, 255 is."""
    return bytes(selection.pixelData(0, 0, width, height))


def mask_png(coverage, width, height):
    """All that is selected, however little, is white."""
    return _png(QImage(coverage.translate(WHITE_WHERE_SELECTED), width, height, width, QImage.Format_Grayscale8))


def _times(alpha, coverage):
    return bytes((a * c + 127) // 255 for a, c in zip(alpha, coverage))


def _cover(data, coverage, size):
    """Makes data, of four channels, as transparent as it is not selected."""
    data = bytearray(data)
    for byte in range(size):  # 16 bits of alpha are twice the same 8
        alpha = bytes(data[3 * size + byte::4 * size])
        data[3 * size + byte::4 * size] = coverage if alpha.count(255) == len(alpha) else _times(alpha, coverage)
    return bytes(data)


def read_png(png, node, coverage):
    """A PNG's pixels in the layer's form, and its size; None where it is none. coverage: of selected, or None."""
    image = QImage.fromData(png, "PNG")
    if image.isNull():
        return None
    gray, size = node.colorModel() == "GRAYA", 2 if node.colorDepth() == "U16" else 1
    image = image.convertToFormat(QImage.Format_ARGB32) if size == 1 else image.convertToFormat(QImage.Format_RGBA64).rgbSwapped()
    data = image.constBits().asstring(image.sizeInBytes())
    if coverage is not None:
        data = _cover(data, coverage, size)
    return _from_bgra(data, gray, size), image.width(), image.height()
