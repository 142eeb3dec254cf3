/* The dialog for a new surface. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-take-surface.h"

#include <glib/gi18n.h>

#include "app/edit/limn-material.h"
#include "limn-dialogs.h"
#include "ui/pictures/limn-picture-texture.h"

enum { SHOWN = 128 };

/* What a surface may lie as, and the material that does; the first is what is taken for a start. */
static const struct {
  const char *words, *material;
} ways[] = {
  { NC_("surface", "Ground"), "sand" },   { NC_("surface", "Wall"), "plaster" }, { NC_("surface", "Roof"), "roof" },
  { NC_("surface", "Leaves"), "leaves" }, { NC_("surface", "Rock"), "rock" },    { NC_("surface", "Soft and round"), "fur" },
};

typedef struct {
  LimnPicture *picture;
  LimnTakeSurfaceChosen chosen;
  GObject *user;
  GtkEditable *name;
  GtkDropDown *way;
  GtkCheckButton *keep;
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;
  g_object_unref (ask->picture);
  g_object_unref (ask->user);
  g_free (ask);
}

static guint8
find_label (const char *id)
{
  guint index = 0;
  while (!g_str_equal (limn_material_get (index).id, id))
    index++;
  return limn_material_get (index).label;
}

static void
response (AdwMessageDialog *dialog, const char *id, Ask *ask)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (ask->name)));
  LimnOwnSurface surface = { .like = find_label (ways[gtk_drop_down_get_selected (ask->way)].material),
                             .name = *name ? name : _("Surface"),
                             .picture = ask->picture };
  if (g_str_equal (id, "take"))
    ask->chosen (&surface, gtk_check_button_get_active (ask->keep), ask->user);
}

static GtkWidget *
make_ways (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    gtk_string_list_append (list, g_dpgettext2 (NULL, "surface", ways[i].words));
  return gtk_drop_down_new (G_LIST_MODEL (list), NULL);
}

static void
add_row (GtkGrid *grid, int row, const char *words, GtkWidget *widget)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (words);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
}

static GtkWidget *
make_inside (Ask *ask, const char *name)
{
  GtkWidget *grid = gtk_grid_new (), *image, *entry = gtk_entry_new (), *way = make_ways ();
  GtkWidget *keep = gtk_check_button_new_with_mnemonic (_("_Keep for other pictures"));
  g_autoptr (GdkTexture) texture = limn_picture_to_texture (ask->picture);
  image = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (GTK_PICTURE (image), _("The surface"));
  gtk_widget_set_size_request (image, SHOWN, SHOWN);
  gtk_widget_set_halign (image, GTK_ALIGN_CENTER);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (keep), TRUE);
  ask->name = GTK_EDITABLE (entry);
  ask->way = GTK_DROP_DOWN (way);
  ask->keep = GTK_CHECK_BUTTON (keep);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 9);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 9);
  gtk_grid_attach (GTK_GRID (grid), image, 0, 0, 2, 1);
  add_row (GTK_GRID (grid), 1, _("_Name"), entry);
  add_row (GTK_GRID (grid), 2, _("_Lies as"), way);
  gtk_grid_attach (GTK_GRID (grid), keep, 1, 3, 1, 1);
  return grid;
}

void
limn_take_surface_ask (GtkWindow *parent, LimnPicture *picture, const char *name, LimnTakeSurfaceChosen chosen, GObject *user)
{
  AdwMessageDialog *dialog = limn_dialog_new_question (
    parent, _("Take a Surface"), _("It is among the materials of a sketch, in the group “Mine”."), "take", _("_Take"));
  Ask *ask = g_new0 (Ask, 1);
  ask->picture = g_object_ref (picture);
  ask->chosen = chosen;
  ask->user = g_object_ref (user);
  adw_message_dialog_set_extra_child (dialog, make_inside (ask, name));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response), ask, ask_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (GTK_WIDGET (ask->name));
}
