/* A ZIP archive in memory, every entry stored (PKWARE's APPNOTE 6.3, without ZIP64). OpenRaster wants its first entry to begin at an
 * exact offset, without extra fields, which libarchive always writes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/base/limn-byte-buffer.h"

G_BEGIN_DECLS

typedef struct {
  LimnByteBuffer entries, directory;
  guint n_entries;
} LimnZip;

/* name: ASCII. FALSE and error when the archive would be past 4 GB or memory ends. */
gboolean limn_zip_add (LimnZip *self, const char *name, gconstpointer data, gsize size, GError **error);
/* The archive's bytes; self is empty then. */
GBytes *limn_zip_finish (LimnZip *self, GError **error);
void limn_zip_clear (LimnZip *self);

G_END_DECLS
