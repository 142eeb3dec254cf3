/* From a document to an edit and back: its inputs, the live preview, its result as a layer or a new photo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "limn-document.h"

G_BEGIN_DECLS

/* What the task needs as it is now (flattened photo, mask, paint, lines, dots as paint) with every setting at its default; the caller
 * sets seed, steps and so on and gives it to the worker. It costs a few pointers a tile: the edit has sources (LimnEditInputs), which
 * the worker composes. NULL and error when something is missing (no mask for a fill), with a sentence for the user. */
LimnEdit *limn_document_make_edit (LimnDocument *self, LimnTask task, GError **error);
/* What is seen: photo, visible layers and the live preview. Transfer full. */
LimnSource *limn_document_share_seen (LimnDocument *self);
/* The layer's recipe, with what lies under the layer now as its photo (run it again with another seed). */
LimnEdit *limn_document_make_edit_for_layer (LimnDocument *self, LimnLayer *layer, GError **error);

/* A result that is shown and not part of the document (live preview, a variation under the pointer); NULL removes it. replaces:
 * the layer in whose place it is shown, visible, with its opacity and blending, or NULL: over everything. A picture that isn't of the
 * document's scale at (x, y) (a sketch's or a whole upscaled one) is stretched over the document. */
void limn_document_set_preview (LimnDocument *self, const LimnResult *result, LimnLayer *replaces);
/* Adds a result as a new top layer, called name (numbered if there is one of that name); fill clears the parts of mask and guides that it
 * used, not what was painted since. edit: the recipe, copied. One undo step. An upscaled picture replaces the photo instead: layers, mask
 * and planes are cleared and get its size. */
LimnLayer *limn_document_add_result (LimnDocument *self, const LimnEdit *edit, const LimnResult *result, const char *name,
                                     const char *model_hash); /* borrowed; NULL where the photo is replaced */
/* Replaces the layer's result, keeping its name, opacity and blending; makes it visible. name: of the one undo step for an edit that
 * was changed, which clears what it used as limn_document_add_result does; NULL: another variation, which leaves mask and guides to
 * the next edit. */
LimnLayer *limn_document_replace_result (LimnDocument *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result,
                                         const char *name, const char *model_hash);

/* Mask, guides and dots become those of the layer's recipe, to be changed and run again; tiles are shared, nothing is copied. Always
 * adds one undo step, even if nothing changes. */
void limn_document_recall_layer (LimnDocument *self, LimnLayer *layer);

G_END_DECLS
