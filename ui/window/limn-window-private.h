/* What the parts of the window share; for limn-window*.c and limn-recovery.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/autosave/limn-autosave.h"
#include "limn-start-page.h"
#include "limn-task-switch.h"
#include "limn-thumbnail.h"
#include "limn-window.h"
#include "ui/adwaita/limn-flap.h"
#include "ui/panels/limn-action-pill.h"
#include "ui/widgets/limn-adaptive.h"
#include "ui/widgets/limn-overlay-dock.h"

G_BEGIN_DECLS

struct _LimnWindow {
  AdwApplicationWindow parent;

  /* From the template */
  LimnAdaptive *adaptive;
  GtkWidget *tool_pill;
  LimnActionPill *action_pill;
  LimnFlap *header_flap;
  GtkWidget *header, *open_button, *undo_box, *undo_button, *redo_button, *history_button;
  GtkWidget *title_box, *save_button, *compare_button, *results_button, *menu_button;
  AdwWindowTitle *middle_title;
  GtkLabel *title_label, *subtitle_label, *state_label, *loading_label;
  LimnThumbnail *thumbnail;
  LimnTaskSwitch *top_switch, *bottom_switch;
  AdwToastOverlay *toasts;
  GListModel *toast_widgets;
  AdwToast *toast; /* the newest message; weak */
  AdwToast *offer; /* the one that says what Enter does in the present task; weak */
  guint toasts_source, zoom_source;
  GtkStack *pages;
  LimnStartPage *start_page;
  LimnFlap *flap;
  GtkOverlay *overlay;
  LimnCanvas *canvas;
  LimnOverlayDock *dock;
  GtkRevealer *bottom_bar, *drop_hint, *bar;
  GtkWidget *zoom_box;
  GtkMenuButton *zoom_button;
  GtkLabel *bar_label;
  GtkButton *bar_button;

  LimnDocument *document; /* NULL: the start page */
  LimnSession *session;
  LimnAutosave *autosave;

  GFileMonitor *monitor; /* of the document's file, or NULL */
  char *told_stamp;      /* the state of the file that the bar told of last */

  GCancellable *loading; /* of the file that is being read, or NULL */
  guint loading_timer;
  gboolean exporting;                                 /* what is shown is kept, then the dialog comes */
  gboolean saving, close_when_saved, close_when_done; /* done: what the document works on */
  gboolean replace_agreed;                            /* saving flat pixels into the photo's own file was asked about once */
  gboolean closing;                                   /* the user has decided about unsaved work */
};

/* limn-window.c */
void limn_window_update_title (LimnWindow *self);
/* TRUE when what is seen isn't what its file has: the document has changed, or a live preview is shown. */
gboolean limn_window_is_edited (LimnWindow *self);

/* limn-window-actions.c: the table of actions, and which of them make sense now. */
void limn_window_add_actions (LimnWindow *self);
void limn_window_update_actions (LimnWindow *self);

/* limn-window-mask.c: the part of the table that is about the mask. */
void limn_window_add_mask_actions (LimnWindow *self);
void limn_window_update_mask_actions (LimnWindow *self);
/* What was dropped on a task that needs a mask: one where it is a black and white picture of the document's size, else it is opened; FALSE
 * when the task needs none. */
gboolean limn_window_drop_mask (LimnWindow *self, GFile *file);

/* limn-window-open.c: ways in. task: what the user wants to do with it, -1 = what suits the picture. */
/* part of what is seen is to become a surface of the person's own. */
void limn_window_take_surface (LimnWindow *self, const LimnRect *part);
void limn_window_open_dialog (LimnWindow *self, int task);
void limn_window_open_texture (LimnWindow *self, GdkTexture *texture);
void limn_window_open_sample (LimnWindow *self, LimnTask task);
void limn_window_paste (LimnWindow *self);
void limn_window_add_drop_targets (LimnWindow *self);
gboolean limn_window_cancel_loading (LimnWindow *self);
/* The document's file as it is now, in this window, in the document's place. */
void limn_window_reload (LimnWindow *self);

/* limn-window-disk.c: what is to be told of the document's file. */
/* Looks now whether it is as it was when it was read or written, and whenever it changes; a bar tells where it isn't. */
void limn_window_watch_file (LimnWindow *self);
void limn_window_unwatch_file (LimnWindow *self);
/* Reloads; what isn't saved is asked about. */
void limn_window_ask_reload (LimnWindow *self);
/* Before what another one wrote is replaced; close: the window is to be closed then. */
void limn_window_ask_overwrite (LimnWindow *self, gboolean close);
/* The quiet bar above the picture that tells of it. */
void limn_window_hide_bar (LimnWindow *self);
/* It tells what of the document's picture is missing, if anything is. */
void limn_window_tell_damage (LimnWindow *self);

/* limn-window-save.c: ways out. */
void limn_window_save (LimnWindow *self);
void limn_window_save_as (LimnWindow *self);
/* Asks where; close: the window is closed when it is saved. */
void limn_window_ask_where (LimnWindow *self, gboolean close);
/* Into its own file, whatever is there by now. */
void limn_window_overwrite (LimnWindow *self, gboolean close);
void limn_window_copy (LimnWindow *self);
/* GtkWindow's close_request: TRUE = not yet. */
gboolean limn_window_ask_close (LimnWindow *self);

G_END_DECLS
