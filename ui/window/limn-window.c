/* The window as an object: its parts, its document, title and layout. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "limn-recent-list.h"

#include "app/document/limn-document-layers.h"
#include "limn-window-private.h"
#include "ui/panels/limn-history-list.h"
#include "ui/panels/limn-panel.h"
#include "ui/panels/limn-progress-line.h"
#include "ui/panels/limn-results.h"
#include "ui/panels/limn-tool-pill.h"
#include "ui/panels/limn-variations.h"
#include "ui/widgets/limn-names.h"

G_DEFINE_FINAL_TYPE (LimnWindow, limn_window, ADW_TYPE_APPLICATION_WINDOW)

enum { PROP_SESSION = 1 };

/* What a message leaves free around itself. */
#define TOAST_MARGIN 12

static GSettings *
get_settings (LimnWindow *self)
{
  return limn_application_get_settings (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
}

gboolean
limn_window_is_edited (LimnWindow *self)
{
  gboolean preview = FALSE;

  if (self->session)
    g_object_get (self->session, "preview-shown", &preview, NULL);
  return preview || (self->document && limn_document_get_modified (self->document));
}

void
limn_window_update_title (LimnWindow *self)
{
  const char *title = _("Limn"), *state = "";
  g_autofree char *subtitle = NULL, *undo = NULL, *redo = NULL, *undo_name = NULL, *redo_name = NULL;

  if (self->document) {
    state = self->saving ? _("Saving…") : limn_window_is_edited (self) ? _("Edited") : "";
    title = limn_document_get_title (self->document);
    /* The size reads from left to right in every language. */
    subtitle = g_strdup_printf ("\u2066%d × %d\u2069%s%s", limn_document_get_width (self->document),
                                limn_document_get_height (self->document), *state ? " · " : "", state);
    g_object_get (self->document, "undo-name", &undo_name, "redo-name", &redo_name, NULL);
  }
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->middle_title, title);
  adw_window_title_set_subtitle (self->middle_title, state); /* no room for both, and a size that is cut tells nothing */
  gtk_label_set_text (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), self->document ? limn_document_get_path (self->document) : NULL);
  gtk_label_set_text (self->subtitle_label, subtitle ? subtitle : "");
  gtk_label_set_text (self->state_label, state);
  /* Translators: %s is what will be undone, as "Fill". */
  undo = undo_name ? g_strdup_printf (_("Undo “%s” (Ctrl+Z)"), undo_name) : g_strdup (_("Undo (Ctrl+Z)"));
  redo = redo_name ? g_strdup_printf (_("Redo “%s” (Shift+Ctrl+Z)"), redo_name) : g_strdup (_("Redo (Shift+Ctrl+Z)"));
  gtk_widget_set_tooltip_text (self->undo_button, undo);
  gtk_widget_set_tooltip_text (self->redo_button, redo);
}

static gboolean
has_layers (LimnWindow *self)
{
  return self->document && g_list_model_get_n_items (limn_document_get_layers (self->document)) > 0;
}

/* Beside the picture, over it in a narrow window. It comes by itself, with the first result, only where there is much room. */
static void
update_results (LimnWindow *self)
{
  const LimnLayout layout = limn_adaptive_get_layout (self->adaptive);
  const gboolean wide = layout == LIMN_LAYOUT_WIDE, narrow = layout == LIMN_LAYOUT_NARROW;

  limn_flap_set_over (self->flap, narrow);
  limn_flap_set_open (self->flap, wide && has_layers (self) && g_settings_get_boolean (get_settings (self), "results-open"));
}

static void
layers_changed (LimnWindow *self, guint position, guint removed, guint added, GListModel *layers)
{
  if (added > 0 && g_list_model_get_n_items (layers) == added)
    update_results (self);
}

static void
update_layout (LimnWindow *self)
{
  const LimnLayout layout = limn_adaptive_get_layout (self->adaptive);
  const gboolean narrow = layout == LIMN_LAYOUT_NARROW, open = self->document != NULL;
  const gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  const int start = narrow ? 56 : 72, end = narrow ? 8 : 18; /* the tool pill is at the start */

  update_results (self);
  limn_window_update_title (self);
  gtk_widget_set_valign (self->tool_pill, narrow ? GTK_ALIGN_START : GTK_ALIGN_CENTER); /* above the variations */
  limn_tool_pill_set_small (LIMN_TOOL_PILL (self->tool_pill), layout != LIMN_LAYOUT_WIDE);
  gtk_widget_set_visible (self->open_button, !(narrow && open));
  gtk_widget_set_visible (self->undo_box, open);
  gtk_widget_set_visible (self->title_box, open && !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->middle_title), !open || narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->top_switch), open && !narrow);
  limn_task_switch_set_style (self->top_switch, layout == LIMN_LAYOUT_WIDE ? LIMN_TASK_SWITCH_FULL : LIMN_TASK_SWITCH_ICONS);
  gtk_widget_set_visible (self->history_button, !narrow);
  gtk_widget_set_visible (self->compare_button, open && !narrow);
  gtk_widget_set_visible (self->results_button, open && !narrow);
  gtk_widget_set_visible (self->save_button, open);
  if (narrow)
    gtk_button_set_icon_name (GTK_BUTTON (self->save_button), "document-save-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->save_button), _("_Save"));
  gtk_button_set_use_underline (GTK_BUTTON (self->save_button), !narrow);
  if (narrow)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->save_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save"), -1);
  else
    limn_widget_complete_names (self->save_button);
  gtk_widget_set_visible (self->zoom_box, !narrow);
  gtk_revealer_set_reveal_child (self->bottom_bar, open && narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->bottom_bar), open && narrow);
  if (self->session)
    g_object_set (self->session, "wide", layout == LIMN_LAYOUT_WIDE, NULL);
  limn_canvas_set_insets (self->canvas, rtl ? end : start, end, rtl ? start : end, 84);
}

/* What the button in the corner says. */
static gboolean
show_zoom_now (gpointer data)
{
  LimnWindow *self = data;
  double zoom;
  g_autofree char *text = NULL;

  g_object_get (self->canvas, "zoom", &zoom, NULL);
  text = g_strdup_printf (_("%d%%"), MAX (1, (int) (zoom * 100 + 0.5)));
  gtk_menu_button_set_label (self->zoom_button, text);
  self->zoom_source = 0;
  return G_SOURCE_REMOVE;
}

static void
show_zoom (LimnWindow *self)
{
  if (!self->zoom_source) /* not while the canvas gets its place */
    self->zoom_source = g_idle_add (show_zoom_now, self);
}

/* Messages lie above the panels at the lower edge. */
static void
place_toasts (LimnWindow *self)
{
  const GtkWidget *content = adw_toast_overlay_get_child (self->toasts);
  int covered = 0;

  if (self->document)
    g_object_get (self->dock, "covered", &covered, NULL);
  for (GtkWidget *each = gtk_widget_get_first_child (GTK_WIDGET (self->toasts)); each; each = gtk_widget_get_next_sibling (each))
    if (each != content)
      gtk_widget_set_margin_bottom (each, MAX (0, covered - TOAST_MARGIN));
}

static gboolean
place_toasts_now (gpointer data)
{
  LIMN_WINDOW (data)->toasts_source = 0;
  place_toasts (data);
  return G_SOURCE_REMOVE;
}

static void
dock_covers (LimnWindow *self)
{
  int covered;

  g_object_get (self->dock, "covered", &covered, NULL);
  limn_canvas_set_bottom_inset (self->canvas, covered);
  if (!self->toasts_source) /* not while it gets its place */
    self->toasts_source = g_idle_add (place_toasts_now, self);
}

static void
document_notify (LimnWindow *self)
{
  limn_window_update_title (self);
  limn_window_update_actions (self);
}

static void
session_message (LimnWindow *self, const char *text, gboolean undo)
{
  limn_window_message (self, text, undo);
}

/* Enter does something else now. */
static void
task_changed (LimnWindow *self)
{
  if (self->offer)
    adw_toast_dismiss (self->offer);
}

static void
autosave_failed (LimnWindow *self, const char *message)
{
  limn_window_message (self, message, FALSE);
}

static void
drop_document (LimnWindow *self)
{
  self->close_when_done = FALSE;
  limn_window_unwatch_file (self);
  if (self->document) {
    g_signal_handlers_disconnect_by_data (limn_document_get_layers (self->document), self);
    g_signal_handlers_disconnect_by_data (self->document, self);
  }
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->autosave)
    g_signal_handlers_disconnect_by_data (self->autosave, self);
  g_clear_object (&self->autosave);
  g_clear_object (&self->session);
  g_clear_object (&self->document);
}

static void
take_document (LimnWindow *self, LimnDocument *document)
{
  LimnWorker *worker = limn_application_get_worker (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
  GSettings *settings = get_settings (self);

  self->document = g_object_ref (document);
  limn_history_set_budget (limn_document_get_history (document), (gsize) g_settings_get_int (settings, "history-memory") << 20);
  self->autosave = limn_autosave_new (document, NULL);
  self->session = limn_session_new (document, worker, settings);
  limn_worker_warm_up (worker, limn_session_get_task (self->session));
  g_signal_connect_swapped (self->autosave, "failed", G_CALLBACK (autosave_failed), self);
  g_signal_connect_swapped (document, "notify", G_CALLBACK (document_notify), self);
  g_signal_connect_swapped (limn_document_get_layers (document), "items-changed", G_CALLBACK (layers_changed), self);
  g_signal_connect_swapped (self->session, "notify", G_CALLBACK (limn_window_update_actions), self);
  g_signal_connect_swapped (self->session, "notify::preview-shown", G_CALLBACK (limn_window_update_title), self);
  g_signal_connect_swapped (self->session, "notify::task", G_CALLBACK (task_changed), self);
  g_signal_connect_swapped (self->session, "message", G_CALLBACK (session_message), self);
  g_signal_connect_swapped (self->session, "surface-asked", G_CALLBACK (limn_window_take_surface), self);
}

void
limn_window_set_document (LimnWindow *self, LimnDocument *document)
{
  g_return_if_fail (LIMN_IS_WINDOW (self));
  g_return_if_fail (!document || LIMN_IS_DOCUMENT (document));

  drop_document (self);
  limn_window_hide_bar (self);
  self->replace_agreed = FALSE;
  if (document) {
    take_document (self, document);
    limn_window_watch_file (self);
  }
  limn_thumbnail_set_session (self->thumbnail, self->session);
  limn_canvas_set_session (self->canvas, self->session);
  g_object_notify (G_OBJECT (self), "session");
  gtk_stack_set_visible_child_name (self->pages, document ? "document" : "start");
  limn_window_update_title (self);
  limn_window_update_actions (self);
  update_layout (self);
  place_toasts (self);
  if (document)
    gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

LimnSession *
limn_window_get_session (LimnWindow *self)
{
  g_return_val_if_fail (LIMN_IS_WINDOW (self), NULL);
  return self->session;
}

LimnCanvas *
limn_window_get_canvas (LimnWindow *self)
{
  g_return_val_if_fail (LIMN_IS_WINDOW (self), NULL);
  return self->canvas;
}

void
limn_window_message (LimnWindow *self, const char *text, gboolean undo)
{
  GtkWidget *label;
  AdwToast *toast;

  g_return_if_fail (LIMN_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  toast = adw_toast_new ("");
  label = gtk_label_new (text); /* a narrow window breaks it into lines, where a title would be cut */
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE); /* and none where there is room */
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_lines (GTK_LABEL (label), 4);
  gtk_label_set_max_width_chars (GTK_LABEL (label), limn_adaptive_get_layout (self->adaptive) == LIMN_LAYOUT_NARROW ? 26 : 60);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  if (undo) {
    adw_toast_set_button_label (toast, _("Undo"));
    adw_toast_set_action_name (toast, "win.undo");
  }
  if (self->toast) /* what is said now doesn't wait for what was said before, several times perhaps */
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
  place_toasts (self);
}

/* A card of the start page. */
static void
start (LimnWindow *self, int task, gboolean sample)
{
  if (sample)
    limn_window_open_sample (self, (LimnTask) task);
  else if (limn_task_get_kind ((LimnTask) task)->takes & LIMN_TAKES_DRAWING)
    limn_window_ask_sketch (self);
  else
    limn_window_open_dialog (self, task);
}

/* In full screen the header comes down over the picture when the pointer is at the upper edge, and stays while a menu of it is open. */
static void
motion (GtkEventControllerMotion *controller, double x, double y, LimnWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  const gboolean menu = focus && gtk_widget_is_ancestor (focus, self->header) && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER);
  const int height = gtk_widget_get_height (self->header);

  if (gtk_window_is_fullscreen (GTK_WINDOW (self)) && !menu)
    limn_flap_set_open (self->header_flap, y < 3 || (limn_flap_get_open (self->header_flap) && y < height + 24));
}

static void
fullscreen_changed (LimnWindow *self)
{
  const gboolean fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (self));

  limn_flap_set_over (self->header_flap, fullscreen);
  limn_flap_set_open (self->header_flap, !fullscreen);
  limn_window_update_actions (self);
}

static gboolean
limn_window_close_request (GtkWindow *window)
{
  LimnWindow *self = LIMN_WINDOW (window);
  GSettings *settings = get_settings (self);
  int width, height;

  if (limn_window_ask_close (self))
    return TRUE;
  gtk_window_get_default_size (window, &width, &height);
  if (width > 0 && height > 0) {
    g_settings_set_int (settings, "window-width", MAX (width, 360));
    g_settings_set_int (settings, "window-height", MAX (height, 294));
  }
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (limn_window_parent_class)->close_request (window);
}

static void
limn_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, LIMN_WINDOW (object)->session);
}

static void
limn_window_dispose (GObject *object)
{
  LimnWindow *self = LIMN_WINDOW (object);

  limn_window_cancel_loading (self);
  g_clear_object (&self->toast_widgets);
  g_clear_weak_pointer (&self->toast);
  g_clear_weak_pointer (&self->offer);
  drop_document (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LIMN_TYPE_WINDOW);
  g_clear_handle_id (&self->loading_timer, g_source_remove); /* last: its parts tell of their end */
  g_clear_handle_id (&self->toasts_source, g_source_remove);
  g_clear_handle_id (&self->zoom_source, g_source_remove);
  G_OBJECT_CLASS (limn_window_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LimnWindow, name)

static void
limn_window_class_init (LimnWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LIMN_TYPE_ACTION_PILL);
  g_type_ensure (LIMN_TYPE_ADAPTIVE);
  g_type_ensure (LIMN_TYPE_CANVAS);
  g_type_ensure (LIMN_TYPE_FLAP);
  g_type_ensure (LIMN_TYPE_OVERLAY_DOCK);
  g_type_ensure (LIMN_TYPE_HISTORY_LIST);
  g_type_ensure (LIMN_TYPE_PROGRESS_LINE);
  g_type_ensure (LIMN_TYPE_RECENT_LIST);
  g_type_ensure (LIMN_TYPE_RESULTS);
  g_type_ensure (LIMN_TYPE_START_PAGE);
  g_type_ensure (LIMN_TYPE_TASK_SWITCH);
  g_type_ensure (LIMN_TYPE_THUMBNAIL);
  g_type_ensure (LIMN_TYPE_TOOL_PILL);
  g_type_ensure (LIMN_TYPE_VARIATIONS);
  object_class->dispose = limn_window_dispose;
  object_class->get_property = limn_window_get_property;
  GTK_WINDOW_CLASS (klass)->close_request = limn_window_close_request;
  g_object_class_install_property (
    object_class, PROP_SESSION, g_param_spec_object ("session", NULL, NULL, LIMN_TYPE_SESSION, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-window.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_window_update_layout", G_CALLBACK (update_layout));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_window_dock_covers", G_CALLBACK (dock_covers));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_window_hide_bar", G_CALLBACK (limn_window_hide_bar));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_window_start", G_CALLBACK (start));
  BIND (adaptive);
  BIND (tool_pill);
  BIND (action_pill);
  BIND (header_flap);
  BIND (header);
  BIND (open_button);
  BIND (undo_box);
  BIND (undo_button);
  BIND (redo_button);
  BIND (history_button);
  BIND (title_box);
  BIND (save_button);
  BIND (compare_button);
  BIND (results_button);
  BIND (menu_button);
  BIND (middle_title);
  BIND (title_label);
  BIND (subtitle_label);
  BIND (state_label);
  BIND (loading_label);
  BIND (thumbnail);
  BIND (top_switch);
  BIND (bottom_switch);
  BIND (toasts);
  BIND (pages);
  BIND (start_page);
  BIND (flap);
  BIND (overlay);
  BIND (canvas);
  BIND (dock);
  BIND (bottom_bar);
  BIND (drop_hint);
  BIND (zoom_box);
  BIND (zoom_button);
  BIND (bar);
  BIND (bar_label);
  BIND (bar_button);
}

static void
limn_window_init (LimnWindow *self)
{
  GtkEventController *controller = gtk_event_controller_motion_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  limn_menu_button_hide_tooltip (GTK_MENU_BUTTON (self->history_button));
  limn_menu_button_hide_tooltip (GTK_MENU_BUTTON (self->menu_button));
  limn_menu_button_hide_tooltip (self->zoom_button);
  g_signal_connect_swapped (self->canvas, "notify::zoom", G_CALLBACK (show_zoom), self);
  show_zoom (self);
  g_signal_connect (controller, "motion", G_CALLBACK (motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreen_changed), NULL);
  self->toast_widgets = gtk_widget_observe_children (GTK_WIDGET (self->toasts)); /* one comes after the other */
  g_signal_connect_swapped (self->toast_widgets, "items-changed", G_CALLBACK (place_toasts), self);
  limn_window_add_drop_targets (self);
  limn_widget_complete_names (GTK_WIDGET (self));
}

LimnWindow *
limn_window_new (LimnApplication *application)
{
  GSettings *settings = limn_application_get_settings (application);
  LimnWindow *self = g_object_new (
    LIMN_TYPE_WINDOW, "application", application, "default-width", g_settings_get_int (settings, "window-width"), "default-height",
    g_settings_get_int (settings, "window-height"), "maximized", g_settings_get_boolean (settings, "window-maximized"), NULL);

  limn_window_add_actions (self);
  limn_window_set_document (self, NULL);
  return self;
}
