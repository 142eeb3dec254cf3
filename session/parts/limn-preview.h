/* A live preview: what the present state would give, computed by the worker while people work. Only the newest state counts: one
 * request is on its way, and the next one is made when its result comes or a typical latency has passed (docs/worker.md).
 *
 * It changes nothing itself. Its owner tells what is to be previewed, and shows what comes, by LimnPreviewFuncs.
 *
 * Every change of what it is made from is announced by limn_preview_invalidate, which counts the stamp. A result has the stamp of the
 * state that it was made from, so that "shows exactly this" is one comparison. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/worker/limn-worker.h"

G_BEGIN_DECLS

typedef struct {
  gboolean wanted;  /* there is something to preview */
  gboolean refined; /* the full result is wanted too, after the quick one */
  gboolean at_rest; /* made when nothing has changed for a while, and only the full result is shown (a quick fill tells nothing) */
  gboolean held;    /* not now, but soon (a stroke is in progress) */
} LimnPreviewNeed;

typedef struct {
  LimnPreviewNeed (*get_need) (gpointer user);
  /* The edit that the present state asks for; NULL and error when it can't be made. Transfer full. */
  LimnEdit *(*make_edit) (gpointer user, guint64 stamp, GError **error);
  /* result (borrowed for the call, or NULL: none any more) is the newest one; stamp: of its state. */
  void (*show) (gpointer user, const LimnResult *result, guint64 stamp);
  void (*changed) (gpointer user); /* limn_preview_is_pending may be another */
  void (*failed) (gpointer user, const char *message);
} LimnPreviewFuncs;

#define LIMN_TYPE_PREVIEW (limn_preview_get_type ())
G_DECLARE_FINAL_TYPE (LimnPreview, limn_preview, LIMN, PREVIEW, GObject)

/* slot: one of the owner's own (limn_worker_take_slots). funcs: static. user is the owner and must outlive the preview, which nobody
 * else may keep. */
LimnPreview *limn_preview_new (LimnWorker *worker, guint slot, const LimnPreviewFuncs *funcs, gpointer user);

guint64 limn_preview_get_stamp (LimnPreview *self);
/* Something has changed that the preview is made from, or get_need is another: asks anew, or drops what is there. */
void limn_preview_invalidate (LimnPreview *self);
/* Takes the result away; nothing that is on its way comes back. */
void limn_preview_drop (LimnPreview *self);

/* TRUE while a result is on its way. */
gboolean limn_preview_is_pending (LimnPreview *self);
/* TRUE from limn_preview_invalidate until it is asked for. */
gboolean limn_preview_is_due (LimnPreview *self);
/* The newest result, borrowed until the next one; NULL = none. */
const LimnResult *limn_preview_peek_result (LimnPreview *self);
/* The same if it is the full result of exactly the present state, else NULL. */
const LimnResult *limn_preview_peek_finished (LimnPreview *self);
/* Turns the request whose full result that will be into a committed edit (limn_worker_promote), which loses nothing of what is computed
 * and isn't a preview any more. NULL, and nothing happens, when there is none. Transfer full. */
GCancellable *
limn_preview_promote (LimnPreview *self, LimnCommitProgress progress, gpointer progress_user, GAsyncReadyCallback ready, gpointer user);

LimnResult *limn_result_copy (const LimnResult *self); /* shares its pixels */

G_END_DECLS
