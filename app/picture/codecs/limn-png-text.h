/* Texts of PNG files (PNG specification, 11.3.4), unpacked within a limit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { LIMN_PNG_TEXT_DONE, LIMN_PNG_TEXT_NONE, LIMN_PNG_TEXT_TOO_LARGE } LimnPngText;

/* Reads a chunk of type tEXt, zTXt or iTXt. *key, *text: UTF-8, to be freed. *left: bytes that texts may still take; counted down.
 * NONE: it is malformed. */
LimnPngText limn_png_text_read (const guint8 *type, const guint8 *data, gsize size, gsize *left, char **key, char **text);

G_END_DECLS
