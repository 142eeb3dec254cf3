/* A canvas scene as render nodes: tiles of 256 x 256 of the screen's own pixels, composed by limn_compose when they are seen, and again
 * only where something changed. Drawing them is a plain copy for every renderer. The mask's outline moves within them.
 *
 * For a renderer on the graphics card a tile is a texture. The one in software copies and converts a whole texture, at 20 nanoseconds a
 * pixel (GTK 4.8), each time anything is drawn at all; for it a tile is a cairo surface, of which it copies what it needs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-compose.h"

G_BEGIN_DECLS

typedef struct _LimnTiles LimnTiles;

/* software: the renderer is GskCairoRenderer. */
LimnTiles *limn_tiles_new (gboolean software);
void limn_tiles_free (LimnTiles *self);

/* What is drawn; a change redraws everything. scene's parts must live as long as they are set here. */
void limn_tiles_set_scene (LimnTiles *self, const LimnCanvasScene *scene);
/* zoom: device pixels a document pixel; width, height: of the document. What was drawn at another zoom is shown stretched until the new
 * tiles are there. */
void limn_tiles_set_scale (LimnTiles *self, double zoom, int scale, int width, int height);

/* rect of the document is to be composed again (NULL: everything). */
void limn_tiles_invalidate (LimnTiles *self, const LimnRect *rect);

/* Composes what of visible (device pixels from the document's origin) isn't there, until deadline (g_get_monotonic_time; at least one
 * tile). phase: of the moving outline. FALSE: call it again for the next frame. */
gboolean limn_tiles_prepare (LimnTiles *self, const LimnRect *visible, gint64 deadline, guint phase);
/* Draws them; (x, y): the document's origin, in view units. */
void limn_tiles_snapshot (LimnTiles *self, GtkSnapshot *snapshot, const LimnRect *visible, double x, double y);

/* TRUE when a tile that is seen has a piece of the outline. */
gboolean limn_tiles_has_outline (LimnTiles *self, const LimnRect *visible);
/* Tiles uploaded so far: what a change of the document costs. */
guint64 limn_tiles_get_uploads (LimnTiles *self);

G_END_DECLS
