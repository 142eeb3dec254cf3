/* Painting on the planes of a document: strokes (begin, extend with each pointer sample, end) and dots, and what a sketch's places mean. One
 * undo step each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/content/limn-stroke-set.h"
#include "limn-document.h"

G_BEGIN_DECLS

/* On one plane or several at once (an eraser for paint and lines): one step. With the paint go its materials, which become the brush's label. name: of the undo step, translated. limit_to_mask: paint only
 * where the mask is set (guides). A stroke in progress is ended first. */
void
limn_document_begin_stroke (LimnDocument *self, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask, const char *name);
void limn_document_extend_stroke (LimnDocument *self, double x, double y, double pressure);
void limn_document_end_stroke (LimnDocument *self);
/* Restores what was there before the stroke (Esc). */
void limn_document_cancel_stroke (LimnDocument *self);
gboolean limn_document_is_stroking (LimnDocument *self);

/* -- Other planes and dots -- */

void limn_document_clear_planes (LimnDocument *self, LimnStrokePlanes planes, const char *name);

guint limn_document_get_n_dots (LimnDocument *self);
const LimnDot *limn_document_get_dot (LimnDocument *self, guint index); /* borrowed until the next change */
/* The topmost dot within distance pixels of (x, y), or -1. */
int limn_document_find_dot (LimnDocument *self, double x, double y, double distance);
guint limn_document_add_dot (LimnDocument *self, const LimnDot *dot); /* its index */
/* Moves or recolours. Changes of the same dot that follow each other with the same group are one undo step (a drag); 0 = never. */
void limn_document_set_dot (LimnDocument *self, guint index, const LimnDot *dot, guint group);
void limn_document_remove_dot (LimnDocument *self, guint index);
void limn_document_clear_dots (LimnDocument *self);

const LimnScenery *limn_document_get_scenery (LimnDocument *self); /* borrowed until the next change */
/* Changes that follow each other with the same group are one undo step (a drag); 0 = never. name: of the step, translated. */
void limn_document_set_scenery (LimnDocument *self, const LimnScenery *scenery, guint group, const char *name);

LimnSurfaceList *limn_document_get_surfaces (LimnDocument *self); /* surfaces of one's own; borrowed until the next change; NULL: none */
/* name: of the step, translated. */
void limn_document_set_surfaces (LimnDocument *self, LimnSurfaceList *surfaces, const char *name);

G_END_DECLS
