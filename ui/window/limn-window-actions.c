/* The window's commands, one action each. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "limn-window-private.h"

#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-strokes.h"
#include "ui/dialogs/limn-canvas-size.h"
#include "ui/dialogs/limn-dialogs.h"
#include "ui/dialogs/limn-export.h"
#include "ui/widgets/limn-shortcuts.h"

/* -- Files -- */

static void
open_dialog (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_open_dialog (self, -1);
}

static void
save (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_save (self);
}

static void
save_as (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_save_as (self);
}

static void
copy (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_copy (self);
}

static void
paste (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_paste (self);
}

static void
reload (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_window_ask_reload (self);
}

static void
close_window (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  gtk_window_close (GTK_WINDOW (self));
}

static void
open_recent (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  limn_window_open (self, file);
}

static void
exported (LimnWindow *self, const char *text)
{
  limn_window_message (self, text, FALSE);
}

static void
export_kept (gboolean kept, gboolean committed, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GtkWindow *dialog;

  self->exporting = FALSE;
  if (!kept || !self->document)
    return;
  dialog = limn_export_new (GTK_WINDOW (self), self->document, limn_application_get_settings (LIMN_APPLICATION (application)));
  g_signal_connect_object (dialog, "exported", G_CALLBACK (exported), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
export_picture (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;

  if (self->exporting)
    return;
  self->exporting = TRUE;
  limn_session_keep (self->session, export_kept, g_object_ref (self));
}

/* -- Undo -- */

static void
tell_undo (LimnWindow *self, gboolean done, const GError *error)
{
  if (!done && error)
    limn_dialog_tell (GTK_WINDOW (self), _("The Step Can’t Be Read"), error->message);
}

static void
undo (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  g_autoptr (GError) error = NULL;

  if (!limn_session_withdraw (self->session))
    tell_undo (self, limn_document_undo (self->document, &error), error);
}

static void
redo (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  g_autoptr (GError) error = NULL;

  tell_undo (self, limn_document_redo (self->document, &error), error);
}

static void
go_to_step (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  g_autoptr (GError) error = NULL;

  tell_undo (self, limn_document_go_to (self->document, g_variant_get_uint32 (parameter), &error), error);
}

/* -- Task and tool -- */

static void
set_task (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  LimnTask task;

  if (limn_task_from_nick (g_variant_get_string (parameter, NULL), &task))
    limn_session_set_task (self->session, task);
}

static void
set_tool (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  for (int kind = 0; kind < LIMN_N_TOOLS; kind++) {
    if (g_str_equal (limn_tool_kind_get_nick ((LimnToolKind) kind), g_variant_get_string (parameter, NULL)))
      limn_session_set_tool (self->session, (LimnToolKind) kind);
  }
}

/* A letter stands for the first tool of the present task that it may mean. */
static void
set_tool_by_key (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  const char key = *g_variant_get_string (parameter, NULL);
  const LimnToolKind *tools = limn_session_get_kind (self->session)->tools;

  for (guint i = 0; tools[i] != LIMN_N_TOOLS; i++)
    if (limn_tool_kind_get_key (tools[i]) == key) {
      limn_session_set_tool (self->session, tools[i]);
      return;
    }
}

static void
scale_brush (LimnWindow *self, double factor)
{
  LimnBrush brush;

  limn_session_get_brush (self->session, &brush);
  /* At least a pixel, so that small brushes change too. */
  limn_session_set_brush_size (self->session,
                               factor > 1 ? MAX (brush.size * factor, brush.size + 1) : MAX (1, MIN (brush.size * factor, brush.size - 1)));
}

static void
brush_smaller (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  scale_brush (self, 1 / 1.15);
}

static void
brush_larger (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  scale_brush (self, 1.15);
}

/* -- Doing it -- */

static void
commit (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_session_commit (self->session);
}

static void
roll (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_session_roll (self->session);
}

/* What lies over the picture goes first. */
static gboolean
fold_results (LimnWindow *self)
{
  const gboolean over = limn_flap_get_over (self->flap) && limn_flap_get_open (self->flap);

  if (over)
    limn_flap_set_open (self->flap, FALSE);
  return over;
}

static void
cancel (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  if (!fold_results (self) && !limn_window_cancel_loading (self) && !(self->session && limn_session_cancel (self->session)) &&
      gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
}

/* -- View -- */

static void
zoom_in (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_zoom_step (self->canvas, 1);
}

static void
zoom_out (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_zoom_step (self->canvas, -1);
}

static void
zoom_fit (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_zoom_fit (self->canvas);
}

static void
zoom_100 (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_zoom_to (self->canvas, 1, NAN, NAN);
}

static void
zoom_to (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_zoom_to (self->canvas, g_variant_get_double (parameter), NAN, NAN);
}

/* -- Sketch, dots -- */

static void
clear_dots (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_clear_dots (self->document);
}

static void
clear_sketch (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_clear_planes (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES),
                              _("Clear Sketch"));
}

/* -- The picture as a whole -- */

static void
canvas_size (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_canvas_size_ask (GTK_WINDOW (self), self->document);
}

static void
rotate_left (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_orient (self->document, LIMN_ORIENT_TURN_LEFT);
}

static void
rotate_right (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_orient (self->document, LIMN_ORIENT_TURN_RIGHT);
}

static void
flip_horizontal (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_orient (self->document, LIMN_ORIENT_FLIP_HORIZONTAL);
}

static void
flip_vertical (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_document_orient (self->document, LIMN_ORIENT_FLIP_VERTICAL);
}

/* -- Switches: their state is a property of the session or the window -- */

static gboolean
get_flag (gpointer object, const char *property)
{
  gboolean value = FALSE;

  if (object)
    g_object_get (object, property, &value, NULL);
  return value;
}

static void
toggle (gpointer object, const char *property)
{
  if (object)
    g_object_set (object, property, !get_flag (object, property), NULL);
}

static void
compare (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  toggle (self->session, "compare");
}

static void
live (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  toggle (self->session, "live");
}

static void
fullscreen (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  toggle (self, "fullscreened");
}

/* Remembered where there is room beside the picture. */
static void
results (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  GSettings *settings = limn_application_get_settings (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));

  toggle (self->flap, "open");
  if (limn_adaptive_get_layout (self->adaptive) == LIMN_LAYOUT_WIDE)
    g_settings_set_boolean (settings, "results-open", limn_flap_get_open (self->flap));
}

static const char *const
  sketch_views[] = { [LIMN_SKETCH_VIEW_OVER] = "over", [LIMN_SKETCH_VIEW_BESIDE] = "beside", [LIMN_SKETCH_VIEW_SKETCH_ONLY] = "sketch" };

static void
sketch_view (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  for (int i = LIMN_SKETCH_VIEW_OVER; i < (int) G_N_ELEMENTS (sketch_views); i++) {
    if (g_str_equal (sketch_views[i], g_variant_get_string (parameter, NULL)))
      g_object_set (self->session, "sketch-view", i, NULL);
  }
}

static void
materials (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnWindow *self = user;
  limn_action_pill_open_materials (self->action_pill);
}

/* -- The table -- */

static const GActionEntry entries[] = {
  { "open", open_dialog, NULL, NULL, NULL, { 0 } },
  { "open-recent", open_recent, "s", NULL, NULL, { 0 } },
  { "save", save, NULL, NULL, NULL, { 0 } },
  { "save-as", save_as, NULL, NULL, NULL, { 0 } },
  { "export", export_picture, NULL, NULL, NULL, { 0 } },
  { "reload", reload, NULL, NULL, NULL, { 0 } },
  { "copy", copy, NULL, NULL, NULL, { 0 } },
  { "paste", paste, NULL, NULL, NULL, { 0 } },
  { "close", close_window, NULL, NULL, NULL, { 0 } },
  { "undo", undo, NULL, NULL, NULL, { 0 } },
  { "redo", redo, NULL, NULL, NULL, { 0 } },
  { "go-to-step", go_to_step, "u", NULL, NULL, { 0 } },
  { "task", set_task, "s", "'fill'", NULL, { 0 } },
  { "tool", set_tool, "s", "'brush'", NULL, { 0 } },
  { "tool-key", set_tool_by_key, "s", NULL, NULL, { 0 } },
  { "brush-smaller", brush_smaller, NULL, NULL, NULL, { 0 } },
  { "brush-larger", brush_larger, NULL, NULL, NULL, { 0 } },
  { "commit", commit, NULL, NULL, NULL, { 0 } },
  { "roll", roll, NULL, NULL, NULL, { 0 } },
  { "cancel", cancel, NULL, NULL, NULL, { 0 } },
  { "materials", materials, NULL, NULL, NULL, { 0 } },
  { "clear-sketch", clear_sketch, NULL, NULL, NULL, { 0 } },
  { "clear-dots", clear_dots, NULL, NULL, NULL, { 0 } },
  { "canvas-size", canvas_size, NULL, NULL, NULL, { 0 } },
  { "rotate-left", rotate_left, NULL, NULL, NULL, { 0 } },
  { "rotate-right", rotate_right, NULL, NULL, NULL, { 0 } },
  { "flip-horizontal", flip_horizontal, NULL, NULL, NULL, { 0 } },
  { "flip-vertical", flip_vertical, NULL, NULL, NULL, { 0 } },
  { "zoom-in", zoom_in, NULL, NULL, NULL, { 0 } },
  { "zoom-out", zoom_out, NULL, NULL, NULL, { 0 } },
  { "zoom-fit", zoom_fit, NULL, NULL, NULL, { 0 } },
  { "zoom-to", zoom_to, "d", NULL, NULL, { 0 } },
  { "zoom-100", zoom_100, NULL, NULL, NULL, { 0 } },
  { "compare", compare, NULL, "false", NULL, { 0 } },
  { "live", live, NULL, "true", NULL, { 0 } },
  { "results", results, NULL, "false", NULL, { 0 } },
  { "fullscreen", fullscreen, NULL, "false", NULL, { 0 } },
  { "sketch-view", sketch_view, "s", "'over'", NULL, { 0 } },
};

static void
enable (LimnWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

static void
set_state (LimnWindow *self, const char *name, GVariant *state)
{
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), state);
}

static gboolean
is_plane_used (LimnWindow *self, LimnDocumentPlane plane)
{
  return !limn_raster_is_empty (limn_document_get_plane (self->document, plane));
}

static void
update_states (LimnWindow *self)
{
  set_state (self, "compare", g_variant_new_boolean (get_flag (self->session, "compare")));
  set_state (self, "live", g_variant_new_boolean (get_flag (self->session, "live")));
  set_state (self, "results", g_variant_new_boolean (limn_flap_get_open (self->flap)));
  set_state (self, "fullscreen", g_variant_new_boolean (gtk_window_is_fullscreen (GTK_WINDOW (self))));
  if (!self->session)
    return;
  set_state (self, "sketch-view", g_variant_new_string (sketch_views[limn_session_get_sketch_view (self->session)]));
  set_state (self, "task", g_variant_new_string (limn_session_get_kind (self->session)->nick));
  set_state (self, "tool", g_variant_new_string (limn_tool_kind_get_nick (limn_session_get_tool (self->session))));
}

void
limn_window_update_actions (LimnWindow *self)
{
  static const char *const with_document[] = {
    "export",          "copy",          "go-to-step", "task",        "tool",        "tool-key",
    "brush-smaller",   "brush-larger",  "roll",       "canvas-size", "rotate-left", "rotate-right",
    "flip-horizontal", "flip-vertical", "compare",    "live",        "results",     "sketch-view",
    "zoom-in",         "zoom-out",      "zoom-fit",   "zoom-100",    "zoom-to",
  };
  const gboolean open = self->document != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (with_document); i++)
    enable (self, with_document[i], open);
  limn_window_update_mask_actions (self);
  /* Without a mask a fill says what is missing. */
  enable (self, "commit", open);
  enable (self, "save", open && !self->saving && (limn_window_is_edited (self) || !limn_document_get_path (self->document)));
  enable (self, "reload", open && !self->saving && limn_document_get_path (self->document));
  enable (self, "save-as", open && !self->saving);
  enable (self, "undo", open && (get_flag (self->document, "can-undo") || get_flag (self->session, "busy")));
  enable (self, "redo", open && get_flag (self->document, "can-redo"));
  enable (self, "clear-sketch", open && (is_plane_used (self, LIMN_DOCUMENT_PAINT) || is_plane_used (self, LIMN_DOCUMENT_LINES)));
  enable (self, "materials", open && limn_session_has_materials (self->session));
  enable (self, "clear-dots", open && limn_document_get_n_dots (self->document) > 0);
  update_states (self);
}

/* Held C shows the original; not while text is typed, since a text field takes the key. */
static gboolean
key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, LimnWindow *self)
{
  if (keyval != GDK_KEY_c || state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK) || !self->session)
    return GDK_EVENT_PROPAGATE;
  g_object_set (self->session, "show-original", TRUE, NULL);
  return GDK_EVENT_STOP;
}

static void
key_released (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, LimnWindow *self)
{
  if ((keyval == GDK_KEY_c || keyval == GDK_KEY_C) && self->session)
    g_object_set (self->session, "show-original", FALSE, NULL);
}

static void
active_changed (LimnWindow *self)
{
  /* The key may be let go elsewhere. */
  if (!gtk_window_is_active (GTK_WINDOW (self)) && self->session)
    g_object_set (self->session, "show-original", FALSE, NULL);
}

void
limn_window_add_actions (LimnWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  limn_window_add_mask_actions (self);
  limn_shortcuts_add_keys (GTK_WIDGET (self));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed), NULL);
  g_signal_connect_swapped (self->flap, "notify::open", G_CALLBACK (limn_window_update_actions), self);
}
