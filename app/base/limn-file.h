/* Whole files: read into memory, and replaced without ever leaving half a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Opens path, which may be a pipe, for reading. -1 and a sentence when there is none or it is a folder. */
int limn_file_open (const char *path, GError **error);
/* The bytes of an open file from where it stands. NULL and a sentence when it is larger than any picture. Blocking. */
GBytes *limn_file_read_descriptor (int fd, const char *name, GCancellable *cancellable, GError **error);
/* Both. */
GBytes *limn_file_read (const char *path, GCancellable *cancellable, GError **error);
/* Whether path can be written or replaced, to be asked before the work of encoding. */
gboolean limn_file_check (const char *path, GError **error);
/* A word for the state that the file is in: another one once it was written to or replaced. NULL where there is none (or a pipe).
 * Free with g_free. */
char *limn_file_dup_stamp (const char *path);
/* Writes a whole file atomically: a temporary one in its folder, nameless where that is possible, fsync, rename; on failure path is as it was. Keeps owner, permissions,
 * extended attributes and links, even one to a file that isn't there yet; a pipe or device is written to. Blocking. */
gboolean limn_file_replace (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error);

G_END_DECLS
