/* Files that end early or are damaged open as far as they go: which rows are there, and that these are right.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture/limn-orientation.h"
#include "app/picture/limn-picture-file.h"
#include "picture-test.h"

#include <png.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#define WIDTH 150
#define HEIGHT 130

static void
append (png_structp png, png_bytep data, size_t size)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) size);
}

/* What Limn itself doesn't write: rows in seven passes. */
static GBytes *
encode_interlaced (LimnPicture *picture)
{
  GByteArray *out = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  int passes;

  png_set_write_fn (png, out, append, NULL);
  png_set_IHDR (png, info, WIDTH, HEIGHT, 8, PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_ADAM7, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  png_write_info (png, info);
  passes = png_set_interlace_handling (png);
  for (int pass = 0; pass < passes; pass++)
    for (gsize y = 0; y < HEIGHT; y++)
      png_write_row (png, limn_picture_get_data (picture) + y * limn_picture_get_stride (picture));
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
encode_progressive (LimnPicture *picture)
{
  struct jpeg_error_mgr manager;
  struct jpeg_compress_struct out = { .err = jpeg_std_error (&manager) };
  unsigned char *data = NULL;
  unsigned long size = 0;

  jpeg_create_compress (&out);
  jpeg_mem_dest (&out, &data, &size);
  out.image_width = WIDTH;
  out.image_height = HEIGHT;
  out.input_components = 4;
  out.in_color_space = JCS_EXT_RGBX;
  jpeg_set_defaults (&out);
  jpeg_simple_progression (&out);
  jpeg_start_compress (&out, TRUE);
  while (out.next_scanline < HEIGHT) {
    guint8 *row = limn_picture_get_data (picture) + out.next_scanline * limn_picture_get_stride (picture);

    jpeg_write_scanlines (&out, &row, 1);
  }
  jpeg_finish_compress (&out);
  jpeg_destroy_compress (&out);
  return g_bytes_new_with_free_func (data, size, free, data);
}

/* How many rows of part are known; the others are cleared, and the loss is said to be just them. */
static gsize
count_rows (LimnPicture *part)
{
  const LimnPictureLoss loss = *limn_picture_get_loss (part);
  const gsize rows = HEIGHT - loss.height, stride = limn_picture_get_stride (part);

  g_assert_cmpuint (limn_picture_get_width (part), ==, WIDTH);
  g_assert_cmpuint (limn_picture_get_height (part), ==, HEIGHT);
  g_assert_true (limn_picture_is_damaged (part) == (loss.height > 0 || loss.coarse));
  if (loss.height > 0) {
    g_assert_cmpuint (loss.x, ==, 0);
    g_assert_cmpuint (loss.width, ==, WIDTH);
    g_assert_cmpuint (loss.y, ==, rows);
  }
  for (gsize i = rows * stride; i < HEIGHT * stride; i++)
    g_assert_cmpuint (limn_picture_get_data (part)[i], ==, 0);
  return rows;
}

/* The rows are what they are in the whole picture, or near it where they are coarse. */
static void
check_rows (LimnPicture *part, LimnPicture *whole, gsize rows)
{
  const gsize stride = limn_picture_get_stride (whole);
  double sum = 0;

  if (!limn_picture_get_loss (part)->coarse) {
    g_assert_cmpint (memcmp (limn_picture_get_data (part), limn_picture_get_data (whole), rows * stride), ==, 0);
    return;
  }
  for (gsize i = 0; i < rows * stride; i++)
    sum += ABS ((int) limn_picture_get_data (part)[i] - (int) limn_picture_get_data (whole)[i]);
  g_assert_cmpfloat (sum / (double) (rows * stride), <, 14); /* of 255 */
}

/* Wherever the file ends: never a row less than of a shorter file, and none is invented. */
static void
check_cuts (GBytes *file)
{
  g_autoptr (LimnPicture) whole = decode (file);
  const gsize size = g_bytes_get_size (file);
  gsize before = 0, most = 0;

  for (gsize left = 1; left < size; left += MAX (1, size / 400)) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (file, 0, left);
    g_autoptr (GError) error = NULL, refused = NULL;
    g_autoptr (LimnPicture) part = limn_picture_decode (cut, "cut", TRUE, NULL, &error);
    g_autoptr (LimnPicture) strict = limn_picture_decode (cut, "cut", FALSE, NULL, &refused);
    gsize rows = 0;

    if (part) {
      rows = count_rows (part);
      check_rows (part, whole, rows);
    } else {
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
    }
    g_assert_cmpuint (rows, >=, before);
    before = rows;
    most = left <= size * 3 / 4 ? rows : most;
    if (strict) /* just as before: whole or not at all */
      assert_same_pixels (strict, whole);
    else
      g_assert_error (refused, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
    g_assert_true (!strict || (part && !limn_picture_is_damaged (part)));
  }
  g_assert_cmpuint (most, >, HEIGHT / 4); /* of three quarters of the file */
}

static void
test_png (void)
{
  for (int depth = 8; depth <= 16; depth += 8) {
    g_autoptr (LimnPicture) picture = make_picture (WIDTH, HEIGHT, depth, FALSE, depth == 8);
    g_autoptr (GBytes) file = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);

    check_cuts (file);
  }
}

static void
test_png_interlaced (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (WIDTH, HEIGHT);
  g_autoptr (GBytes) file = encode_interlaced (picture);
  g_autoptr (LimnPicture) whole = decode (file);

  assert_same_pixels (whole, picture);
  check_cuts (file);
}

static void
test_jpeg (void)
{
  for (int quality = 60; quality <= 95; quality += 35) { /* with fewer color pixels, and as many */
    g_autoptr (LimnPicture) picture = make_picture (WIDTH, HEIGHT, 8, FALSE, FALSE);
    g_autoptr (GBytes) file = encode (picture, LIMN_FORMAT_JPEG, quality, FALSE);

    check_cuts (file);
  }
}

static void
test_jpeg_progressive (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (WIDTH, HEIGHT);
  g_autoptr (GBytes) file = encode_progressive (picture);

  check_cuts (file);
}

static void
test_webp (void)
{
  for (int lossless = 0; lossless <= 1; lossless++)
    for (int alpha = 0; alpha <= 1; alpha++) {
      g_autoptr (LimnPicture) picture = make_picture (WIDTH, HEIGHT, 8, FALSE, alpha);
      g_autoptr (GBytes) file = encode (picture, LIMN_FORMAT_WEBP, 80, lossless);

      check_cuts (file);
    }
}

/* Bytes that are wrong: a picture or an error, nothing else; and often the rows above them. */
static void
check_damage (GBytes *file)
{
  guint opened = 0;

  for (guint i = 0; i < 200; i++) {
    gsize size;
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (file, &size), g_bytes_get_size (file));
    g_autoptr (GError) error = NULL;

    for (guint k = 0; k < 3; k++)
      data[g_test_rand_int_range (0, (gint32) size)] ^= (guint8) g_test_rand_int_range (1, 256);
    g_autoptr (GBytes) damaged = g_bytes_new (data, size);
    g_autoptr (LimnPicture) part = limn_picture_decode (damaged, "damaged", TRUE, NULL, &error);

    g_assert_true ((part == NULL) == (error != NULL));
    opened += part != NULL;
  }
  g_assert_cmpuint (opened, >, 0);
}

static void
test_damage (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (WIDTH, HEIGHT);
  g_autoptr (GBytes) interlaced = encode_interlaced (picture), progressive = encode_progressive (picture);

  check_damage (interlaced);
  check_damage (progressive);
  for (LimnFormat format = LIMN_FORMAT_PNG; format <= LIMN_FORMAT_WEBP; format++) {
    g_autoptr (GBytes) file = encode (picture, format, 90, FALSE);

    check_damage (file);
  }
}

/* A picture that was turned says which of its sides is missing now. */
static void
test_turned (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (WIDTH, HEIGHT);
  g_autoptr (GBytes) whole = encode (picture, LIMN_FORMAT_JPEG, 90, FALSE);
  g_autoptr (GBytes) file = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) * 2 / 3);
  g_autoptr (LimnPicture) part = limn_picture_decode (file, "cut", TRUE, NULL, NULL);

  for (int orientation = 1; orientation <= 8; orientation++) {
    g_autoptr (LimnPicture) upright = limn_picture_orient (part, orientation, NULL);
    const LimnPictureLoss loss = *limn_picture_get_loss (upright);

    g_assert_cmpuint (loss.width * loss.height, >, 0);
    for (gsize y = 0; y < limn_picture_get_height (upright); y++)
      for (gsize x = 0; x < limn_picture_get_width (upright); x++) {
        const gboolean missing = x >= loss.x && x < loss.x + loss.width && y >= loss.y && y < loss.y + loss.height;

        g_assert_cmpuint (get_pixel (upright, x, y, 3), ==, missing ? 0 : 255);
      }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-part/png", test_png);
  g_test_add_func ("/picture-part/png-interlaced", test_png_interlaced);
  g_test_add_func ("/picture-part/jpeg", test_jpeg);
  g_test_add_func ("/picture-part/jpeg-progressive", test_jpeg_progressive);
  g_test_add_func ("/picture-part/webp", test_webp);
  g_test_add_func ("/picture-part/damage", test_damage);
  g_test_add_func ("/picture-part/turned", test_turned);
  return g_test_run ();
}
