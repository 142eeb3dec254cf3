/* The lens of upscale, and small pictures of results.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/compose/limn-stack.h"
#include "app/picture/limn-codec.h"

#include <math.h>

#define THUMBNAIL 96

static GdkTexture *
texture_new (int width, int height, const guint8 *rgba)
{
  g_autoptr (GBytes) bytes = g_bytes_new (rgba, (gsize) width * (gsize) height * 4);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8, bytes, (gsize) width * 4);
}

/* Renders rect of the stack into a texture of at most about twice size pixels. */
static GdkTexture *
render (const LimnStack *stack, LimnRect rect, int size)
{
  int level = 0;
  while (MAX (rect.width, rect.height) >> level > 2 * size)
    level++;
  LimnRect small = { rect.x >> level, rect.y >> level, MAX (1, rect.width >> level), MAX (1, rect.height >> level) };
  g_autofree guint8 *pixels = g_try_malloc_n ((gsize) small.width * (gsize) small.height, 4);
  if (!pixels)
    return NULL;
  limn_stack_render (stack, level, &small, pixels, (gsize) small.width * 4);
  return texture_new (small.width, small.height, pixels);
}

/* The result with a fifth of its size around it, square where the photo has room. */
static LimnRect
surroundings (LimnPicture *photo, const LimnResult *result)
{
  int width = (int) limn_picture_get_width (photo), height = (int) limn_picture_get_height (photo);
  int w = (int) limn_picture_get_width (result->picture), h = (int) limn_picture_get_height (result->picture);
  int side = MIN (MAX (w, h) * 7 / 5 + 8, MAX (width, height));
  int x = (int) result->x + w / 2 - side / 2, y = (int) result->y + h / 2 - side / 2;
  LimnRect rect = { MAX (0, MIN (x, width - side)), MAX (0, MIN (y, height - side)), MIN (side, width), MIN (side, height) };
  return rect;
}

/* A small picture being made on another thread. */
typedef struct {
  GWeakRef session;
  LimnStack *stack;
  LimnRect rect;
  guint variation;
  LimnPicture *of; /* the result's */
} Thumbnail;

static void
thumbnail_free (gpointer data)
{
  Thumbnail *self = data;
  g_weak_ref_clear (&self->session);
  limn_stack_free (self->stack);
  g_object_unref (self->of);
  g_free (self);
}

static void
run_thumbnail (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Thumbnail *self = data;
  limn_codec_step_back ();
  g_task_return_pointer (task, render (self->stack, self->rect, THUMBNAIL), g_object_unref);
}

static void
on_thumbnail (GObject *source, GAsyncResult *result, gpointer user)
{
  Thumbnail *self = g_task_get_task_data (G_TASK (result));
  g_autoptr (LimnSession) session = g_weak_ref_get (&self->session);
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);
  if (session && texture)
    limn_session_take_thumbnail (session, self->variation, self->of, texture);
}

void
limn_session_make_thumbnail (LimnSession *self, guint variation)
{
  const LimnResult *result = self->variations[variation].result;
  LimnSource *from = self->variations[variation].edit->from.photo;
  const LimnStack *under = from ? limn_source_get_stack (from) : &(LimnStack){ result->picture, NULL, 0 }; /* a sketch stands for itself */
  LimnRect all = { 0, 0, (int) limn_picture_get_width (under->photo), (int) limn_picture_get_height (under->photo) };
  g_autofree LimnStackLayer *layers = g_new (LimnStackLayer, under->n_layers + 1);
  LimnStack stack = { under->photo, layers, under->n_layers };
  for (guint i = 0; i < under->n_layers; i++)
    layers[i] = under->layers[i];
  if (from)
    layers[stack.n_layers++] = (LimnStackLayer){ .picture = result->picture,
                                                 .x = (int) result->x,
                                                 .y = (int) result->y,
                                                 .opacity = 1,
                                                 .stretch = result->whole,
                                                 .keep_alpha = result->keep_alpha };
  Thumbnail *thumbnail = g_new0 (Thumbnail, 1);
  g_weak_ref_init (&thumbnail->session, self);
  thumbnail->stack = limn_stack_copy (&stack);
  thumbnail->rect = from && !result->whole ? surroundings (under->photo, result) : all;
  thumbnail->variation = variation;
  thumbnail->of = g_object_ref (result->picture);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_thumbnail, NULL);
  g_task_set_task_data (task, thumbnail, thumbnail_free);
  g_task_run_in_thread (task, run_thumbnail);
}

/* -- The lens -- */

static LimnRect
lens_region (LimnSession *self)
{
  LimnRect all = { 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
  int side = MAX (1, (int) ceil (2 * self->lens_radius));
  int x = (int) floor (self->lens_x - self->lens_radius), y = (int) floor (self->lens_y - self->lens_radius);
  LimnRect box = { x, y, side, side };
  return limn_rect_intersect (&box, &all);
}

void
limn_session_lens_aim (LimnSession *self, LimnEdit *edit)
{
  LimnRect region = lens_region (self);
  edit->has_region = TRUE;
  edit->region_x = (gsize) region.x;
  edit->region_y = (gsize) region.y;
  edit->region_width = (gsize) region.width;
  edit->region_height = (gsize) region.height;
}

void
limn_session_lens_note (LimnSession *self, guint64 serial)
{
  guint i = self->n_lens_asked++ % G_N_ELEMENTS (self->lens_asked);
  self->lens_asked[i].serial = serial;
  self->lens_asked[i].region = lens_region (self);
}

void
limn_session_lens_take (LimnSession *self, guint64 serial, const LimnResult *result)
{
  const LimnRect *region = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (self->lens_asked); i++)
    if (self->lens_asked[i].serial == serial)
      region = &self->lens_asked[i].region;
  g_autoptr (LimnPicture) srgb = region ? limn_picture_to_srgb (result->picture, NULL) : NULL;
  if (!srgb)
    return;
  LimnRect all = { 0, 0, (int) limn_picture_get_width (srgb), (int) limn_picture_get_height (srgb) };
  LimnStack stack = { srgb, NULL, 0 };
  g_autoptr (GdkTexture) texture = render (&stack, all, G_MAXINT / 2);
  if (!texture)
    return;
  g_set_object (&self->lens_texture, texture);
  self->lens_region = *region;
  limn_session_lens_changed (self);
}

void
limn_session_set_lens (LimnSession *self, double x, double y, double radius)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  int width = limn_document_get_width (self->document), height = limn_document_get_height (self->document);
  x = CLAMP (x, 0, width - 1);
  y = CLAMP (y, 0, height - 1);
  if (x == self->lens_x && y == self->lens_y && radius == self->lens_radius)
    return;
  self->lens_x = x;
  self->lens_y = y;
  self->lens_radius = MAX (0, radius);
  limn_session_lens_changed (self);
  if (self->task == LIMN_TASK_UPSCALE)
    limn_session_stale (self);
}

gboolean
limn_session_get_lens (LimnSession *self, double *x, double *y, double *radius, GdkTexture **texture, LimnRect *region)
{
  *x = self->lens_x;
  *y = self->lens_y;
  *radius = self->lens_radius;
  *texture = self->lens_texture;
  *region = self->lens_region;
  return self->lens_radius > 0 && self->task == LIMN_TASK_UPSCALE;
}
