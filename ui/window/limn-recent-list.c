/* Recent pictures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recent-list.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/pictures/limn-file-thumbnail.h"

#define MAX_ITEMS 8
#define THUMBNAIL 36

struct _LimnRecentList {
  GtkWidget parent;
  GtkWidget *box;
  guint n_items;
};

G_DEFINE_FINAL_TYPE (LimnRecentList, limn_recent_list, GTK_TYPE_WIDGET)

enum { PROP_N_ITEMS = 1 };

void
limn_recent_add (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *mime_type = NULL, *type = NULL;
  GtkRecentData data = { .app_name = (char *) "Limn", .app_exec = (char *) "limn %u" };

  if (!uri)
    return;
  type = g_content_type_guess (path, NULL, 0, NULL);
  mime_type = g_content_type_get_mime_type (type);
  data.mime_type = mime_type ? mime_type : (char *) "application/octet-stream";
  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static gint
newest_first (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) a), gtk_recent_info_get_modified ((GtkRecentInfo *) b));
}

static char *
short_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (folder, home) && (folder[strlen (home)] == '/' || !folder[strlen (home)]))
    return g_strconcat ("~", folder + strlen (home), NULL);
  return g_steal_pointer (&folder);
}

static void
clicked (GtkWidget *button, gpointer user)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
add_row (LimnRecentList *self, GtkRecentInfo *info, const char *path)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  g_autofree char *name = g_filename_display_basename (path), *folder = short_folder (path);
  GtkWidget *title = gtk_label_new (name), *subtitle = gtk_label_new (folder), *thumbnail = limn_file_thumbnail_new (THUMBNAIL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (subtitle), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_ellipsize (GTK_LABEL (subtitle), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 36);
  gtk_label_set_max_width_chars (GTK_LABEL (subtitle), 36);
  gtk_widget_add_css_class (subtitle, "caption");
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), subtitle);
  limn_file_thumbnail_show (thumbnail, path);
  gtk_box_append (GTK_BOX (row), thumbnail);
  gtk_box_append (GTK_BOX (row), box);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, folder,
                                  -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "recent-row");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-recent");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", gtk_recent_info_get_uri (info));
  g_signal_connect (button, "clicked", G_CALLBACK (clicked), NULL);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
reload (LimnRecentList *self)
{
  g_autoptr (GList) items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  GtkWidget *child;
  const guint before = self->n_items;

  while ((child = gtk_widget_get_first_child (self->box)))
    gtk_box_remove (GTK_BOX (self->box), child);
  self->n_items = 0;
  items = g_list_sort (g_steal_pointer (&items), newest_first);
  for (GList *each = items; each; each = each->next) {
    g_autofree char *path = g_filename_from_uri (gtk_recent_info_get_uri (each->data), NULL, NULL);

    if (path && self->n_items < MAX_ITEMS && gtk_recent_info_has_application (each->data, "Limn") &&
        g_file_test (path, G_FILE_TEST_EXISTS)) {
      add_row (self, each->data, path);
      self->n_items++;
    }
    gtk_recent_info_unref (each->data);
  }
  if (!self->n_items) {
    GtkWidget *label = gtk_label_new (_("Pictures that you have opened appear here."));

    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
    gtk_widget_add_css_class (label, "dim-label");
    gtk_widget_set_margin_top (label, 18);
    gtk_widget_set_margin_bottom (label, 18);
    gtk_box_append (GTK_BOX (self->box), label);
  }
  if (self->n_items != before)
    g_object_notify (G_OBJECT (self), "n-items");
}

static void
limn_recent_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_uint (value, LIMN_RECENT_LIST (object)->n_items);
}

static void
limn_recent_list_dispose (GObject *object)
{
  LimnRecentList *self = LIMN_RECENT_LIST (object);

  g_signal_handlers_disconnect_by_data (gtk_recent_manager_get_default (), self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (limn_recent_list_parent_class)->dispose (object);
}

static void
limn_recent_list_class_init (LimnRecentListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = limn_recent_list_dispose;
  object_class->get_property = limn_recent_list_get_property;
  g_object_class_install_property (object_class, PROP_N_ITEMS,
                                   g_param_spec_uint ("n-items", NULL, NULL, 0, MAX_ITEMS, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
limn_recent_list_init (LimnRecentList *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_swapped (gtk_recent_manager_get_default (), "changed", G_CALLBACK (reload), self);
  reload (self);
}

guint
limn_recent_list_get_n_items (LimnRecentList *self)
{
  g_return_val_if_fail (LIMN_IS_RECENT_LIST (self), 0);
  return self->n_items;
}
