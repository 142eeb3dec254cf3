/* The lens of Upscale. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-lens.h"

#include <math.h>

#include "app/compose/limn-stack.h"
#include "app/picture/limn-picture-color.h"
#include "limn-result-thumbnail.h"

struct _LimnLens {
  LimnDocument *document;
  LimnPreview *preview;
  const LimnLensFuncs *funcs;
  gpointer user;
  gboolean active, refined;
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region; /* what the texture shows */
  struct {
    guint64 stamp;
    LimnRect region;
  } asked[4]; /* the last requests: no more are ever on their way */
  guint n_asked;
};

static LimnRect
get_region (const LimnLens *self)
{
  LimnRect all = { 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
  int side = MAX (1, (int) ceil (2 * self->radius));
  LimnRect box = { (int) floor (self->x - self->radius), (int) floor (self->y - self->radius), side, side };
  return limn_rect_intersect (&box, &all);
}

/* -- For its preview -- */

static LimnPreviewNeed
get_need (gpointer user)
{
  const LimnLens *self = user;
  return (LimnPreviewNeed){ .wanted = self->active && self->radius > 0, .refined = self->refined };
}

static LimnEdit *
make_edit (gpointer user, guint64 stamp, GError **error)
{
  LimnLens *self = user;
  LimnEdit *edit = self->funcs->make_edit (self->user, error);
  LimnRect region = get_region (self);
  if (!edit)
    return NULL;
  edit->from.region = region;
  guint i = self->n_asked++ % G_N_ELEMENTS (self->asked);
  self->asked[i].stamp = stamp;
  self->asked[i].region = region;
  return edit;
}

static GdkTexture *
make_texture (const LimnResult *result)
{
  g_autoptr (LimnPicture) srgb = limn_picture_to_srgb (result->picture, NULL);
  if (!srgb)
    return NULL;
  LimnRect all = { 0, 0, (int) limn_picture_get_width (srgb), (int) limn_picture_get_height (srgb) };
  return limn_stack_render_texture (&(LimnStack){ srgb, NULL, 0 }, all, G_MAXINT / 2);
}

static void
show (gpointer user, const LimnResult *result, guint64 stamp)
{
  LimnLens *self = user;
  const LimnRect *region = NULL;
  for (guint i = 0; result && i < G_N_ELEMENTS (self->asked); i++)
    if (self->asked[i].stamp == stamp)
      region = &self->asked[i].region;
  g_autoptr (GdkTexture) texture = region ? make_texture (result) : NULL;
  if (result && !texture)
    return;
  g_set_object (&self->texture, texture);
  if (region)
    self->region = *region;
  self->funcs->moved (self->user);
}

static void
pending_changed (gpointer user)
{
  LimnLens *self = user;
  self->funcs->pending_changed (self->user);
}

static void
failed (gpointer user, const char *message)
{
  LimnLens *self = user;
  self->funcs->failed (self->user, message);
}

static const LimnPreviewFuncs preview_funcs = { get_need, make_edit, show, pending_changed, failed };

/* -- For its owner -- */

LimnLens *
limn_lens_new (LimnDocument *document, LimnWorker *worker, guint slot, const LimnLensFuncs *funcs, gpointer user)
{
  LimnLens *self = g_new0 (LimnLens, 1);
  self->document = g_object_ref (document);
  self->preview = limn_preview_new (worker, slot, &preview_funcs, self);
  self->funcs = funcs;
  self->user = user;
  return self;
}

void
limn_lens_free (LimnLens *self)
{
  g_object_unref (self->preview);
  g_object_unref (self->document);
  g_clear_object (&self->texture);
  g_free (self);
}

void
limn_lens_set_active (LimnLens *self, gboolean active)
{
  self->active = active;
}

void
limn_lens_invalidate (LimnLens *self, gboolean refined)
{
  self->refined = refined;
  limn_preview_invalidate (self->preview);
}

void
limn_lens_drop (LimnLens *self)
{
  limn_preview_drop (self->preview);
}

gboolean
limn_lens_is_pending (LimnLens *self)
{
  return limn_preview_is_pending (self->preview);
}

gboolean
limn_lens_set (LimnLens *self, double x, double y, double radius)
{
  x = CLAMP (x, 0, limn_document_get_width (self->document) - 1);
  y = CLAMP (y, 0, limn_document_get_height (self->document) - 1);
  radius = MAX (0, radius);
  if (x == self->x && y == self->y && radius == self->radius)
    return FALSE;
  self->x = x;
  self->y = y;
  self->radius = radius;
  self->funcs->moved (self->user);
  return TRUE;
}

gboolean
limn_lens_get (LimnLens *self, double *x, double *y, double *radius, GdkTexture **texture, LimnRect *region)
{
  *x = self->x;
  *y = self->y;
  *radius = self->radius;
  *texture = self->texture;
  *region = self->region;
  return self->radius > 0 && self->active;
}
