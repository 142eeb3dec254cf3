/* A picture in memory with the metadata of its file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-private.h"

#include "app/base/limn-mapping.h"

#include <glib/gi18n.h>
#include <string.h>

struct _LimnPicture {
  GObject parent;
  gsize width, height, stride;
  int depth;
  guint8 *data;
  gpointer owner;
  GDestroyNotify free_data;
  gsize mapped; /* bytes of the mapping at data, 0 = there is none */
  gint paged;   /* atomic: claimed by limn_picture_claim_page_out */
  GBytes *profile, *gray_profile, *exif;
  LimnResolution resolution;
  gboolean has_alpha;
  GHashTable *texts;
  LimnPictureSource source;
  LimnPictureLoss loss;
  LimnScreenTransform *screen_transform; /* atomic; made on first use */
};

G_DEFINE_FINAL_TYPE (LimnPicture, limn_picture, G_TYPE_OBJECT)

static void
limn_picture_finalize (GObject *object)
{
  LimnPicture *self = LIMN_PICTURE (object);

  if (self->mapped)
    limn_mapping_free (self->data, self->mapped);
  else if (self->free_data)
    self->free_data (self->owner);
  g_clear_pointer (&self->profile, g_bytes_unref);
  g_clear_pointer (&self->gray_profile, g_bytes_unref);
  g_clear_pointer (&self->exif, g_bytes_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_clear_pointer (&self->screen_transform, limn_screen_transform_free);
  G_OBJECT_CLASS (limn_picture_parent_class)->finalize (object);
}

static void
limn_picture_class_init (LimnPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_picture_finalize;
}

static void
limn_picture_init (LimnPicture *self)
{
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

gboolean
limn_picture_check_size (const char *name, guint64 width, guint64 height, GError **error)
{
  if (width == 0 || height == 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s has no pixels (%lu x %lu)."), name, (gulong) width, (gulong) height);
    return FALSE;
  }
  if (width > LIMN_PICTURE_MAX_SIDE || height > LIMN_PICTURE_MAX_SIDE || width * height > LIMN_PICTURE_MAX_PIXELS) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s is too large: %lu x %lu pixels. The limits are %d pixels a side and %d megapixels."), name, (gulong) width,
                 (gulong) height, LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_PIXELS / 1000000);
    return FALSE;
  }
  return TRUE;
}

static LimnPicture *
picture_around (gsize width, gsize height, int depth, gpointer data, gpointer owner, GDestroyNotify free_data)
{
  LimnPicture *self = g_object_new (LIMN_TYPE_PICTURE, NULL);

  self->width = width;
  self->height = height;
  self->depth = depth;
  self->stride = width * 4 * (gsize) depth / 8;
  self->data = data;
  self->owner = owner;
  self->free_data = free_data;
  return self;
}

LimnPicture *
limn_picture_new (gsize width, gsize height, int depth, GError **error)
{
  gsize bytes;
  gpointer data;

  g_return_val_if_fail (depth == 8 || depth == 16, NULL);

  if (!limn_picture_check_size (_("The picture"), width, height, error))
    return NULL;
  bytes = width * height * 4 * (gsize) depth / 8; /* at most 1.6e9 */
  data = bytes < LIMN_MAPPING_MIN ? g_try_malloc0 (bytes) : limn_mapping_new (bytes);
  if (!data) {
    g_set_error (
      error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
      _("There is not enough memory for a picture of %zu x %zu pixels (%zu MB). Close other programs or use a smaller picture."), width,
      height, bytes / 1000000);
    return NULL;
  }
  return bytes < LIMN_MAPPING_MIN ? limn_picture_new_take (width, height, depth, data, data, g_free, error)
                                  : limn_picture_new_mapped (width, height, depth, data, error);
}

LimnPicture *
limn_picture_new_take (gsize width, gsize height, int depth, gpointer data, gpointer owner, GDestroyNotify free_data, GError **error)
{
  if (!limn_picture_check_size (_("The picture"), width, height, error)) {
    free_data (owner);
    return NULL;
  }
  return picture_around (width, height, depth, data, owner, free_data);
}

LimnPicture *
limn_picture_new_mapped (gsize width, gsize height, int depth, gpointer mapping, GError **error)
{
  LimnPicture *self;

  if (!limn_picture_check_size (_("The picture"), width, height, error)) {
    limn_mapping_free (mapping, width * height * 4 * (gsize) depth / 8);
    return NULL;
  }
  self = picture_around (width, height, depth, mapping, NULL, NULL);
  self->mapped = self->stride * height;
  return self;
}

void
limn_picture_copy_metadata (LimnPicture *self, LimnPicture *from)
{
  GHashTableIter iter;
  gpointer key, value;

  limn_picture_set_profile (self, from->profile);
  limn_picture_set_gray_profile (self, from->gray_profile);
  limn_picture_set_exif (self, from->exif);
  self->resolution = from->resolution;
  self->has_alpha = from->has_alpha;
  self->source = from->source;
  g_hash_table_iter_init (&iter, from->texts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (self->texts, g_strdup (key), g_strdup (value));
}

gboolean
limn_picture_can_page_out (LimnPicture *self)
{
  return self->mapped > 0 && !g_atomic_int_get (&self->paged);
}

gboolean
limn_picture_claim_page_out (LimnPicture *self)
{
  return self->mapped > 0 && g_atomic_int_compare_and_exchange (&self->paged, FALSE, TRUE);
}

gboolean
limn_picture_page_out (LimnPicture *self, int fd)
{
  g_return_val_if_fail (self->mapped > 0, FALSE);
  return limn_mapping_page_out (self->data, self->mapped, fd);
}

LimnPicture *
limn_picture_dup (LimnPicture *self, gboolean copy, GError **error)
{
  LimnPicture *other = limn_picture_new (self->width, self->height, self->depth, error);

  if (!other)
    return NULL;
  limn_picture_copy_metadata (other, self);
  if (copy)
    memcpy (other->data, self->data, self->stride * self->height);
  return other;
}

gsize
limn_picture_get_width (LimnPicture *self)
{
  return self->width;
}

gsize
limn_picture_get_height (LimnPicture *self)
{
  return self->height;
}

int
limn_picture_get_depth (LimnPicture *self)
{
  return self->depth;
}

gsize
limn_picture_get_stride (LimnPicture *self)
{
  return self->stride;
}

guint8 *
limn_picture_get_data (LimnPicture *self)
{
  return self->data;
}

static void
set_bytes (GBytes **member, GBytes *bytes)
{
  if (bytes)
    g_bytes_ref (bytes);
  if (*member)
    g_bytes_unref (*member);
  *member = bytes;
}

GBytes *
limn_picture_get_profile (LimnPicture *self)
{
  return self->profile;
}

void
limn_picture_set_profile (LimnPicture *self, GBytes *profile)
{
  set_bytes (&self->profile, profile);
  set_bytes (&self->gray_profile, NULL);
}

GBytes *
limn_picture_get_gray_profile (LimnPicture *self)
{
  return self->gray_profile;
}

void
limn_picture_set_gray_profile (LimnPicture *self, GBytes *gray_profile)
{
  set_bytes (&self->gray_profile, gray_profile);
}

GBytes *
limn_picture_get_exif (LimnPicture *self)
{
  return self->exif;
}

void
limn_picture_set_exif (LimnPicture *self, GBytes *exif)
{
  set_bytes (&self->exif, exif);
}

LimnResolution
limn_picture_get_resolution (LimnPicture *self)
{
  return self->resolution;
}

void
limn_picture_set_resolution (LimnPicture *self, LimnResolution resolution)
{
  self->resolution = resolution;
}

LimnScreenTransform **
limn_picture_peek_screen_transform (LimnPicture *self)
{
  return &self->screen_transform;
}

gboolean
limn_picture_get_has_alpha (LimnPicture *self)
{
  return self->has_alpha;
}

void
limn_picture_set_has_alpha (LimnPicture *self, gboolean has_alpha)
{
  self->has_alpha = has_alpha != FALSE;
}

GHashTable *
limn_picture_get_texts (LimnPicture *self)
{
  return self->texts;
}

LimnPictureSource *
limn_picture_get_source (LimnPicture *self)
{
  return &self->source;
}

LimnPictureLoss *
limn_picture_get_loss (LimnPicture *self)
{
  return &self->loss;
}

gboolean
limn_picture_is_damaged (LimnPicture *self)
{
  return self->loss.width > 0 || self->loss.coarse;
}
