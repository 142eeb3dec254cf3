/* All materials by group. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material-chooser.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/edit/limn-material.h"
#include "limn-material-face.h"

enum { COLUMNS = 6, FACE = 48, NAME = 9, MOST_GROUPS = 8 };

struct _LimnMaterialChooser {
  GtkBox parent_instance;
  GtkEditable *entry;
  GtkWidget *nothing;
  guint n_groups;
  GtkWidget *rows[MOST_GROUPS]; /* a group's word and its box */
  GtkFlowBox *boxes[MOST_GROUPS];
};

G_DEFINE_FINAL_TYPE (LimnMaterialChooser, limn_material_chooser, GTK_TYPE_BOX)

static guint chosen_signal;

/* -- Looking for one -- */

static guint8
get_label (GtkFlowBoxChild *child)
{
  return (guint8) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "label"));
}

static const char *
get_name (GtkFlowBoxChild *child)
{
  return gtk_widget_get_tooltip_text (GTK_WIDGET (child));
}

/* Whether a word of the name begins with what is typed, whatever its case and accents. */
static gboolean
matches (GtkFlowBoxChild *child, gpointer user)
{
  LimnMaterialChooser *self = user;
  const char *sought = gtk_editable_get_text (self->entry);
  return !*sought || g_str_match_string (sought, get_name (child), TRUE) || strstr (get_name (child), sought);
}

/* The first that is shown, or NULL. */
static GtkFlowBoxChild *
find_first (LimnMaterialChooser *self)
{
  for (guint i = 0; i < self->n_groups; i++)
    for (int k = 0; gtk_flow_box_get_child_at_index (self->boxes[i], k); k++) {
      GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->boxes[i], k);
      if (matches (child, self))
        return child;
    }
  return NULL;
}

static void
on_search (LimnMaterialChooser *self)
{
  for (guint i = 0; i < self->n_groups; i++) {
    gboolean any = FALSE;
    gtk_flow_box_invalidate_filter (self->boxes[i]);
    for (int k = 0; gtk_flow_box_get_child_at_index (self->boxes[i], k); k++)
      any |= matches (gtk_flow_box_get_child_at_index (self->boxes[i], k), self);
    gtk_widget_set_visible (self->rows[i], any);
  }
  gtk_widget_set_visible (self->nothing, !find_first (self));
}

static void
choose (LimnMaterialChooser *self, GtkFlowBoxChild *child)
{
  if (child)
    g_signal_emit (self, chosen_signal, 0, (guint) get_label (child));
}

static void
on_enter (LimnMaterialChooser *self)
{
  if (*gtk_editable_get_text (self->entry))
    choose (self, find_first (self));
}

static void show_own (LimnMaterialChooser *self, const LimnSurfaceList *own);

void
limn_material_chooser_begin (LimnMaterialChooser *self, guint8 label, const LimnSurfaceList *own)
{
  show_own (self, own);
  gtk_editable_set_text (self->entry, "");
  for (guint i = 0; i < self->n_groups; i++)
    for (int k = 0; gtk_flow_box_get_child_at_index (self->boxes[i], k); k++) {
      GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->boxes[i], k);
      gboolean is = get_label (child) == label;
      if (is)
        gtk_widget_add_css_class (GTK_WIDGET (child), "chosen");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (child), "chosen");
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
limn_material_chooser_class_init (LimnMaterialChooserClass *klass)
{
  chosen_signal = g_signal_new ("chosen", LIMN_TYPE_MATERIAL_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

/* -- Building it -- */

static void
add_one (GtkFlowBox *box, guint8 label, const char *name, LimnPicture *surface)
{
  GtkWidget *child = gtk_flow_box_child_new (), *stack = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *face = limn_material_face_new (label, FACE, 9);
  GtkWidget *words = gtk_label_new (name);
  gtk_widget_add_css_class (words, "caption");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (words), NAME);
  gtk_label_set_max_width_chars (GTK_LABEL (words), NAME);
  if (surface)
    limn_material_face_set_label (LIMN_MATERIAL_FACE (face), label, surface);
  gtk_box_append (GTK_BOX (stack), face);
  gtk_box_append (GTK_BOX (stack), words);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), stack);
  gtk_widget_set_tooltip_text (child, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (child), "label", GUINT_TO_POINTER (label));
  gtk_flow_box_append (box, child);
}

static void
add_group (LimnMaterialChooser *self, GtkWidget *list, const char *title, GArray *labels)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *word = gtk_label_new (title), *box = gtk_flow_box_new ();
  gtk_label_set_xalign (GTK_LABEL (word), 0);
  gtk_widget_add_css_class (word, "heading");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), COLUMNS);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), COLUMNS);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_flow_box_set_activate_on_single_click (GTK_FLOW_BOX (box), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  for (guint i = 0; i < labels->len; i++)
    add_one (GTK_FLOW_BOX (box), g_array_index (labels, guint8, i), limn_material_get_name (g_array_index (labels, guint8, i)), NULL);
  gtk_flow_box_set_filter_func (GTK_FLOW_BOX (box), matches, self, NULL);
  g_signal_connect_swapped (box, "child-activated", G_CALLBACK (choose), self);
  gtk_box_append (GTK_BOX (row), word);
  gtk_box_append (GTK_BOX (row), box);
  gtk_box_append (GTK_BOX (list), row);
  self->rows[self->n_groups] = row;
  self->boxes[self->n_groups++] = GTK_FLOW_BOX (box);
}

static void
add_groups (LimnMaterialChooser *self, GtkWidget *list)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, 1);
  g_array_append_vals (labels, (const guint8[]){ LIMN_MATERIAL_GUESS, LIMN_MATERIAL_PLAIN }, 2);
  add_group (self, list, _("None"), labels);
  for (guint group = 0; group < limn_material_get_n_groups (); group++) {
    g_array_set_size (labels, 0);
    for (guint i = 0; i < limn_material_get_count (); i++) {
      LimnMaterialInfo info = limn_material_get (i);
      if (info.group == group)
        g_array_append_val (labels, info.label);
    }
    add_group (self, list, limn_material_group_get_name (group), labels);
  }
  g_array_set_size (labels, 0);
  add_group (self, list, C_("materials", "Mine"), labels);
}

/* In the last group. */
static void
show_own (LimnMaterialChooser *self, const LimnSurfaceList *own)
{
  GtkFlowBox *box = self->boxes[self->n_groups - 1];
  for (GtkFlowBoxChild *child; (child = gtk_flow_box_get_child_at_index (box, 0));)
    gtk_flow_box_remove (box, GTK_WIDGET (child));
  for (guint i = 0; i < limn_surface_list_get_count (own); i++) {
    const LimnOwnSurface *surface = limn_surface_list_get (own, i);
    add_one (box, surface->label, surface->name, surface->picture);
  }
  on_search (self);
}

static void
limn_material_chooser_init (LimnMaterialChooser *self)
{
  GtkWidget *entry = gtk_search_entry_new (), *scroller = gtk_scrolled_window_new (), *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (GTK_WIDGET (self), "materials");
  self->entry = GTK_EDITABLE (entry);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find a material"), -1);
  g_object_set (entry, "placeholder-text", _("Find a material"), NULL);
  add_groups (self, list);
  self->nothing = gtk_label_new (_("There is no such material"));
  gtk_widget_add_css_class (self->nothing, "dim-label");
  gtk_widget_set_visible (self->nothing, FALSE);
  gtk_box_append (GTK_BOX (list), self->nothing);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 420);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 180);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_box_append (GTK_BOX (self), entry);
  gtk_box_append (GTK_BOX (self), scroller);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_search), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (on_enter), self);
}

GtkWidget *
limn_material_chooser_new (void)
{
  return g_object_new (LIMN_TYPE_MATERIAL_CHOOSER, NULL);
}
