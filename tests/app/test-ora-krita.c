/* Documents go through Krita (krita --export) and come back: layers with their names, places, opacity and blend modes, and the picture that
 * both programs make of them. Skipped where Krita isn't installed. Needs a display (tests/ui/run-ui).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/compose/limn-blend.h"
#include "app/content/limn-snapshot.h"
#include "app/decode/limn-picture-load.h"
#include "app/formats/limn-ora.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <math.h>

enum {
  ACROSS = 6, /* layers in a row */
  CELL = 40,
  SIDE = 32, /* pixels from layer to layer, and of one */
  WIDTH = ACROSS * CELL,
  HEIGHT = (LIMN_N_BLENDS + ACROSS - 1) / ACROSS * CELL,
};

static char *krita, *folder, *ours_path, *krita_path; /* the program; files of this test */

/* Colours that change smoothly, none at an end of its range; alpha from least to 1. */
static LimnPicture *
make_picture (gsize width, gsize height, int depth, double phase, double least)
{
  LimnPicture *picture = limn_picture_new (width, height, depth, NULL);
  guint8 *data = limn_picture_get_data (picture);

  for (gsize i = 0; i < width * height; i++)
    for (int c = 0; c < 4; c++) {
      const double x = (double) (i % width) / (double) width, y = (double) (i / width) / (double) height;
      const double value = c < 3 ? 0.5 + 0.4 * sin (7 * x + (c + 2) * y + 2 * c + phase) : least + (1 - least) * y;

      if (depth == 8)
        data[4 * i + (gsize) c] = (guint8) (255 * value + 0.5);
      else
        ((guint16 *) (gpointer) data)[4 * i + (gsize) c] = (guint16) (65535 * value + 0.5);
    }
  limn_picture_set_has_alpha (picture, least < 1);
  return picture;
}

/* A photo, and beside each other a layer of each blend mode; every third isn't quite opaque. */
static LimnSnapshot *
make_snapshot (int depth)
{
  g_autoptr (LimnPicture) photo = make_picture (WIDTH, HEIGHT, depth, 0, 1);
  LimnSnapshot *snapshot = limn_snapshot_new (photo);

  for (LimnBlend blend = 0; blend < LIMN_N_BLENDS; blend++) {
    g_autoptr (LimnPicture) picture = make_picture (SIDE, SIDE, depth, 1 + blend, 0.2);
    g_autofree char *name = g_strdup_printf ("Ebene <%d> & “ü”", blend);
    const LimnLayerStyle style = { TRUE, blend % 3 ? 1 : 0.6, blend };

    limn_snapshot_add_layer (snapshot, name, picture, (int) blend % ACROSS * CELL + 3, (int) blend / ACROSS * CELL + 5, &style, NULL, NULL);
  }
  return snapshot;
}

/* -- Krita -- */

/* Has Krita write another file of the same document. It has a home of its own: settings of the person's are left alone, and a Krita that
 * runs already isn't asked. */
static void
through_krita (const char *from, const char *to)
{
  g_autoptr (GSubprocessLauncher)
    launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "HOME", folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "TMPDIR", folder, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, krita, "--export", "--export-filename", to, from, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (to, G_FILE_TEST_EXISTS));
}

/* The picture of all layers that a program left in its document. */
static LimnPicture *
read_merged (const char *document)
{
  g_autofree char *path = g_build_filename (folder, "merged.png", NULL);
  struct archive *zip = archive_read_new ();
  struct archive_entry *entry;
  LimnPicture *picture = NULL;
  g_autoptr (GError) error = NULL;

  archive_read_support_format_zip (zip);
  g_assert_cmpint (archive_read_open_filename (zip, document, 1 << 16), ==, ARCHIVE_OK);
  while (!picture && archive_read_next_header (zip, &entry) == ARCHIVE_OK)
    if (g_str_equal (archive_entry_pathname (entry), "mergedimage.png")) {
      const gsize size = (gsize) archive_entry_size (entry);
      g_autofree char *data = g_malloc (size);

      g_assert_cmpint (archive_read_data (zip, data, size), ==, size);
      g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
      picture = limn_picture_load (path, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_nonnull (picture);
  archive_read_free (zip);
  return picture;
}

/* -- Comparing -- */

/* Value i (4 a pixel) of row y, of 255. */
static double
get_value (LimnPicture *picture, int y, int i)
{
  const guint8 *row = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture);

  return limn_picture_get_depth (picture) == 8 ? row[i] : ((const guint16 *) (gconstpointer) row)[i] / 257.0;
}

/* The largest difference of a value in the part of a layer, of 255. */
static double
difference (LimnPicture *a, LimnPicture *b, LimnBlend blend)
{
  const int left = (int) blend % ACROSS * CELL, top = (int) blend / ACROSS * CELL;
  double most = 0;

  for (int y = top; y < top + CELL; y++)
    for (int i = 4 * left; i < 4 * (left + CELL); i++)
      most = MAX (most, fabs (get_value (a, y, i) - get_value (b, y, i)));
  return most;
}

static void
compare_pictures (LimnPicture *ours, LimnPicture *other, double most)
{
  const gboolean by_krita = most > 0; /* or of its 8 bits */

  g_assert_cmpuint (limn_picture_get_width (other), ==, WIDTH);
  g_assert_cmpuint (limn_picture_get_height (other), ==, HEIGHT);
  for (LimnBlend blend = 0; blend < LIMN_N_BLENDS; blend++) {
    const double found = difference (ours, other, blend);

    g_test_message ("%s: %.2f", limn_blend_get_op (blend), found);
    if (blend != LIMN_BLEND_ADD || !by_krita) /* Krita cuts the sum before it takes alpha, other than the specification */
      g_assert_cmpfloat (found, <=, most);
  }
}

static void
compare_layers (LimnSnapshot *ours, LimnSnapshot *other)
{
  g_assert_cmpuint (other->layers->len, ==, ours->layers->len);
  for (guint i = 0; i < ours->layers->len; i++) {
    const LimnSnapshotLayer *a = ours->layers->pdata[i], *b = other->layers->pdata[i];

    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpint (a->x, ==, b->x);
    g_assert_cmpint (a->y, ==, b->y);
    g_assert_cmpint (a->style.visible, ==, b->style.visible);
    g_assert_cmpint (a->style.blend, ==, b->style.blend);
    g_assert_cmpfloat_with_epsilon (a->style.opacity, b->style.opacity, 1.0 / 255);
    g_assert_cmpuint (limn_picture_get_width (b->picture), ==, SIDE);
  }
}

static LimnSnapshot *
save_ours (int depth)
{
  LimnSnapshot *snapshot = make_snapshot (depth);
  g_autoptr (GError) error = NULL;

  g_assert_true (limn_ora_save (snapshot, ours_path, NULL, &error));
  g_assert_no_error (error);
  return snapshot;
}

/* Krita opens 16 bits without asking for a profile (it would wait for an answer for ever), and makes 8 of them: it has no other OpenRaster. */
static void
test_document (gconstpointer data)
{
  const int depth = GPOINTER_TO_INT (data);
  g_autoptr (LimnSnapshot) ours = save_ours (depth), other = NULL;
  g_autoptr (LimnPicture) flat = limn_snapshot_flatten (ours, G_MAXUINT, NULL), merged = NULL, other_flat = NULL;
  g_autoptr (GError) error = NULL;

  through_krita (ours_path, krita_path);
  merged = read_merged (krita_path);
  compare_pictures (flat, merged, 4);
  other = limn_ora_load (krita_path, NULL, &error);
  g_assert_no_error (error);
  compare_layers (ours, other);
  other_flat = limn_snapshot_flatten (other, G_MAXUINT, NULL);
  compare_pictures (flat, other_flat, depth == 8 ? 0 : 4);
}

static void
remove_folder (GFile *at)
{
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (at, "standard::*", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *file;

  while (g_file_enumerator_iterate (files, &info, &file, NULL, NULL) && info)
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      remove_folder (file);
    else
      g_file_delete (file, NULL, NULL);
  g_file_delete (at, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GFile) all = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  krita = g_find_program_in_path ("krita");
  if (!krita) {
    g_print ("1..0 # SKIP Krita is not installed.\n");
    return 0;
  }
  folder = g_dir_make_tmp ("limn-krita-XXXXXX", NULL);
  ours_path = g_build_filename (folder, "limn.ora", NULL);
  krita_path = g_build_filename (folder, "krita.ora", NULL);
  g_test_add_data_func ("/krita/document-8-bit", GINT_TO_POINTER (8), test_document);
  g_test_add_data_func ("/krita/document-16-bit", GINT_TO_POINTER (16), test_document);
  status = g_test_run ();
  all = g_file_new_for_path (folder);
  remove_folder (all);
  g_free (folder);
  g_free (ours_path);
  g_free (krita_path);
  g_free (krita);
  return status;
}
