/* One picture of a batch in a list. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-many-row.h"

#include <glib/gi18n.h>

#include "ui/pictures/limn-file-thumbnail.h"

enum { THUMBNAIL = 44 };

struct _LimnManyRow {
  GtkWidget parent;
  GtkWidget *box, *before, *after;
  GtkLabel *name, *state;
  GtkStack *sign; /* beside the state: "none", "works", "done", "failed" */
  GtkSpinner *spinner;
  LimnBatchItem *item;
  char *shown_after; /* what after shows */
};

G_DEFINE_FINAL_TYPE (LimnManyRow, limn_many_row, GTK_TYPE_WIDGET)

static char *
describe (LimnBatchItem *item)
{
  const GError *error = limn_batch_item_get_error (item);

  switch (limn_batch_item_get_state (item)) {
  case LIMN_BATCH_RUNNING: return g_strdup (_("Working…"));
  case LIMN_BATCH_DONE: return g_strdup (_("Done"));
  case LIMN_BATCH_SKIPPED: return g_strdup (_("Done before"));
  case LIMN_BATCH_FAILED: return g_strdup (error ? error->message : _("Failed"));
  case LIMN_BATCH_EXPECTING: return g_strdup (_("Waits for its mask"));
  default: return g_strdup (_("Waiting"));
  }
}

static void
show_after (LimnManyRow *self, const char *path)
{
  if (g_strcmp0 (self->shown_after, path) == 0)
    return;
  g_free (self->shown_after);
  self->shown_after = g_strdup (path);
  limn_file_thumbnail_show (self->after, path);
  gtk_widget_set_opacity (self->after, path ? 1 : 0); /* its place stays */
}

static void
show_state (LimnManyRow *self)
{
  const LimnBatchState state = self->item ? limn_batch_item_get_state (self->item) : LIMN_BATCH_WAITING;
  const gboolean failed = state == LIMN_BATCH_FAILED, done = state == LIMN_BATCH_DONE || state == LIMN_BATCH_SKIPPED;
  g_autofree char *text = self->item ? describe (self->item) : NULL, *name = NULL;

  if (!self->item)
    return;
  name = g_strdup_printf ("%s, %s", gtk_label_get_text (self->name), text);
  gtk_label_set_text (self->state, text);
  gtk_label_set_lines (self->state, failed ? 3 : 1);
  gtk_label_set_wrap (self->state, failed);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), failed ? text : NULL);
  (failed ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self->state), "error");
  (failed ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (GTK_WIDGET (self->state), "dim-label");
  gtk_stack_set_visible_child_name (self->sign, failed ? "failed" : done ? "done" : state == LIMN_BATCH_RUNNING ? "works" : "none");
  gtk_spinner_set_spinning (self->spinner, state == LIMN_BATCH_RUNNING);
  show_after (self, done ? limn_batch_item_get_out (self->item) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (gtk_widget_get_parent (GTK_WIDGET (self))) /* the list's own, which has the focus */
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (self))), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
set_item (LimnManyRow *self, LimnBatchItem *item)
{
  g_autofree char *name = item ? g_filename_display_basename (limn_batch_item_get_path (item)) : NULL;

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  limn_file_thumbnail_show (self->before, item ? limn_batch_item_get_path (item) : NULL);
  if (item) {
    gtk_label_set_text (self->name, name);
    g_signal_connect_swapped (item, "notify::message", G_CALLBACK (show_state), self); /* the state is told before it */
    show_state (self);
  } else {
    show_after (self, NULL);
    gtk_spinner_set_spinning (self->spinner, FALSE);
  }
}

/* -- Making it -- */

static void
limn_many_row_dispose (GObject *object)
{
  LimnManyRow *self = LIMN_MANY_ROW (object);

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_pointer (&self->shown_after, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (limn_many_row_parent_class)->dispose (object);
}

static void
limn_many_row_class_init (LimnManyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = limn_many_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "manyrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkLabel *
add_label (GtkWidget *words, const char *klass)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (klass)
    gtk_widget_add_css_class (label, klass);
  gtk_box_append (GTK_BOX (words), label);
  return GTK_LABEL (label);
}

static GtkStack *
make_sign (LimnManyRow *self)
{
  GtkWidget *stack = gtk_stack_new (), *done = gtk_image_new_from_icon_name ("object-select-symbolic");
  GtkWidget *failed = gtk_image_new_from_icon_name ("dialog-error-symbolic");

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_add_css_class (done, "success");
  gtk_widget_add_css_class (failed, "error");
  gtk_stack_add_named (GTK_STACK (stack), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "none");
  gtk_stack_add_named (GTK_STACK (stack), GTK_WIDGET (self->spinner), "works");
  gtk_stack_add_named (GTK_STACK (stack), done, "done");
  gtk_stack_add_named (GTK_STACK (stack), failed, "failed");
  gtk_accessible_update_state (GTK_ACCESSIBLE (stack), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1); /* the words tell it */
  return GTK_STACK (stack);
}

static void
limn_many_row_init (LimnManyRow *self)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->before = limn_file_thumbnail_new (THUMBNAIL);
  self->after = limn_file_thumbnail_new (THUMBNAIL);
  gtk_widget_set_opacity (self->after, 0);
  self->name = add_label (words, NULL);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_MIDDLE);
  self->state = add_label (words, "caption");
  self->sign = make_sign (self);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->box), self->before);
  gtk_box_append (GTK_BOX (self->box), words);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->sign));
  gtk_box_append (GTK_BOX (self->box), self->after);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/* -- Its factory -- */

static void
setup (GtkListItemFactory *factory, GtkListItem *cell)
{
  gtk_list_item_set_child (cell, g_object_new (LIMN_TYPE_MANY_ROW, NULL));
}

static void
bind (GtkListItemFactory *factory, GtkListItem *cell)
{
  set_item (LIMN_MANY_ROW (gtk_list_item_get_child (cell)), gtk_list_item_get_item (cell));
}

static void
unbind (GtkListItemFactory *factory, GtkListItem *cell)
{
  set_item (LIMN_MANY_ROW (gtk_list_item_get_child (cell)), NULL);
}

GtkListItemFactory *
limn_many_row_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind), NULL);
  return factory;
}
