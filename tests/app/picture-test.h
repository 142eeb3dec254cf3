/* Pictures and files for the tests of picture files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"

#include <glib/gstdio.h>
#include <string.h>

/* A folder of the test's own, removed with its files by remove_folder. */
static inline char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("limn-picture-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

/* Number of files in folder, but those whose name is in but (NULL = count all). */
static inline guint
count_files (const char *folder, const char *but)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_strcmp0 (name, but) != 0)
      count++;
  return count;
}

static inline void
remove_folder (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_remove (path);
  }
  g_rmdir (folder);
  g_free (folder);
}

static inline guint
get_pixel (LimnPicture *picture, gsize x, gsize y, guint c)
{
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

  return limn_picture_get_depth (picture) == 16 ? ((const guint16 *) (gconstpointer) row)[x * 4 + c] : row[x * 4 + c];
}

/* value16: 0..65535 whatever the depth. */
static inline void
set_pixel (LimnPicture *picture, gsize x, gsize y, guint c, guint value16)
{
  guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

  if (limn_picture_get_depth (picture) == 16)
    ((guint16 *) (gpointer) row)[x * 4 + c] = (guint16) value16;
  else
    row[x * 4 + c] = (guint8) (value16 >> 8);
}

/* Smooth with some noise, different in each channel (gray: the same); opaque without alpha. */
static inline LimnPicture *
make_picture (gsize width, gsize height, int depth, gboolean gray, gboolean alpha)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, depth, &error);

  g_assert_no_error (error);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (guint c = 0; c < 4; c++) {
        guint k = gray && c < 3 ? 0 : c;
        guint noise = (guint) (x * 7919 + y * 104729 + k * 1299709) * 2654435761u >> 21;

        set_pixel (picture, x, y, c, c == 3 && !alpha ? 65535 : (guint) ((x * 650 + y * (300 + 200 * k) + k * 9000) % 60000) + noise);
      }
  limn_picture_set_has_alpha (picture, alpha);
  return picture;
}

/* Nothing but gradients: a lossy format keeps it nearly. */
static inline LimnPicture *
make_smooth (gsize width, gsize height)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, 8, &error);

  g_assert_no_error (error);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      set_pixel (picture, x, y, 0, (guint) (x * 60000 / width));
      set_pixel (picture, x, y, 1, (guint) (y * 60000 / height));
      set_pixel (picture, x, y, 2, (guint) ((x + y) * 60000 / (width + height)));
      set_pixel (picture, x, y, 3, 65535);
    }
  return picture;
}

static inline void
assert_same_pixels (LimnPicture *a, LimnPicture *b)
{
  g_assert_cmpuint (limn_picture_get_width (a), ==, limn_picture_get_width (b));
  g_assert_cmpuint (limn_picture_get_height (a), ==, limn_picture_get_height (b));
  g_assert_cmpint (limn_picture_get_depth (a), ==, limn_picture_get_depth (b));
  g_assert_cmpint (memcmp (limn_picture_get_data (a), limn_picture_get_data (b), limn_picture_get_stride (a) * limn_picture_get_height (a)),
                   ==, 0);
}

/* Mean and largest absolute difference over the colours, in units of the depth. */
static inline double
difference (LimnPicture *a, LimnPicture *b, guint *largest)
{
  gsize width = limn_picture_get_width (a), height = limn_picture_get_height (a);
  double sum = 0;
  guint most = 0;

  g_assert_cmpuint (width, ==, limn_picture_get_width (b));
  g_assert_cmpuint (height, ==, limn_picture_get_height (b));
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (guint c = 0; c < 3; c++) {
        guint differ = (guint) ABS ((int) get_pixel (a, x, y, c) - (int) get_pixel (b, x, y, c));

        sum += differ;
        most = MAX (most, differ);
      }
  if (largest)
    *largest = most;
  return sum / (double) (3 * width * height);
}

static inline GBytes *
encode (LimnPicture *picture, LimnFormat format, int quality, gboolean lossless)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = limn_picture_encode (picture, &(LimnSaveOptions){ format, quality, lossless }, &error);

  g_assert_no_error (error);
  return bytes;
}

static inline LimnPicture *
decode (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_load_bytes (bytes, "test", NULL, &error);

  g_assert_no_error (error);
  return picture;
}

/* Whether bytes contain what. */
static inline gboolean
contains (GBytes *bytes, gconstpointer what, gsize size)
{
  return memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), what, size) != NULL;
}
