/* One edit, ready to be run on any thread: an immutable snapshot of inputs and settings, and the function that runs it on the
 * engine. The command line calls limn_edit_run itself; the window gives edits to the worker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-source.h"

G_BEGIN_DECLS

typedef enum { LIMN_TASK_FILL, LIMN_TASK_COLORIZE, LIMN_TASK_SKETCH, LIMN_TASK_UPSCALE, LIMN_TASK_ZERO_SHOT } LimnTask;

/* What an edit is to be put together of (limn_edit_prepare); NULL where there is nothing. Owned by the edit. */
typedef struct {
  LimnSource *photo, *mask, *paint, *lines;
} LimnEditSources;

/* Every pointer is owned by the edit; pictures and planes must not change any more. */
typedef struct {
  LimnTask task;
  guint64 seed, seed_b;
  double mix;           /* slerp from seed to seed_b */
  int steps;            /* 1 or 2; zero-shot: 1..1000 */
  gboolean quick;       /* live preview quality */
  gboolean keeps;       /* colorize: what is found is kept with the photo, for the next one by another saturation or mask (worker) */
  LimnPicture *photo;   /* fill, colorize, upscale, zero-shot; sketch with a mask */
  LimnPlane mask;       /* fill: what to replace (required); colorize: where (bytes NULL = everywhere); sketch: what is drawn into a
                         * photo, the rest of which stays (bytes NULL = a picture of its own) */
  LimnPicture *paint;   /* guidance / hints / paint, RGBA of the photo's (or sketch's) size, or NULL */
  LimnPlane lines;      /* ink, 255 = line, or bytes NULL */
  LimnEditSources from; /* a document's edit: what photo, mask, paint and lines come from. A recipe has these alone */
  double grow, feather; /* fill, pixels */
  double saturation;    /* colorize, 1 = as the network says */
  double freedom;       /* sketch */
  gsize width, height;  /* sketch */
  int scale;            /* upscale, zero-shot upscale */
  double denoise;       /* upscale */
  gboolean faithful;    /* upscale */
  gboolean has_region;  /* upscale: only this part of the photo (the lens) */
  gsize region_x, region_y, region_width, region_height;
  int zero_shot_task; /* LimnZeroShotTask's number */
  char *checkpoint;   /* zero-shot: folder */
  double sigma;       /* zero-shot denoise */
  int class_label;    /* zero-shot: for a checkpoint with classes; -1 = none */
  int threads;        /* zero-shot: 0 = one a physical core (the other edits use the engine's) */
} LimnEdit;

/* An edit with the defaults that every front end starts from. Free with limn_edit_free. */
LimnEdit *limn_edit_new (LimnTask task);
LimnEdit *limn_edit_copy (const LimnEdit *self); /* shares pictures, planes and sources */
void limn_edit_free (LimnEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEdit, limn_edit_free)

/* Puts in place what comes from sources and isn't there yet: for the thread that runs the edit, as it takes its time. FALSE and error
 * when memory ends or cancellable is set; then it can be tried again. */
gboolean limn_edit_prepare (LimnEdit *self, GCancellable *cancellable, GError **error);
/* Drops what came from sources; the photo, however it came, with its source: what is left is the recipe of a layer. */
void limn_edit_keep_recipe (LimnEdit *self);

/* What came out: new pixels to be laid over the photo at (x, y) (fill, colorize: alpha = coverage, in the photo's colour space and
 * depth), or a picture of its own (sketch, upscale, zero-shot). */
typedef struct {
  LimnPicture *picture;
  gsize x, y;
  gboolean whole;      /* a picture of its own */
  gboolean keep_alpha; /* new colours only: the photo's transparency stays */
  guint evaluations, tiles;
  double network_ms, total_ms;
} LimnResult;
void limn_result_free (LimnResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnResult, limn_result_free)

/* The engine with its weights, opened once. Thread-safe; one edit runs at a time. */
#define LIMN_TYPE_ENGINE_HANDLE (limn_engine_handle_get_type ())
G_DECLARE_FINAL_TYPE (LimnEngineHandle, limn_engine_handle, LIMN, ENGINE_HANDLE, GObject)

/* models: a folder with base.safetensors, detail.safetensors and see.safetensors, NULL = the installed ones ($LIMN_MODELS, the build's or the
 * installation's folder). threads: 0 = one a physical core. */
LimnEngineHandle *limn_engine_handle_new (const char *models, int threads, GError **error);
char *limn_models_folder (const char *models); /* the folder that models (or NULL) stands for; free with g_free */
/* Hash of the weights as 16 hex digits a network, for recipes; borrowed. */
const char *limn_engine_handle_get_model_hash (LimnEngineHandle *self);

/* A prepared edit, or one without sources. engine: NULL is allowed for zero-shot edits, which open their own network.
 * progress: fraction in [0, 1], called on this thread. Cancelling ends it within a layer with LIMN_APP_ERROR_CANCELLED. */
typedef void (*LimnProgress) (double fraction, gpointer user);
LimnResult *limn_edit_run (const LimnEdit *self, LimnEngineHandle *engine, LimnProgress progress, gpointer user, GCancellable *cancellable,
                           GError **error);

/* Lays the result over photo: a new picture (fill, colorize), or a reference to the result's own. Where the result's alpha is 0
 * the pixels are photo's, bit for bit. */
LimnPicture *limn_result_apply (const LimnResult *self, LimnPicture *photo, GError **error);

G_END_DECLS
