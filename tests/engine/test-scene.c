/* Sketches of materials: the same picture on any number of threads, at any size; what isn't painted over stays; any labels will do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/limn-engine.h"

#define BASE "../resources/models/base.safetensors"
#define SEE "../resources/models/see.safetensors"

enum { W = 240, H = 160 };

typedef struct {
  uint8_t paint[4 * W * H], labels[W * H];
} Drawing;

static void
dab (Drawing *d, int x, int y, int radius, uint8_t label)
{
  const LimnMaterial *material = limn_material_of_label (label);

  for (int v = MAX (y - radius, 0); v <= MIN (y + radius, H - 1); v++)
    for (int u = MAX (x - radius, 0); u <= MIN (x + radius, W - 1); u++)
      if (hypot (u - x, v - y) <= radius) {
        memcpy (d->paint + 4 * (v * W + u), material->colour, 3);
        d->paint[4 * (v * W + u) + 3] = 255;
        d->labels[v * W + u] = label;
      }
}

/* A disc of what is there that has no material. */
static void
make_plain (Drawing *d, int x, int y, int radius)
{
  for (int i = 0; i < W * H; i++)
    if (hypot (i % W - x, i / W - y) <= radius)
      d->labels[i] = LIMN_LABEL_PLAIN;
}

static void
box (Drawing *d, int left, int top, int right, int bottom, uint8_t label)
{
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      dab (d, x, y, 0, label);
}

/* Sky, woods, a meadow with a lake, a house, a tree. */
static Drawing *
new_drawing (void)
{
  Drawing *d = g_new0 (Drawing, 1);

  box (d, 0, 0, W, H, 1);
  box (d, 0, 50, W, 75, 18);
  box (d, 0, 70, W, H, 5);
  dab (d, 170, 120, 22, 13);
  box (d, 40, 60, 90, 100, 22);
  box (d, 35, 45, 95, 62, 23);
  box (d, 195, 80, 201, 110, 19);
  dab (d, 198, 70, 18, 15);
  return d;
}

static LimnEngine *
new_engine (int threads, gboolean networks)
{
  const LimnEngineOptions options = { .base_path = networks ? BASE : NULL, .see_path = networks ? SEE : NULL, .threads = threads };
  LimnEngine *engine;
  LimnError error = { "" };

  g_assert_cmpint (limn_engine_new (&engine, &options, &error), ==, LIMN_OK);
  return engine;
}

/* A surface of fine stripes for every material that has one. */
static LimnSurfaces *
new_surfaces (void)
{
  uint8_t pixels[64 * 64 * 4];
  const LimnPixels view = { pixels, 64, 64, 64 * 4, 8 };
  LimnSurfaces *surfaces;

  for (int i = 0; i < 64 * 64; i++)
    memset (pixels + 4 * i, 90 + 17 * ((i * 7 + i / 64 * 3) % 5), 4);
  g_assert_cmpint (limn_surfaces_new (&surfaces, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < limn_material_count (); i++)
    if (limn_material_at (i)->surface)
      g_assert_cmpint (limn_surfaces_add (surfaces, limn_material_at (i)->surface, &view, NULL), ==, LIMN_OK);
  return surfaces;
}

static const LimnSketchMaterials automatic = { .horizon = LIMN_AUTOMATIC,
                                               .previous_horizon = LIMN_AUTOMATIC,
                                               .sun_x = LIMN_AUTOMATIC,
                                               .straighten = true };

static LimnOverlay
render (LimnEngine *engine, const LimnSurfaces *surfaces, const Drawing *d, size_t width, size_t height, LimnSketchMaterials materials,
        LimnSketchFound *found)
{
  const LimnPixels paint = { (void *) d->paint, W, H, 4 * W, 8 };
  const LimnMask labels = { d->labels, W, H, W };
  LimnOverlay overlay;
  LimnError error = { "" };

  materials.surfaces = materials.own = surfaces;
  materials.labels = &labels;
  const LimnSketchOptions options = { .sampling = { .seed = 1, .steps = 1, .quick = true },
                                      .width = width,
                                      .height = height,
                                      .freedom = 0.5f,
                                      .materials = &materials,
                                      .found = found };
  const LimnStatus status = limn_sketch (engine, &paint, NULL, &options, NULL, &overlay, NULL, &error);
  g_assert_cmpstr (error.text, ==, "");
  g_assert_cmpint (status, ==, LIMN_OK);
  g_assert_cmpuint (overlay.pixels.width, ==, width);
  return overlay;
}

static void
test_threads (void)
{
  g_autofree Drawing *d = new_drawing ();
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *one = new_engine (1, FALSE), *three = new_engine (3, FALSE);
  LimnOverlay a = render (one, surfaces, d, 300, 200, automatic, NULL), b = render (three, surfaces, d, 300, 200, automatic, NULL);

  g_assert_cmpmem (a.pixels.data, a.pixels.stride * 200, b.pixels.data, b.pixels.stride * 200);
  limn_overlay_clear (&a);
  limn_overlay_clear (&b);
  limn_engine_free (one);
  limn_engine_free (three);
  limn_surfaces_free (surfaces);
}

static double
pixel (const LimnOverlay *o, size_t x, size_t y, size_t c)
{
  return ((const uint8_t *) o->pixels.data)[y * o->pixels.stride + 4 * x + c];
}

/* A picture three times as large, averaged, is the small one but for grain. */
static void
test_sizes (void)
{
  g_autofree Drawing *d = new_drawing ();
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, FALSE);
  LimnOverlay small = render (engine, surfaces, d, W, H, automatic, NULL),
              large = render (engine, surfaces, d, 3 * W, 3 * H, automatic, NULL);
  double sum = 0;

  for (size_t y = 0; y < H; y += 8)
    for (size_t x = 0; x < W; x += 8)
      for (size_t c = 0; c < 3; c++) {
        double a = 0, b = 0;

        for (size_t i = 0; i < 64; i++)
          a += pixel (&small, x + i % 8, y + i / 8, c);
        for (size_t i = 0; i < 576; i++)
          b += pixel (&large, 3 * x + i % 24, 3 * y + i / 24, c);
        sum += fabs (a / 64 - b / 576);
      }
  g_assert_cmpfloat (sum / (W / 8 * H / 8 * 3), <, 4);
  limn_overlay_clear (&small);
  limn_overlay_clear (&large);
  limn_engine_free (engine);
  limn_surfaces_free (surfaces);
}

/* Whether an area of a touched label is so near that its border or leaves reach the pixel. */
static gboolean
is_near_touched (const Drawing *d, const gboolean *touched, int i)
{
  enum { REACH = 12 };

  for (int y = MAX (i / W - REACH, 0); y <= MIN (i / W + REACH, H - 1); y++)
    for (int x = MAX (i % W - REACH, 0); x <= MIN (i % W + REACH, W - 1); x++)
      if (touched[d->labels[y * W + x]])
        return TRUE;
  return FALSE;
}

/* After each of many strokes, what is far from it and of areas that it didn't touch is the same, bit for bit. */
static void
test_nothing_swims (void)
{
  static const uint8_t brushes[] = { 5, 15, 8, 10, 22, 17, 9 };
  g_autofree Drawing *d = new_drawing ();
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, FALSE);
  LimnSketchMaterials materials = automatic;
  LimnSketchFound found = { .horizon = LIMN_AUTOMATIC };
  LimnOverlay before = render (engine, surfaces, d, W, H, materials, &found);

  for (int stroke = 0; stroke < 200; stroke++) {
    const uint8_t label = brushes[stroke % G_N_ELEMENTS (brushes)];
    const int x = g_rand_int_range (random, 20, W - 20), y = g_rand_int_range (random, 80, H - 10);
    g_autofree Drawing *old = g_memdup2 (d, sizeof *d);
    gboolean touched[256] = { [13] = TRUE }; /* water mirrors all that stands behind it */

    touched[label] = TRUE;
    dab (d, x, y, 7, label);
    for (int i = 0; i < W * H; i++)
      if (old->labels[i] != d->labels[i])
        touched[old->labels[i]] = TRUE;
    materials.previous_horizon = found.horizon;
    LimnOverlay after = render (engine, surfaces, d, W, H, materials, &found);
    for (int i = 0; i < W * H; i++) {
      gboolean same = TRUE;

      for (int c = 0; c < 3; c++)
        same &= pixel (&before, i % W, i / W, c) == pixel (&after, i % W, i / W, c);
      /* 64 of the 768 units of the longer side, and what its brush covers. */
      if (!same && hypot (i % W - x, i / W - y) >= 7 + 64.0 * W / 768)
        g_assert_true (is_near_touched (d, touched, i));
    }
    limn_overlay_clear (&before);
    before = after;
  }
  limn_overlay_clear (&before);
  limn_engine_free (engine);
  limn_surfaces_free (surfaces);
}

/* With a memory of what was rendered before, pictures after each of many strokes are those made from nothing, byte for byte: whatever is
 * painted, the sun dragged, water and woods painted over; and at two sizes in turns. With plain things too, which are the network's. */
static void
test_memory (gconstpointer data)
{
  static const uint8_t brushes[] = { 5, 15, 3, 8, 10, 13, 22, 17, 12, 18, 23, 16, 14, 26, 19, 4, 11 };
  const gboolean plain = GPOINTER_TO_INT (data);
  g_autofree Drawing *d = new_drawing ();
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, plain);
  LimnSketchMaterials materials = automatic, remembering = automatic;

  g_assert_cmpint (limn_sketch_memory_new (&remembering.memory, NULL), ==, LIMN_OK);
  for (int stroke = 0; stroke < 70; stroke++) {
    const size_t width = stroke % 3 ? 240 : 120;
    const uint8_t label = brushes[g_rand_int_range (random, 0, G_N_ELEMENTS (brushes))];

    dab (d, g_rand_int_range (random, 0, W), g_rand_int_range (random, 0, H), g_rand_int_range (random, 1, 9), label);
    if (plain && stroke % 3 == 0)
      make_plain (d, g_rand_int_range (random, 0, W), g_rand_int_range (random, 0, H), g_rand_int_range (random, 1, 12));
    if (stroke % 5 == 0) /* a shade of its own */
      d->paint[4 * g_rand_int_range (random, 0, W * H)] ^= 0x40;
    if (stroke % 40 == 39)
      materials.sun_x = remembering.sun_x = (float) g_rand_double (random);
    LimnOverlay all = render (engine, surfaces, d, width, width * H / W, materials, NULL);
    LimnOverlay again = render (engine, surfaces, d, width, width * H / W, remembering, NULL);
    g_assert_cmpmem (all.pixels.data, all.pixels.stride * all.pixels.height, again.pixels.data, again.pixels.stride * again.pixels.height);
    limn_overlay_clear (&all);
    limn_overlay_clear (&again);
  }
  limn_sketch_memory_free (remembering.memory);
  limn_engine_free (engine);
  limn_surfaces_free (surfaces);
}

/* Any labels give an opaque picture, also such as no material has. */
static void
test_any_labels (void)
{
  g_autofree Drawing *d = new_drawing ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, TRUE);

  for (int round = 0; round < 12; round++) {
    const int kinds = round < 6 ? 256 : 29, run = 1 << (round % 6);

    for (int i = 0; i < W * H; i++)
      d->labels[i] = i % W % run || i / W % run ? d->labels[i - (i % W % run ? 1 : W)] : (uint8_t) g_rand_int_range (random, 0, kinds);
    LimnOverlay o = render (engine, round == 7 ? NULL : surfaces, d, 96, 64, automatic, NULL);
    for (size_t i = 0; i < 96 * 64; i++)
      g_assert_cmpfloat (pixel (&o, i % 96, i / 96, 3), ==, 255);
    limn_overlay_clear (&o);
  }
  limn_engine_free (engine);
  limn_surfaces_free (surfaces);
}

/* What is plain is the network's picture, bit for bit; without the network that is said. */
static void
test_plain (void)
{
  g_autofree Drawing *d = new_drawing ();
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, TRUE), *without = new_engine (1, FALSE);
  const LimnPixels paint = { d->paint, W, H, 4 * W, 8 };
  const LimnSketchOptions plain = { .sampling = { .seed = 1, .steps = 1, .quick = true }, .width = W, .height = H, .freedom = 0.5f };
  LimnSketchMaterials materials = automatic;
  LimnSketchOptions options = plain;
  LimnOverlay expected;
  LimnError error = { "" };

  memset (d->labels, LIMN_LABEL_PLAIN, sizeof d->labels);
  g_assert_cmpint (limn_sketch (engine, &paint, NULL, &plain, NULL, &expected, NULL, NULL), ==, LIMN_OK);
  LimnOverlay o = render (engine, surfaces, d, W, H, materials, NULL);
  g_assert_cmpmem (o.pixels.data, o.pixels.stride * H, expected.pixels.data, expected.pixels.stride * H);
  limn_overlay_clear (&o);
  options.materials = &materials;
  g_assert_cmpint (limn_sketch (without, &paint, NULL, &options, NULL, &o, NULL, &error), ==, LIMN_BAD_MODEL);
  g_assert_nonnull (strstr (error.text, "base network"));
  materials.labels = &(LimnMask){ d->labels, W / 2, H, W };
  g_assert_cmpint (limn_sketch (engine, &paint, NULL, &options, NULL, &o, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "same size"));
  limn_overlay_clear (&expected);
  limn_engine_free (engine);
  limn_engine_free (without);
  limn_surfaces_free (surfaces);
}

/* Under a material's own label it takes the place of that material's surface, and of no other. */
static void
test_own_in_place (LimnEngine *engine, LimnSurfaces *surfaces, const LimnPixels *view)
{
  g_autofree Drawing *d = new_drawing ();

  LimnOverlay before = render (engine, surfaces, d, W, H, automatic, NULL);
  g_assert_cmpint (limn_surfaces_add_own (surfaces, 22, limn_material_of_label (22), view, NULL), ==, LIMN_OK);
  LimnOverlay after = render (engine, surfaces, d, W, H, automatic, NULL);
  for (size_t y = 0; y < H; y++)
    for (size_t x = 0; x < W; x++)
      if (pixel (&before, x, y, 1) != pixel (&after, x, y, 1))
        g_assert_true (x > 34 && x < 96 && y > 50 && y < 106); /* the house, whose walls are straightened */
  g_assert_cmpint (memcmp (before.pixels.data, after.pixels.data, (size_t) 4 * W * H), !=, 0);
  limn_overlay_clear (&before);
  limn_overlay_clear (&after);
}

/* A surface of one's own is laid as the material that it is like, in its own grain. */
static void
test_own_surface (void)
{
  g_autofree Drawing *d = new_drawing ();
  uint8_t pixels[64 * 64 * 4];
  const LimnPixels view = { pixels, 64, 64, 64 * 4, 8 };
  LimnSurfaces *surfaces = new_surfaces ();
  LimnEngine *engine = new_engine (2, FALSE);
  double spread[2] = { 0 };

  for (int round = 0; round < 2; round++) { /* flat, then coarse */
    for (int i = 0; i < 64 * 64; i++)
      memset (pixels + 4 * i, round * (i / 8 % 2 ? 60 : -60) + 128, 4);
    g_assert_cmpint (limn_surfaces_add_own (surfaces, LIMN_LABEL_OWN, limn_material_of_id ("plaster"), &view, NULL), ==, LIMN_OK);
    for (int i = 0; i < W * H; i++)
      if (d->labels[i] == 22)
        d->labels[i] = LIMN_LABEL_OWN;
    LimnOverlay o = render (engine, surfaces, d, W, H, automatic, NULL);
    for (size_t y = 70; y < 95; y++)
      for (size_t x = 45; x < 85; x++)
        spread[round] += fabs (pixel (&o, x, y, 1) - pixel (&o, x + 1, y, 1));
    limn_overlay_clear (&o);
  }
  g_assert_cmpfloat (spread[1], >, 3 * spread[0]);
  test_own_in_place (engine, surfaces, &view);
  limn_engine_free (engine);
  limn_surfaces_free (surfaces);
}

/* Cancelled, nothing is left. */
static void
test_cancel (void)
{
  g_autofree Drawing *d = new_drawing ();
  atomic_int flag = 1;
  const LimnControl control = { .cancel = &flag };
  const LimnPixels paint = { d->paint, W, H, 4 * W, 8 };
  const LimnMask labels = { d->labels, W, H, W };
  LimnSketchMaterials materials = automatic;
  LimnEngine *engine = new_engine (2, FALSE);
  LimnOverlay o;

  materials.labels = &labels;
  const LimnSketchOptions options = { .sampling = { .steps = 1 }, .width = W, .height = H, .freedom = 0.5f, .materials = &materials };
  g_assert_cmpint (limn_sketch (engine, &paint, NULL, &options, &control, &o, NULL, NULL), ==, LIMN_CANCELLED);
  g_assert_null (o.pixels.data);
  limn_engine_free (engine);
}

/* What is plainly a sky over a meadow is guessed; what was chosen stays chosen, also to be plain. */
static void
test_guess (void)
{
  g_autofree Drawing *d = g_new0 (Drawing, 1);
  g_autofree uint8_t *out = g_malloc (W * H);
  LimnEngine *engine = new_engine (2, FALSE);
  const LimnPixels paint = { d->paint, W, H, 4 * W, 8 };
  const LimnMask chosen = { d->labels, W, H, W };

  box (d, 0, 0, W, 80, 1);
  box (d, 0, 80, W, H - 20, 5);
  memset (d->labels, 0, sizeof d->labels);
  g_assert_cmpint (limn_guess_materials (engine, &paint, NULL, NULL, out, NULL), ==, LIMN_OK);
  g_assert_cmpuint (out[20 * W + 50], ==, limn_material_of_id ("sky")->label);
  g_assert_cmpuint (out[120 * W + 50], ==, limn_material_of_id ("meadow")->label);
  g_assert_cmpuint (out[(H - 5) * W], ==, LIMN_LABEL_NONE);
  memset (d->labels, LIMN_LABEL_PLAIN, 40 * W);
  memset (d->labels + 100 * W, 7, 20 * W);
  g_assert_cmpint (limn_guess_materials (engine, &paint, &chosen, NULL, out, NULL), ==, LIMN_OK);
  g_assert_cmpuint (out[20 * W + 50], ==, LIMN_LABEL_PLAIN);
  g_assert_cmpuint (out[110 * W + 50], ==, 7);
  limn_engine_free (engine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/threads", test_threads);
  g_test_add_func ("/scene/sizes", test_sizes);
  g_test_add_func ("/scene/nothing-swims", test_nothing_swims);
  g_test_add_data_func ("/scene/memory", GINT_TO_POINTER (FALSE), test_memory);
  g_test_add_data_func ("/scene/memory/plain", GINT_TO_POINTER (TRUE), test_memory);
  g_test_add_func ("/scene/any-labels", test_any_labels);
  g_test_add_func ("/scene/plain", test_plain);
  g_test_add_func ("/scene/own-surface", test_own_surface);
  g_test_add_func ("/scene/cancel", test_cancel);
  g_test_add_func ("/scene/guess", test_guess);
  return g_test_run ();
}
