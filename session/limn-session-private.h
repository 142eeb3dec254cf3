/* The session's insides, for limn-session*.c.
 *
 * Every change that makes the present task's preview another one goes through limn_session_stale, which counts the stamp. A result
 * carries the stamp it was asked for, so that "shows exactly this" is one comparison.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-session.h"

#include <glib/gi18n.h>

enum { LIMN_SESSION_TASKS = LIMN_TASK_UPSCALE + 1, LIMN_SESSION_VARIATIONS = 4 };

/* What the table of properties in limn-session.c points into. */
typedef struct {
  double brush_hardness, grow, feather, saturation, freedom, denoise, compare_position;
  int mask_mode, tolerance, scale, steps, sketch_view;
  guint64 seed;
  gboolean contiguous, faithful, live, compare, show_original;
} LimnSessionSettings;

typedef struct {
  LimnEdit *edit;
  LimnResult *result; /* NULL while there is none */
  gboolean full;      /* result isn't the quick one */
  GdkTexture *texture;
} LimnVariation;

/* One edit on its way. session is NULL once nobody waits for it. */
typedef struct {
  LimnSession *session;
  GCancellable *cancellable;
  LimnEdit *edit;
  LimnLayer *replaces; /* or NULL: a new layer */
  gboolean changed;    /* what replaces it was changed by hand; else it is another variation */
  int variation;       /* of the strip, or -1: the strip begins anew */
  guint64 stamp;
  guint position; /* of the history when it was asked for */
  LimnResult *result;
  char *model_hash;
  guint retry; /* while a stroke is in progress */
} LimnCommit;

struct _LimnSession {
  GObject parent_instance;
  LimnDocument *document;
  LimnWorker *worker;
  GSettings *settings;
  guint slot; /* the first of the session's three: preview or lens, variations, mix */
  GSignalGroup *document_signals, *history_signals, *layers_signals;

  LimnTask task;
  LimnToolKind tools[LIMN_SESSION_TASKS];
  double sizes[LIMN_N_TOOLS]; /* diameters by tool */
  GdkRGBA color;
  LimnSessionSettings set;

  /* As last notified */
  gboolean can_commit, previewing, preview_shown, busy;
  char *commit_label, *commit_hint;
  double progress, seconds_left;
  LimnPicture *gray_photo; /* what is_gray was found out for; not owned */
  gboolean is_gray;

  /* The live preview */
  gboolean own;                         /* the session itself changes the document right now */
  gboolean settled[LIMN_SESSION_TASKS]; /* nothing is previewed until something changes */
  guint64 stamp, asked_stamp, asked_serial;
  gboolean wanted, quick_due, full_due;
  gint64 asked_at;
  guint ask_source;
  LimnResult *shown; /* the newest result of the present preview, NULL = none */
  guint64 shown_stamp;
  gboolean shown_full;
  char *last_error;

  /* The layer that the next commit replaces */
  LimnLayer *editing;
  gboolean editing_asked;   /* by limn_session_edit_layer */
  guint editing_position;   /* the step that began it */
  GPtrArray *editing_notes; /* from which step on which layer was it, for undo and redo */
  gboolean history_went;    /* by undo or redo, and what that changed wasn't told yet */
  guint64 resized;          /* the document's change that gave it another canvas, the last one */
  LimnSource *under;        /* what lies under it, until it changes */

  LimnRect crop;       /* of the canvas that will be; empty = there is none */
  gboolean cropping;   /* it was asked for and isn't there yet */
  gboolean crop_fills; /* and what is new is to be filled then */

  LimnCommit *commit;
  gboolean commit_waits; /* for what the document works on ... */
  guint withdrawn;       /* ... unless any of that is taken back since this count */
  gboolean history_pushed;

  /* Variations */
  LimnVariation variations[LIMN_SESSION_VARIATIONS];
  guint n_variations, current_variation, peeked, variation_asked;
  LimnTask variation_task;
  GPtrArray *variation_layers; /* layers that are one of the variations ... */
  GArray *variation_indices;   /* ... and which one (guint) */
  LimnEdit *mix_edit;
  LimnResult *mix_result;
  guint64 mix_serial;

  /* The lens */
  double lens_x, lens_y, lens_radius;
  LimnRect lens_region; /* what the texture shows */
  struct {
    guint64 serial;
    LimnRect region;
  } lens_asked[4]; /* the last ones, by serial */
  guint n_lens_asked;
  GdkTexture *lens_texture;
};

/* -- limn-session.c -- */
void limn_session_message (LimnSession *self, const char *text, gboolean undo);
void limn_session_variations_changed (LimnSession *self);
void limn_session_lens_changed (LimnSession *self);
void limn_session_crop_changed (LimnSession *self);
/* Computes the properties that can only be read anew and notifies those that changed. */
void limn_session_update (LimnSession *self);
void limn_session_set_progress (LimnSession *self, double fraction, double seconds_left);
gboolean limn_session_has_layer (LimnSession *self, LimnLayer *layer);
/* The topmost layer that the present task made, or NULL. */
LimnLayer *limn_session_peek_newest_layer (LimnSession *self);
LimnResult *limn_result_copy (const LimnResult *self);

/* -- limn-session-settings.c -- */
void limn_session_bind_settings (LimnSession *self);
double limn_session_get_brush_size (LimnSession *self);
/* The edit that the present state asks for. */
LimnEdit *limn_session_make_edit (LimnSession *self, GError **error);
/* Makes the session's settings those of a recipe. */
void limn_session_take_settings (LimnSession *self, const LimnEdit *recipe);
/* Whether the task can be done, in which words (transfer full), and if not why (transfer full, or NULL). */
gboolean limn_session_describe (LimnSession *self, char **label, char **hint);
LimnTask limn_session_suggest_task (LimnSession *self);
gboolean limn_session_photo_is_gray (LimnSession *self);

/* -- limn-session-preview.c -- */
void limn_session_document_changed (LimnSession *self, LimnChange what);
void limn_session_history_moved (LimnSession *self);
/* Something changed that the present task's preview depends on. */
void limn_session_stale (LimnSession *self);
/* Takes the preview away; nothing that is on its way comes back. */
void limn_session_drop_preview (LimnSession *self);
/* Shows result in place of the varied layer, or what the live preview has for NULL. */
void limn_session_show (LimnSession *self, const LimnResult *result);
/* The full result of exactly the present state, or NULL. */
const LimnResult *limn_session_peek_finished (LimnSession *self);
/* The request whose full result will be that, 0 = none is on its way. */
guint64 limn_session_get_finishing (LimnSession *self);
/* That request was taken over: it isn't a preview any more. */
void limn_session_yield_finishing (LimnSession *self);

/* -- limn-session-commit.c -- */
/* Another variation in place of layer; takes edit. */
void limn_session_start_variation (LimnSession *self, LimnEdit *edit, LimnLayer *layer, int variation);
void limn_session_abandon_commit (LimnSession *self);
void limn_session_lose_commit (LimnSession *self); /* and says so: the picture that it was for is there no more */
/* Lays result down in place of layer and tells the strip. name: of the undo step, NULL for another variation. */
LimnLayer *limn_session_replace (LimnSession *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result, int variation,
                                 const char *name, const char *model_hash);
/* The layer that the next commit replaces (asked: it was brought back by limn_session_edit_layer), or NULL. It is the one again when
 * undo or redo come to this step. */
void limn_session_note_editing (LimnSession *self, LimnLayer *layer, gboolean asked);
void limn_session_restore_editing (LimnSession *self);

/* -- limn-session-variations.c -- */
void limn_session_begin_variations (LimnSession *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result);
void limn_session_clear_variations (LimnSession *self);
/* texture shows the variation index, if its result still is the one with picture. */
void limn_session_take_thumbnail (LimnSession *self, guint index, LimnPicture *picture, GdkTexture *texture);
/* layer is the variation index now. */
void limn_session_note_variation (LimnSession *self, LimnLayer *layer, guint index);
void limn_session_layers_changed (LimnSession *self);
/* The layer of the strip that is in the document, borrowed or NULL. */
LimnLayer *limn_session_peek_varied_layer (LimnSession *self);

/* -- limn-session-lens.c -- */
/* Makes the edit one of the part under the lens; serial: of the request, noted afterwards. */
void limn_session_lens_aim (LimnSession *self, LimnEdit *edit);
void limn_session_lens_note (LimnSession *self, guint64 serial);
void limn_session_lens_take (LimnSession *self, guint64 serial, const LimnResult *result);
/* Makes a small picture of what the variation's result makes of its photo on another thread, and hands it to
 * limn_session_take_thumbnail. */
void limn_session_make_thumbnail (LimnSession *self, guint variation);

/* -- limn-session-crop.c -- */
/* Another tool has no frame. */
void limn_session_update_crop (LimnSession *self);
/* Asks for what the frame says; FALSE when there is none. It stays until the canvas has changed. */
gboolean limn_session_commit_crop (LimnSession *self);
/* The document may have done what was asked for, or not. */
void limn_session_crop_done (LimnSession *self);
