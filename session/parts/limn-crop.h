/* The frame of a crop, from the first drag until the canvas is what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"

G_BEGIN_DECLS

typedef struct _LimnCrop LimnCrop;

/* A reference to document is taken. */
LimnCrop *limn_crop_new (LimnDocument *document);
void limn_crop_free (LimnCrop *self);

/* FALSE when there is no frame; area (document pixels, may reach beyond the canvas; or NULL): all of the canvas then. */
gboolean limn_crop_get (const LimnCrop *self, LimnRect *area);
/* An empty area, or the whole canvas: no frame. TRUE when it is another one than before. */
gboolean limn_crop_set (LimnCrop *self, const LimnRect *area);

/* Asks the document for what the frame says, unless that was done already. The frame stays until the canvas has changed. fill: what
 * limn_crop_end returns if the frame reaches beyond the canvas. FALSE and error when the document refuses. */
gboolean limn_crop_begin (LimnCrop *self, gboolean fill, GError **error);
/* The document has done what it was asked for, or given it up. TRUE: the canvas has grown, and the new part is to be filled. */
gboolean limn_crop_end (LimnCrop *self);

G_END_DECLS
