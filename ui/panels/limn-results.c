/* The list of results. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-results.h"

#include "app/document/limn-document-layers.h"
#include <glib/gi18n.h>

struct _LimnResults {
  LimnPanel parent_instance;
  GtkStack *stack;
  GtkListBox *list;
  GtkPicture *photo; /* of the row at the bottom */
  GtkLabel *photo_name;
  GSignalGroup *layers;
  GSimpleActionGroup *actions;
  guint fill_source;
};

G_DEFINE_FINAL_TYPE (LimnResults, limn_results, LIMN_TYPE_PANEL)

static GListModel *
get_layers (LimnResults *self)
{
  LimnDocument *document = limn_panel_get_document (LIMN_PANEL (self));
  return document ? limn_document_get_layers (document) : NULL;
}

/* Position of layer from the bottom; FALSE when it isn't there. */
static gboolean
find_layer (LimnResults *self, LimnLayer *layer, guint *position)
{
  GListModel *layers = get_layers (self);
  return layers && layer && g_list_store_find (G_LIST_STORE (layers), layer, position);
}

static LimnLayer *
selected_layer (LimnResults *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  return row ? limn_result_row_get_layer (LIMN_RESULT_ROW (row)) : NULL;
}

static void
enable (LimnResults *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static void
update_actions (LimnResults *self)
{
  LimnLayer *layer = selected_layer (self);
  guint position = 0, n = get_layers (self) ? g_list_model_get_n_items (get_layers (self)) : 0;
  gboolean there = find_layer (self, layer, &position), ours = there && limn_layer_get_recipe (layer) != NULL;
  enable (self, "edit", ours);
  enable (self, "variation", ours);
  enable (self, "rename", there);
  enable (self, "duplicate", there);
  enable (self, "raise", there && position + 1 < n);
  enable (self, "lower", there && position > 0);
  enable (self, "delete", there);
}

/* -- Drag and drop of rows -- */

static GdkContentProvider *
on_prepare (GtkDragSource *source, double x, double y, GtkWidget *row)
{
  return gdk_content_provider_new_typed (LIMN_TYPE_LAYER, limn_result_row_get_layer (LIMN_RESULT_ROW (row)));
}

/* Beside the pointer, so that the line can be seen. */
static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, GtkWidget *row)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (limn_result_row_get_picture (LIMN_RESULT_ROW (row)));
  gtk_drag_source_set_icon (source, picture, -12, -12);
}

/* The gap between two rows that is nearest to y: the number of rows above it. */
static guint
gap_at (LimnResults *self, double y)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list, (int) y);
  graphene_rect_t bounds;
  if (!row || !gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &bounds))
    return y <= 0 ? 0 : g_list_model_get_n_items (get_layers (self));
  return (guint) gtk_list_box_row_get_index (row) + (y > bounds.origin.y + bounds.size.height / 2);
}

/* Where a layer that is dropped at y goes, from the bottom; FALSE when it stays where it is, or isn't of this document. */
static gboolean
find_place (LimnResults *self, LimnLayer *layer, double y, guint *gap, guint *position)
{
  guint from, n;
  if (!find_layer (self, layer, &from))
    return FALSE;
  *gap = gap_at (self, y);
  n = g_list_model_get_n_items (get_layers (self));
  guint row = n - 1 - from; /* the newest is the first row */
  *position = n - 1 - (*gap > row ? *gap - 1 : *gap);
  return *position != from;
}

/* The line: above the row after the gap, or below the last one. gap: -1 = none. */
static void
show_line (LimnResults *self, int gap)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row; row = gtk_widget_get_next_sibling (row)) {
    int index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
    gtk_widget_remove_css_class (row, "drop-above");
    gtk_widget_remove_css_class (row, "drop-below");
    if (index == gap)
      gtk_widget_add_css_class (row, "drop-above");
    else if (index + 1 == gap && !gtk_widget_get_next_sibling (row))
      gtk_widget_add_css_class (row, "drop-below");
  }
}

static GdkDragAction
on_drag_motion (GtkDropTarget *target, double x, double y, LimnResults *self)
{
  const GValue *value = gtk_drop_target_get_value (target);
  guint gap, position;
  gboolean moves = value && find_place (self, g_value_get_object (value), y, &gap, &position);
  show_line (self, moves ? (int) gap : -1);
  return GDK_ACTION_MOVE;
}

static void
on_drag_leave (GtkDropTarget *target, LimnResults *self)
{
  show_line (self, -1);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, LimnResults *self)
{
  LimnLayer *layer = g_value_get_object (value);
  guint gap, position;
  show_line (self, -1);
  if (find_place (self, layer, y, &gap, &position))
    limn_document_move_layer (limn_panel_get_document (LIMN_PANEL (self)), layer, position);
  return find_layer (self, layer, &position); /* else it is of another window */
}

static void
make_draggable (GtkWidget *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare), row);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
}

/* -- The rows -- */

static void
select_layer (LimnResults *self, LimnLayer *layer, gboolean focus)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row; row = gtk_widget_get_next_sibling (row))
    if (limn_result_row_get_layer (LIMN_RESULT_ROW (row)) == layer) {
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
      if (focus)
        gtk_widget_grab_focus (row);
    }
}

/* The photo itself, which lies below everything. */
static void
show_photo (LimnResults *self)
{
  enum { SIDE = 96 };
  LimnDocument *document = limn_panel_get_document (LIMN_PANEL (self));
  int level = 0;
  if (!document)
    return;
  LimnRect rect = { 0, 0, limn_document_get_width (document), limn_document_get_height (document) };
  while (MAX (rect.width, rect.height) >> (level + 1) >= SIDE)
    level++;
  rect.width = MAX (1, rect.width >> level);
  rect.height = MAX (1, rect.height >> level);
  gsize stride = (gsize) rect.width * 4;
  guint8 *pixels = g_malloc (stride * (gsize) rect.height);
  limn_document_render (document, LIMN_SNAPSHOT_ORIGINAL, level, &rect, pixels, stride);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * (gsize) rect.height);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (rect.width, rect.height, GDK_MEMORY_R8G8B8A8, bytes, stride);
  gtk_picture_set_paintable (self->photo, GDK_PAINTABLE (texture));
  gtk_label_set_text (self->photo_name, limn_document_is_sketch (document) ? _("Paper") : _("Photo"));
}

/* Rows of layers that are still there stay as they are. */
static void
fill_list (LimnResults *self)
{
  LimnDocument *document = limn_panel_get_document (LIMN_PANEL (self));
  GListModel *layers = get_layers (self);
  guint n = layers ? g_list_model_get_n_items (layers) : 0;
  g_autoptr (LimnLayer) selected = selected_layer (self) ? g_object_ref (selected_layer (self)) : NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL, *row;
  gboolean had_focus = focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list));
  g_autoptr (GHashTable) rows = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  gtk_list_box_unselect_all (self->list); /* a row that is removed would go on thinking that it is selected */
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list)))) {
    limn_name_label_end (limn_result_row_get_name (LIMN_RESULT_ROW (row)));
    g_hash_table_insert (rows, limn_result_row_get_layer (LIMN_RESULT_ROW (row)), g_object_ref (row));
    gtk_list_box_remove (self->list, row);
  }
  for (guint i = n; i-- > 0;) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    row = g_hash_table_lookup (rows, layer);
    if (!row) {
      row = limn_result_row_new (document, layer);
      make_draggable (row);
    }
    gtk_list_box_append (self->list, row);
  }
  if (selected)
    select_layer (self, selected, had_focus);
  if (had_focus && n && !selected_layer (self))
    gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (self->list)));
  gtk_stack_set_visible_child_name (self->stack, n ? "list" : "empty");
  if (n)
    show_photo (self);
  update_actions (self);
}

static gboolean
fill_now (gpointer data)
{
  ((LimnResults *) data)->fill_source = 0;
  fill_list (data);
  return G_SOURCE_REMOVE;
}

/* At once, for what comes next. */
static void
show_changes (LimnResults *self)
{
  g_clear_handle_id (&self->fill_source, g_source_remove);
  fill_list (self);
}

/* A move is a removal and an insertion: the list looks at what came of them, so that selection and focus stay with the layer. */
static void
on_layers_changed (LimnResults *self)
{
  if (!self->fill_source)
    self->fill_source = g_idle_add_full (G_PRIORITY_HIGH, fill_now, self, NULL);
}

static void
limn_results_session_changed (LimnPanel *panel)
{
  LimnResults *self = LIMN_RESULTS (panel);
  g_signal_group_set_target (self->layers, get_layers (self));
  fill_list (self);
}

/* -- Actions -- */

static void
edit_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnResults *self = user;
  limn_session_edit_layer (limn_panel_get_session (LIMN_PANEL (self)), selected_layer (self));
}

static void
variation_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnResults *self = user;
  limn_session_rerun_layer (limn_panel_get_session (LIMN_PANEL (self)), selected_layer (self));
}

static void
move_by (LimnResults *self, int step)
{
  g_autoptr (LimnLayer) layer = g_object_ref (selected_layer (self));
  guint position;
  if (find_layer (self, layer, &position))
    limn_document_move_layer (limn_panel_get_document (LIMN_PANEL (self)), layer, (guint) ((int) position + step));
}

static void
raise_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  move_by (user, 1);
}

static void
lower_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  move_by (user, -1);
}

static void
rename_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnResults *self = user;
  limn_name_label_edit (limn_result_row_get_name (LIMN_RESULT_ROW (gtk_list_box_get_selected_row (self->list))));
}

static void
duplicate_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnResults *self = user;
  LimnLayer *copy = limn_document_duplicate_layer (limn_panel_get_document (LIMN_PANEL (self)), selected_layer (self));
  show_changes (self);
  select_layer (self, copy, TRUE);
}

static void
delete_action (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnResults *self = user;
  guint position;
  if (!find_layer (self, selected_layer (self), &position))
    return;
  limn_document_remove_layer (limn_panel_get_document (LIMN_PANEL (self)), selected_layer (self));
  show_changes (self);
  g_autoptr (LimnLayer) next = g_list_model_get_item (get_layers (self), MAX (position, 1) - 1); /* below it, or else the lowest */
  if (next)
    select_layer (self, next, TRUE);
}

/* A double click or Enter. */
static void
on_activated (LimnResults *self, GtkListBoxRow *row)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->actions), "edit", NULL);
}

static void
on_secondary (GtkGestureClick *gesture, int n, double x, double y, LimnResults *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list, (int) y);
  if (row)
    gtk_list_box_select_row (self->list, row);
}

/* -- Its life -- */

static void
limn_results_dispose (GObject *object)
{
  LimnResults *self = LIMN_RESULTS (object);
  g_clear_handle_id (&self->fill_source, g_source_remove);
  if (self->list) /* whose rows still go, and with them the selection */
    g_signal_handlers_disconnect_by_data (self->list, self);
  self->list = NULL;
  g_clear_object (&self->layers);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (limn_results_parent_class)->dispose (object);
}

static void
limn_results_class_init (LimnResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_results_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_results_session_changed;
}

static void
add_key (GtkEventController *controller, const char *trigger, const char *action)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), gtk_named_action_new (action));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

static void
add_keys (LimnResults *self)
{
  static const char *const keys[][2] = { { "Delete", "layer.delete" }, { "F2", "layer.rename" },       { "<Control>j", "layer.duplicate" },
                                         { "<Alt>Up", "layer.raise" }, { "<Alt>Down", "layer.lower" }, { "<Shift>r", "layer.variation" } };
  GtkEventController *controller = gtk_shortcut_controller_new ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    add_key (controller, keys[i][0], keys[i][1]);
  gtk_widget_add_controller (GTK_WIDGET (self->list), controller);
}

static GtkWidget *
make_empty (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *icon = gtk_image_new_from_icon_name ("limn-layers-symbolic");
  GtkWidget *title = gtk_label_new (_("No Results Yet"));
  GtkWidget *words = gtk_label_new (_("Each edit becomes a layer. The photo itself never changes."));
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 48);
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (words, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 22);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), words);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (box, "results-empty");
  return box;
}

static GtkWidget *
make_photo (LimnResults *self)
{
  enum { SIDE = 48 };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *square = adw_clamp_new ();
  self->photo = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (self->photo, GTK_CONTENT_FIT_CONTAIN);
  gtk_widget_set_size_request (GTK_WIDGET (self->photo), SIDE, SIDE);
  gtk_widget_set_overflow (GTK_WIDGET (self->photo), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self->photo), "result-thumbnail");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->photo), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_clamp_set_maximum_size (ADW_CLAMP (square), SIDE);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (square), SIDE);
  adw_clamp_set_child (ADW_CLAMP (square), GTK_WIDGET (self->photo));
  self->photo_name = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->photo_name), "dim-label");
  gtk_box_append (GTK_BOX (row), square);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->photo_name));
  gtk_widget_add_css_class (row, "photo-row");
  return row;
}

static void
limn_results_init (LimnResults *self)
{
  static const GActionEntry entries[] = {
    { .name = "edit", .activate = edit_action },     { .name = "variation", .activate = variation_action },
    { .name = "rename", .activate = rename_action }, { .name = "duplicate", .activate = duplicate_action },
    { .name = "raise", .activate = raise_action },   { .name = "lower", .activate = lower_action },
    { .name = "delete", .activate = delete_action }
  };
  GtkWidget *scroller = gtk_scrolled_window_new (), *empty = make_empty (), *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkDropTarget *target = gtk_drop_target_new (LIMN_TYPE_LAYER, GDK_ACTION_MOVE);
  GtkGesture *secondary = gtk_gesture_click_new ();
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "layer", G_ACTION_GROUP (self->actions));

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_activate_on_single_click (self->list, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "results");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Results, newest first"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_box_append (GTK_BOX (rows), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (rows), make_photo (self));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), rows);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_stack_add_named (self->stack, scroller, "list");
  gtk_widget_set_size_request (GTK_WIDGET (self), 240, -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "results-panel");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));

  self->layers = g_signal_group_new (G_TYPE_LIST_STORE);
  g_signal_group_connect_swapped (self->layers, "items-changed", G_CALLBACK (on_layers_changed), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_activated), self);
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (update_actions), self);
  gtk_drop_target_set_preload (target, TRUE); /* only layers of this document may be put here */
  g_signal_connect (target, "motion", G_CALLBACK (on_drag_motion), self);
  g_signal_connect (target, "leave", G_CALLBACK (on_drag_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (target));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (on_secondary), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (secondary));
  add_keys (self);
  update_actions (self);
}

GtkWidget *
limn_results_new (void)
{
  return g_object_new (LIMN_TYPE_RESULTS, NULL);
}
