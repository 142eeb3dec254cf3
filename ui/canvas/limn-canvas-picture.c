/* The document's pixels on the canvas: which planes are seen in which pane, and drawing the tiles. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include "app/document/limn-document-layers.h"
#include <adwaita.h>
#include <gsk/gskcairorenderer.h>
#include <math.h>

/* Time a frame may spend on composing tiles, in microseconds. */
#define FRAME_BUDGET 7000
#define OUTLINE_INTERVAL 120 /* milliseconds between two steps of the moving outline */

static void
on_mips_ready (const LimnRect *rect, gpointer user)
{
  LimnCanvas *self = user;
  for (int i = 0; i < LIMN_N_PANES; i++)
    if (self->tiles[i])
      limn_tiles_invalidate (self->tiles[i], rect);
  limn_canvas_redraw_later (self);
}

/* The document's rasters are others once its size changed. */
static void
update_planes (LimnCanvas *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    LimnRaster *raster = limn_document_get_plane (self->document, i);
    limn_plane_mips_set (self->planes[i], raster, NULL);
    limn_plane_mips_set (self->fresh[i], raster, self->before[i]);
  }
  for (int i = 0; i < 2; i++)
    limn_plane_mips_set (self->sources[i], limn_document_get_plane (self->document, LIMN_DOCUMENT_SOURCES), NULL);
  limn_plane_mips_set (self->damage, self->session ? limn_session_get_damage (self->session) : NULL, NULL);
}

static void
forget_pictures (LimnCanvas *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&self->before[i]);
    g_clear_object (&self->shown[i]);
    self->shown[i] = limn_raster_copy (limn_document_get_plane (self->document, i));
    self->before[i] = g_object_ref (self->shown[i]);
  }
}

/* A picture came. A sketch's was asked for after the one before it came, at the earliest: strokes that were there then are in it, newer
 * ones may not be. The others' are only asked for when the hand rests. */
static void
note_picture (LimnCanvas *self)
{
  gboolean late = limn_canvas_get_takes (self) & LIMN_TAKES_DRAWING;
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    LimnRaster *raster = limn_document_get_plane (self->document, i), *now = limn_raster_copy (raster);
    g_clear_object (&self->before[i]);
    self->before[i] = late ? g_steal_pointer (&self->shown[i]) : g_object_ref (now);
    g_clear_object (&self->shown[i]);
    self->shown[i] = now;
    limn_plane_mips_set (self->fresh[i], raster, self->before[i]);
  }
}

static void
draw_again (LimnCanvas *self)
{
  update_planes (self);
  for (int i = 0; i < LIMN_N_PANES; i++)
    if (self->tiles[i])
      limn_tiles_invalidate (self->tiles[i], NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_canvas_damage_changed (LimnCanvas *self)
{
  if (self->damage)
    draw_again (self);
}

void
limn_canvas_picture_settled (LimnCanvas *self)
{
  if (!limn_document_get_has_preview (self->document))
    return;
  forget_pictures (self);
  draw_again (self);
}

static LimnLayer *
dup_top_layer (LimnCanvas *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  const guint n = g_list_model_get_n_items (layers);
  return n ? g_list_model_get_item (layers, n - 1) : NULL;
}

static void
forget_asked (LimnCanvas *self)
{
  g_clear_object (&self->asked_over);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&self->asked[i]);
}

void
limn_canvas_picture_busy (LimnCanvas *self)
{
  gboolean busy = FALSE;
  g_autoptr (LimnLayer) top = self->document ? dup_top_layer (self) : NULL;
  if (self->session)
    g_object_get (self->session, "busy", &busy, NULL);
  if (!busy && self->asked[0] && top && top != self->asked_over) { /* an edit ended, and not only an operation on a plane */
    for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
      g_set_object (&self->before[i], self->asked[i]);
      g_set_object (&self->shown[i], self->asked[i]);
    }
    draw_again (self);
  }
  forget_asked (self);
  for (int i = 0; busy && i < LIMN_DOCUMENT_N_PLANES; i++)
    self->asked[i] = limn_raster_copy (limn_document_get_plane (self->document, i));
  if (busy)
    self->asked_over = g_steal_pointer (&top);
}

void
limn_canvas_open_picture (LimnCanvas *self)
{
  for (int i = 0; i < 2; i++)
    self->mips[i] = limn_mips_new (self->document, (LimnSnapshotSource) i, on_mips_ready, self);
  forget_pictures (self);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    self->planes[i] = limn_plane_mips_new ();
    self->fresh[i] = limn_plane_mips_new ();
  }
  self->sources[0] = limn_plane_mips_new_of_label (LIMN_LABEL_TAKE_FROM);
  self->sources[1] = limn_plane_mips_new_of_label (LIMN_LABEL_NOT_FROM);
  self->damage = limn_plane_mips_new ();
  update_planes (self);
}

void
limn_canvas_close_picture (LimnCanvas *self)
{
  for (int i = 0; i < LIMN_N_PANES; i++)
    g_clear_pointer (&self->tiles[i], limn_tiles_free);
  for (int i = 0; i < 2; i++) {
    g_clear_pointer (&self->mips[i], limn_mips_free);
    g_clear_pointer (&self->sources[i], limn_plane_mips_free);
  }
  g_clear_pointer (&self->damage, limn_plane_mips_free);
  forget_asked (self);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_pointer (&self->planes[i], limn_plane_mips_free);
    g_clear_pointer (&self->fresh[i], limn_plane_mips_free);
    g_clear_object (&self->before[i]);
    g_clear_object (&self->shown[i]);
  }
}

void
limn_canvas_picture_changed (LimnCanvas *self, const LimnRect *rect, LimnChange what)
{
  if (what & LIMN_CHANGE_SIZE) {
    forget_asked (self);
    for (int i = 0; i < 2; i++)
      limn_mips_reset (self->mips[i]);
    for (int i = 0; i < LIMN_N_PANES; i++)
      g_clear_pointer (&self->tiles[i], limn_tiles_free);
    forget_pictures (self);
    update_planes (self);
    return;
  }
  if (what & LIMN_CHANGE_IMAGE) {
    for (int i = 0; i < 2; i++)
      limn_mips_invalidate (self->mips[i], rect);
    note_picture (self);
  }
  if (what & (LIMN_CHANGE_MASK | LIMN_CHANGE_PAINT | LIMN_CHANGE_GUIDE | LIMN_CHANGE_MARKS))
    for (int i = 0; i < LIMN_N_PANES; i++)
      if (self->tiles[i])
        limn_tiles_invalidate (self->tiles[i], rect);
}

/* -- What is seen -- */

static guint32
color_word (double red, double green, double blue)
{
  return 0xff000000u | (guint32) lround (red * 255) << 16 | (guint32) lround (green * 255) << 8 | (guint32) lround (blue * 255);
}

static guint32
accent (LimnCanvas *self)
{
  GdkRGBA color = { 0.208f, 0.518f, 0.894f, 1 };
  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_bg_color", &color);
  return color_word (color.red, color.green, color.blue);
}

/* Planes are seen whole until a picture shows what came of them; from then on only what it doesn't know yet. */
static LimnPlaneMips *
plane (LimnCanvas *self, LimnDocumentPlane index, gboolean pictured)
{
  return pictured ? self->fresh[index] : self->planes[index];
}

static gboolean
has_visible_layer (LimnCanvas *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (layers); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    LimnLayerStyle look = limn_layer_get_style (layer);
    if (limn_layer_style_is_visible (&look))
      return TRUE;
  }
  return FALSE;
}

/* A picture hides what it was made with, but from whoever is telling it. */
static gboolean
shows_sources (LimnCanvas *self, gboolean preview)
{
  LimnToolKind tool = limn_session_get_tool (self->session);
  return !preview || tool == LIMN_TOOL_TAKE_FROM || tool == LIMN_TOOL_NOT_FROM;
}

/* As the scene's planes of that index. */
static void
show_drawing (LimnCanvas *self, LimnCanvasScene *scene, int index, gboolean pictured)
{
  scene->paint[index] = plane (self, LIMN_DOCUMENT_PAINT, pictured);
  scene->ink[index] = plane (self, LIMN_DOCUMENT_LINES, pictured);
}

static void
make_scene (LimnCanvas *self, LimnPane what, LimnCanvasScene *scene)
{
  gboolean preview = limn_document_get_has_preview (self->document);
  *scene = (LimnCanvasScene){ .image = self->mips[what == LIMN_PANE_RESULT ? LIMN_SNAPSHOT_RESULT : LIMN_SNAPSHOT_ORIGINAL],
                              .grid = TRUE,
                              .tint_color = accent (self) };
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  scene->checks[0] = dark ? 0xff5a5a5au : 0xffd4d4d4u;
  scene->checks[1] = dark ? 0xff4a4a4au : 0xffbababau;
  if (what == LIMN_PANE_ORIGINAL)
    return;
  LimnTakes takes = limn_canvas_get_takes (self);
  if (takes & LIMN_TAKES_GUIDE) {
    scene->guide = TRUE;
    scene->paint[0] = plane (self, LIMN_DOCUMENT_GUIDE, preview);
    scene->ink[0] = plane (self, LIMN_DOCUMENT_GUIDE_LINES, preview);
  }
  for (int i = 0; i < 2 && takes & LIMN_TAKES_SOURCES && shows_sources (self, preview); i++)
    scene->sources[i] = self->sources[i];
  if (takes & LIMN_TAKES_MASK) {
    scene->tint = plane (self, LIMN_DOCUMENT_MASK, preview);
    scene->outline = self->planes[LIMN_DOCUMENT_MASK];
  }
  if (takes & LIMN_TAKES_MARKS && limn_session_get_tool (self->session) != LIMN_TOOL_CROP)
    scene->tint = scene->outline = self->damage;
  /* in other tasks too a sketch is seen as it was drawn until there is a picture of it: so it is saved */
  if (takes & LIMN_TAKES_DRAWING)
    show_drawing (self, scene, 0, what == LIMN_PANE_RESULT && (preview || has_visible_layer (self)));
  else if (limn_document_is_sketch (self->document) && !preview && !has_visible_layer (self))
    show_drawing (self, scene, 1, FALSE);
}

/* Device pixels of the document that a pane shows. */
static LimnRect
visible_part (LimnCanvas *self, const graphene_rect_t *pane)
{
  double scale = self->view.scale;
  return (LimnRect){ (int) floor (-self->view.x * scale), (int) floor (-self->view.y * scale), (int) ceil (pane->size.width * scale) + 1,
                     (int) ceil (pane->size.height * scale) + 1 };
}

static gboolean
is_software (LimnCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  return native && GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (native));
}

/* Of the pane, what lies in part. */
static void
draw_pane (LimnCanvas *self, GtkSnapshot *snapshot, const graphene_rect_t *pane, const graphene_rect_t *part, LimnPane what,
           gint64 deadline)
{
  double zoom = self->view.zoom * self->view.scale;
  LimnRect visible = visible_part (self, pane),
           document = { 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
  LimnRect whole = { 0, 0, (int) ceil (document.width * zoom), (int) ceil (document.height * zoom) };
  LimnRect seen = limn_rect_intersect (&visible, &whole);
  LimnCanvasScene scene;
  if (limn_rect_is_empty (&seen) || part->size.width <= 0 || part->size.height <= 0) /* GTK 4.8 never frees what is in an empty clip */
    return;
  if (!self->tiles[what])
    self->tiles[what] = limn_tiles_new (is_software (self));
  LimnTiles *tiles = self->tiles[what];
  make_scene (self, what, &scene);
  limn_tiles_set_scene (tiles, &scene);
  limn_tiles_set_scale (tiles, zoom, self->view.scale, document.width, document.height);
  int level = limn_mips_level_for (zoom);
  LimnRect source = limn_compose_source (zoom, level, &seen);
  limn_mips_prepare (scene.image, level, &source);
  if (!limn_tiles_prepare (tiles, &visible, deadline, self->phase))
    limn_canvas_redraw_later (self);

  gtk_snapshot_push_clip (snapshot, part);
  limn_tiles_snapshot (tiles, snapshot, &visible, pane->origin.x + self->view.x, pane->origin.y + self->view.y);
  /* a line of one pixel around the picture, so that white ends somewhere */
  GskRoundedRect edge;
  const GdkRGBA line = { 0, 0, 0, 0.25f };
  double unit = 1.0 / self->view.scale;
  gsk_rounded_rect_init_from_rect (&edge,
                                   &GRAPHENE_RECT_INIT ((float) (pane->origin.x + self->view.x - unit),
                                                        (float) (pane->origin.y + self->view.y - unit),
                                                        (float) (whole.width * unit + 2 * unit), (float) (whole.height * unit + 2 * unit)),
                                   0);
  gtk_snapshot_append_border (snapshot, &edge, (float[4]){ (float) unit, (float) unit, (float) unit, (float) unit },
                              (GdkRGBA[4]){ line, line, line, line });
  gtk_snapshot_pop (snapshot);
}

void
limn_canvas_snapshot_picture (LimnCanvas *self, GtkSnapshot *snapshot)
{
  graphene_rect_t panes[2];
  LimnPane what[2];
  guint n = limn_canvas_get_panes (self, panes, what);
  gint64 deadline = g_get_monotonic_time () + FRAME_BUDGET;
  double divider;
  if (limn_canvas_get_divider (self, &divider)) {
    float at = (float) (round (divider * self->view.scale) / self->view.scale), width = panes[0].size.width;
    graphene_rect_t before = panes[0], after = panes[0];
    at = CLAMP (at, 0, width);
    before.size.width = at;
    after.origin.x = at;
    after.size.width = width - at;
    draw_pane (self, snapshot, &panes[0], &before, LIMN_PANE_ORIGINAL, deadline);
    draw_pane (self, snapshot, &panes[0], &after, LIMN_PANE_RESULT, deadline);
  } else {
    for (guint i = 0; i < n; i++)
      draw_pane (self, snapshot, &panes[i], &panes[i], what[i], deadline);
  }
  limn_canvas_update_outline (self);
}

/* -- The moving outline -- */

static gboolean
outline_is_seen (LimnCanvas *self)
{
  graphene_rect_t panes[2];
  LimnPane what[2];
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (!self->document || !gtk_widget_get_mapped (GTK_WIDGET (self)) || !root || !gtk_window_is_active (GTK_WINDOW (root)))
    return FALSE;
  guint n = limn_canvas_get_panes (self, panes, what);
  for (guint i = 0; i < n; i++) {
    LimnRect visible = visible_part (self, &panes[i]);
    if (self->tiles[what[i]] && limn_tiles_has_outline (self->tiles[what[i]], &visible))
      return TRUE;
  }
  return FALSE;
}

static gboolean
outline_step (gpointer user)
{
  LimnCanvas *self = user;
  if (!outline_is_seen (self) || !limn_canvas_animates (self)) {
    self->outline_source = 0;
    return G_SOURCE_REMOVE;
  }
  if (self->drag == LIMN_INTENT_NONE) { /* while something moves anyway, the outline rests */
    self->phase++;
    gtk_widget_queue_draw (GTK_WIDGET (self));
  }
  return G_SOURCE_CONTINUE;
}

void
limn_canvas_update_outline (LimnCanvas *self)
{
  if (!self->outline_source && limn_canvas_animates (self) && outline_is_seen (self))
    self->outline_source = g_timeout_add (OUTLINE_INTERVAL, outline_step, self);
}
