/* Pictures as files: what is all zero (most of a layer, often) is a hole and costs neither time nor disk.
 * Nothing is compressed, because a step must be on disk before the next one ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A picture's file: this, the size of the header (guint64), the header (a GVariant), and from the next multiple of BLOCK the rows. */
#define MAGIC "LimnPic2"
#define HEADER "(tttddbaymaymaya(ayay)bbiii)"
enum { BLOCK = 16384, MAX_HEADER = 256 << 20 };

gboolean
limn_autosave_fail (int number, GError **error)
{
  if (number == ENOSPC || number == EDQUOT)
    g_set_error_literal (
      error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
      _("The disk is full, so your changes are not protected against a crash. Free some space, or save your work now."));
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                 _("Your changes are not protected against a crash (%s). Save your work now."), g_strerror (number));
  return FALSE;
}

gboolean
limn_autosave_damaged (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("This work can't be recovered: the file “%s” is missing or damaged."), name);
  return FALSE;
}

gboolean
limn_autosave_pwrite (LimnBlobWriter *self, int fd, gconstpointer data, gsize size, goffset offset, GError **error)
{
  int failed = limn_block_write (fd, data, size, offset);
  if (failed)
    return limn_autosave_fail (failed, error);
  self->bytes += size;
  return TRUE;
}

static gboolean
write_sparse (LimnBlobWriter *self, int fd, const guint8 *data, gsize size, goffset offset, GError **error)
{
  for (gsize at = 0; at < size; at += BLOCK) {
    gsize n = MIN (size - at, BLOCK);
    if (g_atomic_int_get (self->cancelled)) {
      g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("Cancelled."));
      return FALSE;
    }
    if (!limn_block_is_zero (data + at, n) && !limn_autosave_pwrite (self, fd, data + at, n, offset + (goffset) at, error))
      return FALSE;
  }
  return TEMP_FAILURE_RETRY (ftruncate (fd, offset + (goffset) size)) == 0 || limn_autosave_fail (errno, error);
}

/* head: goes before the data, NULL = none. */
static gboolean
write_file (LimnBlobWriter *self, const char *path, GByteArray *head, const guint8 *data, gsize size, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
  if (fd < 0)
    return limn_autosave_fail (errno, error);
  gboolean done = (!head || limn_autosave_pwrite (self, fd, head->data, head->len, 0, error)) &&
                  write_sparse (self, fd, data, size, head ? head->len : 0, error) &&
                  (TEMP_FAILURE_RETRY (fdatasync (fd)) == 0 || limn_autosave_fail (errno, error));
  if (close (fd) != 0 && errno != EINTR && done)
    done = limn_autosave_fail (errno, error);
  if (!done)
    g_unlink (path);
  return done;
}

/* -- Pictures -- */

static GVariant *
bytes_to_variant (GBytes *bytes)
{
  return bytes ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE) : NULL;
}

static GVariant *
make_header (LimnPicture *picture)
{
  const LimnPictureSource *source = limn_picture_get_source (picture);
  GVariantBuilder texts;
  GHashTableIter iter;
  gpointer key, value;
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  GBytes *profile = limn_picture_get_profile (picture);
  LimnResolution resolution = limn_picture_get_resolution (picture);

  g_variant_builder_init (&texts, G_VARIANT_TYPE ("a(ayay)"));
  g_hash_table_iter_init (&iter, limn_picture_get_texts (picture));
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add (&texts, "(^ay^ay)", key, value);
  return g_variant_ref_sink (
    g_variant_new ("(tttddb@aym@aym@aya(ayay)bbiii)", (guint64) limn_picture_get_width (picture),
                   (guint64) limn_picture_get_height (picture), (guint64) limn_picture_get_depth (picture), resolution.x, resolution.y,
                   limn_picture_get_has_alpha (picture), bytes_to_variant (profile ? profile : none),
                   bytes_to_variant (limn_picture_get_gray_profile (picture)), bytes_to_variant (limn_picture_get_exif (picture)), &texts,
                   source->gray, source->lossless, source->quality, source->chroma_h, source->chroma_v));
}

gboolean
limn_autosave_write_picture (LimnBlobWriter *self, const char *path, LimnPicture *picture, GError **error)
{
  g_autoptr (GVariant) header = make_header (picture);
  g_autoptr (GByteArray) head = g_byte_array_new ();
  guint64 size = g_variant_get_size (header);
  g_byte_array_append (head, (const guint8 *) MAGIC, 8);
  g_byte_array_append (head, (const guint8 *) &size, sizeof size);
  g_byte_array_append (head, g_variant_get_data (header), (guint) size);
  while (head->len % BLOCK != 0) { /* rows begin at a block, so that holes are holes */
    static const guint8 zeros[BLOCK];
    g_byte_array_append (head, zeros, BLOCK - head->len % BLOCK);
  }
  return write_file (self, path, head, limn_picture_get_data (picture),
                     limn_picture_get_stride (picture) * limn_picture_get_height (picture), error);
}

static GVariant *
read_header (int fd, guint64 file_size, goffset *end)
{
  char magic[8];
  guint64 size;
  if (limn_block_read (fd, magic, 8, 0) || memcmp (magic, MAGIC, 8) != 0 || limn_block_read (fd, &size, sizeof size, 8) ||
      size > MAX_HEADER || size + 16 > file_size)
    return NULL;
  guint8 *data = g_malloc (size + 1);
  GVariant *header = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE (HEADER), data, size, FALSE, g_free, data));
  if (limn_block_read (fd, data, size, 16) || !g_variant_is_normal_form (header))
    g_clear_pointer (&header, g_variant_unref);
  *end = (goffset) (size + 16 + BLOCK - 1) / BLOCK * BLOCK;
  return header;
}

static GBytes *
child_bytes (GVariant *header, gsize index)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (header, index);
  g_autoptr (GVariant) inner = g_variant_is_of_type (child, G_VARIANT_TYPE_MAYBE) ? g_variant_get_maybe (child) : g_variant_ref (child);
  return inner && g_variant_get_size (inner) > 0 ? g_variant_get_data_as_bytes (inner) : NULL;
}

static void
read_metadata (GVariant *header, LimnPicture *picture)
{
  LimnPictureSource *source = limn_picture_get_source (picture);
  LimnResolution resolution;
  gboolean alpha;
  g_autoptr (GBytes) profile = child_bytes (header, 6), gray_profile = child_bytes (header, 7), exif = child_bytes (header, 8);
  g_autoptr (GVariantIter) texts = NULL;
  const char *key, *value;

  g_variant_get (header, "(tttddb@aym@aym@aya(ayay)bbiii)", NULL, NULL, NULL, &resolution.x, &resolution.y, &alpha, NULL, NULL, NULL,
                 &texts, &source->gray, &source->lossless, &source->quality, &source->chroma_h, &source->chroma_v);
  limn_picture_set_resolution (picture, resolution);
  limn_picture_set_has_alpha (picture, alpha);
  limn_picture_set_profile (picture, profile);
  limn_picture_set_gray_profile (picture, gray_profile);
  limn_picture_set_exif (picture, exif);
  while (g_variant_iter_next (texts, "(^&ay^&ay)", &key, &value))
    g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (key), g_strdup (value));
}

LimnPicture *
limn_autosave_read_picture (const char *path, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC));
  struct stat file;
  goffset at;
  guint64 width = 0, height = 0, depth = 0;
  g_autoptr (GVariant) header = NULL;
  g_autoptr (LimnPicture) picture = NULL;
  gboolean sound = fd >= 0 && fstat (fd, &file) == 0 && (header = read_header (fd, (guint64) file.st_size, &at)) != NULL;

  if (sound) {
    g_variant_get_child (header, 0, "t", &width);
    g_variant_get_child (header, 1, "t", &height);
    g_variant_get_child (header, 2, "t", &depth);
    sound = width > 0 && height > 0 && width <= LIMN_PICTURE_MAX_SIDE && height <= LIMN_PICTURE_MAX_SIDE && (depth == 8 || depth == 16) &&
            (guint64) file.st_size == (guint64) at + width * height * 4 * depth / 8;
  }
  if (!sound)
    limn_autosave_damaged (path, error);
  else if ((picture = limn_picture_new (width, height, (int) depth, error)) != NULL) {
    if (!limn_block_read (fd, limn_picture_get_data (picture), limn_picture_get_stride (picture) * height, at))
      read_metadata (header, picture);
    else {
      limn_autosave_damaged (path, error);
      g_clear_object (&picture);
    }
  }
  if (fd >= 0)
    close (fd);
  return g_steal_pointer (&picture);
}
