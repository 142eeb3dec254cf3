/* PNG from and to GIMP's buffers, by libpng, some rows at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pixels.h"

#include "process.h"

#include <glib/gi18n.h>
#include <libgimp/gimp.h>
#include <png.h>
#include <stdio.h>
#include <unistd.h>

#define ROWS 64 /* at a time */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GimpColorProfile, g_object_unref)

/* -- Formats -- */

static gboolean
is_linear (gint32 image)
{
  switch (gimp_image_get_precision (image)) {
  case GIMP_PRECISION_U8_GAMMA:
  case GIMP_PRECISION_U16_GAMMA:
  case GIMP_PRECISION_U32_GAMMA:
  case GIMP_PRECISION_HALF_GAMMA:
  case GIMP_PRECISION_FLOAT_GAMMA:
  case GIMP_PRECISION_DOUBLE_GAMMA: return FALSE;
  default: return TRUE;
  }
}

void
pixels_of_layer (gint32 layer, Pixels *out)
{
  const gint32 image = gimp_item_get_image (layer);

  *out = (Pixels){ .width = gimp_drawable_width (layer),
                   .height = gimp_drawable_height (layer),
                   .depth = gimp_image_get_precision (image) == GIMP_PRECISION_U8_GAMMA ? 8 : 16,
                   .gray = gimp_drawable_is_gray (layer),
                   .alpha = gimp_drawable_has_alpha (layer),
                   .linear = is_linear (image) };
}

static int
count_channels (const Pixels *self)
{
  return (self->gray ? 1 : 3) + (self->alpha ? 1 : 0);
}

static gsize
row_bytes (const Pixels *self)
{
  return (gsize) self->width * (gsize) count_channels (self) * (gsize) self->depth / 8;
}

/* babl's name of them: ' is the space's own curve, ~ that of sRGB. */
static const Babl *
format_of (const Pixels *self, const Babl *space)
{
  static const char *const own[] = { "R'G'B'", "R'G'B'A", "Y'", "Y'A" }, *const srgb[] = { "R~G~B~", "R~G~B~A", "Y~", "Y~A" };
  g_autofree char *name = g_strdup_printf ("%s u%d", (self->linear ? srgb : own)[2 * self->gray + self->alpha], self->depth);

  return babl_format_with_space (name, space);
}

/* The image's profile as the pixels have it, NULL where they are sRGB's or gray of the same curve. */
static GimpColorProfile *
profile_of (gint32 image, const Pixels *self)
{
  g_autoptr (GimpColorProfile) own = gimp_image_get_effective_color_profile (image);
  g_autoptr (GimpColorProfile) usual = self->gray ? gimp_color_profile_new_d65_gray_srgb_trc () : gimp_color_profile_new_rgb_srgb ();
  g_autoptr (GimpColorProfile) profile = NULL;

  if (!own)
    return NULL;
  profile = self->linear ? gimp_color_profile_new_srgb_trc_from_color_profile (own) : g_object_ref (own);
  return profile && !gimp_color_profile_is_equal (profile, usual) ? g_steal_pointer (&profile) : NULL;
}

/* -- Writing -- */

typedef void (*GetRows) (GeglBuffer *buffer, const GeglRectangle *area, const Pixels *pixels, const Babl *format, guint8 *out);

static void
get_rows (GeglBuffer *buffer, const GeglRectangle *area, const Pixels *pixels, const Babl *format, guint8 *out)
{
  gegl_buffer_get (buffer, area, 1, format, out, (int) row_bytes (pixels), GEGL_ABYSS_NONE);
}

/* Selected is what is more than nothing, also where that is less than 8 bits can tell. */
static void
get_selected_rows (GeglBuffer *buffer, const GeglRectangle *area, const Pixels *pixels, const Babl *format, guint8 *out)
{
  const gsize count = (gsize) area->width * (gsize) area->height;
  g_autofree float *values = g_new (float, count);

  gegl_buffer_get (buffer, area, 1, babl_format ("Y float"), values, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < count; i++)
    out[i] = values[i] > 0 ? 255 : 0;
}

static void
set_head (png_structp png, png_infop info, const Pixels *pixels, GimpColorProfile *profile)
{
  const int kind = (pixels->gray ? 0 : PNG_COLOR_MASK_COLOR) | (pixels->alpha ? PNG_COLOR_MASK_ALPHA : 0);
  gsize size = 0;
  const guint8 *data = profile ? gimp_color_profile_get_icc_profile (profile, &size) : NULL;

  png_set_benign_errors (png, 1);
  png_set_compression_level (png, 1); /* nobody keeps it */
  png_set_filter (png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_IHDR (png, info, (png_uint_32) pixels->width, (png_uint_32) pixels->height, pixels->depth, kind, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (data)
    png_set_iCCP (png, info, "icc", PNG_COMPRESSION_TYPE_BASE, data, (png_uint_32) size);
  png_write_info (png, info);
  if (pixels->depth == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (png);
}

/* Writes the pixels of buffer from (x, y) on. rows: [ROWS * row_bytes]. */
static gboolean
write_png (FILE *file, GeglBuffer *buffer, int x, int y, const Pixels *pixels, GimpColorProfile *profile, GetRows get, const Babl *format,
           guint8 *rows)
{
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png ? png_create_info_struct (png) : NULL;

  if (!info || setjmp (png_jmpbuf (png))) {
    png_destroy_write_struct (&png, &info);
    return FALSE;
  }
  png_init_io (png, file);
  set_head (png, info, pixels, profile);
  for (int at = 0; at < pixels->height; at += ROWS) {
    const GeglRectangle area = { x, y + at, pixels->width, MIN (ROWS, pixels->height - at) };

    get (buffer, &area, pixels, format, rows);
    for (int i = 0; i < area.height; i++)
      png_write_row (png, rows + (gsize) i * row_bytes (pixels));
  }
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  return fflush (file) == 0;
}

static int
write_buffer (GeglBuffer *buffer, int x, int y, const Pixels *pixels, GimpColorProfile *profile, GetRows get, const Babl *format,
              GError **error)
{
  const int fd = memory_file_new (error);
  FILE *file = fd >= 0 ? fdopen (dup (fd), "wb") : NULL;
  g_autofree guint8 *rows = g_malloc (ROWS * row_bytes (pixels));
  gboolean done = file && write_png (file, buffer, x, y, pixels, profile, get, format, rows);

  if (file)
    done = fclose (file) == 0 && done;
  if (done || fd < 0)
    return fd;
  close (fd);
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
                       _("There is not enough memory for a copy of the layer. Close other programs."));
  return -1;
}

int
pixels_write_layer (gint32 image, gint32 layer, const Pixels *pixels, GError **error)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);
  g_autoptr (GimpColorProfile) profile = profile_of (image, pixels);

  return write_buffer (buffer, 0, 0, pixels, profile, get_rows, format_of (pixels, gimp_drawable_get_format (layer)), error);
}

int
pixels_write_selection (gint32 image, gint32 layer, const Pixels *pixels, GError **error)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (gimp_image_get_selection (image));
  const Pixels mask = { .width = pixels->width, .height = pixels->height, .depth = 8, .gray = TRUE };
  int x, y;

  gimp_drawable_offsets (layer, &x, &y);
  return write_buffer (buffer, x, y, &mask, NULL, get_selected_rows, NULL, error);
}

/* -- Reading -- */

/* Whatever the file has becomes what pixels says. */
static void
set_transforms (png_structp png, png_infop info, const Pixels *pixels)
{
  const int kind = png_get_color_type (png, info), depth = png_get_bit_depth (png, info);
  const gboolean alpha = (kind & PNG_COLOR_MASK_ALPHA) || png_get_valid (png, info, PNG_INFO_tRNS);

  png_set_expand (png);
  if (pixels->depth == 8 && depth == 16)
    png_set_scale_16 (png);
  else if (pixels->depth == 16)
    png_set_expand_16 (png);
  if (pixels->gray && (kind & PNG_COLOR_MASK_COLOR))
    png_set_rgb_to_gray_fixed (png, PNG_ERROR_ACTION_NONE, PNG_RGB_TO_GRAY_DEFAULT, PNG_RGB_TO_GRAY_DEFAULT);
  else if (!pixels->gray && !(kind & PNG_COLOR_MASK_COLOR))
    png_set_gray_to_rgb (png);
  if (pixels->alpha && !alpha)
    png_set_add_alpha (png, 0xFFFF, PNG_FILLER_AFTER);
  else if (!pixels->alpha && alpha)
    png_set_strip_alpha (png);
  if (pixels->depth == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (png);
}

/* The colour space of the file's profile; NULL: sRGB. */
static const Babl *
space_of (png_structp png, png_infop info)
{
  png_charp name, problem = NULL;
  png_bytep data;
  png_uint_32 size;
  int compression;

  if (!png_get_iCCP (png, info, &name, &compression, &data, &size))
    return NULL;
  return babl_space_from_icc ((const char *) data, (int) size, BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, (const char **) &problem);
}

/* own: a format of the layer's space, or NULL where the file tells its space. rows: [ROWS * row_bytes]. Into *buffer, once that is made. */
static gboolean
read_png (FILE *file, const Pixels *pixels, const Babl *own, GeglBuffer **buffer, guint8 *rows)
{
  png_structp png = png_create_read_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png ? png_create_info_struct (png) : NULL;
  const Babl *format;

  if (!info || setjmp (png_jmpbuf (png))) {
    png_destroy_read_struct (&png, &info, NULL);
    return FALSE;
  }
  png_init_io (png, file);
  png_set_benign_errors (png, 1);
  png_read_info (png, info);
  set_transforms (png, info, pixels);
  format = format_of (pixels, own ? own : space_of (png, info));
  png_read_update_info (png, info);
  if (png_get_image_width (png, info) != (png_uint_32) pixels->width || png_get_image_height (png, info) != (png_uint_32) pixels->height ||
      png_get_rowbytes (png, info) != row_bytes (pixels))
    png_error (png, "another size");
  *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, pixels->width, pixels->height), format);
  for (int at = 0; at < pixels->height; at += ROWS) {
    const GeglRectangle area = { 0, at, pixels->width, MIN (ROWS, pixels->height - at) };

    for (int i = 0; i < area.height; i++)
      png_read_row (png, rows + (gsize) i * row_bytes (pixels), NULL);
    gegl_buffer_set (*buffer, &area, 0, format, rows, (int) row_bytes (pixels));
  }
  png_destroy_read_struct (&png, &info, NULL);
  return TRUE;
}

GeglBuffer *
pixels_read (int fd, gint32 layer, const Pixels *pixels, gboolean own_space, GError **error)
{
  FILE *file = fdopen (dup (fd), "rb");
  g_autofree guint8 *rows = g_malloc (ROWS * row_bytes (pixels));
  GeglBuffer *buffer = NULL;
  gboolean done;

  if (file)
    rewind (file);
  done = file && read_png (file, pixels, own_space ? gimp_drawable_get_format (layer) : NULL, &buffer, rows);
  if (file)
    fclose (file);
  if (done)
    return buffer;
  g_clear_object (&buffer);
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                       _("What limn-cli wrote can't be read. Install Limn and its plug-in anew."));
  return NULL;
}
