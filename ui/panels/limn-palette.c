/* The palette: the suggestions stay where they are while one works, so that the hand finds them again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-palette.h"

#include <glib/gi18n.h>

#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "ui/widgets/limn-color-area.h"
#include "ui/widgets/limn-swatch.h"

enum { N_COLORS = 10 };

struct _LimnPalette {
  LimnPanel parent_instance;
  GtkBox *row;
  LimnSwatch *swatches[N_COLORS];
};

G_DEFINE_FINAL_TYPE (LimnPalette, limn_palette, LIMN_TYPE_PANEL)

/* -- The button -- */

static void
show_color (GtkMenuButton *button, GParamSpec *pspec, LimnColorArea *area)
{
  GtkWidget *swatch = gtk_menu_button_get_child (button);
  GdkRGBA *color;
  g_object_get (area, "color", &color, NULL);
  limn_swatch_set_color (LIMN_SWATCH (swatch), color);
  gdk_rgba_free (color);
}

static void
on_area_color (LimnColorArea *area, GParamSpec *pspec, GtkMenuButton *button)
{
  show_color (button, NULL, area);
}

GtkWidget *
limn_color_button_new (LimnPanel *panel)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (), *area = limn_color_area_new ();
  GtkWidget *swatch = limn_swatch_new ();
  gtk_widget_set_can_target (swatch, FALSE); /* a picture of the colour; the button around it is pressed */
  gtk_widget_set_can_focus (swatch, FALSE);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), swatch);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_popover_set_child (GTK_POPOVER (popover), area);
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "color-button");
  limn_widget_describe (button, _("Color"), NULL);
  limn_menu_button_return_focus (GTK_MENU_BUTTON (button));
  limn_menu_button_hide_tooltip (GTK_MENU_BUTTON (button));
  g_signal_connect (area, "notify::color", G_CALLBACK (on_area_color), button);
  limn_panel_bind (panel, "color", area, "color");
  return button;
}

/* -- The row -- */

static void
mark_chosen (LimnPalette *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  GdkRGBA color = { 0 };
  if (session)
    limn_session_get_color (session, &color);
  for (guint i = 0; i < N_COLORS; i++)
    limn_swatch_set_chosen (self->swatches[i], session && gdk_rgba_equal (&color, limn_swatch_get_color (self->swatches[i])));
}

static void
suggest (LimnPalette *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  GdkRGBA colors[N_COLORS];
  if (!session || !(limn_session_get_kind (session)->takes & (LIMN_TAKES_DOTS | LIMN_TAKES_DRAWING | LIMN_TAKES_GUIDE)))
    return;
  if (gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_PRELIGHT)
    return; /* somebody is about to take one */
  guint n = limn_session_suggest_colors (session, colors, N_COLORS);
  for (guint i = 0; i < N_COLORS; i++) {
    gtk_widget_set_visible (GTK_WIDGET (self->swatches[i]), i < n);
    if (i < n)
      limn_swatch_set_color (self->swatches[i], &colors[i]);
  }
  mark_chosen (self);
}

/* A photo that just got colours suggests others; not once dots are placed by those that are there. */
static void
on_preview (LimnPalette *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (session && limn_session_get_kind (session)->takes & LIMN_TAKES_DOTS &&
      limn_document_get_n_dots (limn_session_get_document (session)) == 0)
    suggest (self);
}

static void
on_clicked (LimnPalette *self, LimnSwatch *swatch)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (!session)
    return;
  limn_session_choose_material (session, LIMN_MATERIAL_GUESS);
  limn_session_set_color (session, limn_swatch_get_color (swatch));
}

static void
limn_palette_session_changed (LimnPanel *panel)
{
  suggest (LIMN_PALETTE (panel));
}

static void
limn_palette_class_init (LimnPaletteClass *klass)
{
  LIMN_PANEL_CLASS (klass)->session_changed = limn_palette_session_changed;
}

static void
limn_palette_init (LimnPalette *self)
{
  self->row = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_add_css_class (GTK_WIDGET (self->row), "palette");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->row), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Suggested colors"), -1);
  for (guint i = 0; i < N_COLORS; i++) {
    self->swatches[i] = LIMN_SWATCH (limn_swatch_new ());
    gtk_box_append (self->row, GTK_WIDGET (self->swatches[i]));
    g_signal_connect_swapped (self->swatches[i], "clicked", G_CALLBACK (on_clicked), self);
  }
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->row));
  limn_panel_watch (LIMN_PANEL (self), "notify::color", G_CALLBACK (mark_chosen));
  limn_panel_watch (LIMN_PANEL (self), "notify::task", G_CALLBACK (suggest));
  limn_panel_watch (LIMN_PANEL (self), "notify::preview-shown", G_CALLBACK (on_preview));
}

GtkWidget *
limn_palette_new (void)
{
  return g_object_new (LIMN_TYPE_PALETTE, NULL);
}
