/* One edit, ready to be run on any thread: what is asked, and what it is made with. The command line calls limn_edit_run itself; the
 * window gives edits to the worker. What an edit is at all is told by its kind (limn-edit-kind.h).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-source.h"
#include "limn-edit-kind.h"
#include "limn-surface-list.h"

G_BEGIN_DECLS

/* Labels of a plane that says where a fill copies texture from: here and nowhere else; not here. 0: as it may be. */
#define LIMN_LABEL_TAKE_FROM 255
#define LIMN_LABEL_NOT_FROM 1

/* Labels of a plane that says what a person knows of damage: here is some; here is none. 0: as it is found. */
#define LIMN_LABEL_MEND 255
#define LIMN_LABEL_SPARE 1

/* What is asked: numbers. */
typedef struct {
  guint64 seed, seed_b;
  double mix;                         /* from the noise of seed to that of seed_b (slerp) */
  int steps;                          /* evaluations of the network */
  double values[LIMN_MAX_PARAMETERS]; /* of the kind's parameters, in their order; see limn_edit_get */
} LimnEditSettings;

/* What it is made with; NULL where there is nothing. They all have one size: the photo's, or the drawing's. Owned by the edit. */
typedef struct {
  LimnSource *photo;         /* a recipe has none: it is what lies under the layer */
  LimnSource *mask;          /* where; for a sketch, what of a photo is drawn over (without: a picture of its own) */
  LimnSource *paint;         /* a guide's colours, dots, or a drawing's paint: RGBA */
  LimnSource *materials;     /* of a drawing's paint: labels of limn-material.h */
  LimnSource *lines;         /* a guide's or a drawing's: 255 = line */
  LimnSource *sources;       /* where a fill copies from: LIMN_LABEL_TAKE_FROM and LIMN_LABEL_NOT_FROM */
  LimnSource *marks;         /* what is to be mended, and what not: LIMN_LABEL_MEND and LIMN_LABEL_SPARE */
  LimnSurfaceList *surfaces; /* surfaces of one's own that materials, or a fill's "surface", are labels of */
  LimnRect region;           /* of the photo, for a kind that enlarges: the only part that is wanted; empty: all */
} LimnEditInputs;

/* Without its photo it is the recipe of a layer. */
typedef struct {
  LimnTask task;
  LimnEditSettings set;
  LimnEditInputs from;
} LimnEdit;

/* An edit with the defaults that every front end starts from. Free with limn_edit_free. */
LimnEdit *limn_edit_new (LimnTask task);
LimnEdit *limn_edit_copy (const LimnEdit *self); /* shares sources */
void limn_edit_free (LimnEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEdit, limn_edit_free)

const LimnEditKind *limn_edit_get_kind (const LimnEdit *self);
/* A parameter of the kind by its name, which it must have. */
double limn_edit_get (const LimnEdit *self, const char *name);
void limn_edit_set (LimnEdit *self, const char *name, double value);

/* The size of the picture that comes of a photo of *width x *height. */
void limn_edit_enlarge (const LimnEdit *self, gsize *width, gsize *height);

/* What was found in a photo: the places that are mended (255; of the photo's size), how many they are, what part of it; the standard deviation
 * of its grain, and how light its black and white are, of a range of 1. bytes NULL: nothing was looked for. */
typedef struct {
  LimnPlane mask;
  gsize spots;
  double damaged, grain, black, white;
} LimnDamageFound;

/* What a drawing turned out to be: the labels in effect, of the size of its paint (bytes NULL: there are none), and the horizon's height and
 * the sun's place as fractions of it. */
typedef struct {
  LimnPlane materials;
  double horizon, sun_x, sun_y;
  LimnDamageFound damage; /* of another edit */
} LimnFound;
LimnFound limn_found_copy (const LimnFound *self); /* shares its planes */
void limn_found_clear (LimnFound *self);

/* What came out: new pixels to be laid over the photo at (x, y) (alpha = coverage, in the photo's colour space and depth), or a picture
 * of its own. */
typedef struct {
  LimnPicture *picture;
  gsize x, y;
  gboolean whole;      /* a picture of its own */
  gboolean keep_alpha; /* new colours only: the photo's transparency stays */
  LimnFound found;
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

/* Reads what the task needs beside the networks, so that its first edit doesn't wait for it; that reports a failure. */
void limn_engine_handle_prepare (LimnEngineHandle *self, LimnTask task);

/* How an edit is run. quick: in the quality of a live preview. keep: what takes long and may serve the next edit is cached by the engine's
 * handle (colorize: the colours, for another saturation or mask). */
typedef enum { LIMN_RUN_QUICK = 1 << 0, LIMN_RUN_KEEP = 1 << 1 } LimnRunFlags;

/* Puts together what the edit is made with, which takes its time, and runs it. NULL and an error when it can't be done, memory ends, or
 * cancellable is set: that ends it within a layer of the network with LIMN_APP_ERROR_CANCELLED.
 * progress: fraction in [0, 1], called on this thread; or NULL. */
typedef void (*LimnProgress) (double fraction, gpointer user);
LimnResult *limn_edit_run (const LimnEdit *self, LimnRunFlags flags, LimnEngineHandle *engine, LimnProgress progress, gpointer user,
                           GCancellable *cancellable, GError **error);

/* Lays the result over photo: a new picture, or for a picture of its own a reference to that. Where the result's alpha is 0 the pixels
 * are photo's, bit for bit. */
LimnPicture *limn_result_apply (const LimnResult *self, LimnPicture *photo, GError **error);

G_END_DECLS
