/* The layer that the next commit replaces, if any, and since which undo step: undo and redo bring back what was being revised then.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"

G_BEGIN_DECLS

typedef struct _LimnRevision LimnRevision;

/* A reference to document is taken. */
LimnRevision *limn_revision_new (LimnDocument *document);
void limn_revision_free (LimnRevision *self);

LimnLayer *limn_revision_get_layer (const LimnRevision *self); /* borrowed, or NULL */
/* TRUE when the person has brought the layer back to be changed; FALSE when it simply is the newest one. */
gboolean limn_revision_is_asked (const LimnRevision *self);
/* TRUE while the document stands at the step that began it. */
gboolean limn_revision_is_at_start (const LimnRevision *self);
/* What lies under the layer, made once; borrowed until limn_revision_forget_base. NULL where the layer has no recipe. */
LimnSource *limn_revision_get_base (LimnRevision *self);
void limn_revision_forget_base (LimnRevision *self); /* other pixels lie there now */

/* layer: NULL = none. Both return TRUE when limn_revision_is_asked was or is TRUE. */
gboolean limn_revision_set (LimnRevision *self, LimnLayer *layer, gboolean asked);
/* After undo and redo, or when a layer is gone: what it was at this step, if that layer is there and of task. */
gboolean limn_revision_restore (LimnRevision *self, LimnTask task);

G_END_DECLS
