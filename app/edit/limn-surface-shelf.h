/* Surfaces that are kept for other pictures: files in the user's data folder, limn/surfaces, each a PNG named as the surface is, whose text
 * "limn-like" tells the material that it is laid as. Blocking; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-surface-list.h"

G_BEGIN_DECLS

/* In place of one of the same name. */
gboolean limn_surface_shelf_keep (const LimnOwnSurface *surface, GError **error);
/* base and, behind them, those of the shelf whose names it hasn't, with labels that are free in it. What can't be read is left out. Transfer
 * full. */
LimnSurfaceList *limn_surface_shelf_list (const LimnSurfaceList *base);

G_END_DECLS
