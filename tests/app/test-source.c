/* Sources: an edit that is put together of rasters, dots and layers is, byte for byte, the one that was made in one piece.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "inputs.h"
#include "snapshot-samples.h"

enum { WIDTH = 150, HEIGHT = 100 };

static LimnRaster *
scribble (int channels, guint32 seed)
{
  LimnRaster *raster = limn_raster_new (WIDTH, HEIGHT, channels);

  sample_scribble (raster, 50, 20, 90, 70, seed);
  return raster;
}

/* As one reads them without sources. */
static guint8 *
read_all (LimnRaster *raster)
{
  const LimnRect all = limn_raster_get_extents (raster);
  const gsize stride = (gsize) all.width * limn_raster_get_channels (raster);
  guint8 *pixels = g_malloc (stride * all.height);

  limn_raster_read (raster, &all, pixels, stride);
  return pixels;
}

static void
assert_plane (const LimnPlane *plane, const guint8 *expected)
{
  g_assert_cmpuint (plane->width, ==, WIDTH);
  g_assert_cmpuint (plane->height, ==, HEIGHT);
  g_assert_cmpmem (g_bytes_get_data (plane->bytes, NULL), g_bytes_get_size (plane->bytes), expected, WIDTH * HEIGHT);
}

static void
assert_picture (LimnPicture *picture, const guint8 *expected)
{
  g_assert_cmpuint (limn_picture_get_width (picture), ==, WIDTH);
  g_assert_cmpuint (limn_picture_get_height (picture), ==, HEIGHT);
  g_assert_cmpmem (limn_picture_get_data (picture), WIDTH * HEIGHT * 4, expected, WIDTH * HEIGHT * 4);
}

/* A stack of a photo and a layer of half its size, half transparent. */
static LimnSource *
make_stack (LimnPicture **flat)
{
  g_autoptr (LimnPicture) photo = sample_picture (WIDTH, HEIGHT, 8, 1), above = sample_picture (WIDTH / 2, HEIGHT / 2, 8, 2);
  const LimnStackLayer layer = { .picture = above, .x = 30, .y = -10, .opacity = 0.5 };
  const LimnStack stack = { photo, &layer, 1 };

  *flat = limn_stack_flatten (&stack, NULL, NULL);
  return limn_source_new_stack (&stack);
}

static LimnEdit *
make_edit (LimnRaster *mask, LimnRaster *paint, LimnRaster *ink, LimnPicture **flat)
{
  LimnEdit *edit = limn_edit_new (LIMN_TASK_FILL);

  edit->from.photo = make_stack (flat);
  edit->from.mask = limn_source_new_raster (mask);
  edit->from.paint = limn_source_new_raster (paint);
  edit->from.lines = limn_source_new_raster (ink);
  return edit;
}

static void
same_bytes (void)
{
  g_autoptr (LimnRaster) mask = scribble (1, 1), paint = scribble (4, 2), ink = scribble (1, 3);
  g_autofree guint8 *mask_before = read_all (mask), *paint_before = read_all (paint), *ink_before = read_all (ink);
  g_autoptr (LimnPicture) flat = NULL;
  g_autoptr (LimnEdit) edit = make_edit (mask, paint, ink, &flat), copy = limn_edit_copy (edit);
  const guint8 other[4] = { 1, 2, 3, 4 };
  const LimnRect all = { 0, 0, WIDTH, HEIGHT };

  limn_raster_fill (mask, &all, other); /* what comes after isn't in it */
  limn_raster_fill (paint, &all, other);
  limn_raster_fill (ink, &all, other);
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo), painted = inputs_dup_picture (edit->from.paint);
  LimnPlane hole = inputs_dup_plane (edit->from.mask), lines = inputs_dup_plane (edit->from.lines);
  assert_plane (&hole, mask_before);
  assert_plane (&lines, ink_before);
  assert_picture (painted, paint_before);
  assert_same_picture (photo, flat);
  g_bytes_unref (hole.bytes);
  g_bytes_unref (lines.bytes);

  g_autoptr (LimnPicture) again = inputs_dup_picture (copy->from.photo);
  g_assert_true (again == photo); /* it is flattened once for both */
}

/* What there is already is given as it is. */
static void
at_hand (void)
{
  g_autoptr (LimnPicture) picture = sample_picture (WIDTH, HEIGHT, 16, 1);
  const LimnPlane plane = { g_bytes_new_take (g_malloc0 (WIDTH * HEIGHT), WIDTH * HEIGHT), WIDTH, HEIGHT };
  g_autoptr (LimnSource) photo = limn_source_new_picture (picture), mask = limn_source_new_plane (&plane);
  g_autoptr (LimnPicture) same = inputs_dup_picture (photo);
  LimnPlane same_plane = inputs_dup_plane (mask);

  g_assert_true (same == picture && same_plane.bytes == plane.bytes && same_plane.width == WIDTH);
  g_bytes_unref (same_plane.bytes);
  g_bytes_unref (plane.bytes);
}

/* An empty mask is one all the same: it says that there is nothing. */
static void
empty_mask (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (WIDTH, HEIGHT, 1);
  g_autoptr (LimnSource) source = limn_source_new_raster (raster);
  g_autofree guint8 *none = g_malloc0 (WIDTH * HEIGHT);
  LimnPlane plane;

  g_assert_true (limn_source_dup_plane (source, &plane, NULL, NULL));
  assert_plane (&plane, none);
  g_bytes_unref (plane.bytes);
}

static void
drawn (void)
{
  g_autoptr (LimnRaster) paint = limn_raster_new (WIDTH, HEIGHT, 4), ink = scribble (1, 3);
  sample_scribble (paint, 0, 0, 70, 60, 4); /* over tiles with lines and without */
  g_autofree guint8 *expected = read_all (ink), *colours = read_all (paint);
  g_autoptr (LimnSource) source = limn_source_new_drawn (paint, ink);
  LimnPlane plane;

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    expected[i] = MAX (expected[i], colours[4 * i + 3]);
  g_assert_true (limn_source_dup_plane (source, &plane, NULL, NULL));
  assert_plane (&plane, expected);
  g_bytes_unref (plane.bytes);
}

static void
dots (void)
{
  const LimnDot three[] = { { 63.5, 64, 20, { 1, 2, 3 } }, { 149.75, 99.5, 0.1, { 9, 9, 9 } }, { 70, 64, 5, { 7, 7, 7 } } };
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  g_array_append_vals (array, three, 3);
  g_autoptr (LimnSource) source = limn_source_new_dots (array, WIDTH, HEIGHT);
  g_autofree guint8 *expected = g_malloc0 (WIDTH * HEIGHT * 4);
  g_autoptr (LimnPicture) picture = limn_source_dup_picture (source, NULL, NULL), again = limn_source_dup_picture (source, NULL, NULL);

  for (int d = 0; d < 3; d++)
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      const double x = i % WIDTH + 0.5 - three[d].x, y = i / WIDTH + 0.5 - three[d].y, r = MAX (three[d].radius, 0.75);

      if (x * x + y * y <= r * r) {
        memcpy (expected + 4 * i, three[d].rgb, 3);
        expected[4 * i + 3] = 255;
      }
    }
  assert_picture (picture, expected);
  g_assert_true (picture == again);
}

/* Cancelled while it is put together: an error, and nothing half made stays. */
static void
cancelled (void)
{
  g_autoptr (LimnRaster) mask = scribble (1, 1), paint = scribble (4, 2);
  g_autofree guint8 *mask_before = read_all (mask);
  g_autoptr (LimnPicture) flat = NULL;
  g_autoptr (LimnSource) stack = make_stack (&flat), plane_source = limn_source_new_raster (mask), colours = limn_source_new_raster (paint);
  LimnSource *const pictures[] = { stack, colours };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  LimnPlane plane = { 0 };

  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_assert_null (limn_source_dup_picture (pictures[i], cancellable, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
    g_clear_error (&error);
  }
  g_assert_false (limn_source_dup_plane (plane_source, &plane, cancellable, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_autoptr (LimnPicture) whole = inputs_dup_picture (stack);
  plane = inputs_dup_plane (plane_source);
  assert_plane (&plane, mask_before);
  assert_same_picture (whole, flat);
  g_bytes_unref (plane.bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/same-bytes", same_bytes);
  g_test_add_func ("/source/at-hand", at_hand);
  g_test_add_func ("/source/empty-mask", empty_mask);
  g_test_add_func ("/source/drawn", drawn);
  g_test_add_func ("/source/dots", dots);
  g_test_add_func ("/source/cancelled", cancelled);
  return g_test_run ();
}
