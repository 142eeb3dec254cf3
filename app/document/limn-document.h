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
 * Signal "failed" (const char *message): an operation on another thread failed; nothing has changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/content/limn-damage.h"
#include "app/content/limn-snapshot.h"
#include "app/history/limn-history.h"

G_BEGIN_DECLS

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
/* Of its file when it was read or last written (limn_file_dup_stamp); NULL where that isn't known. */
const char *limn_document_get_stamp (LimnDocument *self);
void limn_document_set_stamp (LimnDocument *self, const char *stamp);
gboolean limn_document_get_modified (LimnDocument *self);
/* Counts every change of anything that is saved; never the same twice. */
guint64 limn_document_get_change (LimnDocument *self);
/* To be called once snapshot is saved in the file path. "modified" stays TRUE if the document has changed since the snapshot. The stamp
 * of another path isn't known. */
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
/* The plane itself, to be read (limn_raster_read) for overlays; borrowed; change it only through limn-document-strokes.h
 * and limn-document-mask.h. The object is another one when the canvas's size has changed (LIMN_CHANGE_SIZE). */
LimnRaster *limn_document_get_plane (LimnDocument *self, LimnDocumentPlane plane);
gboolean limn_document_get_has_mask (LimnDocument *self);

/* -- Undo -- */

LimnHistory *limn_document_get_history (LimnDocument *self); /* borrowed; a GListModel */
/* FALSE if there is nothing to do, or with error (a spilled step can't be read). A stroke in progress ends first. While operations run
 * in the background, undo cancels the last of them and there is nothing to redo. */
gboolean limn_document_undo (LimnDocument *self, GError **error);
gboolean limn_document_redo (LimnDocument *self, GError **error);
/* Cancels operations in the background, and undoes or redoes until position steps are done (a row of the history popover). */
gboolean limn_document_go_to (LimnDocument *self, guint position, GError **error);

/* -- Operations in the background (limn-document-mask.h, limn-document-canvas.h) -- */

/* TRUE while any of them waits or runs. */
gboolean limn_document_is_working (LimnDocument *self);
/* Counts how often an operation was cancelled before it was done (undo, Esc). */
guint limn_document_get_cancel_count (LimnDocument *self);
/* Cancels all of them; FALSE if there are none (Esc). */
gboolean limn_document_cancel_operations (LimnDocument *self);

G_END_DECLS
