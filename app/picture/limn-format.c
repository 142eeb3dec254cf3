/* The formats of picture files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-format.h"

#include "app/base/limn-app-error.h"

#include <glib/gi18n.h>
#include <string.h>
#include <webp/encode.h>

/* -- Encoders with one signature -- */

static GBytes *
encode_png (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  (void) quality, (void) lossless;
  return limn_png_encode (picture, exif, error);
}

static GBytes *
encode_jpeg (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  (void) lossless;
  return limn_jpeg_encode (picture, exif, quality, error);
}

static const char *const png[] = { "png", NULL }, *const jpeg[] = { "jpg", "jpeg", "jpe", "jfif", NULL }, *const webp[] = { "webp", NULL };
#ifdef LIMN_HAVE_TIFF
static const char *const tiff[] = { "tif", "tiff", NULL };

static GBytes *
encode_tiff (LimnPicture *picture, GBytes *exif, int quality, gboolean lossless, GError **error)
{
  (void) quality, (void) lossless;
  return limn_tiff_encode (picture, exif, error);
}
#endif
#ifdef LIMN_HAVE_HEIF
static const char *const avif[] = { "avif", NULL };
#endif
#ifdef LIMN_HAVE_JXL
static const char *const jxl[] = { "jxl", NULL };
#endif

static const LimnFormatInfo formats[LIMN_N_FORMATS] = {
  [LIMN_FORMAT_PNG] = { "png", N_("PNG Picture (.png)"), "PNG", "image/png", png, FALSE, TRUE, 0, NULL, limn_png_decode, encode_png },
  [LIMN_FORMAT_JPEG] = { "jpeg", N_("JPEG Picture (.jpg)"), "JPEG", "image/jpeg", jpeg, TRUE, FALSE, 0, NULL, limn_jpeg_decode,
                         encode_jpeg },
  [LIMN_FORMAT_WEBP] = { "webp", N_("WebP Picture (.webp)"), "WebP", "image/webp", webp, TRUE, TRUE, WEBP_MAX_DIMENSION, NULL,
                         limn_webp_decode, limn_webp_encode },
#ifdef LIMN_HAVE_TIFF
  [LIMN_FORMAT_TIFF] = { "tiff", N_("TIFF Picture (.tif)"), "TIFF", "image/tiff", tiff, FALSE, TRUE, 0, NULL, limn_tiff_decode,
                         encode_tiff },
#endif
#ifdef LIMN_HAVE_HEIF
  [LIMN_FORMAT_AVIF] = { "avif", N_("AVIF Picture (.avif)"), "AVIF", "image/avif", avif, TRUE, FALSE, 0, limn_avif_can_encode,
                         limn_heif_decode, limn_avif_encode },
#endif
#ifdef LIMN_HAVE_JXL
  [LIMN_FORMAT_JXL] = { "jxl", N_("JPEG XL Picture (.jxl)"), "JPEG XL", "image/jxl", jxl, TRUE, TRUE, 0, NULL, limn_jxl_decode,
                        limn_jxl_encode },
#endif
};

const LimnFormatInfo *
limn_format_get_info (LimnFormat format)
{
  return formats[format].nick ? &formats[format] : NULL;
}

gboolean
limn_format_check (LimnFormat format, gsize width, gsize height, GError **error)
{
  const LimnFormatInfo *info = limn_format_get_info (format);

  if (info->can_encode && !info->can_encode ()) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("%s can't be written here: its encoder isn't installed, in Debian libheif-plugin-aomenc. Save as PNG or JPEG."),
                 info->name);
    return FALSE;
  }
  if (info->most_side == 0 || MAX (width, height) <= info->most_side)
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               _("A picture of %zu × %zu pixels can't be saved as %s, which has at most %zu a side. Save it as PNG or JPEG."), width,
               height, info->name, info->most_side);
  return FALSE;
}

/* -- By the first bytes -- */

typedef struct {
  guint at, size;
  const char *magic;
  const char *is; /* N_() */
  int format;     /* LimnFormat, or -1 */
} Head;

/* The first that matches counts. */
static const Head heads[] = {
  { 0, 8, "\x89PNG\r\n\x1A\n", N_("a PNG"), LIMN_FORMAT_PNG },
  { 0, 3, "\xFF\xD8\xFF", N_("a JPEG"), LIMN_FORMAT_JPEG },
  { 8, 4, "WEBP", N_("a WebP"), LIMN_FORMAT_WEBP },
  { 8, 2, "CR", N_("a camera's raw file, which a developer as darktable makes a TIFF of"), -1 }, /* Canon's, otherwise a TIFF */
  { 0, 4, "IIRO", N_("a camera's raw file, which a developer as darktable makes a TIFF of"), -1 },
  { 0, 4, "IIU\0", N_("a camera's raw file, which a developer as darktable makes a TIFF of"), -1 },
  { 0, 8, "FUJIFILM", N_("a camera's raw file, which a developer as darktable makes a TIFF of"), -1 },
  { 4, 8, "ftypcrx ", N_("a camera's raw file, which a developer as darktable makes a TIFF of"), -1 },
  { 0, 4, "II*\0", N_("a TIFF"), LIMN_FORMAT_TIFF },
  { 0, 4, "MM\0*", N_("a TIFF"), LIMN_FORMAT_TIFF },
  { 0, 4, "II+\0", N_("a TIFF"), LIMN_FORMAT_TIFF },
  { 0, 4, "MM\0+", N_("a TIFF"), LIMN_FORMAT_TIFF },
  { 4, 8, "ftypavif", N_("an AVIF"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftypavis", N_("an AVIF"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftypheic", N_("a HEIC"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftypheix", N_("a HEIC"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftyphevc", N_("a HEIC"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftypmif1", N_("a HEIF"), LIMN_FORMAT_AVIF },
  { 4, 8, "ftypmsf1", N_("a HEIF"), LIMN_FORMAT_AVIF },
  { 0, 2, "\xFF\x0A", N_("a JPEG XL"), LIMN_FORMAT_JXL },
  { 4, 8, "JXL \x0D\x0A\x87\x0A", N_("a JPEG XL"), LIMN_FORMAT_JXL },
  { 0, 4, "GIF8", N_("a GIF"), -1 },
  { 0, 2, "BM", N_("a BMP"), -1 },
  { 0, 4, "8BPS", N_("a Photoshop file"), -1 },
  { 0, 8, "gimp xcf", N_("a GIMP file"), -1 },
  { 0, 5, "%PDF-", N_("a PDF"), -1 },
  { 4, 8, "jP  \x0D\x0A\x87\x0A", N_("a JPEG 2000"), -1 },
  { 0, 4, "<svg", N_("an SVG drawing"), -1 },
  { 0, 5, "<?xml", N_("an XML file (an SVG drawing, perhaps)"), -1 },
};

static const Head *
find_head (const guint8 *data, gsize size)
{
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    if (size >= heads[i].at + heads[i].size && memcmp (data + heads[i].at, heads[i].magic, heads[i].size) == 0)
      return &heads[i];
  return NULL;
}

gboolean
limn_format_detect (const guint8 *data, gsize size, LimnFormat *format)
{
  const Head *head = find_head (data, size);

  if (!head || head->format < 0 || !limn_format_get_info ((LimnFormat) head->format))
    return FALSE;
  *format = (LimnFormat) head->format;
  return TRUE;
}

const char *
limn_format_name_foreign (const guint8 *data, gsize size)
{
  const Head *head = find_head (data, size);

  return head ? _(head->is) : NULL;
}

/* -- By the ending -- */

char *
limn_format_dup_ending (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  const char *dot = strrchr (name, '.');

  return g_ascii_strdown (dot && dot != name ? dot + 1 : "", -1);
}

char *
limn_format_list (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (formats[i].nick)
      g_string_append_printf (list, "%s%s", list->len ? ", " : "", formats[i].name);
  return g_string_free (list, FALSE);
}

static gboolean
find_ending (const char *path, LimnFormat *format)
{
  g_autofree char *ending = limn_format_dup_ending (path);

  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (formats[i].nick && g_strv_contains (formats[i].endings, ending)) {
      *format = (LimnFormat) i;
      return TRUE;
    }
  return FALSE;
}

gboolean
limn_format_from_path (const char *path, LimnFormat *format, GError **error)
{
  g_autofree char *name = NULL, *endings = NULL;
  GString *list = NULL;

  if (find_ending (path, format))
    return TRUE;
  list = g_string_new (NULL);
  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (formats[i].nick)
      g_string_append_printf (list, "%s.%s", list->len ? ", " : "", formats[i].endings[0]);
  name = g_filename_display_basename (path);
  endings = g_string_free (list, FALSE);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s should end in one of %s: that tells the format."), name, endings);
  return FALSE;
}

gboolean
limn_format_reads (const char *path)
{
  g_autofree char *ending = limn_format_dup_ending (path);
  LimnFormat format;

  return find_ending (path, &format) ||
         (limn_format_get_info (LIMN_FORMAT_AVIF) && (g_str_equal (ending, "heic") || g_str_equal (ending, "heif")));
}
