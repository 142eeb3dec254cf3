/* The document: an immutable photo, the planes that people paint on, colour dots, and the result layers the edits made. Every change
 * goes through here and can be undone. Main thread only.
 *
 * Properties (read, notify): "title" (string: the file's name or a word for a new one), "path" (string or NULL), "modified" (boolean),
 * "can-undo", "can-redo" (boolean), "undo-name", "redo-name" (string or NULL), "width", "height" (int), "has-mask" (boolean: anything
 * selected), "working" (boolean: limn_document_is_working). Writable: "path" through limn_document_set_saved.
 *
 * Signal "changed" (int x, int y, int width, int height, LimnChange what): these pixels are to be drawn again. Emitted synchronously,
 * in document pixels. LIMN_CHANGE_SIZE comes when the canvas has another size; every cached pixel is stale then.
 *
 * Signal "failed" (const char *message): what was asked for and is done on another thread can't be done; nothing has changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-stack.h"
#include "app/history/limn-history.h"
#include "app/raster/limn-brush.h"
#include "app/raster/limn-geometry.h"
#include "app/raster/limn-mask.h"
#include "limn-snapshot.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_CHANGE_IMAGE = 1 << 0, /* photo, layers, live preview: limn_document_render */
  LIMN_CHANGE_MASK = 1 << 1,
  LIMN_CHANGE_PAINT = 1 << 2, /* paint or ink */
  LIMN_CHANGE_GUIDE = 1 << 3, /* guide or guide ink */
  LIMN_CHANGE_DOTS = 1 << 4,
  LIMN_CHANGE_SIZE = 1 << 5,
} LimnChange;
#define LIMN_TYPE_CHANGE (limn_change_get_type ())
GType limn_change_get_type (void);

#define LIMN_TYPE_DOCUMENT (limn_document_get_type ())
G_DECLARE_FINAL_TYPE (LimnDocument, limn_document, LIMN, DOCUMENT, GObject)

/* -- Making one -- */

/* photo: a reference is taken. path: where it came from, or NULL. */
LimnDocument *limn_document_new (LimnPicture *photo, const char *path);
/* A white canvas to sketch on, 8 bits, sRGB. NULL and error when it is too large. */
LimnDocument *limn_document_new_sketch (gsize width, gsize height, GError **error);
LimnDocument *limn_document_new_from_snapshot (LimnSnapshot *snapshot);

LimnPicture *limn_document_get_photo (LimnDocument *self); /* borrowed */
gboolean limn_document_is_sketch (LimnDocument *self);     /* begun as an empty canvas */
int limn_document_get_width (LimnDocument *self);
int limn_document_get_height (LimnDocument *self);
const char *limn_document_get_title (LimnDocument *self);
const char *limn_document_get_path (LimnDocument *self);
gboolean limn_document_get_modified (LimnDocument *self);
/* Counts every change of anything that is saved; never the same twice. */
guint64 limn_document_get_change (LimnDocument *self);
/* Says that snapshot's state is in the file path now. "modified" stays TRUE if the document has changed since the snapshot. */
void limn_document_set_saved (LimnDocument *self, LimnSnapshot *snapshot, const char *path);

/* -- Looking at it -- */

/* Kept until something changes, so asking often is cheap. Transfer full. */
LimnSnapshot *limn_document_dup_snapshot (LimnDocument *self);
/* Pixels for the canvas, as limn_snapshot_render, with the live preview on top of LIMN_SNAPSHOT_RESULT. */
void limn_document_render (LimnDocument *self, LimnSnapshotSource source, int level, const LimnRect *rect, guint8 *out, gsize stride);
/* What limn_document_render would draw now, to be rendered (limn_stack_render) on another thread. Transfer full. */
LimnStack *limn_document_dup_stack (LimnDocument *self, LimnSnapshotSource source);
/* TRUE while a live preview lies over everything. */
gboolean limn_document_get_has_preview (LimnDocument *self);
/* The plane itself, to be read (limn_raster_read) for overlays; borrowed; change it only through the functions below. The object
 * changes when the canvas's size does (LIMN_CHANGE_SIZE). */
LimnRaster *limn_document_get_plane (LimnDocument *self, LimnDocumentPlane plane);
gboolean limn_document_get_has_mask (LimnDocument *self);

/* -- Strokes: begin, extend with each pointer sample, end; one undo step -- */

typedef guint LimnStrokePlanes;
#define LIMN_STROKE_PLANE(plane) (1u << (plane))
/* On one plane or several at once (an eraser for paint and ink): one step. name: of the undo step, translated. limit_to_mask: paint only
 * where the mask is set (guides). A stroke in progress is ended first. */
void
limn_document_begin_stroke (LimnDocument *self, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask, const char *name);
void limn_document_extend_stroke (LimnDocument *self, double x, double y, double pressure);
void limn_document_end_stroke (LimnDocument *self);
/* Puts back what was there before the stroke (Esc). */
void limn_document_cancel_stroke (LimnDocument *self);
gboolean limn_document_is_stroking (LimnDocument *self);

/* -- The mask; one undo step each -- */

void limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode);
void limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
void limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
void limn_document_select_all (LimnDocument *self);
void limn_document_select_none (LimnDocument *self); /* and clears the guides, which say nothing without a mask */

/* -- What may take longer than a frame: begun here, done on another thread; one undo step each once it is there -- */

/* They are done in the order they are asked for. Those that wait and are of one kind (grow and grow) become one; what is painted
 * meanwhile ends up over what comes of them; what replaces the selection as a whole ends those that change it. limn_document_undo takes
 * back the last one that is under way before any step. */

/* tolerance: 0 to 255, on what is seen. */
void limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode);
void limn_document_invert_mask (LimnDocument *self);
void limn_document_grow_mask (LimnDocument *self, double pixels); /* negative: shrinks */
void limn_document_feather_mask (LimnDocument *self, double sigma);
/* Fills the area of like colours of the paint plane around (x, y) with rgba (the sketch's bucket). */
void limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba);
/* TRUE while any of them isn't there yet. */
gboolean limn_document_is_working (LimnDocument *self);
/* Counts how often an operation was cancelled before it was done (undo, Esc). */
guint limn_document_get_cancel_count (LimnDocument *self);
/* Forgets all of them; FALSE when there is none (Esc). */
gboolean limn_document_cancel_operations (LimnDocument *self);

/* -- Other planes and dots; one undo step each -- */

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

/* -- Edits -- */

/* What the task needs as it is now (flattened photo, mask, paint, lines, dots as paint) with every setting at its default; the caller
 * sets seed, steps and so on and gives it to the worker. It costs a few pointers a tile: the edit has sources (LimnEditSources), which
 * the worker puts together. NULL and error when something is missing (no mask for a fill), with a sentence for the user. */
LimnEdit *limn_document_make_edit (LimnDocument *self, LimnTask task, GError **error);
/* The layer's recipe, with what lies under the layer now as its photo (run it again with another seed). */
LimnEdit *limn_document_make_edit_for_layer (LimnDocument *self, LimnLayer *layer, GError **error);

/* A result that is shown and not part of the document (live preview, a variation under the pointer); NULL takes it away. replaces:
 * the layer in whose place it is shown, visible, with its opacity and blending, or NULL: over everything. A picture that isn't of the
 * document's scale at (x, y) (a sketch's or a whole upscaled one) is stretched over the document. */
void limn_document_set_preview (LimnDocument *self, const LimnResult *result, LimnLayer *replaces);
/* Lays a result down as a new top layer, called name (with a number, where one is called so already); fill clears what it used of the
 * mask and the guides, not what was painted since. edit: the recipe, copied. One undo step. An upscaled picture becomes the photo
 * instead: layers, mask and planes begin anew at its size. */
LimnLayer *limn_document_add_result (LimnDocument *self, const LimnEdit *edit, const LimnResult *result, const char *name,
                                     const char *model_hash); /* borrowed; NULL for upscale and zero-shot upscale */
/* Another result in place of layer's own, with its name, opacity and blending; visible. name: of the one undo step for an edit that
 * was changed, which clears what it used as limn_document_add_result does; NULL: another variation, which leaves mask and guides to
 * the next edit. */
LimnLayer *limn_document_replace_result (LimnDocument *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result,
                                         const char *name, const char *model_hash);

/* -- Layers: a GListModel of LimnLayer, lowest first; one undo step each -- */

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
/* Mask, guides and dots become those of the layer's recipe, to be changed and run again; tiles are shared, nothing is copied. One step,
 * even if nothing of it is another than it was. */
void limn_document_recall_layer (LimnDocument *self, LimnLayer *layer);

/* -- The canvas -- */

/* These move photo, layers with their recipes, planes and dots; done on another thread, like the operations above. */

/* area (pixels of the present canvas) becomes the canvas; it may reach beyond it. What lies outside of it is gone, also of layers. New
 * room is transparent and selected (outpainting), on a sketch white. FALSE and error when that is too large or leaves nothing. */
gboolean limn_document_crop (LimnDocument *self, const LimnRect *area, GError **error);
/* What that would be called, of a canvas: "Crop", "Expand" or both, translated. */
const char *limn_document_name_crop (const LimnRect *canvas, const LimnRect *area);
/* A quarter or half a turn, or mirrored. */
void limn_document_orient (LimnDocument *self, LimnOrient orient);

/* -- Undo -- */

LimnHistory *limn_document_get_history (LimnDocument *self); /* borrowed; a GListModel */
/* FALSE when there is nothing to do, or with error (the spilled step can't be read). Ends a stroke in progress first; while something is
 * under way there is nothing to redo. */
gboolean limn_document_undo (LimnDocument *self, GError **error);
gboolean limn_document_redo (LimnDocument *self, GError **error);
/* Forgets what is under way, and undoes or redoes until position steps are done (a row of the history popover). */
gboolean limn_document_go_to (LimnDocument *self, guint position, GError **error);

G_END_DECLS
