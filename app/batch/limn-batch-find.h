/* Which pictures a batch is over: those that were named, and those of folders. Blocking; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *root; /* the folder that was named, below which the picture lies; NULL: it was named itself */
  char *path; /* absolute */
} LimnBatchFile;

/* The picture at path, or the pictures in the folder at path in the order of their names, with those in its folders where recursive;
 * hidden ones are left out. Of LimnBatchFile, whose memory the array owns; NULL and error where there is nothing at path. */
GPtrArray *limn_batch_find (const char *path, gboolean recursive, GError **error);

/* The folder, absolute, and those in it where recursive, hidden ones and links left out. Of char *. */
GPtrArray *limn_batch_find_folders (const char *folder, gboolean recursive);

G_END_DECLS
