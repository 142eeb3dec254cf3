/* Picture files: what is written is read again, nothing is left behind by a failure, damaged files are refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char *folder;

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Value of channel c at (x, y), 0..65535: smooth with some noise, different in each channel. */
static guint
value_at (gsize x, gsize y, guint c)
{
  guint noise = (guint) (x * 7919 + y * 104729 + c * 1299709) * 2654435761u >> 21;

  return (guint) ((x * 650 + y * (300 + 200 * c) + c * 9000) % 60000) + noise;
}

static void
set_pixel (LimnPicture *picture, gsize x, gsize y, guint c, guint value16)
{
  guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

  if (limn_picture_get_depth (picture) == 16)
    ((guint16 *) (gpointer) row)[x * 4 + c] = (guint16) value16;
  else
    row[x * 4 + c] = (guint8) (value16 >> 8);
}

static LimnPicture *
make_picture (gsize width, gsize height, int depth, gboolean gray, gboolean alpha)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, depth, &error);

  g_assert_no_error (error);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      for (guint c = 0; c < 3; c++)
        set_pixel (picture, x, y, c, value_at (x, y, gray ? 0 : c));
      set_pixel (picture, x, y, 3, alpha ? value_at (x, y, 3) : 65535);
    }
  limn_picture_set_has_alpha (picture, alpha);
  return picture;
}

static void
assert_same_pixels (LimnPicture *a, LimnPicture *b)
{
  g_assert_cmpuint (limn_picture_get_width (a), ==, limn_picture_get_width (b));
  g_assert_cmpuint (limn_picture_get_height (a), ==, limn_picture_get_height (b));
  g_assert_cmpint (limn_picture_get_depth (a), ==, limn_picture_get_depth (b));
  g_assert_cmpint (memcmp (limn_picture_get_data (a), limn_picture_get_data (b),
                           limn_picture_get_stride (a) * limn_picture_get_height (a)),
                   ==, 0);
}

/* Mean absolute difference in levels of 255, over the colours of 8-bit pictures. */
static double
mean_difference (LimnPicture *a, LimnPicture *b)
{
  gsize n = limn_picture_get_width (a) * limn_picture_get_height (a);
  const guint8 *p = limn_picture_get_data (a), *q = limn_picture_get_data (b);
  double sum = 0;

  g_assert_cmpuint (limn_picture_get_width (a), ==, limn_picture_get_width (b));
  g_assert_cmpuint (limn_picture_get_height (a), ==, limn_picture_get_height (b));
  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < 3; c++)
      sum += ABS (p[i * 4 + c] - q[i * 4 + c]);
  return sum / (double) (3 * n);
}

static LimnPicture *
save_and_load (LimnPicture *picture, const char *name, const LimnSaveOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_folder (name);
  LimnPicture *loaded;

  limn_picture_save (picture, path, options, NULL, &error);
  g_assert_no_error (error);
  loaded = limn_picture_load (path, NULL, &error);
  g_assert_no_error (error);
  return loaded;
}

/* Every kind of pixels, at sizes that fill a strip badly, comes back bit for bit. */
static void
test_lossless (void)
{
  static const struct {
    gsize width, height;
  } sizes[] = { { 1, 1 }, { 3, 2 }, { 61, 47 }, { 700, 801 } };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (int kind = 0; kind < 8; kind++) {
      int depth = kind & 1 ? 16 : 8;
      g_autoptr (LimnPicture) picture = make_picture (sizes[s].width, sizes[s].height, depth, kind & 2, kind & 4);
      g_autoptr (LimnPicture) png = save_and_load (picture, "a.png", &(LimnSaveOptions) { LIMN_FORMAT_PNG, 0, FALSE });

      assert_same_pixels (picture, png);
      g_assert_true (limn_picture_get_has_alpha (png) == limn_picture_get_has_alpha (picture));
      if (depth == 8) {
        g_autoptr (LimnPicture) webp = save_and_load (picture, "a.webp", &(LimnSaveOptions) { LIMN_FORMAT_WEBP, 0, TRUE });

        assert_same_pixels (picture, webp);
      }
    }
}

static void
test_lossy (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) picture = limn_picture_new (160, 120, 8, &error);

  for (gsize y = 0; y < 120; y++)
    for (gsize x = 0; x < 160; x++) {
      set_pixel (picture, x, y, 0, (guint) x * 300);
      set_pixel (picture, x, y, 1, (guint) y * 400);
      set_pixel (picture, x, y, 2, (guint) (x + y) * 200);
      set_pixel (picture, x, y, 3, 65535);
    }
  for (int quality = 50; quality <= 95; quality += 15) {
    g_autoptr (LimnPicture) jpeg = save_and_load (picture, "a.jpg", &(LimnSaveOptions) { LIMN_FORMAT_JPEG, quality, FALSE });
    g_autoptr (LimnPicture) webp = save_and_load (picture, "a.webp", &(LimnSaveOptions) { LIMN_FORMAT_WEBP, quality, FALSE });
    LimnSaveOptions options;

    g_assert_cmpfloat (mean_difference (picture, jpeg), <, 2.5);
    g_assert_cmpfloat (mean_difference (picture, webp), <, 3.5);
    limn_save_options_init (&options, jpeg, LIMN_FORMAT_JPEG);
    g_assert_cmpint (options.quality, ==, quality);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("limn-picture-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_test_add_func ("/picture-file/lossless", test_lossless);
  g_test_add_func ("/picture-file/lossy", test_lossy);
  result = g_test_run ();
  g_free (folder);
  return result;
}
