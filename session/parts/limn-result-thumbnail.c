/* Small pictures of results. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-result-thumbnail.h"

#include "app/base/limn-thread.h"
#include "app/compose/limn-stack.h"

#define THUMBNAIL_SIZE 96

GdkTexture *
limn_stack_render_texture (const LimnStack *stack, LimnRect rect, int size)
{
  int level = 0;
  while (MAX (rect.width, rect.height) >> level > 2 * size)
    level++;
  LimnRect small = { rect.x >> level, rect.y >> level, MAX (1, rect.width >> level), MAX (1, rect.height >> level) };
  gsize stride = (gsize) small.width * 4;
  guint8 *pixels = g_try_malloc_n ((gsize) small.height, stride);
  if (!pixels)
    return NULL;
  limn_stack_render (stack, level, &small, pixels, stride);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * (gsize) small.height);
  return gdk_memory_texture_new (small.width, small.height, GDK_MEMORY_R8G8B8A8, bytes, stride);
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

typedef struct {
  LimnStack *stack;
  LimnRect rect;
  LimnPicture *picture; /* the result's */
} Thumbnail;

static void
thumbnail_free (gpointer data)
{
  Thumbnail *self = data;
  limn_stack_free (self->stack);
  g_object_unref (self->picture);
  g_free (self);
}

static void
run_thumbnail (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Thumbnail *self = data;
  limn_thread_set_background ();
  g_task_return_pointer (task, limn_stack_render_texture (self->stack, self->rect, THUMBNAIL_SIZE), g_object_unref);
}

/* What lies under the result, with it on top. A sketch's result stands for itself. */
static LimnStack *
dup_stack (const LimnStack *under, const LimnResult *result, gboolean on_top)
{
  g_autofree LimnStackLayer *layers = g_new (LimnStackLayer, under->n_layers + 1);
  LimnStack stack = { under->photo, layers, under->n_layers };
  for (guint i = 0; i < under->n_layers; i++)
    layers[i] = under->layers[i];
  if (on_top)
    layers[stack.n_layers++] = (LimnStackLayer){ .picture = result->picture,
                                                 .x = (int) result->x,
                                                 .y = (int) result->y,
                                                 .opacity = 1,
                                                 .stretch = result->whole,
                                                 .keep_alpha = result->keep_alpha };
  return limn_stack_copy (&stack);
}

void
limn_result_thumbnail_async (const LimnEdit *edit, const LimnResult *result, GAsyncReadyCallback ready, gpointer user)
{
  LimnSource *from = edit->from.photo;
  const LimnStack *under = from ? limn_source_get_stack (from) : &(LimnStack){ result->picture, NULL, 0 };
  LimnRect all = { 0, 0, (int) limn_picture_get_width (under->photo), (int) limn_picture_get_height (under->photo) };
  Thumbnail *thumbnail = g_new0 (Thumbnail, 1);
  thumbnail->stack = dup_stack (under, result, from != NULL);
  thumbnail->rect = from && !result->whole ? surroundings (under->photo, result) : all;
  thumbnail->picture = g_object_ref (result->picture);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, ready, user);
  g_task_set_task_data (task, thumbnail, thumbnail_free);
  g_task_run_in_thread (task, run_thumbnail);
}

GdkTexture *
limn_result_thumbnail_finish (GAsyncResult *async, LimnPicture **picture)
{
  *picture = ((Thumbnail *) g_task_get_task_data (G_TASK (async)))->picture;
  return g_task_propagate_pointer (G_TASK (async), NULL);
}
