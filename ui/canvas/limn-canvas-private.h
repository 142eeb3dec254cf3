/* The canvas's insides, for limn-canvas*.c. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include <glib/gi18n.h>

#include "limn-canvas.h"
#include "limn-mips.h"
#include "limn-plane-mips.h"
#include "limn-pointer-intent.h"
#include "limn-tiles.h"
#include "limn-view.h"
#include "ui/tools/limn-tool.h"

G_BEGIN_DECLS

/* What a pane can show. */
typedef enum { LIMN_PANE_RESULT, LIMN_PANE_ORIGINAL, LIMN_PANE_SKETCH, LIMN_N_PANES } LimnPane;

struct _LimnCanvas {
  GtkWidget parent;

  LimnSession *session;
  LimnDocument *document; /* borrowed from the session */
  GSignalGroup *session_signals, *document_signals;
  GSettings *settings;
  LimnTool *tool;
  LimnView view;
  int bottom;                             /* inset at the lower edge */
  double bottom_inset, bottom_inset_kept; /* as last told; what is left free, which may still be larger ... */
  gboolean bottom_inset_held;             /* ... since something is drawn */

  /* -- limn-canvas-picture.c -- */
  LimnMips *mips[2];                                                             /* by LimnSnapshotSource */
  LimnPlaneMips *planes[LIMN_DOCUMENT_N_PLANES], *fresh[LIMN_DOCUMENT_N_PLANES]; /* all of a plane; what the preview doesn't know yet */
  LimnPlaneMips *sources[2];                                                     /* what a fill is to copy, and what not */
  LimnPlaneMips *damage;                                                         /* what is mended */
  LimnRaster *shown[LIMN_DOCUMENT_N_PLANES], *before[LIMN_DOCUMENT_N_PLANES]; /* planes when the last and the last but one picture came */
  LimnRaster *asked[LIMN_DOCUMENT_N_PLANES];                                  /* planes when an edit was begun, or NULL ... */
  LimnLayer *asked_over;                                                      /* ... and the topmost layer then */
  LimnTiles *tiles[LIMN_N_PANES];
  guint phase; /* of the moving outline */
  guint outline_source, redraw_tick;

  /* -- limn-canvas-overlay.c -- */
  guint busy_source, busy_phase;
  gboolean busy_shown;

  /* -- limn-canvas-material.c -- */
  GtkWidget *materials;    /* a popover, or NULL */
  double asked_x, asked_y; /* in the document */
  guint rest_source;
  gboolean rested; /* the pointer stands still, so that what is under it is told */

  /* -- limn-canvas-pointer.c -- */
  LimnPointerIntent drag;
  gboolean drag_eraser, drag_is_touch;
  double pointer_x, pointer_y; /* last seen */
  gboolean pointer_inside;
  double held_x, held_y;           /* what panning or two fingers have hold of, in the document */
  double held_pane_x, held_pane_y; /* the origin of the pane that it was in */
  double drag_x, drag_y;           /* where the drag began */
  double pressure;
  GdkModifierType modifiers;
  gint64 press_time;
  double press_x, press_y;
  guint n_press;
  double pinch_zoom; /* at the start */
  guint autoscroll_tick;
  const char *cursor;

  /* -- limn-canvas-keys.c -- */
  gboolean space, space_used;    /* held down; something was moved meanwhile */
  gboolean keyboard;             /* the cursor is moved by keys */
  double keyboard_x, keyboard_y; /* in the document */
  gboolean keyboard_down;
};

/* How many panes are seen, and where; what each shows. */
guint limn_canvas_get_panes (LimnCanvas *self, graphene_rect_t panes[2], LimnPane what[2]);
/* The origin of the pane that (x, y) of the widget is in. */
void limn_canvas_pane_at (LimnCanvas *self, double x, double y, double *pane_x, double *pane_y);
/* After the view changed: draws, and tells whom it concerns. */
void limn_canvas_view_changed (LimnCanvas *self);
/* Draws once more with the next frame. */
void limn_canvas_redraw_later (LimnCanvas *self);
gboolean limn_canvas_animates (LimnCanvas *self);
void limn_canvas_update_accessible (LimnCanvas *self);
LimnTakes limn_canvas_get_takes (LimnCanvas *self); /* what the task is made with; 0 without a session */

/* -- limn-canvas-picture.c: the document's own pixels -- */
void limn_canvas_open_picture (LimnCanvas *self);
void limn_canvas_close_picture (LimnCanvas *self);
void limn_canvas_picture_changed (LimnCanvas *self, const LimnRect *rect, LimnChange what);
/* Nothing newer is on its way: all strokes are in the picture that is seen. */
void limn_canvas_picture_settled (LimnCanvas *self);
void limn_canvas_damage_changed (LimnCanvas *self); /* what the preview mends */
/* The session's "busy" has changed: what an edit was made of is in its layer. */
void limn_canvas_picture_busy (LimnCanvas *self);
void limn_canvas_snapshot_picture (LimnCanvas *self, GtkSnapshot *snapshot);
void limn_canvas_update_outline (LimnCanvas *self);

/* -- limn-canvas-overlay.c: what lies above -- */
void limn_canvas_snapshot_overlay (LimnCanvas *self, GtkSnapshot *snapshot);
void limn_canvas_update_busy (LimnCanvas *self);
/* x of the divider between before and after, in the widget; FALSE when it isn't shown. */
gboolean limn_canvas_get_divider (LimnCanvas *self, double *x);

/* -- limn-canvas-material.c -- */
/* What is painted at (x, y) of the document is to be chosen. */
void limn_canvas_ask_material (LimnCanvas *self, double x, double y);
/* The pointer is at another place (comes: and may rest there), or drags or leaves. */
void limn_canvas_note_pointer (LimnCanvas *self, gboolean comes);
/* What the pointer rests on. */
void limn_canvas_snapshot_material (LimnCanvas *self, GtkSnapshot *snapshot);

/* -- limn-canvas-pointer.c -- */
void limn_canvas_init_pointer (LimnCanvas *self);
void limn_canvas_make_point (LimnCanvas *self, double x, double y, LimnToolPoint *point);
/* The view changed under a pointer that didn't move. */
void limn_canvas_hover_again (LimnCanvas *self);
/* Gives up what the pointer is doing; TRUE if it did anything. */
gboolean limn_canvas_cancel_drag (LimnCanvas *self);
void limn_canvas_update_cursor (LimnCanvas *self);

/* -- limn-canvas-keys.c -- */
void limn_canvas_init_keys (LimnCanvas *self);
void limn_canvas_end_keyboard (LimnCanvas *self);
void limn_canvas_snapshot_keyboard (LimnCanvas *self, GtkSnapshot *snapshot);

G_END_DECLS
