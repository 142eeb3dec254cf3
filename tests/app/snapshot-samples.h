/* A snapshot with something of everything, and a comparison that looks at all of it, for the tests of recipe, OpenRaster and
 * autosave.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "app/content/limn-snapshot.h"

static inline LimnPicture *
sample_picture (gsize width, gsize height, int depth, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  LimnPicture *picture = limn_picture_new (width, height, depth, NULL);
  guint8 *data = limn_picture_get_data (picture);

  g_assert_cmpuint (limn_picture_get_stride (picture), ==, width * 4 * depth / 8);
  for (gsize i = 0; i < limn_picture_get_stride (picture) * height; i++)
    data[i] = (guint8) g_rand_int (rand);
  limn_picture_set_has_alpha (picture, TRUE);
  return picture;
}

static inline void
sample_scribble (LimnRaster *raster, int x, int y, int width, int height, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const gsize stride = (gsize) width * limn_raster_get_channels (raster);
  g_autofree guint8 *pixels = g_malloc (stride * height);
  const LimnRect rect = { x, y, width, height };

  for (gsize i = 0; i < stride * height; i++)
    pixels[i] = (guint8) g_rand_int_range (rand, 1, 256);
  limn_raster_write (raster, &rect, pixels, stride);
}

/* A plane whose second row is value. */
static inline LimnSource *
sample_source (gsize width, gsize height, guint8 value)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (width, height, 1);
  const LimnRect row = { 0, 1, (int) width, 1 };

  limn_raster_fill (raster, &row, &value);
  return limn_source_new_raster (raster);
}

static inline LimnSource *
sample_paint (gsize width, gsize height, int x, int y, guint32 seed)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (width, height, 4);

  sample_scribble (raster, x, y, 40, 30, seed);
  return limn_source_new_raster (raster);
}

/* Two surfaces of one's own, one of them in a material's place. */
static inline LimnSurfaceList *
sample_surfaces (void)
{
  g_autoptr (LimnPicture) moss = sample_picture (40, 30, 8, 31), wall = sample_picture (16, 512, 8, 32);
  g_autoptr (LimnSurfaceList) one = limn_surface_list_with (NULL, &(LimnOwnSurface){ 128, 5, "Moss <\"ü\">", moss });

  return limn_surface_list_with (one, &(LimnOwnSurface){ 22, 22, "", wall });
}

/* 150 x 100 pixels: a photo of depth bits, five layers (one of each of four tasks, and one without a recipe), six planes, dots. */
static inline LimnSnapshot *
sample_snapshot (int depth)
{
  g_autoptr (LimnPicture) photo = sample_picture (150, 100, depth, 1);
  LimnSnapshot *snapshot = limn_snapshot_new (photo);
  const LimnDot dots[] = { { 10.25, 20.5, 8, { 255, 0, 18 } }, { -3, 99.875, 0.5, { 0, 160, 7 } } };

  g_array_append_vals (snapshot->dots, dots, G_N_ELEMENTS (dots));
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_MASK], 60, 50, 90, 50, 21);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_PAINT], 0, 0, 70, 10, 22);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_MATERIALS], 3, 1, 60, 9, 24);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_GUIDE_LINES], 149, 99, 1, 1, 23);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_SOURCES], 20, 70, 30, 9, 25);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_MARKS], 90, 5, 40, 12, 26);
  for (int i = 0; i < 5; i++) {
    g_autoptr (LimnPicture) picture = sample_picture (20 + i, 30, depth, 10 + i);
    g_autoptr (LimnEdit) edit = NULL;
    g_autofree char *name = g_strdup_printf ("Layer <%d> & \"ü\"", i);
    static const LimnTask tasks[] = { LIMN_TASK_FILL, LIMN_TASK_COLORIZE, LIMN_TASK_SKETCH, LIMN_TASK_UPSCALE };

    if (i < 4) {
      edit = limn_edit_new (tasks[i]);
      edit->set.seed = G_MAXUINT64 - i;
      edit->set.steps = 2;
    }
    if (i == 0) {
      edit->from.mask = sample_source (150, 100, 200);
      edit->from.lines = sample_source (150, 100, 90);
      edit->from.paint = sample_paint (150, 100, 110, 60, 3);
      edit->from.sources = sample_source (150, 100, 130);
      edit->set.seed_b = 1ull << 60 | 1;
      edit->set.mix = 0.1;
      edit->from.surfaces = sample_surfaces ();
      limn_edit_set (edit, "surface", 128);
      limn_edit_set (edit, "grow", 7.5);
      limn_edit_set (edit, "feather", 0);
    } else if (i == 1) {
      limn_edit_set (edit, "saturation", 1.3);
      edit->from.mask = sample_source (75, 50, 0); /* of another size, and empty */
      edit->from.paint = limn_source_new_dots (snapshot->dots, 150, 100);
    } else if (i == 2) {
      limn_edit_set (edit, "freedom", 0.123456789012345);
      limn_edit_set (edit, "width", 640);
      limn_edit_set (edit, "height", 480);
      limn_edit_set (edit, "keep-lines", TRUE);
      limn_edit_set (edit, "horizon", 0.4);
      edit->from.materials = sample_source (150, 100, 11);
      edit->from.mask = limn_source_new_drawn (snapshot->planes[LIMN_DOCUMENT_PAINT], snapshot->planes[LIMN_DOCUMENT_LINES]);
    } else if (i == 3) {
      limn_edit_set (edit, "scale", 8);
      limn_edit_set (edit, "denoise", LIMN_PARAMETER_AUTOMATIC);
      limn_edit_set (edit, "faithful", FALSE);
    }
    const LimnLayerStyle look = { i % 2 == 0, 0.25 + 0.1 * i, (LimnBlend) i };

    limn_snapshot_add_layer (snapshot, name, picture, 10 * i - 5, 3 * i, &look, edit, i == 0 ? "0123456789abcdef" : NULL);
  }
  snapshot->sketch = TRUE;
  snapshot->scenery = (LimnScenery){ 0.375, 1.25, -0.5 };
  snapshot->surfaces = sample_surfaces ();
  return snapshot;
}

static inline void
assert_same_picture (LimnPicture *a, LimnPicture *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpuint (limn_picture_get_width (a), ==, limn_picture_get_width (b));
  g_assert_cmpuint (limn_picture_get_height (a), ==, limn_picture_get_height (b));
  g_assert_cmpint (limn_picture_get_depth (a), ==, limn_picture_get_depth (b));
  g_assert_cmpmem (limn_picture_get_data (a), limn_picture_get_stride (a) * limn_picture_get_height (a), limn_picture_get_data (b),
                   limn_picture_get_stride (b) * limn_picture_get_height (b));
}

static inline void
assert_same_raster (LimnRaster *a, LimnRaster *b)
{
  const LimnRect rect = limn_raster_get_extents (a);
  const gsize stride = (gsize) rect.width * limn_raster_get_channels (a);
  g_autofree guint8 *pixels_a = g_malloc (stride * rect.height), *pixels_b = g_malloc (stride * rect.height);

  g_assert_cmpint (limn_raster_get_width (a), ==, limn_raster_get_width (b));
  g_assert_cmpint (limn_raster_get_height (a), ==, limn_raster_get_height (b));
  g_assert_cmpint (limn_raster_get_channels (a), ==, limn_raster_get_channels (b));
  limn_raster_read (a, &rect, pixels_a, stride);
  limn_raster_read (b, &rect, pixels_b, stride);
  g_assert_cmpmem (pixels_a, stride * rect.height, pixels_b, stride * rect.height);
}

static inline void
assert_same_source (LimnSource *a, LimnSource *b)
{
  g_autoptr (LimnRaster) raster_a = NULL, raster_b = NULL;

  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  raster_a = limn_source_dup_raster (a);
  raster_b = limn_source_dup_raster (b);
  assert_same_raster (raster_a, raster_b);
}

static inline void
assert_same_edit (const LimnEdit *a, const LimnEdit *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpint (a->task, ==, b->task);
  g_assert_cmpuint (a->set.seed, ==, b->set.seed);
  g_assert_cmpuint (a->set.seed_b, ==, b->set.seed_b);
  g_assert_cmpfloat (a->set.mix, ==, b->set.mix);
  g_assert_cmpint (a->set.steps, ==, b->set.steps);
  for (int i = 0; i < LIMN_MAX_PARAMETERS; i++)
    g_assert_cmpfloat (a->set.values[i], ==, b->set.values[i]);
  assert_same_source (a->from.mask, b->from.mask);
  assert_same_source (a->from.lines, b->from.lines);
  assert_same_source (a->from.paint, b->from.paint);
  assert_same_source (a->from.materials, b->from.materials);
  assert_same_source (a->from.sources, b->from.sources);
}

static inline void
assert_same_surfaces (const LimnSurfaceList *a, const LimnSurfaceList *b)
{
  g_assert_cmpuint (limn_surface_list_get_count (a), ==, limn_surface_list_get_count (b));
  for (guint i = 0; i < limn_surface_list_get_count (a); i++) {
    const LimnOwnSurface *one = limn_surface_list_get (a, i), *other = limn_surface_list_get (b, i);

    g_assert_cmpuint (one->label, ==, other->label);
    g_assert_cmpuint (one->like, ==, other->like);
    g_assert_cmpstr (one->name, ==, other->name);
    assert_same_picture (one->picture, other->picture);
  }
}

static inline void
assert_same_snapshot (LimnSnapshot *a, LimnSnapshot *b)
{
  assert_same_picture (a->photo, b->photo);
  g_assert_cmpint (a->sketch, ==, b->sketch);
  g_assert_cmpfloat (a->scenery.horizon, ==, b->scenery.horizon);
  g_assert_cmpfloat (a->scenery.sun_x, ==, b->scenery.sun_x);
  g_assert_cmpfloat (a->scenery.sun_y, ==, b->scenery.sun_y);
  assert_same_surfaces (a->surfaces, b->surfaces);
  g_assert_cmpuint (a->layers->len, ==, b->layers->len);
  for (guint i = 0; i < a->layers->len; i++) {
    const LimnSnapshotLayer *la = a->layers->pdata[i], *lb = b->layers->pdata[i];

    g_assert_cmpstr (la->name, ==, lb->name);
    g_assert_cmpint (la->x, ==, lb->x);
    g_assert_cmpint (la->y, ==, lb->y);
    g_assert_cmpint (la->style.visible, ==, lb->style.visible);
    g_assert_cmpfloat (la->style.opacity, ==, lb->style.opacity);
    g_assert_cmpint (la->style.blend, ==, lb->style.blend);
    g_assert_cmpstr (la->model_hash, ==, lb->model_hash);
    assert_same_picture (la->picture, lb->picture);
    assert_same_edit (la->recipe, lb->recipe);
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    assert_same_raster (a->planes[i], b->planes[i]);
  g_assert_cmpuint (a->dots->len, ==, b->dots->len);
  for (guint i = 0; i < a->dots->len; i++) {
    const LimnDot *da = &g_array_index (a->dots, LimnDot, i), *db = &g_array_index (b->dots, LimnDot, i);

    g_assert_cmpfloat (da->x, ==, db->x);
    g_assert_cmpfloat (da->y, ==, db->y);
    g_assert_cmpfloat (da->radius, ==, db->radius);
    g_assert_cmpmem (da->rgb, 3, db->rgb, 3);
  }
}
