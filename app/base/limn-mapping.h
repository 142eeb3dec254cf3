/* Large blocks of memory as private mappings of their own, so that they can be given back beside the main loop and moved to disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Blocks of fewer bytes are better on the heap. */
#define LIMN_MAPPING_MIN ((gsize) 1 << 20)

/* size bytes, all 0; NULL when memory ends. */
gpointer limn_mapping_new (gsize size);
/* Giving back a large one on the main thread is left to another thread: it takes longer than a frame. */
void limn_mapping_free (gpointer data, gsize size);
/* Writes the bytes to fd, an empty file, and maps that file in their place: from then on they need no memory while nobody reads them. They
 * stay where they are, and other threads may read them meanwhile; nobody may write. fd may be closed afterwards. FALSE when the disk is
 * full: the bytes stay in memory. */
gboolean limn_mapping_page_out (gpointer data, gsize size, int fd);

/* For a process that hands its mappings on: those that it makes from now on are memfds, which any number of processes can map. */
void limn_mapping_make_shareable (void);
/* The memfd of such a mapping, which is the caller's from then on; -1 where data is none. */
int limn_mapping_steal_fd (gconstpointer data);

/* size bytes, all 0, on the heap or in a mapping; *data is to be filled before anybody else has them. NULL when memory ends. */
GBytes *limn_bytes_new_zero (gsize size, guint8 **data);

G_END_DECLS
