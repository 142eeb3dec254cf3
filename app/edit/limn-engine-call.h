/* A call of the engine from the application: pictures as views, GCancellable as its flag, its errors as GErrors, its overlay as a result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/limn-engine.h"
#include "limn-edit.h"

G_BEGIN_DECLS

/* What a function of the engine is given, and what it gives. */
typedef struct {
  LimnControl control;
  LimnOverlay overlay;
  LimnStats stats;
  LimnError error;
  atomic_int cancel;
  GCancellable *cancellable; /* which sets cancel, or NULL */
  gulong handler;
  LimnProgress progress;
  gpointer user;
} LimnEngineCall;

/* self must stay where it is until the end. progress, cancellable: as of limn_edit_run. */
void limn_engine_call_begin (LimnEngineCall *self, LimnProgress progress, gpointer user, GCancellable *cancellable);
/* To be called whatever the status; FALSE and error for another one than LIMN_OK. */
gboolean limn_engine_call_end (LimnEngineCall *self, LimnStatus status, GError **error);
/* After a good end: what was made, in the colour space of like (NULL: sRGB) and with its metadata. own: the engine worked with numbers of
 * like's colour space; else it made sRGB. whole: a picture of its own. */
LimnResult *limn_engine_call_take_result (LimnEngineCall *self, LimnPicture *like, gboolean own, gboolean whole, GError **error);

/* The app's error for an engine's status other than LIMN_OK, with the engine's sentence. */
void limn_set_engine_error (GError **error, LimnStatus status, const LimnError *engine_error);

/* Views of a part of a picture or plane; they live as long as it. */
LimnPixels limn_pixels_of (LimnPicture *picture, const LimnRect *part);
LimnMask limn_mask_of (const LimnPlane *plane, const LimnRect *part);
LimnRect limn_picture_get_rect (LimnPicture *picture); /* all of it */

G_END_DECLS
