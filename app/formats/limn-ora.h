/* OpenRaster files (openraster.org, baseline 0.0.3): the photo and each result layer as PNG, the merged picture, a thumbnail, and the
 * recipe (limn/recipe.json with its planes) that other programs ignore. Opens in Krita, GIMP and MyPaint; their files open here.
 * Blocking; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/content/limn-snapshot.h"

G_BEGIN_DECLS

/* Atomic: a temporary file beside path, fsync, rename; on failure path is as it was. */
gboolean limn_ora_save (LimnSnapshot *snapshot, const char *path, GCancellable *cancellable, GError **error);
/* With the recipe when there is one; else the stack's layers as they lie, the lowest as the photo. The same for a corrupt or hostile
 * archive: an error, sizes checked before anything is allocated. */
LimnSnapshot *limn_ora_load (const char *path, GCancellable *cancellable, GError **error);
/* What is left of a file that limn_ora_load refuses: its layers as they lie, without those that can't be read, or else the merged
 * picture; no recipes, masks or strokes. The snapshot is modified and has no path, so that the file isn't written over by mistake.
 * n_lost: how many layers are missing. */
LimnSnapshot *limn_ora_salvage (const char *path, guint *n_lost, GCancellable *cancellable, GError **error);
/* By content (mimetype entry). */
gboolean limn_ora_sniff (const char *path);

G_END_DECLS
