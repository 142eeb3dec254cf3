/* What a window does to its document: the task at hand, the tool and its settings, live previews, committed edits and their
 * variations. No widgets, so that it can be tested without a screen; every panel and the canvas watch it. Main thread.
 *
 * Properties (notify; rw unless said otherwise):
 *   "document" (LimnDocument, read)   "worker" (LimnWorker, read)
 *   "task" (LimnTask as int), "tool" (LimnToolKind as int; each task remembers its own)
 *   "brush-size" (double, document pixels), "brush-hardness" (double, 0 to 1), "color" (GdkRGBA, opaque)
 *   "material" (int, a label of limn-material.h: what a sketch's paint is of)
 *   "mask-mode" (LimnMaskMode as int), "tolerance" (int, 0 to 255), "contiguous" (boolean)
 *   the parameters of all edits, as double, int or boolean: "fill-grow", "upscale-scale" (limn_edit_kind_dup_key)
 *   "steps" (int, 1 or 2), "seed" (uint64: the variation that the next preview or edit uses)
 *   "live" (boolean: previews while working; on by default)
 *   "sketch-view" (LimnSketchView as int), "wide" (boolean: the window has room for two pictures beside each other)
 *   "compare" (boolean: the divider is shown), "compare-position" (double, 0 to 1 of the picture's width), "show-original" (boolean:
 *   held down)
 *   "busy" (boolean, read: an edit of this session is committed and not done, or its document is working), "progress" (double,
 *   read), "seconds-left" (double, read; -1 = unknown), "previewing" (boolean, read), "can-commit" (boolean, read), "commit-label" (string, read: what the action
 *   will do, in the user's language), "commit-hint" (string, read: why it can't be done, or NULL)
 *   "preview-shown" (boolean, read: the document shows a live preview of the present task; a fill's tint may fade then)
 *   "editing" (LimnLayer, read: the layer whose recipe was brought back, or NULL)
 *
 * What people prefer (brush, parameters of edits, ...) is bound to GSettings by the session itself.
 *
 * Signals:
 *   "message" (const char *text, gboolean undo): something to tell in a toast, with a button that undoes it or without.
 *   "variations-changed": limn_session_get_n_variations and friends.
 *   "lens-changed": where the lens is, or what it shows.
 *   "crop-changed": the frame of a crop.
 *   "damage-changed": what the preview mends (limn_session_get_damage); what is marked since changes with the document.
 *   "material-asked" (double x, double y): what is painted there is to be chosen (limn_session_ask_material).
 *   "surface-asked" (LimnRect *): this part of what is seen is to become a surface (limn_session_ask_surface).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/limn-document.h"
#include "app/raster/limn-brush.h"
#include "app/worker/limn-worker.h"
#include "limn-tool-kind.h"

G_BEGIN_DECLS

/* Automatic: beside where there is room. */
typedef enum { LIMN_SKETCH_VIEW_AUTOMATIC, LIMN_SKETCH_VIEW_OVER, LIMN_SKETCH_VIEW_BESIDE, LIMN_SKETCH_VIEW_SKETCH_ONLY } LimnSketchView;

#define LIMN_TYPE_SESSION (limn_session_get_type ())
G_DECLARE_FINAL_TYPE (LimnSession, limn_session, LIMN, SESSION, GObject)

/* References are taken. preferences: of the schema org.limn.Limn. The task begins as that of the newest layer,
 * else as what suits the picture (LimnEditKind), else as the first. */
LimnSession *limn_session_new (LimnDocument *document, LimnWorker *worker, GSettings *preferences);

LimnDocument *limn_session_get_document (LimnSession *self); /* borrowed */
LimnTask limn_session_get_task (LimnSession *self);
const LimnEditKind *limn_session_get_kind (LimnSession *self); /* of the task */
void limn_session_set_task (LimnSession *self, LimnTask task);
LimnToolKind limn_session_get_tool (LimnSession *self);
void limn_session_set_tool (LimnSession *self, LimnToolKind tool); /* one that limn_session_has_tool */
/* Of the task's tools, one that does something in this document. */
gboolean limn_session_has_tool (LimnSession *self, LimnToolKind tool);

/* The brush as a stroke of the present tool begins it: size, hardness, colour, material, erase and pressure set. */
void limn_session_get_brush (LimnSession *self, LimnBrush *brush);
void limn_session_set_brush_size (LimnSession *self, double size);
void limn_session_get_color (LimnSession *self, GdkRGBA *color);
void limn_session_set_color (LimnSession *self, const GdkRGBA *color);
/* Whether materials make a difference: what is drawn into a photo is made of the photo's own. */
gboolean limn_session_has_materials (LimnSession *self);
/* label: of limn-material.h. What paints is of this material now, and of its typical colour if it has one. */
void limn_session_choose_material (LimnSession *self, guint8 label);

/* How a label is called, also that of a surface of one's own; borrowed until the document changes. */
const char *limn_session_get_material_name (LimnSession *self, guint8 label);
/* Surfaces of one's own to choose from: the document's and those that are kept for all, which become the document's when they are chosen.
 * Borrowed until the next call; reads files. */
LimnSurfaceList *limn_session_list_surfaces (LimnSession *self);
/* A part of what is seen is to become a surface: emits "surface-asked". */
void limn_session_ask_surface (LimnSession *self, const LimnRect *part);
/* surface (its label doesn't count) becomes one of the document's, an undo step, and what is painted with, where the task paints. */
void limn_session_add_surface (LimnSession *self, const LimnOwnSurface *surface);

/* What is painted at (x, y) of the document: chosen, or as it was guessed last; FALSE where nothing is painted. label may be of no material. */
gboolean limn_session_get_material_at (LimnSession *self, double x, double y, guint8 *label, gboolean *guessed);
/* In words, "Meadow?" where it was guessed; NULL where nothing is painted. Free with g_free. */
char *limn_session_name_material_at (LimnSession *self, double x, double y);
/* The area of like colour around (x, y) is of that material, and so is what is painted with this colour from now on. */
void limn_session_set_material_at (LimnSession *self, double x, double y, guint8 label);
void limn_session_ask_material (LimnSession *self, double x, double y);
/* The horizon and the sun in effect: the document's, else those that were found last; automatic while neither is known. */
LimnScenery limn_session_get_scenery (LimnSession *self);

/* What the preview that is shown mends, 255, of the document's size, with the marks of now; borrowed. NULL: there is no such preview. */
LimnRaster *limn_session_get_damage (LimnSession *self);
/* The task's result is there, and nothing has changed since. */
gboolean limn_session_is_done (LimnSession *self);

/* Where a sketch's picture is to be shown now: "sketch-view", never automatic. */
LimnSketchView limn_session_get_sketch_view (LimnSession *self);

/* -- The crop: a frame that will become the canvas, and may reach beyond it. Committing does it (instead of the task), cancelling drops
 * it, and so does another tool. Where a photo that was to be colorized or enlarged gets more room, that is to be filled: the task is
 * fill then -- */

/* Of the whole canvas: there is none. */
void limn_session_set_crop (LimnSession *self, const LimnRect *area);
/* FALSE when there is none; area: all of the canvas then. */
gboolean limn_session_get_crop (LimnSession *self, LimnRect *area);

/* -- Doing it -- */

/* Runs the task (Fill, Colorize, Use this sketch, Upscale) with the present settings; the result becomes a layer. A preview that shows
 * exactly this is laid down at once. Errors come as "message". */
void limn_session_commit (LimnSession *self);
/* The same again with another seed: replaces the newest result of this task, or re-rolls the live preview. */
void limn_session_roll (LimnSession *self);
/* Esc: the stroke in progress, then the edits and previews, then the mask's preview. TRUE when there was something to cancel. */
gboolean limn_session_cancel (LimnSession *self);
/* Undo: the edit in progress, where it is the last thing that was asked for. TRUE when there was one; else the document has the step. */
gboolean limn_session_withdraw (LimnSession *self);
/* Runs a layer's recipe again with a new seed in its place. */
void limn_session_rerun_layer (LimnSession *self, LimnLayer *layer);
/* Brings a layer's mask, strokes and settings back to be changed; the next commit replaces the layer. */
void limn_session_edit_layer (LimnSession *self, LimnLayer *layer);

/* The same for the newest result of a task that takes guides, with the tool that paints them: what came isn't what belongs there. */
void limn_session_guide_result (LimnSession *self);

/* -- Keeping what is shown. The canvas shows live previews, which the document doesn't have; whoever takes the picture out of it (saves,
 * exports, copies, drags) keeps first what is shown -- */

/* Makes what is shown or about to be (a live preview, an edit on its way, a selection being changed) part of the document: one undo
 * step, with a message that offers to undo it. ready is called once: kept FALSE when the person has cancelled it (limn_session_cancel)
 * or the session has ended; before this returns where nothing has to be waited for. committed: an edit was done for it. */
typedef void (*LimnSessionKept) (gboolean kept, gboolean committed, gpointer user);
void limn_session_keep (LimnSession *self, LimnSessionKept ready, gpointer user);

/* -- Variations of the newest result: 0 is the one that was made, more are computed in the background -- */

guint limn_session_get_n_variations (LimnSession *self); /* 4, or 0 when there is nothing to vary */
/* A thumbnail of the changed part (borrowed), NULL while it is being made. */
GdkTexture *limn_session_get_variation (LimnSession *self, guint index);
guint limn_session_get_current_variation (LimnSession *self);
/* Shows one in place (hover), G_MAXUINT = shows what is kept. */
void limn_session_peek_variation (LimnSession *self, guint index);
/* Keeps one (an undo step). */
void limn_session_keep_variation (LimnSession *self, guint index);
/* Between two: mix 0 to 1; live (latest wins); commit TRUE keeps it. */
void limn_session_mix_variations (LimnSession *self, guint a, guint b, double mix, gboolean commit);

/* -- The lens of upscale: a spot of the photo that is shown enlarged before the whole is -- */

/* Centre and radius in document pixels; radius 0 takes it away. */
void limn_session_set_lens (LimnSession *self, double x, double y, double radius);
/* How many times as wide and high the task, which enlarges, makes the photo. */
double limn_session_get_scale (LimnSession *self);
/* FALSE when there is none. texture: the enlarged spot (borrowed), NULL while it is being made; region: what of the photo it shows. */
gboolean limn_session_get_lens (LimnSession *self, double *x, double *y, double *radius, GdkTexture **texture, LimnRect *region);

/* What the picture suggests to place: up to n colours in *colors; returns how many (colorize's dots, the sketch's palette, and what
 * guides a fill). */
guint limn_session_suggest_colors (LimnSession *self, GdkRGBA *colors, guint n);

G_END_DECLS
