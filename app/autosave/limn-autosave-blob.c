/* Pictures as files: what is all zero (most of a layer, often) is a hole and costs neither time nor disk.
 * Nothing is compressed, because a step must be on disk before the next one ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/decode/limn-picture-header.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A picture's file: this, the size of the header (guint64), the header (a GVariant), and from the next multiple of BLOCK the rows. */
#define MAGIC "LimnPic3"
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

gboolean
limn_autosave_write_picture (LimnBlobWriter *self, const char *path, LimnPicture *picture, GError **error)
{
  g_autoptr (GVariant) header = g_variant_ref_sink (limn_picture_make_header (picture));
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
  GVariant *header = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE (LIMN_PICTURE_HEADER), data, size, FALSE, g_free, data));
  if (limn_block_read (fd, data, size, 16) || !g_variant_is_normal_form (header))
    g_clear_pointer (&header, g_variant_unref);
  *end = (goffset) (size + 16 + BLOCK - 1) / BLOCK * BLOCK;
  return header;
}

LimnPicture *
limn_autosave_read_picture (const char *path, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC));
  struct stat file;
  goffset at;
  LimnPictureSize is;
  g_autoptr (GVariant) header = NULL;
  g_autoptr (LimnPicture) picture = NULL;
  gboolean sound = fd >= 0 && fstat (fd, &file) == 0 && (header = read_header (fd, (guint64) file.st_size, &at)) != NULL;

  sound = sound && limn_picture_header_size (header, &is) && (guint64) file.st_size == (guint64) at + is.bytes;
  if (!sound)
    limn_autosave_damaged (path, error);
  else if ((picture = limn_picture_new (is.width, is.height, is.depth, error)) != NULL) {
    if (!limn_block_read (fd, limn_picture_get_data (picture), is.bytes, at))
      limn_picture_read_header (picture, header);
    else {
      limn_autosave_damaged (path, error);
      g_clear_object (&picture);
    }
  }
  if (fd >= 0)
    close (fd);
  return g_steal_pointer (&picture);
}
