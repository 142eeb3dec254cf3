/* A sketch's materials to paint with. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material-row.h"

#include <glib/gi18n.h>

#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "ui/materials/limn-material-chooser.h"
#include "ui/materials/limn-material-face.h"

struct _LimnMaterialRow {
  LimnPanel parent_instance;
  GtkMenuButton *button;
  LimnMaterialFace *face;
  GtkLabel *name;
  LimnMaterialChooser *chooser;
  GtkScrolledWindow *scroller;
  GPtrArray *swatches; /* of GtkButton, with "label" */
};

G_DEFINE_FINAL_TYPE (LimnMaterialRow, limn_material_row, LIMN_TYPE_PANEL)

static guint8
get_material (LimnMaterialRow *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  int material = LIMN_MATERIAL_GUESS;
  if (session)
    g_object_get (session, "material", &material, NULL);
  return (guint8) material;
}

static guint8
get_label (gpointer swatch)
{
  return (guint8) GPOINTER_TO_UINT (g_object_get_data (swatch, "label"));
}

static void
mark (GtkWidget *swatch, gboolean chosen)
{
  if (chosen)
    gtk_widget_add_css_class (swatch, "chosen");
  else
    gtk_widget_remove_css_class (swatch, "chosen");
  gtk_accessible_update_state (GTK_ACCESSIBLE (swatch), GTK_ACCESSIBLE_STATE_PRESSED,
                               chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

/* Into what the row shows, as far as it has a place. */
static void
scroll_to (LimnMaterialRow *self, GtkWidget *swatch)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (self->scroller);
  graphene_rect_t bounds;
  if (gtk_widget_compute_bounds (swatch, gtk_widget_get_parent (swatch), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.x, bounds.origin.x + bounds.size.width);
}

static void
show_material (LimnMaterialRow *self)
{
  guint8 label = get_material (self);
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  const LimnOwnSurface *own = session ? limn_surface_list_find (limn_document_get_surfaces (limn_session_get_document (session)), label)
                                      : NULL;
  const char *name = session ? limn_session_get_material_name (session, label) : limn_material_get_name (label);
  g_autofree char *words = g_strdup_printf (_("Material: %s"), name);
  limn_material_face_set_label (self->face, label, own ? own->picture : NULL);
  gtk_label_set_text (self->name, name);
  limn_widget_describe (GTK_WIDGET (self->button), words, "win.materials");
  for (guint i = 0; i < self->swatches->len; i++) {
    gboolean chosen = get_label (self->swatches->pdata[i]) == label;
    mark (self->swatches->pdata[i], chosen);
    if (chosen)
      scroll_to (self, self->swatches->pdata[i]);
  }
}

static void
choose (LimnMaterialRow *self, guint label)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (session)
    limn_session_choose_material (session, (guint8) label);
}

static void
on_clicked (LimnMaterialRow *self, GtkButton *swatch)
{
  choose (self, get_label (swatch));
}

static void
on_chosen (LimnMaterialRow *self, guint label)
{
  gtk_menu_button_popdown (self->button);
  choose (self, label);
}

static void
on_popover_shown (LimnMaterialRow *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  limn_material_chooser_begin (self->chooser, get_material (self), session ? limn_session_list_surfaces (session) : NULL);
}

static void
limn_material_row_session_changed (LimnPanel *panel)
{
  show_material (LIMN_MATERIAL_ROW (panel));
}

static void
limn_material_row_dispose (GObject *object)
{
  g_clear_pointer (&LIMN_MATERIAL_ROW (object)->swatches, g_ptr_array_unref);
  G_OBJECT_CLASS (limn_material_row_parent_class)->dispose (object);
}

static void
limn_material_row_class_init (LimnMaterialRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_material_row_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_material_row_session_changed;
}

/* -- Building it -- */

static GtkWidget *
make_button (LimnMaterialRow *self)
{
  GtkWidget *popover = gtk_popover_new (), *inside = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *name = gtk_label_new (NULL);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->face = LIMN_MATERIAL_FACE (limn_material_face_new (LIMN_MATERIAL_GUESS, 24, 12));
  self->chooser = LIMN_MATERIAL_CHOOSER (limn_material_chooser_new ());
  self->name = GTK_LABEL (name);
  gtk_label_set_width_chars (self->name, 10); /* nothing moves when another one is chosen */
  gtk_label_set_max_width_chars (self->name, 10);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->name, 0);
  gtk_box_append (GTK_BOX (inside), GTK_WIDGET (self->face));
  gtk_box_append (GTK_BOX (inside), name);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->chooser));
  gtk_menu_button_set_child (self->button, inside);
  gtk_menu_button_set_always_show_arrow (self->button, TRUE);
  gtk_menu_button_set_direction (self->button, GTK_ARROW_UP);
  gtk_menu_button_set_popover (self->button, popover);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "material-button");
  limn_menu_button_return_focus (self->button);
  limn_menu_button_hide_tooltip (self->button);
  g_signal_connect_swapped (popover, "show", G_CALLBACK (on_popover_shown), self);
  g_signal_connect_swapped (self->chooser, "chosen", G_CALLBACK (on_chosen), self);
  return GTK_WIDGET (self->button);
}

static void
add_swatch (LimnMaterialRow *self, GtkWidget *row, guint8 label)
{
  GtkWidget *swatch = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (swatch), limn_material_face_new (label, 22, 11));
  gtk_widget_add_css_class (swatch, "swatch");
  gtk_widget_add_css_class (swatch, "flat");
  gtk_widget_add_css_class (swatch, "circular");
  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  limn_widget_describe (swatch, limn_material_get_name (label), NULL);
  g_object_set_data (G_OBJECT (swatch), "label", GUINT_TO_POINTER (label));
  g_signal_connect_swapped (swatch, "clicked", G_CALLBACK (on_clicked), self);
  g_ptr_array_add (self->swatches, swatch);
  gtk_box_append (GTK_BOX (row), swatch);
}

static void
add_separator (GtkWidget *row)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (line, "between-groups");
  gtk_box_append (GTK_BOX (row), line);
}

static GtkWidget *
make_swatches (LimnMaterialRow *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Materials"), -1);
  gtk_widget_add_css_class (row, "palette");
  add_swatch (self, row, LIMN_MATERIAL_GUESS);
  add_swatch (self, row, LIMN_MATERIAL_PLAIN);
  for (guint i = 0, group = G_MAXUINT; i < limn_material_get_count (); i++) {
    LimnMaterialInfo info = limn_material_get (i);
    if (info.group != group)
      add_separator (row);
    group = info.group;
    add_swatch (self, row, info.label);
  }
  return row;
}

static void
limn_material_row_init (LimnMaterialRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *scroller = gtk_scrolled_window_new ();
  self->swatches = g_ptr_array_new ();
  self->scroller = GTK_SCROLLED_WINDOW (scroller);
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (self->scroller, TRUE);
  gtk_scrolled_window_set_min_content_width (self->scroller, 96);
  gtk_scrolled_window_set_child (self->scroller, make_swatches (self));
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), make_button (self));
  gtk_box_append (GTK_BOX (box), scroller);
  adw_bin_set_child (ADW_BIN (self), box);
  limn_panel_watch (LIMN_PANEL (self), "notify::material", G_CALLBACK (show_material));
  show_material (self);
}

void
limn_material_row_open (LimnMaterialRow *self)
{
  gtk_menu_button_popup (self->button);
}

GtkWidget *
limn_material_row_new (void)
{
  return g_object_new (LIMN_TYPE_MATERIAL_ROW, NULL);
}
