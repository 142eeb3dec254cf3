/* Swatches, and names of colours for those who hear them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-swatch.h"

#include <glib/gi18n.h>

/* The coloured disc in the button. */
#define LIMN_TYPE_DISC (limn_disc_get_type ())
G_DECLARE_FINAL_TYPE (LimnDisc, limn_disc, LIMN, DISC, GtkWidget)
struct _LimnDisc {
  GtkWidget parent_instance;
  GdkRGBA color;
};
G_DEFINE_FINAL_TYPE (LimnDisc, limn_disc, GTK_TYPE_WIDGET)

static void
limn_disc_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnDisc *self = LIMN_DISC (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  GskRoundedRect round;
  GdkRGBA edge;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &edge);
  edge.alpha *= 0.25f;
  gsk_rounded_rect_init_from_rect (&round, &bounds, (float) MIN (width, height) / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, &self->color, &bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &round, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ edge, edge, edge, edge });
}

static void
limn_disc_class_init (LimnDiscClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = limn_disc_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
limn_disc_init (LimnDisc *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), 22, 22);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_focus_on_click (GTK_WIDGET (self), FALSE);
}

struct _LimnSwatch {
  GtkButton parent_instance;
  LimnDisc *disc;
};

G_DEFINE_FINAL_TYPE (LimnSwatch, limn_swatch, GTK_TYPE_BUTTON)

static void
limn_swatch_class_init (LimnSwatchClass *klass)
{
}

static void
limn_swatch_init (LimnSwatch *self)
{
  self->disc = g_object_new (LIMN_TYPE_DISC, NULL);
  gtk_button_set_child (GTK_BUTTON (self), GTK_WIDGET (self->disc));
  gtk_widget_add_css_class (GTK_WIDGET (self), "swatch");
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "circular");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_focus_on_click (GTK_WIDGET (self), FALSE);
  limn_swatch_set_color (self, &(GdkRGBA){ 0, 0, 0, 1 });
}

GtkWidget *
limn_swatch_new (void)
{
  return g_object_new (LIMN_TYPE_SWATCH, NULL);
}

void
limn_swatch_set_color (LimnSwatch *self, const GdkRGBA *color)
{
  g_autofree char *name = limn_color_name (color);
  self->disc->color = *color;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_widget_queue_draw (GTK_WIDGET (self->disc));
}

const GdkRGBA *
limn_swatch_get_color (LimnSwatch *self)
{
  return &self->disc->color;
}

void
limn_swatch_set_chosen (LimnSwatch *self, gboolean chosen)
{
  if (chosen)
    gtk_widget_add_css_class (GTK_WIDGET (self), "chosen");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "chosen");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_PRESSED,
                               chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

/* -- Names -- */

static const char *
hue_name (float hue, float value)
{
  static const struct {
    float to;
    const char *name;
  } hues[] = { { 15, N_("red") },   { 42, N_("orange") },  { 68, N_("yellow") }, { 165, N_("green") }, { 195, N_("turquoise") },
               { 255, N_("blue") }, { 290, N_("purple") }, { 345, N_("pink") },  { 361, N_("red") } };
  if (hue >= 15 && hue < 42 && value < 0.65f)
    return _("brown");
  for (guint i = 0; i < G_N_ELEMENTS (hues); i++)
    if (hue < hues[i].to)
      return _(hues[i].name);
  return _("red");
}

char *
limn_color_name (const GdkRGBA *color)
{
  float hue, saturation, value;
  gtk_rgb_to_hsv (color->red, color->green, color->blue, &hue, &saturation, &value);
  if (value < 0.15f)
    return g_strdup (_("black"));
  if (saturation < 0.12f)
    return g_strdup (value > 0.92f ? _("white") : value > 0.65f ? _("light gray") : value > 0.35f ? _("gray") : _("dark gray"));
  const char *name = hue_name (hue * 360, value);
  if (value < 0.5f)
    return g_strdup_printf (_("dark %s"), name);
  return saturation < 0.45f && value > 0.75f ? g_strdup_printf (_("light %s"), name) : g_strdup (name);
}
