/* What a folder of results remembers of the batches that filled it, so that a batch which was stopped, or killed, goes on where it was and
 * nothing is done twice.
 *
 * .limn-batch/log-N.jsonl in the folder; each program that runs at the same time holds one of them. One JSON object a line: with "begun"
 * before a result is put into its place, with all else after. Lines that are no such objects (the last one of a program that was killed) are
 * passed over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LimnBatchLog LimnBatchLog;

/* What a result was made of. */
typedef struct {
  const char *out;     /* its name, from the folder */
  const char *path;    /* of the photo, absolute */
  gint64 size;         /* of the photo's file, bytes */
  gint64 modified;     /* its time, microseconds */
  const char *content; /* its SHA-256; NULL to limn_batch_log_is_done: read if it must be */
  const char *recipe;  /* a word for all that it was asked for */
  gint64 written;      /* bytes of the result; not for limn_batch_log_is_done */
} LimnBatchEntry;

/* Reads what is there, and removes what killed programs left half written, unless others are at work. folder must exist. */
LimnBatchLog *limn_batch_log_open (const char *folder, GError **error);
void limn_batch_log_free (LimnBatchLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnBatchLog, limn_batch_log_free)

/* Whether out (a name from the folder) was made by a batch, so that it may be replaced. Any thread, as all below. */
gboolean limn_batch_log_knows (LimnBatchLog *self, const char *out);
/* Whether just this was made, and is still there. */
gboolean limn_batch_log_is_done (LimnBatchLog *self, const LimnBatchEntry *entry);

/* To be called before and after a result is put into its place. */
gboolean limn_batch_log_begin (LimnBatchLog *self, const char *out, GError **error);
gboolean limn_batch_log_end (LimnBatchLog *self, const LimnBatchEntry *entry, GError **error);

/* SHA-256 of a file as hex digits, NULL and error; free with g_free. */
char *limn_batch_hash_file (const char *path, GCancellable *cancellable, GError **error);

G_END_DECLS
