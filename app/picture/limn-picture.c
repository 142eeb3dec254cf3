/* A picture in memory with what its file said of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture.h"

#include "limn-block.h"
#include "limn-codec.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pixels of at least so many bytes have a mapping of their own, under which limn_picture_page_out can lay a file. */
#define MAPPED ((gsize) 1 << 20)
#define UNMAPPED_APART ((gsize) 1 << 24)
/* Mappings change piece by piece, for while one does no other thread gets memory. A multiple of any page's size. */
#define PIECE ((gsize) 1 << 24)

struct _LimnPicture {
  GObject parent;
  gsize width, height, stride;
  int depth;
  guint8 *data;
  gpointer owner;
  GDestroyNotify free_data;
  gsize mapped; /* bytes of the mapping at data, 0 = there is none */
  gint paged;   /* atomic: somebody has taken it upon him to lay a file under it */
  GBytes *profile, *gray_profile, *exif;
  double resolution;
  gboolean has_alpha;
  GHashTable *texts;
  LimnPictureSource source;
};

G_DEFINE_FINAL_TYPE (LimnPicture, limn_picture, G_TYPE_OBJECT)
G_DEFINE_QUARK (limn - app - error, limn_app_error)

typedef struct {
  gpointer data;
  gsize size;
} Mapping;

static void
run_unmap (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Mapping *mapping = data;

  for (gsize at = 0; at < mapping->size; at += PIECE)
    munmap ((guint8 *) mapping->data + at, MIN (PIECE, mapping->size - at));
}

/* Giving back hundreds of megabytes takes longer than a frame: the thread that turns the main loop leaves that to another one. */
static void
unmap (gpointer data, gsize size)
{
  g_autoptr (GTask) task = NULL;

  if (size < UNMAPPED_APART || !g_main_context_is_owner (g_main_context_default ())) {
    munmap (data, size);
    return;
  }
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, g_memdup2 (&(Mapping){ data, size }, sizeof (Mapping)), g_free);
  g_task_run_in_thread (task, run_unmap);
}

static void
free_mapping (gpointer data)
{
  Mapping *mapping = data;

  unmap (mapping->data, mapping->size);
  g_free (mapping);
}

GBytes *
limn_bytes_new_zero (gsize size, guint8 **data)
{
  Mapping mapping = { .size = size };

  if (size < MAPPED) {
    *data = g_try_malloc0 (size);
    return *data ? g_bytes_new_take (*data, size) : NULL;
  }
  mapping.data = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping.data == MAP_FAILED)
    return NULL;
  *data = mapping.data;
  return g_bytes_new_with_free_func (mapping.data, size, free_mapping, g_memdup2 (&mapping, sizeof mapping));
}

static void
limn_picture_finalize (GObject *object)
{
  LimnPicture *self = LIMN_PICTURE (object);

  if (self->mapped)
    unmap (self->data, self->mapped);
  else if (self->free_data)
    self->free_data (self->owner);
  g_clear_pointer (&self->profile, g_bytes_unref);
  g_clear_pointer (&self->gray_profile, g_bytes_unref);
  g_clear_pointer (&self->exif, g_bytes_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
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
limn_codec_check_size (const char *name, guint64 width, guint64 height, GError **error)
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

gboolean
limn_codec_cancelled (GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("Cancelled."));
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

  if (!limn_codec_check_size (_("The picture"), width, height, error))
    return NULL;
  bytes = width * height * 4 * (gsize) depth / 8; /* at most 1.6e9 */
  data = bytes < MAPPED ? g_try_malloc0 (bytes) : mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!data || data == MAP_FAILED) {
    g_set_error (
      error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
      _("There is not enough memory for a picture of %zu x %zu pixels (%zu MB). Close other programs or use a smaller picture."), width,
      height, bytes / 1000000);
    return NULL;
  }
  return bytes < MAPPED ? limn_picture_new_take (width, height, depth, data, data, g_free, error)
                        : limn_picture_new_mapped (width, height, depth, data, error);
}

LimnPicture *
limn_picture_new_take (gsize width, gsize height, int depth, gpointer data, gpointer owner, GDestroyNotify free_data, GError **error)
{
  if (!limn_codec_check_size (_("The picture"), width, height, error)) {
    free_data (owner);
    return NULL;
  }
  return picture_around (width, height, depth, data, owner, free_data);
}

LimnPicture *
limn_picture_new_mapped (gsize width, gsize height, int depth, gpointer mapping, GError **error)
{
  LimnPicture *self;

  if (!limn_codec_check_size (_("The picture"), width, height, error)) {
    munmap (mapping, width * height * 4 * (gsize) depth / 8);
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

/* Blocks that are all zero stay holes. */
static gboolean
write_out (LimnPicture *self, int fd)
{
  enum { BLOCK = 1 << 16 };
  gsize size = self->stride * self->height;

  for (gsize at = 0; at < size; at += BLOCK) {
    gsize n = MIN (BLOCK, size - at);

    if (!limn_block_is_zero (self->data + at, n) && limn_block_write (fd, self->data + at, n, (goffset) at) != 0)
      return FALSE;
  }
  return ftruncate (fd, (off_t) size) == 0;
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
  if (!write_out (self, fd))
    return FALSE;
  /* The kernel changes each piece at once: whoever reads meanwhile sees the same pixels before and after. */
  for (gsize at = 0; at < self->mapped; at += PIECE)
    if (mmap (self->data + at, MIN (PIECE, self->mapped - at), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd,
              (off_t) at) == MAP_FAILED)
      return FALSE;
  return TRUE;
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

double
limn_picture_get_resolution (LimnPicture *self)
{
  return self->resolution;
}

void
limn_picture_set_resolution (LimnPicture *self, double pixels_per_metre)
{
  self->resolution = pixels_per_metre;
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

gboolean
limn_picture_is_gray (LimnPicture *self, int tolerance)
{
  for (gsize y = 0; y < self->height; y++) {
    if (self->depth == 8) {
      const guint8 *p = self->data + y * self->stride;

      for (gsize x = 0; x < self->width; x++, p += 4)
        if (p[3] != 0 && MAX (p[0], MAX (p[1], p[2])) - MIN (p[0], MIN (p[1], p[2])) > tolerance)
          return FALSE;
    } else {
      const guint16 *p = (const guint16 *) (gpointer) (self->data + y * self->stride);

      for (gsize x = 0; x < self->width; x++, p += 4)
        if (p[3] != 0 && MAX (p[0], MAX (p[1], p[2])) - MIN (p[0], MIN (p[1], p[2])) > tolerance * 257)
          return FALSE;
    }
  }
  return TRUE;
}
