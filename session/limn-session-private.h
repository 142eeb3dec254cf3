/* The session's insides, for limn-session*.c. It composes parts/ that know nothing of it or of each other (but the lens and commits,
 * which use a preview), and is the only one that writes to the document.
 *
 * Its files, from the lowest to the highest; each calls only those before it:
 *   limn-session-state.c     what the session tells of itself
 *   limn-session-preview.c   what is shown without being kept: live preview, lens, variations
 *   limn-session-materials.c what a sketch's paint is of
 *   limn-session-task.c      task, tool, brush, colour, frame
 *   limn-session-commit.c    what is kept
 *   limn-session-keep.c      that what is shown becomes part of the document
 *   limn-session-document.c  what follows from changes of the document
 *   limn-session.c           the object
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

#include "limn-session-settings.h"
#include "limn-session.h"
#include "session/parts/limn-commit.h"
#include "session/parts/limn-crop.h"
#include "session/parts/limn-lens.h"
#include "session/parts/limn-preview.h"
#include "session/parts/limn-revision.h"
#include "session/parts/limn-variation-set.h"

/* The read-only properties, as last notified. */
typedef struct {
  gboolean can_commit, previewing, preview_shown, busy;
  char *commit_label, *commit_hint;
  double progress, seconds_left;
} LimnSessionState;

/* What limn_session_keep waits for. */
typedef struct {
  GArray *waiting;        /* those who asked */
  gboolean waits;         /* for a commit ... */
  const char *name;       /* ... that was begun for them, of its task; NULL: that was on its way */
  guint n_done, n_failed; /* the session's before it */
} LimnSessionKeeping;

struct _LimnSession {
  GObject parent_instance;
  LimnDocument *document;
  LimnWorker *worker;
  GSettings *preferences;
  GSignalGroup *document_signals, *history_signals, *layers_signals;

  LimnTask task;
  LimnToolKind tools[LIMN_N_TASKS];
  LimnSessionSettings settings;
  LimnSessionState state;

  LimnPreview *preview;
  gboolean settled[LIMN_N_TASKS]; /* nothing is previewed until something changes */
  LimnLens *lens;
  LimnVariationSet *variations;
  LimnRevision *revision;
  LimnCrop *crop;
  LimnCommit *commit;        /* on its way, or NULL */
  gboolean commit_when_done; /* when the document has done what it works on ... */
  guint withdrawn;           /* ... unless any of that is taken back since this count */

  guint n_done, n_failed; /* commits; the rest was cancelled */
  gboolean drawn;         /* strokes of a sketch that no result knows */
  int enlarged_to;        /* the width that the picture was enlarged to, until another scale is chosen */
  LimnSessionKeeping keeping;

  gboolean own_change;       /* the session itself changes the document right now */
  gboolean history_pushed;   /* a step was added, and the new position wasn't told yet */
  gboolean history_moved;    /* by undo or redo, and what that changed wasn't told yet */
  LimnSurfaceList *surfaces; /* that were offered last; or NULL */
  LimnFound found;           /* by the newest picture of the sketch */
  LimnRaster *damage;        /* what is mended, or NULL where nothing was looked for */
  GArray *told;              /* which colours are of which material, by the person */
  guint64 resized;           /* the document's count of changes when it last got another canvas */
};

/* -- limn-session-state.c -- */

void limn_session_message (LimnSession *self, const char *text, gboolean undo);
/* Whether there is what the task needs: a mask, a drawing. */
gboolean limn_session_has_needs (LimnSession *self);
/* Computes the read-only properties anew and notifies those that changed. */
void limn_session_update (LimnSession *self);
void limn_session_set_progress (LimnSession *self, double fraction, double seconds_left);
void limn_session_clear_state (LimnSession *self); /* when it ends */

/* -- limn-session-preview.c -- */

void limn_session_create_previews (LimnSession *self); /* when it begins */
/* The edit that the present state asks for. */
LimnEdit *limn_session_make_edit (LimnSession *self, GError **error);
/* Something changed that the present task's preview depends on. */
void limn_session_invalidate_preview (LimnSession *self);
/* Takes the preview away; nothing that is on its way comes back. */
void limn_session_drop_preview (LimnSession *self);
void limn_session_set_revision (LimnSession *self, LimnLayer *layer, gboolean asked);
void limn_session_restore_revision (LimnSession *self);

/* -- limn-session-materials.c -- */

GArray *limn_session_new_told (void); /* when it begins */
/* What the document's paint is of already: the same colours are of the same material, also after it was closed. */
void limn_session_recall_told (LimnSession *self);
/* What paint of that colour is of. */
guint8 limn_session_get_label (LimnSession *self, const guint8 *rgb);
/* found: of a sketch's picture that is shown; NULL: there is none. */
void limn_session_take_found (LimnSession *self, const LimnFound *found);

/* -- limn-session-damage.c -- */

/* found: of the document's size, what a preview that is shown mends; NULL: there is none. */
void limn_session_take_damage (LimnSession *self, const LimnPlane *found);
/* The person has marked something in rect. */
void limn_session_mark_damage (LimnSession *self, const LimnRect *rect);

/* -- limn-session-commit.c -- */

void limn_session_abandon_commit (LimnSession *self);
/* And says so: the picture that it was for is there no more. */
void limn_session_invalidate_commit (LimnSession *self);
/* The document has other layers. */
void limn_session_layers_changed (LimnSession *self);
/* Does the present task, whether or not there is a frame; fails with a message. */
void limn_session_commit_task (LimnSession *self);
/* The topmost layer that the present task made, or NULL; borrowed. */
LimnLayer *limn_session_find_newest_layer (LimnSession *self);

/* -- limn-session-keep.c -- */

GArray *limn_session_new_waiting (void); /* when it begins */
/* Something that limn_session_keep waits for may have come. */
void limn_session_continue_keeping (LimnSession *self);
void limn_session_abandon_keeping (LimnSession *self); /* when it ends */

/* -- limn-session-document.c -- */

void limn_session_watch_document (LimnSession *self);   /* when it begins */
void limn_session_unwatch_document (LimnSession *self); /* when it ends */
