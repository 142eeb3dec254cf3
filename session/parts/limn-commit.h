/* One edit that must be done, on its way from the worker to its owner, who lays its result down in the document. A stroke that is in
 * progress when the result comes is waited for. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"
#include "limn-preview.h"

G_BEGIN_DECLS

/* What is to become of it: read by the owner, set by limn_commit_new and (result and model_hash) once it is done. */
typedef struct _LimnCommit LimnCommit;
struct _LimnCommit {
  LimnEdit *edit;
  LimnLayer *replaces; /* or NULL: a new layer */
  gboolean changed;    /* the layer's recipe was changed by hand; else the result is another variation of it */
  int variation;       /* of the strip, or -1: the strip begins anew */
  guint64 stamp;       /* of the preview when it was asked for */
  guint position;      /* of the history when it was asked for */
  LimnResult *result;
  char *model_hash;
  struct LimnCommitPrivate *private;
};

typedef struct {
  void (*progress) (gpointer user, double fraction, double seconds_left); /* as LimnCommitProgress */
  void (*done) (gpointer user, const LimnCommit *commit);                 /* which is freed afterwards */
  void (*failed) (gpointer user, const char *message);                    /* and freed; message NULL: it was cancelled */
} LimnCommitFuncs;

/* edit: taken. replaces, or NULL: a reference is taken. funcs: static. */
LimnCommit *
limn_commit_new (LimnDocument *document, LimnEdit *edit, LimnLayer *replaces, int variation, const LimnCommitFuncs *funcs, gpointer user);

/* One of these three, once. */
void limn_commit_start (LimnCommit *self, LimnWorker *worker);
/* What is computed already as a preview is taken over; FALSE, and nothing happens, where that isn't the present state's. */
gboolean limn_commit_start_from_preview (LimnCommit *self, LimnPreview *preview);
void limn_commit_finish (LimnCommit *self, const LimnResult *result, LimnWorker *worker); /* it is there already */

/* Nobody waits for it any more: no more callbacks, and it frees itself. */
void limn_commit_abandon (LimnCommit *self);

G_END_DECLS
