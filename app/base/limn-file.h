/* Whole files: read into memory, and replaced without ever leaving half a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bytes of path, which may be a pipe. NULL and a sentence when there is none, it is a folder, or larger than any picture. Blocking. */
GBytes *limn_file_read (const char *path, GCancellable *cancellable, GError **error);
/* Whether path can be written or replaced, to be asked before the work of encoding. */
gboolean limn_file_check (const char *path, GError **error);
/* A word for the state that the file is in: another one once it was written to or replaced. NULL where there is none (or a pipe).
 * Free with g_free. */
char *limn_file_dup_stamp (const char *path);
/* Writes a whole file atomically: a temporary one beside path, fsync, rename; on failure path is as it was. Keeps owner, permissions,
 * extended attributes and links, even one to a file that isn't there yet; a pipe or device is written to. Blocking. */
gboolean limn_file_replace (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error);

G_END_DECLS
