/* Reading ZIP archives (minizip): the directory once, then entries by their names, in any order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct LimnZipReader LimnZipReader;

/* fd: a file, which stays open and the caller's. name: the file's, for sentences. NULL and error when it is no archive or has more than
 * LIMN_ZIP_MAX_ENTRIES. */
#define LIMN_ZIP_MAX_ENTRIES 65535
LimnZipReader *limn_zip_reader_new (int fd, const char *name, GError **error);
void limn_zip_reader_free (LimnZipReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnZipReader, limn_zip_reader_free)

/* Whether there is an entry; of several with one name the first counts. */
gboolean limn_zip_reader_has (LimnZipReader *self, const char *entry);
/* Its first bytes, as many as are wanted or there are; 0 where it can't be read. */
gsize limn_zip_reader_peek (LimnZipReader *self, const char *entry, guint8 *out, gsize wanted);
/* Its bytes, at most max. NULL and error when it is missing, empty, too large or damaged. */
GBytes *limn_zip_reader_read (LimnZipReader *self, const char *entry, gsize max, GCancellable *cancellable, GError **error);

G_END_DECLS
