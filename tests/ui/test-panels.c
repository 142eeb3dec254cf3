/* The panels by themselves, over an empty canvas, with pointer and keys, and a pretended engine that works at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include <string.h>

#include "app/edit/limn-material.h"
#include "tests/app/inputs.h"
#include "ui/panels/limn-action-pill.h"
#include "ui/panels/limn-history-list.h"
#include "ui/panels/limn-progress-line.h"
#include "ui/panels/limn-results.h"
#include "ui/panels/limn-tool-pill.h"
#include "ui/panels/limn-variations.h"
#include "ui/widgets/limn-overlay-dock.h"
#include "ui/widgets/limn-swatch.h"

typedef struct {
  LimnWorker *worker;
  LimnDocument *document;
  LimnSession *session;
  GtkWidget *window, *tools, *action, *variations, *results, *history, *progress;
  int held; /* the engine waits; g_atomic */
} Fixture;

/* -- The engine: a colour by the variation -- */

static LimnResult *
fake_run (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user,
          GError **error)
{
  Fixture *self = user;
  static const guint8 colors[][3] = { { 205, 96, 80 }, { 88, 140, 190 }, { 110, 160, 90 }, { 210, 170, 80 } };
  gsize width, height;
  inputs_get_size (edit, &width, &height);
  if (progress)
    progress (0.4, progress_user);
  while (g_atomic_int_get (&self->held) && !g_cancellable_is_cancelled (cancellable))
    g_usleep (1000);
  if (g_cancellable_is_cancelled (cancellable)) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, "Cancelled.");
    return NULL;
  }
  LimnResult *result = g_new0 (LimnResult, 1);
  result->picture = limn_picture_new (width, height, 8, NULL);
  result->whole = edit->task == LIMN_TASK_SKETCH || edit->task == LIMN_TASK_UPSCALE;
  limn_picture_set_has_alpha (result->picture, TRUE);
  LimnPlane plane = inputs_dup_plane (edit->from.mask);
  const guint8 *mask = plane.bytes ? g_bytes_get_data (plane.bytes, NULL) : NULL;
  for (gsize i = 0; i < width * height; i++) {
    guint8 *p = limn_picture_get_data (result->picture) + 4 * i;
    memcpy (p, colors[edit->set.seed % 4], 3);
    p[3] = mask ? mask[i] : 255;
  }
  g_clear_pointer (&plane.bytes, g_bytes_unref);
  return result;
}

/* -- Actions that the window has -- */

static void
on_commit (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_session_commit (((Fixture *) user)->session);
}

static void
on_roll (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_session_roll (((Fixture *) user)->session);
}

static void
on_cancel (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_session_cancel (((Fixture *) user)->session);
}

static void
on_view (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  g_simple_action_set_state (action, parameter);
}

static const GActionEntry entries[] = { { .name = "commit", .activate = on_commit },
                                        { .name = "roll", .activate = on_roll },
                                        { .name = "cancel", .activate = on_cancel },
                                        { .name = "sketch-view", .activate = on_view, .parameter_type = "s", .state = "'over'" } };

static GtkWidget *
place (GtkWidget *overlay, GtkWidget *panel, GtkAlign halign, GtkAlign valign, LimnSession *session)
{
  gtk_widget_set_halign (panel, halign);
  gtk_widget_set_valign (panel, valign);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), panel);
  g_object_set (panel, "session", session, NULL);
  return panel;
}

static void
open_window (Fixture *self, LimnDocument *document, int width, int height)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *overlay = gtk_overlay_new (), *canvas = adw_bin_new ();
  GtkWidget *bottom;
  self->document = document;
  self->session = limn_session_new (document, self->worker, limn_application_get_settings (ui_test_application ()));
  self->window = adw_application_window_new (GTK_APPLICATION (ui_test_application ()));
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  g_action_map_add_action_entries (G_ACTION_MAP (self->window), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_add_css_class (canvas, "canvas-area");
  gtk_widget_set_hexpand (overlay, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), canvas);
  self->tools = place (overlay, limn_tool_pill_new (), GTK_ALIGN_START, GTK_ALIGN_CENTER, self->session);
  self->progress = place (overlay, limn_progress_line_new (), GTK_ALIGN_FILL, GTK_ALIGN_START, self->session);
  self->variations = limn_variations_new ();
  self->action = limn_action_pill_new ();
  g_object_set (self->variations, "session", self->session, NULL);
  g_object_set (self->action, "session", self->session, NULL);
  gtk_widget_set_margin_start (self->tools, 9);
  bottom = limn_overlay_dock_new (self->variations, self->action);
  gtk_widget_set_valign (bottom, GTK_ALIGN_END);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), bottom);
  gtk_box_append (GTK_BOX (row), overlay);
  if (width > 600) {
    self->results = limn_results_new ();
    self->history = limn_history_list_new ();
    g_object_set (self->results, "session", self->session, NULL);
    g_object_set (self->history, "session", self->session, NULL);
    gtk_box_append (GTK_BOX (row), self->results);
    gtk_box_append (GTK_BOX (row), self->history);
  }
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), row);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_focus (GTK_WINDOW (self->window));
}

static void
open_photo (Fixture *self, gsize size, gboolean gray, int width)
{
  g_autoptr (LimnPicture) photo = ui_test_picture (size, size, gray);
  open_window (self, limn_document_new (photo, NULL), width, 640);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  *self = (Fixture){ 0 };
  self->worker = limn_worker_new_with_runner (fake_run, self, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_atomic_int_set (&self->held, FALSE);
  gtk_window_destroy (GTK_WINDOW (self->window));
  ui_test_settle ();
  g_clear_object (&self->session);
  g_clear_object (&self->document);
  g_clear_object (&self->worker);
}

static GtkWidget *
find (Fixture *self, const char *label)
{
  GtkWidget *widget = ui_test_find_label (self->window, label);
  g_assert_nonnull (widget);
  return widget;
}

static guint
n_layers (Fixture *self)
{
  return g_list_model_get_n_items (limn_document_get_layers (self->document));
}

static gboolean
has_layer (gpointer user)
{
  return n_layers (user) > 0;
}

static gboolean
has_variations (gpointer user)
{
  Fixture *self = user;
  if (limn_session_get_n_variations (self->session) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!limn_session_get_variation (self->session, i))
      return FALSE;
  return TRUE;
}

static gboolean
is_idle (gpointer user)
{
  gboolean busy;
  g_object_get (((Fixture *) user)->worker, "busy", &busy, NULL);
  return !busy;
}

/* What a red pixel of the picture's middle says. */
static int
red (Fixture *self)
{
  guint8 pixel[4];
  limn_document_render (self->document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ 400, 400, 1, 1 }, pixel, 4);
  return pixel[0];
}

/* -- Tests -- */

static graphene_rect_t
bounds (Fixture *self, GtkWidget *widget)
{
  graphene_rect_t rect;
  g_assert_true (gtk_widget_compute_bounds (widget, self->window, &rect));
  return rect;
}

static void
test_tools (Fixture *self, gconstpointer data)
{
  double before, after;
  open_photo (self, 800, FALSE, 1100);
  ui_test_click_middle (find (self, "Lasso"));
  g_assert_cmpint (limn_session_get_tool (self->session), ==, LIMN_TOOL_LASSO);
  ui_test_settle ();
  graphene_rect_t tool = bounds (self, find (self, "Lasso")), card = bounds (self, find (self, "Replace the selection"));
  g_assert_cmpfloat (fabs (tool.origin.y + tool.size.height / 2 - card.origin.y - card.size.height / 2), <, 4); /* beside it */
  ui_test_screenshot (self->window, "panels-tools-shape");
  ui_test_click_middle (find (self, "Eraser"));
  g_assert_cmpint (limn_session_get_tool (self->session), ==, LIMN_TOOL_ERASER);
  g_object_get (self->session, "brush-size", &before, NULL);
  GtkWidget *size = gtk_widget_get_next_sibling (gtk_widget_get_parent (find (self, "Size"))); /* the slider under the word */
  ui_test_click (size, gtk_widget_get_width (size) - 10, gtk_widget_get_height (size) / 2.0);
  g_object_get (self->session, "brush-size", &after, NULL);
  g_assert_cmpfloat (after, >, before);
  ui_test_screenshot (self->window, "panels-tools-brush");
  limn_session_set_task (self->session, LIMN_TASK_UPSCALE);
  ui_test_settle ();
  g_assert_null (ui_test_find_label (self->window, "Lasso")); /* only the task's */
  g_assert_nonnull (ui_test_find_label (self->window, "Lens"));
}

static void
test_fill (Fixture *self, gconstpointer data)
{
  open_photo (self, 800, FALSE, 1100);
  ui_test_screenshot (self->window, "panels-fill-empty");
  limn_document_select_rectangle (self->document, 300, 300, 200, 200, LIMN_MASK_REPLACE);
  ui_test_settle ();
  GtkWidget *verb = find (self, "Fill");
  graphene_rect_t before = bounds (self, verb), after;
  ui_test_click_middle (verb);
  ui_test_wait (has_layer, self);
  ui_test_wait (has_variations, self);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  g_assert_nonnull (find (self, "Mix two variations")); /* what the slider does */
  ui_test_screenshot (self->window, "panels-fill-variations");

  after = bounds (self, verb); /* it stayed under the pointer */
  g_assert_true (graphene_rect_equal (&before, &after));

  /* pointing shows, leaving takes back, clicking keeps */
  GtkWidget *third = ui_test_find_type (self->variations, GTK_TYPE_BUTTON);
  for (int i = 0; i < 2; i++)
    third = gtk_widget_get_next_sibling (third);
  ui_test_move (third, 20, 20);
  g_assert_cmpint (red (self), ==, 110);
  ui_test_move (self->window, 600, 20);
  g_assert_cmpint (red (self), ==, 88);
  ui_test_click_middle (third);
  g_assert_cmpuint (limn_session_get_current_variation (self->session), ==, 2);
  g_assert_cmpuint (n_layers (self), ==, 1);

  /* dragging between two keeps a mixture, as one step */
  guint steps = limn_history_get_position (limn_document_get_history (self->document));
  GtkWidget *mix = ui_test_find_type (self->variations, GTK_TYPE_SCALE);
  double width = gtk_widget_get_width (mix), middle = gtk_widget_get_height (mix) / 2.0;
  ui_test_drag (mix, width * 2 / 3, middle, width / 2, middle, 8);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self->document)), ==, steps + 1);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_assert_cmpfloat (limn_layer_get_recipe (layer)->set.mix, >, 0.1);
  ui_test_screenshot (self->window, "panels-fill-mix");
}

static void
test_results (Fixture *self, gconstpointer data)
{
  open_photo (self, 800, FALSE, 1100);
  ui_test_screenshot (self->window, "panels-results-empty");
  for (int i = 0; i < 2; i++) {
    limn_document_select_rectangle (self->document, 300 + 200 * i, 300, 150, 150, LIMN_MASK_REPLACE);
    limn_session_commit (self->session);
    ui_test_wait (is_idle, self);
    ui_test_settle ();
  }
  g_assert_cmpuint (n_layers (self), ==, 2);
  g_autoptr (LimnLayer) lower = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_autoptr (LimnLayer) upper = g_list_model_get_item (limn_document_get_layers (self->document), 1);

  GtkWidget *row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  g_assert_true (limn_result_row_get_layer (LIMN_RESULT_ROW (row)) == upper); /* newest on top */
  ui_test_click (row, 70, 20);
  g_assert_nonnull (find (self, "Photo")); /* below them */
  ui_test_screenshot (self->window, "panels-results");
  ui_test_click_middle (ui_test_find_label (row, "Hide"));
  g_assert_false (limn_layer_get_style (upper).visible);
  ui_test_click_middle (ui_test_find_label (row, "Show"));
  g_assert_true (limn_layer_get_style (upper).visible);

  ui_test_click (row, 70, 20);
  ui_test_key ("<Alt>Down");
  g_autoptr (LimnLayer) first = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_assert_true (first == upper);
  ui_test_key ("<Alt>Up"); /* the focus went with it */
  g_autoptr (LimnLayer) again = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_assert_true (again == lower);

  /* by dragging the lower row above the upper one, where a line shows */
  GtkWidget *top = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW), *below = gtk_widget_get_next_sibling (top);
  ui_test_move (below, 70, 20);
  ui_test_press (1);
  for (int y = 15; y >= -10; y -= 5)
    ui_test_move (below, 70, y);
  ui_test_move (top, 70, 8);
  g_assert_true (gtk_widget_has_css_class (top, "drop-above"));
  ui_test_screenshot (self->window, "panels-drop-line");
  ui_test_move (below, 70, 20); /* where it is: nothing would change */
  g_assert_false (gtk_widget_has_css_class (top, "drop-above") || gtk_widget_has_css_class (below, "drop-above") ||
                  gtk_widget_has_css_class (below, "drop-below"));
  ui_test_move (top, 70, 8);
  ui_test_release (1);
  ui_test_settle ();
  g_autoptr (LimnLayer) dragged = g_list_model_get_item (limn_document_get_layers (self->document), 1);
  g_assert_true (dragged == lower);

  /* Enter brings the mask back, Delete removes */
  row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  ui_test_click (row, 70, 20);
  ui_test_key ("Return");
  g_assert_true (limn_document_get_has_mask (self->document));
  ui_test_key ("Delete");
  g_assert_cmpuint (n_layers (self), ==, 1);
  row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row))); /* the one below it */
  ui_test_key ("Delete");
  g_assert_cmpuint (n_layers (self), ==, 0);
}

static const char *
name_of (LimnResultRow *row)
{
  return limn_layer_get_name (limn_result_row_get_layer (row));
}

static void
test_layers (Fixture *self, gconstpointer data)
{
  open_photo (self, 800, FALSE, 1100);
  limn_document_select_rectangle (self->document, 300, 300, 150, 150, LIMN_MASK_REPLACE);
  limn_session_commit (self->session);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  GtkWidget *row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  LimnHistory *history = limn_document_get_history (self->document);
  guint position = limn_history_get_position (history);

  /* another name: Enter or leaving keeps it, Esc and nothing but blanks don't; its letters are no commands */
  ui_test_click (row, 70, 20);
  ui_test_key ("F2");
  ui_test_type ("tower b");
  ui_test_screenshot (self->window, "panels-rename");
  ui_test_key ("Return");
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "tower b");
  ui_test_key ("F2"); /* the focus is on the row again */
  ui_test_type ("cellar");
  ui_test_key ("Escape");
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "tower b");
  ui_test_key ("F2");
  ui_test_key ("Delete");
  ui_test_key ("Delete");
  ui_test_key ("Return");
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "tower b");
  g_assert_cmpuint (n_layers (self), ==, 1);
  ui_test_click_middle (ui_test_find_label (row, "More"));
  ui_test_settle ();
  ui_test_screenshot (ui_test_find_type (row, GTK_TYPE_POPOVER_MENU), "panels-layer-menu");
  ui_test_click_middle (ui_test_find_label (row, "Rename"));
  ui_test_settle ();
  ui_test_type ("wall");
  ui_test_click_middle (ui_test_find_label (self->tools, "Eraser"));
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "wall");
  g_assert_cmpuint (limn_history_get_position (history), ==, position + 2);

  /* what is typed stays when the list changes below it, and goes with the layer */
  ui_test_click (row, 70, 20);
  ui_test_key ("F2");
  ui_test_type ("roof");
  LimnLayer *copy = limn_document_duplicate_layer (self->document, limn_result_row_get_layer (LIMN_RESULT_ROW (row)));
  ui_test_settle ();
  g_assert_true (row == gtk_widget_get_next_sibling (ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW)));
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "roof");
  g_assert_cmpstr (limn_layer_get_name (copy), ==, "wall 2");
  ui_test_click (ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW), 70, 20);
  ui_test_key ("F2");
  ui_test_type ("gone");
  limn_document_remove_layer (self->document, copy);
  ui_test_settle ();
  while (limn_history_get_position (history) > position + 2)
    g_assert_true (limn_document_undo (self->document, NULL));
  ui_test_settle ();
  row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "wall");

  /* another way of blending */
  ui_test_click (row, 70, 20);
  ui_test_settle ();
  GtkWidget *blend = ui_test_find_label (row, "Blending");
  ui_test_click_middle (blend);
  ui_test_settle ();
  ui_test_screenshot (ui_test_find_type (blend, GTK_TYPE_POPOVER_MENU), "panels-blend");
  ui_test_click_middle (ui_test_find_label (blend, "Multiply"));
  ui_test_settle ();
  LimnLayer *layer = limn_result_row_get_layer (LIMN_RESULT_ROW (row));
  g_assert_cmpint (limn_layer_get_style (layer).blend, ==, LIMN_BLEND_MULTIPLY);
  g_assert_true (limn_document_undo (self->document, NULL));
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (blend)), ==, "Normal");
  g_assert_cmpuint (limn_history_get_position (history), ==, position + 2); /* to show it is no change */

  /* twice */
  ui_test_click (row, 70, 20);
  ui_test_key ("<Control>j");
  ui_test_settle ();
  g_assert_cmpuint (n_layers (self), ==, 2);
  row = ui_test_find_type (self->results, LIMN_TYPE_RESULT_ROW);
  g_assert_cmpstr (name_of (LIMN_RESULT_ROW (row)), ==, "wall 2");
  g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row)));
  ui_test_screenshot (self->window, "panels-layers");
}

static void
test_history (Fixture *self, gconstpointer data)
{
  open_photo (self, 800, FALSE, 1100);
  for (int i = 0; i < 3; i++)
    limn_document_select_rectangle (self->document, 30 + 200 * i, 300, 150, 150, LIMN_MASK_ADD);
  ui_test_settle ();
  ui_test_screenshot (self->window, "panels-history");
  ui_test_click (self->history, 100, 18);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self->document)), ==, 0);
  ui_test_screenshot (self->window, "panels-history-undone");
}

static void
test_colorize (Fixture *self, gconstpointer data)
{
  GdkRGBA before, after;
  open_photo (self, 800, TRUE, 1100);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  ui_test_screenshot (self->window, "panels-colorize");
  limn_session_get_color (self->session, &before);
  GtkWidget *swatch = gtk_widget_get_next_sibling (ui_test_find_type (self->action, LIMN_TYPE_SWATCH));
  ui_test_click_middle (swatch);
  limn_session_get_color (self->session, &after);
  g_assert_true (gdk_rgba_equal (&after, limn_swatch_get_color (LIMN_SWATCH (swatch))));
  g_assert_false (gdk_rgba_equal (&after, &before));
  ui_test_click_middle (find (self, "Color"));
  ui_test_screenshot (ui_test_find_type (self->tools, GTK_TYPE_POPOVER), "panels-color");
  ui_test_key ("Escape");
  ui_test_click_middle (find (self, "More Settings"));
  ui_test_screenshot (ui_test_find_type (self->action, GTK_TYPE_POPOVER), "panels-colorize-more");
  ui_test_key ("Escape");
}

static void
test_sketch (Fixture *self, gconstpointer data)
{
  open_window (self, limn_document_new_sketch (512, 512, NULL), 1100, 640);
  ui_test_settle ();
  ui_test_screenshot (self->window, "panels-sketch");
  double before, after;
  GtkWidget *freedom = find (self, "Freedom");
  g_object_get (self->session, "sketch-freedom", &before, NULL);
  ui_test_click (freedom, gtk_widget_get_width (freedom) - 12, gtk_widget_get_height (freedom) / 2.0);
  g_object_get (self->session, "sketch-freedom", &after, NULL);
  g_assert_cmpfloat (after, >, before);
}

/* What paints is a material: chosen by its surface, or by its name. A color is a color still. */
static void
test_materials (Fixture *self, gconstpointer data)
{
  int material;
  GdkRGBA meadow, other;
  open_window (self, limn_document_new_sketch (512, 512, NULL), 1100, 640);
  ui_test_click_middle (find (self, "Clouds"));
  g_object_get (self->session, "material", &material, NULL);
  g_assert_cmpstr (limn_material_get_name ((guint8) material), ==, "Clouds");
  ui_test_click_middle (find (self, "Material: Clouds"));
  GtkWidget *popover = ui_test_find_type (self->action, GTK_TYPE_POPOVER);
  ui_test_screenshot (popover, "panels-materials");
  ui_test_type ("mead");
  ui_test_settle ();
  ui_test_screenshot (popover, "panels-materials-found");
  ui_test_key ("Return");
  g_object_get (self->session, "material", &material, NULL);
  limn_session_get_color (self->session, &meadow);
  g_assert_cmpstr (limn_material_get_name ((guint8) material), ==, "Meadow");
  g_assert_cmpfloat (meadow.green, >, meadow.blue);
  g_assert_false (gtk_widget_get_visible (popover));
  ui_test_screenshot (self->window, "panels-materials-row");
  ui_test_click_middle (ui_test_find_type (self->action, LIMN_TYPE_SWATCH));
  g_object_get (self->session, "material", &material, NULL);
  limn_session_get_color (self->session, &other);
  g_assert_cmpint (material, ==, LIMN_MATERIAL_GUESS);
  g_assert_false (gdk_rgba_equal (&meadow, &other));
}

static void
test_upscale (Fixture *self, gconstpointer data)
{
  int scale;
  open_photo (self, 400, FALSE, 1100);
  g_assert_nonnull (ui_test_find_label (self->window, "Upscale to 1600 × 1600"));
  g_assert_nonnull (ui_test_find_label (self->window, "Press on the picture to look closer"));
  limn_session_set_lens (self->session, 200, 200, 20);
  g_assert_null (ui_test_find_label (self->window, "Press on the picture to look closer"));
  limn_session_set_lens (self->session, 0, 0, 0);
  ui_test_click_middle (find (self, "2 times as wide and high"));
  g_object_get (self->session, "upscale-scale", &scale, NULL);
  g_assert_cmpint (scale, ==, 2);
  g_assert_nonnull (ui_test_find_label (self->window, "Upscale to 800 × 800"));
  ui_test_screenshot (self->window, "panels-upscale");

  /* a long edit: the button becomes Cancel, and does */
  g_atomic_int_set (&self->held, TRUE);
  ui_test_click_middle (find (self, "Upscale to 800 × 800"));
  gint64 until = g_get_monotonic_time () + 1300 * 1000;
  while (g_get_monotonic_time () < until)
    ui_test_settle ();
  ui_test_screenshot (self->window, "panels-progress");
  ui_test_click_middle (find (self, "Cancel"));
  g_assert_nonnull (ui_test_find_label (self->window, "Upscale to 800 × 800"));
  g_assert_cmpint (limn_document_get_width (self->document), ==, 400);
}

static void
test_narrow (Fixture *self, gconstpointer data)
{
  open_photo (self, 800, TRUE, 360);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_width (self->window), <=, 360);
  g_assert_cmpint (gtk_widget_get_width (self->action), <=, 360);
  ui_test_screenshot (self->window, "panels-narrow-colorize");
  for (LimnTask task = LIMN_TASK_FILL; task <= LIMN_TASK_UPSCALE; task++) {
    static const char *const names[] = { "panels-narrow-fill", "panels-narrow-colorize", "panels-narrow-sketch", "panels-narrow-upscale" };
    limn_session_set_task (self->session, task);
    ui_test_settle ();
    ui_test_screenshot (self->window, names[task]);
    g_assert_cmpint (gtk_widget_get_width (self->window), <=, 360);
  }
  limn_session_set_task (self->session, LIMN_TASK_FILL);
  limn_document_select_rectangle (self->document, 300, 300, 200, 200, LIMN_MASK_REPLACE);
  limn_session_commit (self->session);
  ui_test_wait (has_variations, self);
  ui_test_settle ();
  graphene_rect_t action = bounds (self, find (self, "Fill")),
                  strip = bounds (self, ui_test_find_type (self->variations, GTK_TYPE_REVEALER));
  g_assert_cmpfloat (strip.origin.y + strip.size.height, <=, action.origin.y); /* no room beside it */
  ui_test_screenshot (self->window, "panels-narrow-variations");
}

static void
test_mirrored (Fixture *self, gconstpointer data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  open_photo (self, 800, TRUE, 1100);
  ui_test_wait (is_idle, self);
  ui_test_settle ();
  ui_test_screenshot (self->window, "panels-right-to-left");
  graphene_rect_t tools;
  g_assert_true (gtk_widget_compute_bounds (self->tools, self->window, &tools));
  g_assert_cmpfloat (tools.origin.x, >, 400);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_dark (Fixture *self, gconstpointer data)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  test_fill (self, data);
  ui_test_screenshot (self->window, "panels-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

/* What is beside the middle one where there is room for it, on top of it elsewhere. */
static void
test_dock (void)
{
  for (int i = 0; i < 3; i++) {
    GtkWidget *other = gtk_label_new (NULL), *middle = gtk_label_new (NULL), *dock = limn_overlay_dock_new (other, middle),
              *window = gtk_window_new ();
    graphene_rect_t a, b;
    gtk_widget_set_direction (dock, i == 1 ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
    gtk_widget_set_size_request (other, 150, 80);
    gtk_widget_set_size_request (middle, i == 2 ? 110 : 100, 40);
    gtk_widget_set_size_request (dock, 400, -1);
    gtk_widget_set_valign (dock, GTK_ALIGN_END);
    gtk_window_set_child (GTK_WINDOW (window), dock);
    gtk_window_present (GTK_WINDOW (window));
    ui_test_settle ();
    g_assert_cmpint (gtk_widget_get_width (dock), ==, 400);
    g_assert_true (gtk_widget_compute_bounds (other, dock, &a) && gtk_widget_compute_bounds (middle, dock, &b));
    g_assert_cmpfloat (b.origin.x, ==, i == 2 ? 145 : 150);
    g_assert_cmpfloat (a.origin.x, ==, (i == 0 ? 250 : i == 1 ? 0 : 125));
    g_assert_cmpfloat (a.origin.y + 80, ==, (i < 2 ? gtk_widget_get_height (dock) : b.origin.y));
    int covered;
    g_object_get (dock, "covered", &covered, NULL);
    g_assert_cmpint (covered, ==, (i < 2 ? 40 + 2 * 12 : gtk_widget_get_height (dock)));
    gtk_window_destroy (GTK_WINDOW (window));
  }
}

/* -- In the window, with the networks -- */

static gboolean
is_shown (gpointer user)
{
  gboolean shown;
  g_object_get (user, "preview-shown", &shown, NULL);
  return shown;
}

static gboolean
has_one_layer (gpointer user)
{
  return g_list_model_get_n_items (limn_document_get_layers (user)) == 1;
}

static gboolean
has_focus (gpointer user)
{
  return gtk_widget_has_focus (user);
}

static void
test_window (void)
{
  g_autoptr (LimnPicture) photo = ui_test_picture (160, 120, TRUE);
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  LimnWindow *window = ui_test_window (document, 1100, 700);
  LimnSession *session = limn_window_get_session (window);
  GtkWidget *root = GTK_WIDGET (window), *canvas = GTK_WIDGET (limn_window_get_canvas (window));
  ui_test_wait (is_shown, session); /* a gray photo shows its colours by itself */
  ui_test_screenshot (root, "window-colorize");

  /* whatever was clicked with the pointer, the keyboard stays with the canvas: Enter does the task */
  ui_test_click_middle (ui_test_find_type (ui_test_find_type (root, LIMN_TYPE_ACTION_PILL), LIMN_TYPE_SWATCH));
  ui_test_click_middle (ui_test_find_label (root, "More Settings"));
  ui_test_key ("Escape");
  ui_test_wait (has_focus, canvas);
  ui_test_key ("Return");
  ui_test_wait (has_one_layer, document);
  ui_test_settle ();
  ui_test_screenshot (root, "window-colorized");

  /* the pointer reaches the canvas where nothing floats: beside the pill, where the card of a tool would open */
  graphene_rect_t pill;
  g_assert_true (gtk_widget_compute_bounds (ui_test_find_type (root, LIMN_TYPE_TOOL_PILL), root, &pill));
  GtkWidget *under = gtk_widget_pick (root, pill.origin.x + pill.size.width - 30, pill.origin.y + pill.size.height / 2, GTK_PICK_DEFAULT);
  g_assert_true (under == canvas);
  ui_test_close (window);
}

static double
lower_edge (LimnCanvas *canvas, LimnDocument *document)
{
  double x, y;
  limn_canvas_from_document (canvas, 0, limn_document_get_height (document), &x, &y);
  return y;
}

static gboolean
is_off (gpointer user)
{
  return !gtk_widget_get_can_target (user);
}

/* A picture that fits by its height stays whole above the strip, and where it is while it is drawn on. */
static void
test_bottom_inset (void)
{
  g_autoptr (LimnPicture) photo = ui_test_picture (600, 600, TRUE);
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  LimnWindow *window = ui_test_window (document, 760, 700);
  LimnSession *session = limn_window_get_session (window);
  LimnCanvas *canvas = limn_window_get_canvas (window);
  GtkWidget *root = GTK_WIDGET (window), *strip = ui_test_find_type (root, LIMN_TYPE_VARIATIONS);
  graphene_rect_t bounds;
  double before = limn_canvas_get_zoom (canvas);
  ui_test_wait (is_shown, session);
  limn_session_commit (session);
  ui_test_wait (has_one_layer, document);
  ui_test_settle ();
  g_assert_true (gtk_widget_compute_bounds (strip, GTK_WIDGET (canvas), &bounds));
  g_assert_cmpfloat (bounds.size.height, >, 60);
  g_assert_cmpfloat (lower_edge (canvas, document), <=, bounds.origin.y);
  g_assert_cmpfloat (limn_canvas_get_zoom (canvas), <, before);
  ui_test_screenshot (root, "window-strip");

  /* a dot: the strip goes, the picture stays */
  double edge = lower_edge (canvas, document);
  ui_test_click (GTK_WIDGET (canvas), 380, 250);
  ui_test_wait (is_off, strip);
  ui_test_settle ();
  g_assert_cmpfloat (lower_edge (canvas, document), ==, edge);
  limn_canvas_zoom_fit (canvas);
  g_assert_cmpfloat (limn_canvas_get_zoom (canvas), ==, before);
  ui_test_close (window);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  ADD ("/panels/tools", test_tools);
  ADD ("/panels/fill", test_fill);
  ADD ("/panels/results", test_results);
  ADD ("/panels/layers", test_layers);
  ADD ("/panels/history", test_history);
  ADD ("/panels/colorize", test_colorize);
  ADD ("/panels/sketch", test_sketch);
  ADD ("/panels/materials", test_materials);
  ADD ("/panels/upscale", test_upscale);
  ADD ("/panels/narrow", test_narrow);
  ADD ("/panels/mirrored", test_mirrored);
  ADD ("/panels/dark", test_dark);
  g_test_add_func ("/panels/dock", test_dock);
  g_test_add_func ("/panels/window", test_window);
  g_test_add_func ("/panels/bottom-inset", test_bottom_inset);
  return ui_test_run ();
}
