/* Picture files: what is written is read again, and a failure leaves everything as it was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-scale.h"
#include "picture-test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static LimnPicture *
save_and_load (LimnPicture *picture, const char *name, const LimnSaveOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
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
      g_autoptr (LimnPicture) png = save_and_load (picture, "a.png", &(LimnSaveOptions){ LIMN_FORMAT_PNG, 0, FALSE });

      assert_same_pixels (picture, png);
      g_assert_true (limn_picture_get_has_alpha (png) == limn_picture_get_has_alpha (picture));
      if (depth == 8) {
        g_autoptr (LimnPicture) webp = save_and_load (picture, "a.webp", &(LimnSaveOptions){ LIMN_FORMAT_WEBP, 0, TRUE });
        LimnSaveOptions options;

        assert_same_pixels (picture, webp);
        limn_save_options_init (&options, webp, LIMN_FORMAT_WEBP);
        g_assert_true (options.lossless);
      }
    }
}

/* A transparent pixel in a picture that had none is not lost. */
static void
test_new_alpha (void)
{
  g_autoptr (LimnPicture) picture = make_picture (9, 9, 8, FALSE, FALSE);
  g_autoptr (LimnPicture) png = NULL;
  g_autoptr (GBytes) opaque = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpint (((const guint8 *) g_bytes_get_data (opaque, NULL))[25], ==, 2); /* IHDR's colour type: RGB */
  set_pixel (picture, 8, 8, 3, 0);
  bytes = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);
  png = decode (bytes);
  assert_same_pixels (picture, png);
  g_assert_true (limn_picture_get_has_alpha (png));
}

/* JPEG has no alpha: what is transparent becomes white. */
static void
test_jpeg_on_white (void)
{
  g_autoptr (LimnPicture) picture = make_picture (16, 16, 16, FALSE, FALSE);
  g_autoptr (LimnPicture) jpeg = NULL;

  for (gsize i = 0; i < 256; i++)
    set_pixel (picture, i % 16, i / 16, 3, 0);
  jpeg = save_and_load (picture, "white.jpg", &(LimnSaveOptions){ LIMN_FORMAT_JPEG, 0, FALSE });
  for (guint c = 0; c < 4; c++)
    g_assert_cmpuint (get_pixel (jpeg, 7, 7, c), ==, 255);
}

static void
test_lossy (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (160, 120);

  for (int quality = 50; quality <= 95; quality += 15) {
    g_autoptr (LimnPicture) jpeg = save_and_load (picture, "a.jpg", &(LimnSaveOptions){ LIMN_FORMAT_JPEG, quality, FALSE });
    g_autoptr (LimnPicture) webp = save_and_load (picture, "a.webp", &(LimnSaveOptions){ LIMN_FORMAT_WEBP, quality, FALSE });
    LimnSaveOptions options;

    g_assert_cmpfloat (difference (picture, jpeg, NULL), <, 2.5);
    g_assert_cmpfloat (difference (picture, webp, NULL), <, 3.5);
    limn_save_options_init (&options, jpeg, LIMN_FORMAT_JPEG);
    g_assert_cmpint (options.quality, ==, quality);
    limn_save_options_init (&options, webp, LIMN_FORMAT_WEBP);
    g_assert_false (options.lossless);
  }
}

/* The sampling factors (luma, both ways) in a JPEG's frame header. */
static int
luma_sampling (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 2; i + 12 < size; i += 2 + (gsize) (data[i + 2] << 8 | data[i + 3]))
    if (data[i + 1] == 0xC0 || data[i + 1] == 0xC2)
      return data[i + 11];
  return 0;
}

/* Saved again and again, a JPEG keeps its chroma resolution and hardly changes. */
static void
test_jpeg_again (void)
{
  g_autoptr (LimnPicture) picture = make_smooth (96, 64);
  g_autoptr (GBytes) coarse = encode (picture, LIMN_FORMAT_JPEG, 75, FALSE), fine = encode (picture, LIMN_FORMAT_JPEG, 92, FALSE);
  g_autoptr (LimnPicture) loaded = decode (coarse), finer = decode (fine);
  g_autoptr (GBytes) again = encode (loaded, LIMN_FORMAT_JPEG, 95, FALSE), same = encode (loaded, LIMN_FORMAT_JPEG, 75, FALSE);
  g_autoptr (GBytes) low = encode (finer, LIMN_FORMAT_JPEG, 60, FALSE);
  g_autoptr (LimnPicture) reloaded = decode (same);

  g_assert_cmphex (luma_sampling (coarse), ==, 0x22);
  g_assert_cmphex (luma_sampling (again), ==, 0x22);
  g_assert_cmphex (luma_sampling (fine), ==, 0x11);
  g_assert_cmphex (luma_sampling (low), ==, 0x11);
  g_assert_cmpfloat (difference (loaded, reloaded, NULL), <, 0.5);
}

static void
test_formats (void)
{
  g_autoptr (GError) error = NULL;
  LimnFormat format;

  g_assert_true (limn_format_from_path ("/a.webp/B.JPeG", &format, NULL));
  g_assert_cmpint (format, ==, LIMN_FORMAT_JPEG);
  g_assert_true (limn_format_from_path ("x.y.png", &format, NULL));
  g_assert_cmpint (format, ==, LIMN_FORMAT_PNG);
  g_assert_true (limn_format_from_path ("x.webp", &format, NULL));
  g_assert_cmpint (format, ==, LIMN_FORMAT_WEBP);
  g_assert_false (limn_format_from_path ("/a.png/b.gif", &format, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
}

/* What a format can't hold is known without a picture, and no encoder is asked for it. */
static void
test_sizes (void)
{
  g_autoptr (LimnPicture) wide = limn_picture_new (16384, 1, 8, NULL);

  for (LimnFormat format = LIMN_FORMAT_PNG; format < LIMN_N_FORMATS; format++) {
    const LimnSaveOptions options = { format, 0, FALSE };
    const gboolean fits = format != LIMN_FORMAT_WEBP;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;

    if (!limn_format_get_info (format) || !limn_format_check (format, 1, 1, NULL)) /* not built in, or without its encoder */
      continue;
    g_assert_true (limn_format_check (format, 16383, 16383, NULL));
    g_assert_true (limn_format_check (format, 1, 16384, NULL) == fits);
    bytes = limn_picture_encode (wide, &options, &error);
    g_assert_true ((bytes != NULL) == fits && (error == NULL) == fits);
  }
}

/* The same picture gives the same bytes each time, also when its profile had to be made up. */
static void
test_same_bytes (void)
{
  g_autoptr (LimnPicture) picture = make_picture (640, 900, 8, FALSE, FALSE);
  g_autoptr (GBytes) first = encode (picture, LIMN_FORMAT_PNG, 0, FALSE), second = encode (picture, LIMN_FORMAT_PNG, 0, FALSE);

  g_assert_true (g_bytes_equal (first, second));
}

/* What is in the file at path. */
static char *
contents (const char *path, gsize *size)
{
  char *data = NULL;

  g_assert_true (g_file_get_contents (path, &data, size, NULL));
  return data;
}

/* Saves where it can't be and expects code; what was at path before is there still, and nothing beside it. */
static void
expect_failure (const char *path, GCancellable *cancellable, int code)
{
  g_autoptr (LimnPicture) picture = make_picture (200, 200, 8, FALSE, FALSE);
  g_autoptr (GError) error = NULL;
  guint before = count_files (folder, NULL);

  g_assert_false (limn_picture_save (picture, path, &(LimnSaveOptions){ LIMN_FORMAT_PNG, 0, FALSE }, cancellable, &error));
  g_assert_error (error, LIMN_APP_ERROR, code);
  g_assert_cmpuint (strlen (error->message), >=, 10);
  g_assert_cmpuint (count_files (folder, NULL), ==, before);
}

static void
test_full_disk (void)
{
  g_autofree char *path = g_build_filename (folder, "full.png", NULL);
  g_autofree char *after = NULL;
  struct rlimit old, tight;
  gsize size;

  g_assert_true (g_file_set_contents (path, "what was there", -1, NULL));
  /* A limit for the size of files behaves as a full disk does, and needs no mount. */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  tight = (struct rlimit){ 10000, old.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &tight), ==, 0);
  expect_failure (path, NULL, LIMN_APP_ERROR_RESOURCES);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  after = contents (path, &size);
  g_assert_cmpstr (after, ==, "what was there");
  if (g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    expect_failure ("/dev/full", NULL, LIMN_APP_ERROR_RESOURCES);
}

static void
test_bad_target (void)
{
  g_autofree char *missing = g_build_filename (folder, "none", "a.png", NULL);
  g_autofree char *under = g_build_filename (folder, "plain", NULL), *path = g_build_filename (under, "a.png", NULL);

  g_assert_true (g_file_set_contents (under, "", 0, NULL));
  expect_failure (missing, NULL, LIMN_APP_ERROR_INPUT);
  expect_failure (folder, NULL, LIMN_APP_ERROR_INPUT);
  expect_failure (path, NULL, LIMN_APP_ERROR_INPUT);
}

static void
test_read_only (void)
{
  g_autofree char *path = g_build_filename (folder, "fixed.png", NULL);
  const uid_t nobody = 65534;
  gboolean root = geteuid () == 0;

  if (root && (chown (folder, nobody, (gid_t) -1) != 0 || seteuid (nobody) != 0)) { /* root may write everywhere */
    g_test_skip ("no user to run as who may not write everywhere");
    return;
  }
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (g_chmod (path, 0444), ==, 0);
  expect_failure (path, NULL, LIMN_APP_ERROR_INPUT);
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  expect_failure (path, NULL, LIMN_APP_ERROR_INPUT);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  if (root)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_cancel (void)
{
  g_autofree char *path = g_build_filename (folder, "cancelled.png", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LimnPicture) picture = make_smooth (80, 80);

  g_cancellable_cancel (cancellable);
  expect_failure (path, cancellable, LIMN_APP_ERROR_CANCELLED);
  for (LimnFormat format = LIMN_FORMAT_PNG; format <= LIMN_FORMAT_WEBP; format++) {
    g_autoptr (GBytes) bytes = encode (picture, format, 0, FALSE);
    g_autoptr (GError) error = NULL;

    g_assert_null (limn_picture_load_bytes (bytes, "x", cancellable, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  }
}

/* Who may read a file stays as it was; a new file is as the umask says; a link stays one. */
static void
test_replace (void)
{
  g_autoptr (LimnPicture) picture = make_picture (5, 5, 8, FALSE, FALSE);
  g_autofree char *path = g_build_filename (folder, "mode.png", NULL), *link = g_build_filename (folder, "link.png", NULL);
  g_autofree char *made = g_build_filename (folder, "made.png", NULL);
  g_autoptr (LimnPicture) loaded = NULL;
  mode_t mask = umask (027);
  struct stat info;

  g_object_unref (save_and_load (picture, "mode.png", &(LimnSaveOptions){ LIMN_FORMAT_PNG, 0, FALSE }));
  g_assert_cmpint (g_chmod (path, 0604), ==, 0);
  g_assert_cmpint (symlink ("mode.png", link), ==, 0);
  set_pixel (picture, 0, 0, 0, 12345);
  g_object_unref (save_and_load (picture, "link.png", &(LimnSaveOptions){ LIMN_FORMAT_PNG, 0, FALSE }));
  g_object_unref (save_and_load (picture, "made.png", &(LimnSaveOptions){ LIMN_FORMAT_PNG, 0, FALSE }));
  umask (mask);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  loaded = limn_picture_load (path, NULL, NULL);
  assert_same_pixels (picture, loaded);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0604);
  g_assert_cmpint (g_stat (made, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
}

/* Smaller: an even colour stays what it is, gray stays gray, what is transparent doesn't bleed, and the middle gray of a fine pattern
 * comes out of it. */
static void
test_scale_down (void)
{
  for (int depth = 8; depth <= 16; depth += 8) {
    g_autoptr (LimnPicture) picture = limn_picture_new (301, 200, depth, NULL), small = NULL, same = NULL, cancelled = NULL;
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    int most = depth == 8 ? 255 : 65535;

    for (gsize i = 0; i < 301 * 200; i++) {
      gsize x = i % 301, y = i / 301;
      int value = x < 150 ? most * 3 / 5 : (int) ((x + y) % 2) * most, alpha = y < 100 ? most : 0;
      for (gsize k = 0; k < 4; k++) {
        int level = k == 3 ? alpha : alpha ? value : 0; /* black where nothing is seen */
        if (depth == 8)
          limn_picture_get_data (picture)[4 * i + k] = (guint8) level;
        else
          ((guint16 *) (gpointer) limn_picture_get_data (picture))[4 * i + k] = (guint16) level;
      }
    }
    limn_picture_set_has_alpha (picture, TRUE);
    limn_picture_set_resolution (picture, (LimnResolution){ 1234, 1234 });
    small = limn_picture_scale_down (picture, 100, 67, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (limn_picture_get_width (small), ==, 100);
    g_assert_cmpuint (limn_picture_get_height (small), ==, 67);
    g_assert_cmpint (limn_picture_get_depth (small), ==, depth);
    g_assert_cmpfloat (limn_picture_get_resolution (small).x, ==, 1234);
    for (gsize i = 0; i < 100 * 67; i++) {
      gsize x = i % 100, y = i / 100;
      int pixel[4];
      for (gsize k = 0; k < 4; k++)
        pixel[k] = depth == 8 ? limn_picture_get_data (small)[4 * i + k]
                              : ((guint16 *) (gpointer) limn_picture_get_data (small))[4 * i + k];
      g_assert_cmpint (pixel[0], ==, pixel[1]);
      g_assert_cmpint (pixel[0], ==, pixel[2]);
      if (y < 30)
        g_assert_cmpint (pixel[3], ==, most);
      if (y > 37)
        g_assert_cmpint (pixel[3], ==, 0);
      if (x < 46 && pixel[3] > most / 8)
        g_assert_cmpint (ABS (pixel[0] - most * 3 / 5), <=, most / 255);
      if (x > 54 && x < 96 && y > 4 && y < 30)
        g_assert_cmpint (ABS (pixel[0] - most / 2), <=, most / 16);
    }
    same = limn_picture_scale_down (picture, 301, 200, NULL, NULL);
    g_assert_true (same == picture);
    g_cancellable_cancel (cancellable);
    cancelled = limn_picture_scale_down (picture, 10, 10, cancellable, &error);
    g_assert_null (cancelled);
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = make_folder ();
  g_test_add_func ("/picture-file/lossless", test_lossless);
  g_test_add_func ("/picture-file/new-alpha", test_new_alpha);
  g_test_add_func ("/picture-file/jpeg-on-white", test_jpeg_on_white);
  g_test_add_func ("/picture-file/lossy", test_lossy);
  g_test_add_func ("/picture-file/jpeg-again", test_jpeg_again);
  g_test_add_func ("/picture-file/formats", test_formats);
  g_test_add_func ("/picture-file/sizes", test_sizes);
  g_test_add_func ("/picture-file/same-bytes", test_same_bytes);
  g_test_add_func ("/picture-file/full-disk", test_full_disk);
  g_test_add_func ("/picture-file/bad-target", test_bad_target);
  g_test_add_func ("/picture-file/read-only", test_read_only);
  g_test_add_func ("/picture-file/cancel", test_cancel);
  g_test_add_func ("/picture-file/replace", test_replace);
  g_test_add_func ("/picture-file/scale-down", test_scale_down);
  result = g_test_run ();
  remove_folder (folder);
  return result;
}
