/* Picture files: which codec reads and writes them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-file.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "app/picture/codecs/limn-codec.h"
#include "app/picture/codecs/limn-exif.h"
#include "limn-orientation.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_QUALITY 92

gboolean
limn_picture_sniff (const char *path)
{
  guint8 head[LIMN_FORMAT_HEAD] = { 0 };
  LimnFormat format;
  const int fd = TEMP_FAILURE_RETRY (g_open (path, O_RDONLY | O_CLOEXEC, 0));
  const ssize_t size = fd >= 0 ? TEMP_FAILURE_RETRY (read (fd, head, LIMN_FORMAT_HEAD)) : 0;

  if (fd >= 0)
    close (fd);
  return size > 0 && limn_format_detect (head, (gsize) size, &format);
}

LimnPicture *
limn_picture_decode (GBytes *bytes, const char *name, gboolean partial, GCancellable *cancellable, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (LimnPicture) picture = NULL;
  LimnFormat format;
  int orientation = 1;

  if (size == 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is empty."), name);
    return NULL;
  }
  if (limn_format_detect (data, size, &format)) {
    picture = limn_format_get_info (format)->decode (bytes, name, partial, &orientation, cancellable, error);
  } else {
    const char *is = limn_format_name_foreign (data, size);
    g_autofree char *list = limn_format_list ();

    if (is)
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is %s, which Limn can't open. Convert it to one of %s."), name, is,
                   list);
    else
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s isn't a picture that Limn can open (%s)."), name, list);
  }
  if (!picture)
    return NULL;
  if (limn_picture_get_resolution (picture).x <= 0 && limn_picture_get_exif (picture))
    limn_picture_set_resolution (picture, limn_exif_resolution (limn_picture_get_exif (picture)));
  return limn_picture_orient (picture, orientation, error);
}

void
limn_save_options_init (LimnSaveOptions *options, LimnPicture *picture, LimnFormat format)
{
  const LimnPictureSource *source = limn_picture_get_source (picture);

  options->format = format;
  options->quality = format == LIMN_FORMAT_JPEG && source->quality > 0 ? source->quality : DEFAULT_QUALITY;
  options->lossless = (format == LIMN_FORMAT_WEBP || format == LIMN_FORMAT_JXL) && source->lossless;
}

GBytes *
limn_picture_encode (LimnPicture *picture, const LimnSaveOptions *options, GError **error)
{
  g_autoptr (GBytes) exif = NULL;
  int quality = options->quality > 0 ? CLAMP (options->quality, 1, 100) : DEFAULT_QUALITY;

  if (!limn_format_check (options->format, limn_picture_get_width (picture), limn_picture_get_height (picture), error))
    return NULL;
  if (limn_picture_get_exif (picture))
    exif = limn_exif_for_size (limn_picture_get_exif (picture), limn_picture_get_width (picture), limn_picture_get_height (picture));
  return limn_format_get_info (options->format)->encode (picture, exif, quality, options->lossless, error);
}

gboolean
limn_picture_save (LimnPicture *picture, const char *path, const LimnSaveOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!limn_file_check (path, error) || limn_set_error_if_cancelled (cancellable, error))
    return FALSE;
  bytes = limn_picture_encode (picture, options, error);
  return bytes != NULL && limn_file_replace (path, bytes, cancellable, error);
}
