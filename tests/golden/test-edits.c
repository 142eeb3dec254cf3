/* The edits against their golden pictures, on every instruction set of this processor; and that the judge of it can fail.
 * In slow builds with sanitizers the best instruction set does. LIMN_SANITIZED: "none" or which; LIMN_GOLDEN: this folder;
 * LIMN_GOLDEN_FAILED: where pictures of failures go; LIMN_MODELS: the weights.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "compare.h"
#include "edits.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  const GoldenEdit *edit;
  const LimnKernels *kernels;
} Case;

static LimnPicture *
load_golden (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("LIMN_GOLDEN"), "edits", file, NULL);
  LimnPicture *picture = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

/* ---------------------------------------------------------------- the edits */

static LimnPicture *
run (const Case *one, guint64 seed)
{
  g_autofree char *inputs = g_build_filename (g_getenv ("LIMN_GOLDEN"), "inputs", NULL);
  g_autoptr (LimnEngineHandle) engine = golden_engine_new (one->kernels);

  return golden_edit_run (one->edit, engine, inputs, seed, NULL);
}

static void
edit_is_golden (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (LimnPicture) expected = load_golden (one->edit->name), got = run (one, 1);
  g_autofree char *name = g_strconcat (one->edit->name, "-", one->kernels->name, NULL);
  g_autofree char *wrong = golden_judge (name, expected, got, g_getenv ("LIMN_GOLDEN_FAILED"));

  if (wrong)
    g_test_fail_printf ("%s", wrong);
}

static void
another_seed_is_not (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (LimnPicture) expected = load_golden (one->edit->name), got = run (one, 2);
  const GoldenDifference difference = golden_compare (expected, got);

  if (golden_is_close (&difference))
    g_test_fail_printf ("%s: another seed gives the same picture, so the noise is not seen here.", one->edit->name);
}

/* ---------------------------------------------------------------- the judge */

typedef enum { NOTHING, TINT, SHIFT, SPOT, CLEAR, ROUNDING } Change;

/* A copy of picture with a change. */
static LimnPicture *
changed (LimnPicture *picture, Change change)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *out = limn_picture_dup (picture, TRUE, &error);
  const gsize width = limn_picture_get_width (out), height = limn_picture_get_height (out), stride = limn_picture_get_stride (out);
  guint8 *data = limn_picture_get_data (out), *middle = data + height / 2 * stride + width / 2 * 4;

  g_assert_no_error (error);
  for (gsize y = 0; y < height; y++) {
    guint8 *row = data + y * stride;

    if (change == SHIFT)
      memmove (row + 4, row, 4 * width - 4);
    for (gsize x = 0; x < width; x++)
      if (change == TINT) /* two levels of red */
        row[4 * x] = row[4 * x] < 128 ? row[4 * x] + 2 : row[4 * x] - 2;
      else if (change == ROUNDING && (y * width + x) % 40 == 0) /* a level of one channel here and there */
        row[4 * x] ^= 1;
  }
  if (change == SPOT)
    middle[1] ^= 4;
  if (change == CLEAR)
    middle[3] = 0;
  return out;
}

/* For each golden picture, a real change is past the limits, and what differs between processors is not. */
static void
limits_tell_changes (void)
{
  static const struct {
    Change change;
    const char *name;
    gboolean close;
  } changes[] = {
    { NOTHING, "nothing", TRUE },    { TINT, "a tint", FALSE },        { SHIFT, "a shift", FALSE },
    { SPOT, "a lone pixel", FALSE }, { CLEAR, "a lost pixel", FALSE }, { ROUNDING, "rounding", TRUE },
  };

  for (gsize i = 0; i < golden_edit_count; i++) {
    g_autoptr (LimnPicture) golden = load_golden (golden_edits[i].name);

    for (gsize k = 0; k < G_N_ELEMENTS (changes); k++) {
      g_autoptr (LimnPicture) got = changed (golden, changes[k].change);
      const GoldenDifference difference = golden_compare (golden, got);

      if (golden_is_close (&difference) != changes[k].close)
        g_test_fail_printf ("%s, %s: mean %.4f, largest %u should%s pass.", golden_edits[i].name, changes[k].name, difference.mean,
                            difference.most, changes[k].close ? "" : " not");
    }
  }
}

/* No picture stands for two edits: each option does something. */
static void
pictures_differ (void)
{
  for (gsize i = 0; i < golden_edit_count; i++)
    for (gsize k = 0; k < i; k++) {
      g_autoptr (LimnPicture) a = load_golden (golden_edits[i].name), b = load_golden (golden_edits[k].name);

      if (limn_picture_get_width (a) == limn_picture_get_width (b) && limn_picture_get_height (a) == limn_picture_get_height (b)) {
        const GoldenDifference difference = golden_compare (a, b);

        g_assert_false (golden_is_close (&difference));
      }
    }
}

static void
failure_leaves_pictures (void)
{
  static const char *const what[] = { "expected", "got", "difference" };
  g_autoptr (LimnPicture) golden = load_golden ("colorize-plain"), spotted = changed (golden, SPOT);
  const gsize x = limn_picture_get_width (golden) / 2, y = limn_picture_get_height (golden) / 2;
  g_autofree char *folder = g_dir_make_tmp ("limn-golden-XXXXXX", NULL);
  g_autofree char *right = golden_judge ("right", golden, golden, folder), *wrong = golden_judge ("wrong", golden, spotted, folder);
  g_autofree char *place = g_strdup_printf ("largest 4 (at most %d) at pixel %zu, %zu", GOLDEN_MOST, x, y);

  g_assert_null (right);
  g_assert_nonnull (wrong);
  g_assert_nonnull (strstr (wrong, place));
  for (gsize i = 0; i < G_N_ELEMENTS (what); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strdup_printf ("wrong-%s.png", what[i]), *path = g_build_filename (folder, file, NULL);
    g_autoptr (LimnPicture) kept = limn_picture_load (path, NULL, &error);

    g_assert_no_error (error);
    g_assert_nonnull (strstr (wrong, path));
    if (i == 2) { /* gray but for the pixel, whose green differs by four levels */
      const guint8 *data = limn_picture_get_data (kept), *pixel = data + y * limn_picture_get_stride (kept) + 4 * x;

      g_assert_cmpuint (data[1], ==, 128);
      g_assert_cmpuint (pixel[0], ==, 128);
      g_assert_cmpuint (ABS (pixel[1] - 128), ==, 64);
    }
    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0); /* nothing was left of what was right */
}

int
main (int argc, char **argv)
{
  const LimnKernels *kernels[3];
  const gboolean sanitized = g_strcmp0 (g_getenv ("LIMN_SANITIZED"), "none") != 0;
  const gsize all = limn_kernels_all (kernels), sets = sanitized ? 1 : all;
  g_autofree Case *cases = g_new (Case, sets * golden_edit_count);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/golden/limits-tell-changes", limits_tell_changes);
  g_test_add_func ("/golden/pictures-differ", pictures_differ);
  g_test_add_func ("/golden/failure-leaves-pictures", failure_leaves_pictures);
  for (gsize k = 0; k < sets; k++)
    for (gsize i = 0; i < golden_edit_count; i++) {
      Case *one = &cases[k * golden_edit_count + i];
      g_autofree char *path = g_strdup_printf ("/golden/%s/%s", kernels[k]->name, golden_edits[i].name);
      g_autofree char *seed = g_strdup_printf ("/golden/another-seed/%s", golden_edits[i].name);

      *one = (Case){ &golden_edits[i], kernels[k] };
      g_test_add_data_func (path, one, edit_is_golden);
      if (k == 0 && !sanitized && !one->edit->seedless)
        g_test_add_data_func (seed, one, another_seed_is_not);
    }
  return g_test_run ();
}
