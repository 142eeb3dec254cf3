/* IPTC metadata (title, keywords, caption; IPTC-IIM 4.2), which JPEG files hold as an image resource of Photoshop in APP13 markers. Among
 * a picture's texts it is in the form in which ImageMagick, ExifTool and others write it into PNG files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The keyword of the text. */
#define LIMN_TEXT_IPTC "Raw profile type iptc"

/* data: the contents of all APP13 markers after their heads, in order. The text, to be freed, or NULL when there is no IPTC in them.
 * Other resources (thumbnails of what was edited, paths) are dropped. */
char *limn_iptc_from_photoshop (const guint8 *data, gsize size);
/* The contents of an APP13 marker after its head; NULL when text is malformed. */
GBytes *limn_iptc_to_photoshop (const char *text);

G_END_DECLS
