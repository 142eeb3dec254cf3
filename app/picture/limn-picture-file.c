/* Picture files: which codec reads and writes them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-file.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "limn-codec.h"
#include "limn-exif.h"
#include "limn-orientation.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_QUALITY 92

/* Names formats that people try to open and that aren't supported, by their first bytes. */
static const char *
foreign_format (const guint8 *data, gsize size)
{
  static const struct {
    guint at, size;
    const char *magic, *is;
  } formats[] = {
    { 0, 4, "GIF8", N_("a GIF") },
    { 0, 4, "II*\0", N_("a TIFF or a camera's raw file") },
    { 0, 4, "MM\0*", N_("a TIFF or a camera's raw file") },
    { 0, 2, "BM", N_("a BMP") },
    { 0, 4, "8BPS", N_("a Photoshop file") },
    { 0, 8, "gimp xcf", N_("a GIMP file") },
    { 0, 5, "%PDF-", N_("a PDF") },
    { 0, 2, "\xFF\x0A", N_("a JPEG XL") },
    { 4, 8, "JXL \x0D\x0A\x87\x0A", N_("a JPEG XL") },
    { 4, 8, "ftypavif", N_("an AVIF") },
    { 4, 8, "ftypheic", N_("a HEIC") },
    { 4, 8, "ftypheix", N_("a HEIC") },
    { 4, 8, "ftypmif1", N_("a HEIF") },
    { 4, 8, "jP  \x0D\x0A\x87\x0A", N_("a JPEG 2000") },
    { 0, 4, "<svg", N_("an SVG drawing") },
    { 0, 5, "<?xml", N_("an XML file (an SVG drawing, perhaps)") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (size >= formats[i].at + formats[i].size && memcmp (data + formats[i].at, formats[i].magic, formats[i].size) == 0)
      return formats[i].is;
  return NULL;
}

enum { HEAD = 12 }; /* bytes that tell a format */

static gboolean
detect_format (const guint8 *data, gsize size, LimnFormat *format)
{
  if (size >= 8 && memcmp (data, "\x89PNG\r\n\x1A\n", 8) == 0)
    *format = LIMN_FORMAT_PNG;
  else if (size >= 3 && memcmp (data, "\xFF\xD8\xFF", 3) == 0)
    *format = LIMN_FORMAT_JPEG;
  else if (size >= HEAD && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    *format = LIMN_FORMAT_WEBP;
  else
    return FALSE;
  return TRUE;
}

gboolean
limn_picture_sniff (const char *path)
{
  guint8 head[HEAD] = { 0 };
  LimnFormat format;
  const int fd = TEMP_FAILURE_RETRY (g_open (path, O_RDONLY | O_CLOEXEC, 0));
  const ssize_t size = fd >= 0 ? TEMP_FAILURE_RETRY (read (fd, head, HEAD)) : 0;

  if (fd >= 0)
    close (fd);
  return size > 0 && detect_format (head, (gsize) size, &format);
}

static LimnPicture *
decode_picture (LimnFormat format, GBytes *bytes, const char *name, gboolean partial, int *orientation, GCancellable *cancellable,
                GError **error)
{
  switch (format) {
  case LIMN_FORMAT_PNG: return limn_png_decode (bytes, name, partial, orientation, cancellable, error);
  case LIMN_FORMAT_JPEG: return limn_jpeg_decode (bytes, name, partial, orientation, cancellable, error);
  default: return limn_webp_decode (bytes, name, partial, orientation, cancellable, error);
  }
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
  if (detect_format (data, size, &format)) {
    picture = decode_picture (format, bytes, name, partial, &orientation, cancellable, error);
  } else {
    const char *is = foreign_format (data, size);

    if (is)
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is %s, which Limn can't open. Convert it to PNG, JPEG or WebP."),
                   name, _(is));
    else
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s isn't a picture that Limn can open (PNG, JPEG or WebP)."), name);
  }
  if (!picture)
    return NULL;
  if (limn_picture_get_resolution (picture).x <= 0 && limn_picture_get_exif (picture))
    limn_picture_set_resolution (picture, limn_exif_resolution (limn_picture_get_exif (picture)));
  return limn_picture_orient (picture, orientation, error);
}

gboolean
limn_format_from_path (const char *path, LimnFormat *format, GError **error)
{
  static const struct {
    const char *ending;
    LimnFormat format;
  } endings[] = {
    { ".png", LIMN_FORMAT_PNG },  { ".jpg", LIMN_FORMAT_JPEG },  { ".jpeg", LIMN_FORMAT_JPEG },
    { ".jpe", LIMN_FORMAT_JPEG }, { ".jfif", LIMN_FORMAT_JPEG }, { ".webp", LIMN_FORMAT_WEBP },
  };
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending)) {
      *format = endings[i].format;
      return TRUE;
    }
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s should end in .png, .jpg or .webp: that tells the format."), name);
  return FALSE;
}

void
limn_save_options_init (LimnSaveOptions *options, LimnPicture *picture, LimnFormat format)
{
  const LimnPictureSource *source = limn_picture_get_source (picture);

  options->format = format;
  options->quality = format == LIMN_FORMAT_JPEG && source->quality > 0 ? source->quality : DEFAULT_QUALITY;
  options->lossless = format == LIMN_FORMAT_WEBP && source->lossless;
}

GBytes *
limn_picture_encode (LimnPicture *picture, const LimnSaveOptions *options, GError **error)
{
  g_autoptr (GBytes) exif = NULL;
  int quality = options->quality > 0 ? CLAMP (options->quality, 1, 100) : DEFAULT_QUALITY;

  if (limn_picture_get_exif (picture))
    exif = limn_exif_for_size (limn_picture_get_exif (picture), limn_picture_get_width (picture), limn_picture_get_height (picture));
  switch (options->format) {
  case LIMN_FORMAT_JPEG: return limn_jpeg_encode (picture, exif, quality, error);
  case LIMN_FORMAT_WEBP: return limn_webp_encode (picture, exif, quality, options->lossless, error);
  case LIMN_FORMAT_PNG:
  default: return limn_png_encode (picture, exif, error);
  }
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
