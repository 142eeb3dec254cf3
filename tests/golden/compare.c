/* Comparing pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare.h"

#include "app/picture/limn-picture-file.h"

#define GAIN 16

static const guint8 *
row_of (LimnPicture *picture, gsize y)
{
  return limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
}

static gboolean
same_size (LimnPicture *a, LimnPicture *b)
{
  return limn_picture_get_width (a) == limn_picture_get_width (b) && limn_picture_get_height (a) == limn_picture_get_height (b);
}

GoldenDifference
golden_compare (LimnPicture *expected, LimnPicture *got)
{
  const gsize width = limn_picture_get_width (expected), height = limn_picture_get_height (expected);
  GoldenDifference difference = { 0 };
  guint64 sum = 0;

  g_assert_true (same_size (expected, got));
  g_assert_cmpint (limn_picture_get_depth (expected), ==, 8);
  g_assert_cmpint (limn_picture_get_depth (got), ==, 8);
  for (gsize y = 0; y < height; y++)
    for (gsize i = 0; i < 4 * width; i++) {
      const guint one = (guint) ABS ((int) row_of (expected, y)[i] - (int) row_of (got, y)[i]);

      sum += one;
      if (one > difference.most) {
        difference.most = one;
        difference.x = i / 4;
        difference.y = y;
      }
    }
  difference.mean = (double) sum / (double) (3 * width * height);
  return difference;
}

gboolean
golden_is_close (const GoldenDifference *difference)
{
  return difference->mean <= GOLDEN_MEAN && difference->most <= GOLDEN_MOST;
}

LimnPicture *
golden_amplify (LimnPicture *expected, LimnPicture *got, int gain)
{
  g_autoptr (GError) error = NULL;
  const gsize width = limn_picture_get_width (expected), height = limn_picture_get_height (expected);
  LimnPicture *out = limn_picture_new (width, height, 8, &error);

  g_assert_no_error (error);
  g_assert_true (same_size (expected, got));
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      const guint8 *a = row_of (expected, y) + 4 * x, *b = row_of (got, y) + 4 * x;
      guint8 *to = limn_picture_get_data (out) + y * limn_picture_get_stride (out) + 4 * x;

      for (int c = 0; c < 3; c++)
        to[c] = (guint8) CLAMP (128 + gain * (b[c] - a[c] + b[3] - a[3]), 0, 255);
      to[3] = 255;
    }
  return out;
}

/* Saves picture as folder/name-what.png and adds the path to text. */
static void
keep (GString *text, LimnPicture *picture, const char *folder, const char *name, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup_printf ("%s-%s.png", name, what), *path = g_build_filename (folder, file, NULL);

  limn_picture_save (picture, path, &(LimnSaveOptions){ .format = LIMN_FORMAT_PNG }, NULL, &error);
  g_string_append_printf (text, " %s", error ? error->message : path);
}

char *
golden_judge (const char *name, LimnPicture *expected, LimnPicture *got, const char *folder)
{
  GString *text = g_string_new (name);

  if (same_size (expected, got)) {
    const GoldenDifference difference = golden_compare (expected, got);

    if (golden_is_close (&difference)) {
      g_string_free (text, TRUE);
      return NULL;
    }
    g_string_append_printf (text, ": mean error %.4f (at most %.4f), largest %u (at most %d) at pixel %zu, %zu", difference.mean,
                            GOLDEN_MEAN, difference.most, GOLDEN_MOST, difference.x, difference.y);
  } else {
    g_string_append_printf (text, ": %zu x %zu pixels instead of %zu x %zu", limn_picture_get_width (got), limn_picture_get_height (got),
                            limn_picture_get_width (expected), limn_picture_get_height (expected));
  }
  g_string_append (text, "; see");
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  keep (text, expected, folder, name, "expected");
  keep (text, got, folder, name, "got");
  if (same_size (expected, got)) {
    g_autoptr (LimnPicture) amplified = golden_amplify (expected, got, GAIN);

    keep (text, amplified, folder, name, "difference");
  }
  return g_string_free (text, FALSE);
}
