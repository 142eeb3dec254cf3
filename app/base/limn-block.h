/* Blocks of bytes at a place of a file, for pixels on disk. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether all of size bytes are 0; TRUE for none. */
gboolean limn_block_is_zero (const guint8 *block, gsize size);
/* All of size bytes at offset. Return 0, or the errno of what failed; reading ENODATA where the file ends before. */
int limn_block_write (int fd, gconstpointer block, gsize size, goffset offset);
int limn_block_read (int fd, gpointer block, gsize size, goffset offset);

G_END_DECLS
