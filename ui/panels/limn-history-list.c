/* The list of steps: what was opened, then the history, which can be thousands of steps long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-history-list.h"

#include <glib/gi18n.h>

struct _LimnHistoryList {
  LimnPanel parent_instance;
  GtkListView *view;
  GtkNoSelection *selection;
  GSignalGroup *history;
};

G_DEFINE_FINAL_TYPE (LimnHistoryList, limn_history_list, LIMN_TYPE_PANEL)

static guint
get_position (LimnHistoryList *self)
{
  LimnDocument *document = limn_panel_get_document (LIMN_PANEL (self));
  return document ? limn_history_get_position (limn_document_get_history (document)) : 0;
}

/* -- Rows: a mark and a name. Item 0 is the beginning. -- */

static void
show_row (LimnHistoryList *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item), *mark = gtk_widget_get_first_child (row), *label = gtk_widget_get_last_child (row);
  gpointer step = gtk_list_item_get_item (item);
  guint here = get_position (self), index = gtk_list_item_get_position (item);
  gtk_label_set_text (GTK_LABEL (label),
                      LIMN_IS_HISTORY_STEP (step) ? limn_history_step_get_name (step) : gtk_string_object_get_string (step));
  gtk_widget_set_opacity (mark, index == here ? 1 : 0);
  if (index > here)
    gtk_widget_add_css_class (row, "dim-label");
  else
    gtk_widget_remove_css_class (row, "dim-label");
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, LimnHistoryList *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_box_append (GTK_BOX (row), label);
  gtk_list_item_set_child (item, row);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, LimnHistoryList *self)
{
  show_row (self, item);
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "item", item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, LimnHistoryList *self)
{
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "item", NULL);
}

/* The rows that there are; the others are bound when they come. */
static void
show_position (LimnHistoryList *self)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->view)); cell; cell = gtk_widget_get_next_sibling (cell)) {
    GtkWidget *row = gtk_widget_get_first_child (cell);
    GtkListItem *item = row ? g_object_get_data (G_OBJECT (row), "item") : NULL;
    if (item)
      show_row (self, item);
  }
}

static void
on_activate (LimnHistoryList *self, guint index)
{
  LimnDocument *document = limn_panel_get_document (LIMN_PANEL (self));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);
  g_autoptr (GError) error = NULL;
  if (document && !limn_document_go_to (document, index, &error) && error)
    g_signal_emit_by_name (limn_panel_get_session (LIMN_PANEL (self)), "message", error->message, FALSE);
  if (popover)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

/* The present step is in sight when the popover opens. */
static void
on_map (LimnHistoryList *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", get_position (self));
}

static void
limn_history_list_session_changed (LimnPanel *panel)
{
  LimnHistoryList *self = LIMN_HISTORY_LIST (panel);
  LimnDocument *document = limn_panel_get_document (panel);
  LimnHistory *history = document ? limn_document_get_history (document) : NULL;
  g_signal_group_set_target (self->history, history);
  if (!history) {
    gtk_no_selection_set_model (self->selection, NULL);
    return;
  }
  const char *beginning[] = { limn_document_is_sketch (document) ? _("New Sketch") : _("Opened"), NULL };
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkStringList) first = gtk_string_list_new (beginning);
  g_list_store_append (parts, first);
  g_list_store_append (parts, history);
  g_autoptr (GtkFlattenListModel) all = gtk_flatten_list_model_new (G_LIST_MODEL (parts));
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (all));
}

static void
limn_history_list_dispose (GObject *object)
{
  g_clear_object (&LIMN_HISTORY_LIST (object)->history);
  G_OBJECT_CLASS (limn_history_list_parent_class)->dispose (object);
}

static void
limn_history_list_class_init (LimnHistoryListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_history_list_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_history_list_session_changed;
}

static void
limn_history_list_init (LimnHistoryList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  self->selection = gtk_no_selection_new (NULL);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), factory));
  gtk_list_view_set_single_click_activate (self->view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("History"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 400);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_widget_set_size_request (scroller, 220, -1);
  adw_bin_set_child (ADW_BIN (self), scroller);
  self->history = g_signal_group_new (LIMN_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history, "notify::position", G_CALLBACK (show_position), self);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
}

GtkWidget *
limn_history_list_new (void)
{
  return g_object_new (LIMN_TYPE_HISTORY_LIST, NULL);
}
