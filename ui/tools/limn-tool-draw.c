/* What tools and the canvas draw over a picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-draw.h"

void
limn_tool_append_path (GtkSnapshot *snapshot, const LimnPoint *points, gsize n, gboolean closed)
{
  if (n < 2)
    return;
  double left = points[0].x, right = left, top = points[0].y, bottom = top;
  for (gsize i = 1; i < n; i++) {
    left = MIN (left, points[i].x);
    right = MAX (right, points[i].x);
    top = MIN (top, points[i].y);
    bottom = MAX (bottom, points[i].y);
  }
  cairo_t *cr = gtk_snapshot_append_cairo (
    snapshot, &GRAPHENE_RECT_INIT ((float) left - 2, (float) top - 2, (float) (right - left) + 4, (float) (bottom - top) + 4));
  for (gsize i = 0; i < n; i++)
    cairo_line_to (cr, floor (points[i].x) + 0.5, floor (points[i].y) + 0.5);
  if (closed)
    cairo_close_path (cr);
  cairo_set_line_width (cr, 1);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.95);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, (const double[]){ 4, 4 }, 2, 0);
  cairo_set_source_rgba (cr, 0.06, 0.06, 0.06, 0.95);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

void
limn_tool_append_circle (GtkSnapshot *snapshot, double x, double y, double radius)
{
  const GdkRGBA dark = { 0, 0, 0, 0.6f }, light = { 1, 1, 1, 0.95f };
  float r = (float) radius;
  GskRoundedRect circle;
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) x - r - 1, (float) y - r - 1, 2 * r + 2, 2 * r + 2);
  gsk_rounded_rect_init_from_rect (&circle, &box, r + 1);
  gtk_snapshot_append_border (snapshot, &circle, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ dark, dark, dark, dark });
  gsk_rounded_rect_init_from_rect (&circle, &GRAPHENE_RECT_INIT ((float) x - r, (float) y - r, 2 * r, 2 * r), r);
  gtk_snapshot_append_border (snapshot, &circle, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ light, light, light, light });
}

void
limn_tool_append_handle (GtkSnapshot *snapshot, double x, double y)
{
  const GdkRGBA dark = { 0, 0, 0, 0.6f }, light = { 1, 1, 1, 1 };
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT ((float) x - 6, (float) y - 6, 12, 12));
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT ((float) x - 5, (float) y - 5, 10, 10));
}

PangoLayout *
limn_tool_make_words (PangoContext *context, const char *text, int *width, int *height)
{
  PangoLayout *words = pango_layout_new (context);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.85));
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (words, attributes);
  pango_layout_set_text (words, text, -1);
  pango_layout_get_pixel_size (words, width, height);
  return words;
}

void
limn_tool_append_words (GtkSnapshot *snapshot, PangoLayout *words, float left, float top)
{
  const GdkRGBA dark = { 0, 0, 0, 0.6f }, light = { 1, 1, 1, 1 };
  int width, height;
  GskRoundedRect pill;
  pango_layout_get_pixel_size (words, &width, &height);
  gsk_rounded_rect_init_from_rect (&pill,
                                   &GRAPHENE_RECT_INIT (left - LIMN_PILL_SIDE, top - LIMN_PILL_EDGE, (float) (width + 2 * LIMN_PILL_SIDE),
                                                        (float) (height + 2 * LIMN_PILL_EDGE)),
                                   (float) height / 2 + LIMN_PILL_EDGE);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &dark, &pill.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (left, top));
  gtk_snapshot_append_layout (snapshot, words, &light);
  gtk_snapshot_restore (snapshot);
}

void
limn_tool_append_label (GtkSnapshot *snapshot, const char *text, double x, double y)
{
  g_autofree char *font = NULL;
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  int width, height;
  g_object_get (gtk_settings_get_default (), "gtk-font-name", &font, NULL);
  PangoFontDescription *description = pango_font_description_from_string (font);
  pango_context_set_font_description (context, description);
  pango_font_description_free (description);
  g_autoptr (PangoLayout) words = limn_tool_make_words (context, text, &width, &height);
  g_object_unref (context);
  limn_tool_append_words (snapshot, words, (float) round (x - width / 2.0), (float) round (y - height / 2.0));
}
