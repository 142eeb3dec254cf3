/* Which photos count as gray: scans of old prints do, photos in colour don't. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "picture-test.h"

#include <math.h>

static LimnPicture *
load_sample (const char *name)
{
  g_autofree char *path = g_build_filename ("..", "resources", "samples", name, NULL);
  GError *error = NULL;
  LimnPicture *picture = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

/* A gray photo's lightness v (0 to 1) becomes a colour. */
typedef struct {
  double black[3], white[3], gamma;
} Tint;
static const Tint plain = { { 0, 0, 0 }, { 1, 1, 1 }, 1 };
static const Tint sepia = { { 0.06, 0.03, 0 }, { 1, 0.93, 0.76 }, 0.9 };
static const Tint faded = { { 0.3, 0.2, 0.22 }, { 0.92, 0.88, 0.7 }, 1.2 };
static const Tint bluish = { { 0, 0.02, 0.05 }, { 0.95, 0.98, 1 }, 1 };
static const Tint sunset = { { 0, 0, 0 }, { 1, 0.5, 0.05 }, 1 };

/* The gray sample so tinted, with noise of so many levels. */
static LimnPicture *
tinted (const Tint *tint, int noise, guint depth)
{
  g_autoptr (LimnPicture) gray = load_sample ("pavilion.jpg");
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  const gsize width = limn_picture_get_width (gray), height = limn_picture_get_height (gray);
  LimnPicture *picture = limn_picture_new (width, height, depth, NULL);

  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      const double v = pow (get_pixel (gray, x, y, 1) / 255.0, tint->gamma);

      for (guint k = 0; k < 3; k++) {
        const double value = tint->black[k] + (tint->white[k] - tint->black[k]) * v;
        const double noisy = value * 255 + (noise ? g_rand_double_range (rand, -noise, noise) : 0);

        set_pixel (picture, x, y, k, (guint) (CLAMP (noisy, 0, 255) * 257));
      }
      set_pixel (picture, x, y, 3, 65535);
    }
  limn_picture_set_has_alpha (picture, FALSE);
  return picture;
}

/* As a scanner's file: through JPEG. */
static LimnPicture *
through_jpeg (LimnPicture *picture)
{
  char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "scan.jpg", NULL);
  LimnSaveOptions options;
  GError *error = NULL;
  LimnPicture *scan;

  limn_save_options_init (&options, picture, LIMN_FORMAT_JPEG);
  limn_picture_save (picture, path, &options, NULL, &error);
  g_assert_no_error (error);
  scan = limn_picture_load (path, NULL, &error);
  g_assert_no_error (error);
  remove_folder (folder);
  return scan;
}

static void
test_prints (void)
{
  static const Tint *const tints[] = { &plain, &sepia, &faded, &bluish };

  for (guint i = 0; i < G_N_ELEMENTS (tints); i++)
    for (guint depth = 8; depth <= 16; depth += 8) {
      g_autoptr (LimnPicture) clean = tinted (tints[i], 0, depth), noisy = tinted (tints[i], 12, depth);
      g_autoptr (LimnPicture) scan = through_jpeg (noisy);

      g_assert_true (limn_picture_is_gray (clean));
      g_assert_true (limn_picture_is_gray (noisy));
      g_assert_true (limn_picture_is_gray (scan));
    }
}

static void
test_photos (void)
{
  static const char *const names[] = { "cat.png", "moss.jpg" };
  g_autoptr (LimnPicture) evening = tinted (&sunset, 0, 8);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (LimnPicture) photo = load_sample (names[i]);

    g_assert_false (limn_picture_is_gray (photo));
  }
  g_assert_false (limn_picture_is_gray (evening)); /* a black outline before an orange sky */
}

/* A stamp on a print is odd, but a coat that was left in colour is meant. */
static void
test_spot (void)
{
  static const struct {
    gsize part; /* of each side */
    gboolean gray;
  } spots[] = { { 20, TRUE }, { 4, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (spots); i++) {
    g_autoptr (LimnPicture) print = tinted (&sepia, 4, 8);
    const gsize width = limn_picture_get_width (print) / spots[i].part, height = limn_picture_get_height (print) / spots[i].part;

    for (gsize y = 0; y < height; y++)
      for (gsize x = 0; x < width; x++) {
        set_pixel (print, 40 + x, 60 + y, 0, 50000);
        set_pixel (print, 40 + x, 60 + y, 1, 10000);
        set_pixel (print, 40 + x, 60 + y, 2, 20000);
      }
    g_assert_cmpint (limn_picture_is_gray (print), ==, spots[i].gray);
  }
}

/* One colour alone tells of no tint. */
static void
test_flat (void)
{
  for (guint green = 20000; green <= 40000; green += 20000) {
    g_autoptr (LimnPicture) picture = limn_picture_new (100, 80, 8, NULL);

    for (gsize y = 0; y < 80; y++)
      for (gsize x = 0; x < 100; x++) {
        set_pixel (picture, x, y, 0, 40000);
        set_pixel (picture, x, y, 1, green);
        set_pixel (picture, x, y, 2, 40000);
        set_pixel (picture, x, y, 3, 65535);
      }
    g_assert_cmpint (limn_picture_is_gray (picture), ==, green == 40000);
  }
}

/* One pixel, a line, and what is transparent. */
static void
test_small (void)
{
  static const gsize sizes[][2] = { { 1, 1 }, { 1, 300 }, { 300, 1 }, { 47, 49 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (LimnPicture) picture = limn_picture_new (sizes[i][0], sizes[i][1], 8, NULL);

    g_assert_false (limn_picture_is_gray (picture)); /* there is nothing */
    for (gsize y = 0; y < sizes[i][1]; y++)
      for (gsize x = 0; x < sizes[i][0]; x++)
        set_pixel (picture, x, y, 3, 65535);
    g_assert_true (limn_picture_is_gray (picture));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-gray/prints", test_prints);
  g_test_add_func ("/picture-gray/photos", test_photos);
  g_test_add_func ("/picture-gray/spot", test_spot);
  g_test_add_func ("/picture-gray/flat", test_flat);
  g_test_add_func ("/picture-gray/small", test_small);
  return g_test_run ();
}
