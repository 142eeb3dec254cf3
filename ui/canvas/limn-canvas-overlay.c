/* What lies above the picture: the tool's own, dots, lens, divider, busy mark. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include "app/document/limn-document-strokes.h"
#include "ui/tools/limn-tool-draw.h"

#include <math.h>

#define DOT_RADIUS 9.0f /* on the screen; the document's own is for the engine */
#define HANDLE_RADIUS 18.0f
#define WORD_GAP 10    /* from the divider, and from the picture's upper edge */
#define BUSY_AFTER 300 /* milliseconds; what is quicker shows no mark */
#define BUSY_INTERVAL 100

static const GdkRGBA white = { 1, 1, 1, 1 }, shade = { 0, 0, 0, 0.45f };

/* A filled circle with a white ring and a thin dark one, to be seen on any ground. */
static void
append_ring (GtkSnapshot *snapshot, double x, double y, float radius, float ring, const GdkRGBA *fill)
{
  GskRoundedRect outer, inner;
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) x - radius - 1, (float) y - radius - 1, 2 * radius + 2, 2 * radius + 2);
  gsk_rounded_rect_init_from_rect (&outer, &box, radius + 1);
  gsk_rounded_rect_init_from_rect (&inner, &GRAPHENE_RECT_INIT ((float) x - radius, (float) y - radius, 2 * radius, 2 * radius), radius);
  if (fill) {
    gtk_snapshot_push_rounded_clip (snapshot, &inner);
    gtk_snapshot_append_color (snapshot, fill, &inner.bounds);
    gtk_snapshot_pop (snapshot);
  }
  gtk_snapshot_append_border (snapshot, &inner, (float[4]){ ring, ring, ring, ring }, (GdkRGBA[4]){ white, white, white, white });
  gtk_snapshot_append_border (snapshot, &outer, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ shade, shade, shade, shade });
}

static void
draw_dots (LimnCanvas *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < limn_document_get_n_dots (self->document); i++) {
    const LimnDot *dot = limn_document_get_dot (self->document, i);
    GdkRGBA color = { dot->rgb[0] / 255.0f, dot->rgb[1] / 255.0f, dot->rgb[2] / 255.0f, 1 };
    double x, y;
    limn_view_from_document (&self->view, dot->x, dot->y, &x, &y);
    append_ring (snapshot, x, y, DOT_RADIUS, 2, &color);
  }
}

/* A part of the picture as it is, to be enlarged by the renderer. */
static GdkTexture *
make_plain (LimnCanvas *self, const LimnRect *region)
{
  gsize stride = (gsize) region->width * 4;
  guint8 *pixels = g_malloc (stride * (gsize) region->height);
  limn_document_render (self->document, LIMN_SNAPSHOT_RESULT, 0, region, pixels, stride);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * (gsize) region->height);
  return gdk_memory_texture_new (region->width, region->height, GDK_MEMORY_R8G8B8A8, bytes, stride);
}

static void
append_region (GtkSnapshot *snapshot, GdkTexture *texture, const LimnRect *region, double x, double y, double magnified)
{
  gtk_snapshot_append_texture (snapshot, texture,
                               &GRAPHENE_RECT_INIT ((float) (x + region->x * magnified), (float) (y + region->y * magnified),
                                                    (float) (region->width * magnified), (float) (region->height * magnified)));
}

/* Beside what it is made of where both are compared; nothing while the original is asked for. */
static void
draw_enlarged (LimnCanvas *self, GtkSnapshot *snapshot, GdkTexture *texture, const LimnRect *region, double x, double y, double magnified,
               const graphene_rect_t *circle)
{
  gboolean compare, original;
  graphene_rect_t part = *circle;
  g_object_get (self->session, "compare", &compare, "show-original", &original, NULL);
  if (original)
    return;
  if (compare) {
    part.origin.x += part.size.width / 2;
    part.size.width /= 2;
  }
  gtk_snapshot_push_clip (snapshot, &part);
  append_region (snapshot, texture, region, x, y, magnified);
  gtk_snapshot_pop (snapshot);
  if (compare)
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 },
                               &GRAPHENE_RECT_INIT (part.origin.x - 1, part.origin.y, 2, part.size.height));
}

/* A round loupe: the enlarged spot at the enlargement's own pixels, over the photo as it is, which is seen while that is being made. */
static void
draw_lens (LimnCanvas *self, GtkSnapshot *snapshot)
{
  double x, y, radius, at_x, at_y;
  GdkTexture *texture;
  LimnRect region;
  if (!limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region))
    return;
  limn_view_from_document (&self->view, x, y, &at_x, &at_y);
  float r = (float) LIMN_LENS_RADIUS;
  GskRoundedRect circle;
  gsk_rounded_rect_init_from_rect (&circle, &GRAPHENE_RECT_INIT ((float) at_x - r, (float) at_y - r, 2 * r, 2 * r), r);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.5f, 0.5f, 0.5f, 1 }, &circle.bounds);
  double magnified = LIMN_LENS_RADIUS / radius; /* view units a pixel of the photo */
  int half = (int) ceil (radius) + 1;
  LimnRect around = { (int) floor (x) - half, (int) floor (y) - half, 2 * half + 1, 2 * half + 1 };
  g_autoptr (GdkTexture) plain = make_plain (self, &around);
  append_region (snapshot, plain, &around, at_x - x * magnified, at_y - y * magnified, magnified);
  if (texture && region.width > 0)
    draw_enlarged (self, snapshot, texture, &region, at_x - x * magnified, at_y - y * magnified, magnified, &circle.bounds);
  gtk_snapshot_pop (snapshot);
  append_ring (snapshot, at_x, at_y, r, 3, NULL);
}

/* Which compares what it shows by itself. */
static gboolean
has_lens (LimnCanvas *self)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  return limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region);
}

gboolean
limn_canvas_get_divider (LimnCanvas *self, double *x)
{
  gboolean compare = FALSE, original = FALSE;
  double position = 0, y;
  if (!self->session)
    return FALSE;
  g_object_get (self->session, "compare", &compare, "compare-position", &position, "show-original", &original, NULL);
  graphene_rect_t panes[2];
  LimnPane what[2];
  if (!compare || original || has_lens (self) || limn_canvas_get_panes (self, panes, what) != 1 || what[0] != LIMN_PANE_RESULT)
    return FALSE;
  limn_view_from_document (&self->view, position * limn_document_get_width (self->document), 0, x, &y);
  return TRUE;
}

/* A word on a dark ground beside x, on the left for side < 0, where the picture begins or the pane does; none where it has no room. */
static void
draw_word (LimnCanvas *self, GtkSnapshot *snapshot, const char *word, double x, int side)
{
  int width, height;
  double left, top;
  g_autoptr (PangoLayout) words = limn_tool_make_words (gtk_widget_get_pango_context (GTK_WIDGET (self)), word, &width, &height);
  limn_view_from_document (&self->view, 0, 0, &left, &top);
  double begin = round (side < 0 ? x - WORD_GAP - LIMN_PILL_SIDE - width : x + WORD_GAP + LIMN_PILL_SIDE);
  if (begin - LIMN_PILL_SIDE >= 0 && begin + width + LIMN_PILL_SIDE <= gtk_widget_get_width (GTK_WIDGET (self)))
    limn_tool_append_words (snapshot, words, (float) begin, (float) (MAX (round (top), 0) + WORD_GAP + LIMN_PILL_EDGE));
}

static void
draw_divider (LimnCanvas *self, GtkSnapshot *snapshot, double x)
{
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  double middle_x, middle_y;
  limn_view_get_middle (&self->view, &middle_x, &middle_y);
  x = round (x);
  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT ((float) x - 2, 0, 4, height));
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT ((float) x - 1, 0, 2, height));
  draw_word (self, snapshot, _("Before"), x, -1); /* on the left in every language, as the picture isn't mirrored */
  draw_word (self, snapshot, _("After"), x, 1);
  append_ring (snapshot, x, middle_y, HANDLE_RADIUS, 2, &white);
  /* two arrows, away from each other */
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT ((float) x - 12, (float) middle_y - 8, 24, 16));
  cairo_set_source_rgb (cr, 0.25, 0.25, 0.25);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, x + side * 5, middle_y - 4);
    cairo_line_to (cr, x + side * 9, middle_y);
    cairo_line_to (cr, x + side * 5, middle_y + 4);
  }
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* Three dots that take turns, small, in the picture's lower corner. */
static void
draw_busy (LimnCanvas *self, GtkSnapshot *snapshot)
{
  double right, bottom;
  graphene_rect_t panes[2];
  LimnPane what[2];
  guint n = limn_canvas_get_panes (self, panes, what);
  const graphene_rect_t *pane = &panes[n - 1];
  limn_view_from_document (&self->view, limn_document_get_width (self->document), limn_document_get_height (self->document), &right,
                           &bottom);
  float x = pane->origin.x + (float) MIN (right, pane->size.width - self->view.right) - 46;
  float y = pane->origin.y + (float) MIN (bottom, pane->size.height - self->view.bottom) - 30;
  GskRoundedRect pill, dot;
  gsk_rounded_rect_init_from_rect (&pill, &GRAPHENE_RECT_INIT (x, y, 36, 20), 10);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0, 0, 0, 0.55f }, &pill.bounds);
  gtk_snapshot_pop (snapshot);
  for (guint i = 0; i < 3; i++) {
    gboolean lit = self->busy_phase / 3 % 3 == i || !limn_canvas_animates (self);
    gsk_rounded_rect_init_from_rect (&dot, &GRAPHENE_RECT_INIT (x + 7 + 9 * (float) i, y + 8, 4, 4), 2);
    gtk_snapshot_push_rounded_clip (snapshot, &dot);
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, lit ? 1 : 0.45f }, &dot.bounds);
    gtk_snapshot_pop (snapshot);
  }
}

static gboolean
busy_step (gpointer user)
{
  LimnCanvas *self = user;
  self->busy_phase++;
  self->busy_shown = self->busy_phase * BUSY_INTERVAL >= BUSY_AFTER;
  if (self->busy_shown && (self->busy_phase % 3 == 0) && (limn_canvas_animates (self) || self->busy_phase == BUSY_AFTER / BUSY_INTERVAL))
    gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_CONTINUE;
}

void
limn_canvas_update_busy (LimnCanvas *self)
{
  gboolean previewing = FALSE, busy = FALSE;
  if (self->session)
    g_object_get (self->session, "previewing", &previewing, "busy", &busy, NULL);
  previewing = previewing && !busy; /* a committed edit has its own progress */
  if (previewing && !self->busy_source) {
    self->busy_phase = 0;
    self->busy_source = g_timeout_add (BUSY_INTERVAL, busy_step, self);
  } else if (!previewing && self->busy_source) {
    g_clear_handle_id (&self->busy_source, g_source_remove);
    if (self->busy_shown)
      gtk_widget_queue_draw (GTK_WIDGET (self));
    self->busy_shown = FALSE;
  }
}

void
limn_canvas_snapshot_overlay (LimnCanvas *self, GtkSnapshot *snapshot)
{
  graphene_rect_t panes[2];
  LimnPane what[2];
  guint n = limn_canvas_get_panes (self, panes, what);
  gboolean original = what[0] == LIMN_PANE_ORIGINAL;
  double divider;
  for (guint i = 0; i < n && !original; i++) {
    gtk_snapshot_push_clip (snapshot, &panes[i]);
    gtk_snapshot_save (snapshot);
    gtk_snapshot_translate (snapshot, &panes[i].origin);
    if (limn_canvas_get_takes (self) & LIMN_TAKES_DOTS)
      draw_dots (self, snapshot);
    if (self->tool)
      limn_tool_snapshot (self->tool, snapshot, self->view.zoom, self->view.x, self->view.y);
    limn_canvas_snapshot_material (self, snapshot);
    limn_canvas_snapshot_keyboard (self, snapshot);
    gtk_snapshot_restore (snapshot);
    gtk_snapshot_pop (snapshot);
  }
  if (!original)
    draw_lens (self, snapshot);
  if (n == 2) {
    graphene_rect_t line = panes[1];
    if (line.origin.x > 0)
      line.size.width = 1;
    else
      line.size.height = 1;
    gtk_snapshot_append_color (snapshot, &shade, &line);
  }
  if (limn_canvas_get_divider (self, &divider))
    draw_divider (self, snapshot, divider);
  else if (original)
    draw_word (self, snapshot, _("Before"), MAX (self->view.x, self->view.left), 1);
  if (self->busy_shown)
    draw_busy (self, snapshot);
}
