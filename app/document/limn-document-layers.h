/* The result layers of a document. One undo step each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-document.h"

G_BEGIN_DECLS

GListModel *limn_document_get_layers (LimnDocument *self);               /* borrowed */
gboolean limn_document_has_layer (LimnDocument *self, LimnLayer *layer); /* layer may be NULL */
void limn_document_remove_layer (LimnDocument *self, LimnLayer *layer);
/* The same pixels and recipe once more, above layer; they share memory. Borrowed. */
LimnLayer *limn_document_duplicate_layer (LimnDocument *self, LimnLayer *layer);
void limn_document_rename_layer (LimnDocument *self, LimnLayer *layer, const char *name);
void limn_document_move_layer (LimnDocument *self, LimnLayer *layer, guint position);
void limn_document_set_layer_visible (LimnDocument *self, LimnLayer *layer, gboolean visible);
void limn_document_set_layer_blend (LimnDocument *self, LimnLayer *layer, LimnBlend blend);
/* Changes that follow each other with the same group are one undo step (a slider); 0 = never. */
void limn_document_set_layer_opacity (LimnDocument *self, LimnLayer *layer, double opacity, guint group);

G_END_DECLS
