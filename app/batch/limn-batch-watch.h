/* Folders that are watched: tells of each file that comes into them, or is changed there, once it is whole: moved in, or closed by who wrote
 * it and then untouched for LIMN_BATCH_REST_MS, for programs that open it again for the next piece. Where the file system can't tell what happens
 * (a network's), GFileMonitor looks itself every few seconds.
 *
 * Main thread only; its main loop must run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

enum { LIMN_BATCH_REST_MS = 150 };

/* root: the folder that was asked for. path: absolute, not hidden, perhaps in a folder below root. */
typedef void (*LimnBatchArrived) (const char *root, const char *path, gpointer user);

typedef struct _LimnBatchWatch LimnBatchWatch;

/* recursive: its folders too, also those that come. The folder itself may come later. NULL and error where it can't be watched. */
LimnBatchWatch *limn_batch_watch_new (const char *folder, gboolean recursive, LimnBatchArrived arrived, gpointer user, GError **error);
void limn_batch_watch_free (LimnBatchWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnBatchWatch, limn_batch_watch_free)

G_END_DECLS
