/* The image recogniser, and a base network that is told what it sees: against stored results of PyTorch's, and what they promise of
 * threads, sizes, damaged files, cancelling and memory that runs out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/generate/base.h"
#include "engine/imaging/resample.h"
#include "engine/kernels/kernels.h"
#include "engine/network/recogniser.h"
#include "told.h"

#define SEE "../resources/models/see.safetensors"
#define DETAIL "../resources/models/detail.safetensors"

enum { SIDE = 256, STEP = 97, BASE_STEP = 7, GRID = 32, W = 70, H = 50 };

static char *folder, *base; /* of the files that are made here; the network that is told */

/* ---------------------------------------------------------------- what the linker gives the engine instead */

static const LimnKernels *chosen; /* NULL: the best */
const LimnKernels *__real_limn_kernels_best (void);
const LimnKernels *__wrap_limn_kernels_best (void);
const LimnKernels *
__wrap_limn_kernels_best (void)
{
  return chosen ? chosen : __real_limn_kernels_best ();
}

static struct {
  atomic_int count, fails;       /* allocations so far; the one that fails, 0 = none */
  atomic_int cancels, cancelled; /* the one at which an edit is cancelled, 0 = none; the edit's flag */
} events;

void *__real_limn_alloc (size_t a, size_t b, size_t c, size_t size);
void *__wrap_limn_alloc (size_t a, size_t b, size_t c, size_t size);
void *
__wrap_limn_alloc (size_t a, size_t b, size_t c, size_t size)
{
  const int now = atomic_fetch_add (&events.count, 1) + 1;

  if (now == atomic_load (&events.cancels))
    atomic_store (&events.cancelled, 1);
  return now == atomic_load (&events.fails) ? NULL : __real_limn_alloc (a, b, c, size);
}

/* ---------------------------------------------------------------- the recogniser */

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static float *
read_floats (const char *path, size_t *count)
{
  char *bytes;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  *count = length / sizeof (float);
  return (float *) (gpointer) bytes;
}

static LimnRecogniser *
open_recogniser (LimnPool *pool)
{
  LimnRecogniser *recogniser;
  LimnError error = { "" };

  if (limn_recogniser_open (&recogniser, SEE, pool, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return recogniser;
}

static size_t
floats_of (const LimnRecogniser *recogniser, size_t width, size_t height, int map)
{
  return (width >> (3 + map)) * (height >> (3 + map)) * limn_recogniser_channels (recogniser, map);
}

/* The feature maps, one after the other, of told_picture. */
static float *
see (const LimnRecogniser *recogniser, LimnPool *pool, size_t width, size_t height, size_t *count)
{
  g_autofree float *picture = g_new (float, width *height * 3);
  float *maps[LIMN_FEATURE_MAPS], *all;
  LimnRecogniserRun *run;
  LimnError error = { "" };

  *count = 0;
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    *count += floats_of (recogniser, width, height, i);
  all = g_new (float, *count);
  maps[0] = all;
  for (int i = 1; i < LIMN_FEATURE_MAPS; i++)
    maps[i] = maps[i - 1] + floats_of (recogniser, width, height, i - 1);
  told_picture (picture, width, height);
  g_assert_cmpint (limn_recogniser_run_new (&run, recogniser, width, height, &error), ==, LIMN_OK);
  g_assert_cmpuint (limn_recogniser_run_bytes (run), >, 0);
  if (limn_recogniser_forward (run, pool, picture, maps, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  limn_recogniser_run_free (run);
  return all;
}

/* Largest difference as a share of the largest value, of every step-th number that was stored. */
static void
assert_near (const float *got, const float *wanted, size_t count, size_t step)
{
  double most = 0.0, range = 0.0;

  for (size_t i = 0; i < count; i++) {
    g_assert_true (isfinite (got[i * step]));
    most = fmax (most, fabs ((double) got[i * step] - (double) wanted[i]));
    range = fmax (range, fabs ((double) wanted[i]));
  }
  g_test_message ("differs by %.2g of the range", most / range);
  g_assert_cmpfloat (most, <, 1e-4 * range);
}

static void
as_stored (gconstpointer data)
{
  size_t count, stored;
  g_autofree float *wanted = read_floats ("golden/see/thinned.f32", &stored);

  chosen = data;
  LimnRecogniser *recogniser = open_recogniser (NULL);
  g_autofree float *got = see (recogniser, NULL, SIDE, SIDE, &count);
  g_assert_cmpuint (stored, ==, (count + STEP - 1) / STEP);
  assert_near (got, wanted, stored, STEP);
  limn_recogniser_free (recogniser);
  chosen = NULL;
}

static void
threads (void)
{
  static const size_t sizes[][2] = { { 256, 256 }, { 96, 160 }, { 32, 32 }, { 512, 64 } };
  LimnPool *pools[2];
  LimnRecogniser *recognisers[2];

  for (int i = 0; i < 2; i++) {
    g_assert_cmpint (limn_pool_new (&pools[i], 1 + 2 * i, NULL), ==, LIMN_OK);
    recognisers[i] = open_recogniser (pools[i]);
  }
  for (size_t t = 0; t < G_N_ELEMENTS (sizes); t++) {
    size_t count;
    g_autofree float *one = see (recognisers[0], pools[0], sizes[t][0], sizes[t][1], &count);
    g_autofree float *three = see (recognisers[1], pools[1], sizes[t][0], sizes[t][1], &count);

    g_assert_cmpmem (three, count * sizeof *three, one, count * sizeof *one);
  }
  for (int i = 0; i < 2; i++) {
    limn_recogniser_free (recognisers[i]);
    limn_pool_free (pools[i]);
  }
}

/* The likeness of a recogniser's places from its features and matrices, written out plainly. */
static LimnImage
plain_likeness (const LimnRecogniser *recogniser, const LimnFeatures *features)
{
  const size_t width = features->maps[0].width, height = features->maps[0].height;
  LimnImage out;

  g_assert_cmpint (limn_image_new (&out, width, height, LIMN_LIKENESS, NULL), ==, LIMN_OK);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const size_t channels = features->maps[i].channels, shape[] = { LIMN_LIKENESS, channels, 1, 1 };
    g_autofree float *matrix = g_new (float, LIMN_LIKENESS *channels);
    g_autofree char *name = g_strdup_printf ("likeness.%d.weight", i);
    LimnTensorView tensor;
    LimnImage map;

    g_assert_cmpint (limn_weights_get (limn_recogniser_weights (recogniser), name, 4, shape, &tensor, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_tensor_read (&tensor, matrix, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_resample (&map, &features->maps[i], width, height, LIMN_FILTER_LINEAR, NULL, NULL), ==, LIMN_OK);
    for (size_t at = 0; at < width * height; at++)
      for (size_t k = 0; k < LIMN_LIKENESS; k++)
        for (size_t c = 0; c < channels; c++)
          out.data[at * LIMN_LIKENESS + k] += matrix[k * channels + c] * map.data[at * channels + c];
    limn_image_clear (&map);
  }
  return out;
}

static void
likeness (void)
{
  enum { WIDTH = 128, HEIGHT = 96 };
  LimnRecogniser *recogniser = open_recogniser (NULL);
  LimnFeatures features = { 0 };
  LimnImage got, threaded, wanted;
  LimnPool *pool;
  size_t count;
  g_autofree float *all = see (recogniser, NULL, WIDTH, HEIGHT, &count);
  const float *map = all;

  g_assert_true (limn_recogniser_has_likeness (recogniser));
  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  for (int i = 0; i < LIMN_FEATURE_MAPS; map += floats_of (recogniser, WIDTH, HEIGHT, i++)) {
    g_assert_cmpint (
      limn_image_alloc (&features.maps[i], WIDTH >> (3 + i), HEIGHT >> (3 + i), limn_recogniser_channels (recogniser, i), NULL), ==,
      LIMN_OK);
    memcpy (features.maps[i].data, map, floats_of (recogniser, WIDTH, HEIGHT, i) * sizeof *map);
  }
  g_assert_cmpint (limn_recogniser_likeness (recogniser, &features, &got, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_recogniser_likeness (recogniser, &features, &threaded, pool, NULL), ==, LIMN_OK);
  wanted = plain_likeness (recogniser, &features);
  g_assert_cmpuint (got.width * got.height * got.channels, ==, wanted.width * wanted.height * wanted.channels);
  assert_near (got.data, wanted.data, got.width * got.height * got.channels, 1);
  g_assert_cmpmem (got.data, got.width * got.height * got.channels * sizeof (float), threaded.data,
                   got.width * got.height * got.channels * sizeof (float));
  limn_image_clear (&got);
  limn_image_clear (&threaded);
  limn_image_clear (&wanted);
  limn_features_clear (&features);
  limn_recogniser_free (recogniser);
  limn_pool_free (pool);
}

static void
promises (void)
{
  static const size_t wrong[][2] = { { 0, 32 }, { 32, 0 }, { 48, 64 }, { 64, 33 }, { 1 << 14, 32 } };
  LimnRecogniser *recogniser = open_recogniser (NULL);
  g_autofree float *picture = g_new0 (float, 3 * 64 * 32);
  float *maps[LIMN_FEATURE_MAPS];
  atomic_int stop = 1;
  LimnControl control = { .cancel = &stop };
  LimnRecogniserRun *run;
  LimnPool *pool;
  LimnError error;

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpint (limn_recogniser_run_new (&run, recogniser, wrong[i][0], wrong[i][1], &error), ==, LIMN_BAD_INPUT);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    maps[i] = g_new (float, floats_of (recogniser, 64, 32, i));
  g_assert_cmpint (limn_recogniser_run_new (&run, recogniser, 64, 32, &error), ==, LIMN_OK);
  g_assert_cmpfloat (limn_recogniser_run_gflop (run), >, 0.0);
  g_assert_cmpint (limn_recogniser_forward (run, NULL, picture, maps, &control, &error), ==, LIMN_CANCELLED);
  g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_recogniser_forward (run, pool, picture, maps, NULL, &error), ==, LIMN_BAD_INPUT);
  limn_pool_free (pool);

  /* what an earlier run left behind is not seen by the next */
  const size_t count = floats_of (recogniser, 64, 32, 2);
  g_assert_cmpint (limn_recogniser_forward (run, NULL, picture, maps, NULL, &error), ==, LIMN_OK);
  g_autofree float *first = g_memdup2 (maps[2], count * sizeof *first);
  picture[5] = 1.0f;
  g_assert_cmpint (limn_recogniser_forward (run, NULL, picture, maps, NULL, &error), ==, LIMN_OK);
  g_assert_cmpint (memcmp (first, maps[2], count * sizeof *first), !=, 0);
  picture[5] = 0.0f;
  g_assert_cmpint (limn_recogniser_forward (run, NULL, picture, maps, NULL, &error), ==, LIMN_OK);
  g_assert_cmpmem (first, count * sizeof *first, maps[2], count * sizeof *first);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    g_free (maps[i]);
  limn_recogniser_run_free (run);
  limn_recogniser_free (recogniser);
}

/* ---------------------------------------------------------------- damaged files */

/* A copy of the file at path whose header has other where it had text; both NULL: cut short instead. */
static char *
changed (const char *path, const char *text, const char *other)
{
  g_autofree char *bytes = NULL, *header = NULL, *name = path_of ("changed.safetensors");
  g_autoptr (GString) out = g_string_new (NULL);
  gsize size;
  guint64 length;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memcpy (&length, bytes, sizeof length);
  header = g_strndup (bytes + 8, GUINT64_FROM_LE (length));
  g_string_append (out, header);
  if (text)
    g_assert_cmpuint (g_string_replace (out, text, other, 0), >, 0);
  const guint64 now = GUINT64_TO_LE ((guint64) out->len);
  g_string_prepend_len (out, (const char *) &now, sizeof now);
  g_string_append_len (out, bytes + 8 + strlen (header), (gssize) (size - 8 - strlen (header)) - (text ? 0 : 100));
  g_assert_true (g_file_set_contents (name, out->str, (gssize) out->len, NULL));
  return g_steal_pointer (&name);
}

static void
damaged_files (void)
{
  static const char *const changes[][3] = {
    { NULL, NULL, "cut short" },
    { "\\\"role\\\": \\\"see\\\"", "\\\"role\\\": \\\"base\\\"", "not an image recogniser" },
    { "\\\"architecture\\\": \\\"efficientnet-lite0\\\"", "\\\"architecture\\\": \\\"\\\"", "architecture" },
    { "relu6", "gelu", "activation" },
    { "\\\"stem\\\": 32", "\\\"stem\\\": 24", "stem.weight" },
    { "\\\"stem\\\": 32", "\\\"stem\\\": 0.5", "stem" },
    { "\\\"kernel\\\": 5", "\\\"kernel\\\": 4", "kernel" },
    { "\\\"kernel\\\": 5", "\\\"kernel\\\": 3", "depthwise.weight" },
    { "\\\"stride\\\": 2", "\\\"stride\\\": 3", "stride" },
    { "\\\"stride\\\": 2", "\\\"stride\\\": 1", "1/8" },
    { "\\\"expand\\\": 6", "\\\"expand\\\": \\\"6\\\"", "expand" },
    { "\\\"out\\\": 192", "\\\"out\\\": 191", "project.weight" },
    { "\\\"repeats\\\": 4", "\\\"repeats\\\": 400", "repeats" },
    { "\\\"repeats\\\": 4", "\\\"repeats\\\": 60", "more than 64 blocks" },
    { "[4, 10, 15]", "[4, 10]", "taps" },
    { "[4, 10, 15]", "[4, 10, 10]", "taps" },
    { "[4, 10, 15]", "[4, 10, 16]", "taps" },
    { "[4, 10, 15]", "[2, 10, 15]", "1/8" },
    { "\"blocks.7.project.bias\"", "\"blocks.7.project.bios\"", "blocks.7.project.bias" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree char *path = changed (SEE, changes[i][0], changes[i][1]);
    LimnRecogniser *recogniser;
    LimnError error = { "" };

    g_assert_cmpint (limn_recogniser_open (&recogniser, path, NULL, &error), ==, LIMN_BAD_MODEL);
    g_assert_null (recogniser);
    if (!strstr (error.text, changes[i][2]))
      g_error ("\"%s\" does not tell of %s", error.text, changes[i][2]);
  }
}

static LimnStatus
open_engine (LimnEngine **engine, const char *base_path, const char *see_path, int count, LimnError *error)
{
  return limn_engine_new (
    engine, &(LimnEngineOptions){ .base_path = base_path, .detail_path = DETAIL, .see_path = see_path, .threads = count }, error);
}

static void
assert_refused (const char *base_path, const char *see_path, const char *why)
{
  LimnEngine *engine;
  LimnError error = { "" };

  g_assert_cmpint (open_engine (&engine, base_path, see_path, 1, &error), ==, LIMN_BAD_MODEL);
  g_assert_null (engine);
  if (!strstr (error.text, why))
    g_error ("\"%s\" does not tell of %s", error.text, why);
}

static void
base_and_recogniser_go_together (void)
{
  g_autofree char *other = path_of ("other.safetensors");
  g_autofree char *missing = path_of ("missing.safetensors");

  assert_refused (base, NULL, "see.safetensors");
  assert_refused (base, missing, "missing.safetensors");
  assert_refused (base, base, "not an image recogniser");
  assert_refused (SEE, SEE, "");
  g_autofree char *unlike = changed (SEE, "[4, 10, 15]", "[4, 7, 15]"); /* that block has 80 channels */
  assert_refused (base, unlike, "likeness.1.weight");
  g_autofree char *plain = changed (SEE, "\"likeness.0.weight\"", "\"loneness.0.weight\"");
  g_autofree char *fewer = changed (plain, "[4, 10, 15]", "[4, 7, 15]");
  assert_refused (base, fewer, "map 1");
  g_autofree char *renamed = changed (SEE, "efficientnet-lite0\\\"", "efficientnet-lite9\\\"");
  assert_refused (base, renamed, "efficientnet-lite9");
  g_autofree char *unnamed = changed (base, "\\\"see\\\": \\\"efficientnet-lite0\\\"", "\\\"see\\\": 5");
  assert_refused (unnamed, SEE, "\"see\"");
  g_autofree char *without = changed (base, "\"see.1.weight\"", "\"saw.1.weight\"");
  assert_refused (without, SEE, "see.1.weight");
  told_write_base (other, "{\"role\": \"base\", \"parametrisation\": \"limn-anchor\", \"sigma\": [0.002, 40, 0.4], \"space_to_depth\": 2, "
                          "\"size\": 64}");
  LimnEngine *engine; /* a base that is told nothing needs no recogniser */
  g_assert_cmpint (open_engine (&engine, other, missing, 1, NULL), ==, LIMN_OK);
  g_assert_false (limn_base_sees (engine));
  limn_engine_free (engine);
}

/* ---------------------------------------------------------------- a base that is told */

static void
told_as_stored (gconstpointer data)
{
  g_autofree char *path = path_of ("reference.safetensors");
  size_t stored;
  g_autofree float *wanted = read_floats ("golden/see/base.out.f32", &stored);
  uint32_t state = told_write_base (path, NULL);
  const size_t ins = GRID * GRID * 48, outs = GRID * GRID * 12;
  g_autofree float *in = g_new (float, ins), *out = g_new (float, outs);
  LimnFeatures features;
  LimnWeights *weights;
  LimnUnet *unet;
  LimnUnetRun *run;
  LimnError error = { "" };

  chosen = data;
  if (limn_weights_open (&weights, path, &error) != LIMN_OK || limn_unet_new (&unet, weights, NULL, &error) != LIMN_OK ||
      limn_unet_run_new (&run, unet, GRID, GRID, &error) != LIMN_OK)
    g_error ("%s", error.text);
  told_numbers (&state, in, ins);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    g_assert_cmpint (limn_image_new (&features.maps[i], GRID >> i, GRID >> i, limn_unet_features (unet, i), NULL), ==, LIMN_OK);
    told_numbers (&state, features.maps[i].data, (size_t) (GRID >> i) * (GRID >> i) * limn_unet_features (unet, i));
  }
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 230.0f, -1, &features, out, NULL, &error), ==, LIMN_OK);
  g_assert_cmpuint (stored, ==, (outs + BASE_STEP - 1) / BASE_STEP);
  assert_near (out, wanted, stored, BASE_STEP);
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 230.0f, -1, NULL, out, NULL, &error), ==, LIMN_BAD_INPUT);
  features.maps[1].width /= 2;
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 230.0f, -1, &features, out, NULL, &error), ==, LIMN_BAD_INPUT);
  limn_features_clear (&features);
  limn_unet_run_free (run);
  limn_unet_free (unet);
  limn_weights_free (weights);
  chosen = NULL;
}

/* ---------------------------------------------------------------- what is looked at */

/* Planes of 8 x 8: known on the left, a line across the middle if ink, an anchor of one colour. */
static void
make_planes (LimnImage *planes, LimnImage *anchor, bool ink)
{
  g_assert_cmpint (limn_image_new (planes, 8, 8, LIMN_BASE_PLANES, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (anchor, 8, 8, 3, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 64; i++) {
    float *plane = planes->data + i * LIMN_BASE_PLANES;
    const float colour[3] = { 0.5f, -0.25f, 0.125f };

    memcpy (anchor->data + 3 * i, colour, sizeof colour);
    if (i % 8 < 4) {
      plane[0] = plane[1] = plane[2] = -0.75f;
      plane[3] = 1.0f;
    }
    plane[7] = ink && i / 8 == 4 ? 1.0f : 0.0f;
    plane[8] = ink ? 1.0f : 0.0f;
  }
}

static void
view (void)
{
  LimnImage planes, anchor, sharp, seen;

  make_planes (&planes, &anchor, true);
  g_assert_cmpint (limn_image_new (&sharp, 32, 32, 4, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 32 * 32 * 4; i++)
    sharp.data[i] = (float) (i % 7) / 3.5f - 1.0f;
  g_assert_cmpint (limn_sight_view (&seen, &planes, &anchor, &sharp, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (seen.width, ==, 32);
  g_assert_cmpuint (seen.channels, ==, 3);
  for (size_t y = 0; y < 32; y++)
    for (size_t x = 0; x < 32; x++)
      for (size_t c = 0; c < 3; c++) {
        const float got = seen.data[(y * 32 + x) * 3 + c], below = x < 16 ? sharp.data[(y * 32 + x) * 4 + c] : anchor.data[c];

        if (y == 17 || y == 18) /* an eighth of a pixel of base's from the middle of the line */
          g_assert_cmpfloat_with_epsilon (got, (below + 1.0f) * 0.125f - 1.0f, 1e-6f);
        else if (y < 14 || y >= 22) /* no line is near */
          g_assert_cmpfloat_with_epsilon (got, below, 1e-6f);
        else
          g_assert_cmpfloat (got, <=, below + 1e-6f);
      }
  limn_image_clear (&seen);

  /* without the photo base's own pixels are enlarged; with luma anywhere the photo's luma is all */
  g_assert_cmpint (limn_sight_view (&seen, &planes, &anchor, NULL, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat_with_epsilon (seen.data[0], -0.75f, 1e-6f);
  limn_image_clear (&seen);

  /* a photo of fewer pixels is put together at its own size, then enlarged: what is all of one colour stays so */
  LimnImage few;
  g_assert_cmpint (limn_image_new (&few, 16, 16, 3, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 16 * 16 * 3; i++)
    few.data[i] = anchor.data[i % 3];
  for (size_t i = 0; i < 64; i++)
    planes.data[i * LIMN_BASE_PLANES + 8] = 0.0f; /* no lines */
  g_assert_cmpint (limn_sight_view (&seen, &planes, &anchor, &few, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (seen.width, ==, 32);
  for (size_t i = 0; i < 32 * 32 * 3; i++)
    g_assert_cmpfloat_with_epsilon (seen.data[i], anchor.data[i % 3], 1e-5f);
  few.data[3 * (5 * 16 + 12)] = 1.0f; /* in an unknown part: not read */
  few.data[3 * (5 * 16 + 3)] = 1.0f;
  limn_image_clear (&seen);
  g_assert_cmpint (limn_sight_view (&seen, &planes, &anchor, &few, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat_with_epsilon (seen.data[3 * (10 * 32 + 25)], anchor.data[0], 1e-5f);
  g_assert_cmpfloat (seen.data[3 * (10 * 32 + 7)], >, anchor.data[0] + 0.2f);
  limn_image_clear (&few);
  limn_image_clear (&seen);
  planes.data[6] = 1.0f;
  g_assert_cmpint (limn_sight_view (&seen, &planes, &anchor, &sharp, NULL, NULL), ==, LIMN_OK);
  for (size_t x = 0; x < 32; x++) {
    const float *p = sharp.data + 4 * x;
    for (size_t c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon (seen.data[3 * x + c], 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2], 1e-6f);
  }
  limn_image_clear (&seen);
  limn_image_clear (&sharp);
  limn_image_clear (&planes);
  limn_image_clear (&anchor);
}

static const LimnFeatures *
look (LimnEngine *engine, const LimnImage *planes, const LimnImage *anchor)
{
  const LimnFeatures *features;
  LimnError error = { "" };

  if (limn_sight_look (engine->sight, engine->pool, planes, anchor, NULL, 0, &features, NULL, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return features;
}

static void
seen_pictures_are_remembered (void)
{
  LimnImage planes, anchor;
  LimnEngine *engine;
  atomic_int stop = 1;
  const LimnControl control = { .cancel = &stop };
  const LimnFeatures *features;

  g_assert_cmpint (open_engine (&engine, base, SEE, 1, NULL), ==, LIMN_OK);
  make_planes (&planes, &anchor, false);
  const LimnFeatures *first = look (engine, &planes, &anchor);
  g_autofree float *value = g_memdup2 (first->maps[2].data, 4 * first->maps[2].channels);
  atomic_store (&events.count, 0);
  g_assert_true (look (engine, &planes, &anchor) == first);
  const int again = atomic_load (&events.count);
  anchor.data[21] += 0.5f;
  atomic_store (&events.count, 0);
  g_assert_true (look (engine, &planes, &anchor) != first);
  g_assert_cmpint (atomic_load (&events.count), ==, again + LIMN_FEATURE_MAPS);
  anchor.data[21] -= 0.5f;
  g_assert_true (look (engine, &planes, &anchor) == first);
  for (int i = 0; i < 10; i++) { /* more than are remembered; some given up in the middle */
    anchor.data[12 + i] = 0.75f;
    if (i % 2 == 0)
      g_assert_cmpint (limn_sight_look (engine->sight, engine->pool, &planes, &anchor, NULL, 0, &features, NULL, &control, NULL), ==,
                       LIMN_CANCELLED);
    else
      look (engine, &planes, &anchor);
  }
  limn_image_clear (&planes);
  limn_image_clear (&anchor);
  make_planes (&planes, &anchor, false);
  features = look (engine, &planes, &anchor);
  g_assert_cmpmem (features->maps[2].data, 4 * features->maps[2].channels, value, 4 * features->maps[2].channels);
  limn_image_clear (&planes);
  limn_image_clear (&anchor);
  limn_engine_free (engine);
}

/* ---------------------------------------------------------------- edits */

typedef enum { COLORIZE, FILL, FILL_SMALL, SKETCH, EDITS } Edit;

/* A photo, a hole and lines of the same pixels. */
typedef struct {
  uint8_t pixels[H * W * 4], hole[H * W], lines[H * W];
} Material;

static Material *
make_material (Edit edit)
{
  Material *m = g_new0 (Material, 1);

  for (size_t i = 0; i < W * H; i++) {
    const size_t x = i % W, y = i / W, margin = edit == FILL_SMALL ? 20 : 8;

    for (size_t c = 0; c < 4; c++)
      m->pixels[4 * i + c] = c == 3 ? 255 : (uint8_t) ((x * (3 + c) + y * 5 + i * i % 13) % 256);
    m->hole[i] = x > margin && x < W - margin && y > margin && y < H - margin ? 255 : 0;
    m->lines[i] = x == 20 || y == 25 ? 255 : 0;
  }
  return m;
}

static LimnStatus
colorize (LimnEngine *engine, const LimnPixels *photo, const LimnSampling *sampling, const LimnControl *control, LimnOverlay *overlay,
          LimnError *error)
{
  LimnColors *colors;
  LimnStatus status = limn_colors_new (&colors, engine, photo, &(LimnColorizeOptions){ .sampling = *sampling }, control, NULL, error);

  *overlay = (LimnOverlay){ 0 };
  if (status == LIMN_OK)
    status = limn_colors_paint (colors, engine, photo, NULL, 1, control, overlay, error);
  limn_colors_free (colors);
  return status;
}

static LimnStatus
run_edit (Edit edit, LimnEngine *engine, const Material *m, LimnOverlay *overlay, LimnError *error)
{
  const LimnSampling sampling = { .seed = 3, .steps = 2, .quick = true };
  const LimnPixels photo = { (void *) m->pixels, W, H, 4 * W, 8 };
  const LimnMask hole = { m->hole, W, H, W }, lines = { m->lines, W, H, W };
  const LimnControl control = { .cancel = &events.cancelled };

  switch (edit) {
  case COLORIZE: return colorize (engine, &photo, &sampling, &control, overlay, error);
  case SKETCH:
    return limn_sketch (engine, &photo, &lines, &(LimnSketchOptions){ .sampling = sampling, .width = W, .height = H, .freedom = 1 },
                        &control, overlay, NULL, error);
  default:
    return limn_fill (engine, &photo, &hole, &(LimnFillOptions){ .sampling = sampling, .ink = &lines }, &control, overlay, NULL, error);
  }
}

static GBytes *
make (Edit edit, const char *base_path, int count)
{
  g_autofree Material *material = make_material (edit);
  LimnEngine *engine;
  LimnOverlay overlay;
  LimnError error = { "" };

  if (open_engine (&engine, base_path, SEE, count, &error) != LIMN_OK || run_edit (edit, engine, material, &overlay, &error) != LIMN_OK)
    g_error ("%s", error.text);
  GBytes *bytes = g_bytes_new (overlay.pixels.data, overlay.pixels.stride * overlay.pixels.height);
  limn_overlay_clear (&overlay);
  limn_engine_free (engine);
  return bytes;
}

static void
edits_are_told (gconstpointer data)
{
  const Edit edit = (Edit) GPOINTER_TO_INT (data);
  g_autofree char *blind = changed (base, ", \\\"see\\\": \\\"efficientnet-lite0\\\"", "");
  g_autoptr (GBytes) one = make (edit, base, 1), two = make (edit, base, 2), untold = make (edit, blind, 1);

  g_assert_true (g_bytes_equal (one, two));
  g_assert_false (g_bytes_equal (one, untold));
}

/* Whatever allocation fails, and wherever it is cancelled, nothing is left of the edit, and the next one is as if nothing had been. */
static void
edits_that_end_early (gconstpointer data)
{
  const Edit edit = (Edit) GPOINTER_TO_INT (data);
  g_autofree Material *material = make_material (edit);
  g_autoptr (GBytes) wanted = make (edit, base, 1);
  LimnEngine *engine;
  LimnOverlay overlay;
  int all;

  g_assert_cmpint (open_engine (&engine, base, SEE, 1, NULL), ==, LIMN_OK);
  atomic_store (&events.count, 0);
  g_assert_cmpint (run_edit (edit, engine, material, &overlay, NULL), ==, LIMN_OK);
  all = atomic_load (&events.count);
  limn_overlay_clear (&overlay);
  for (int i = 1; i <= 2 * all; i++) {
    const bool fails = i % 2 == 0;

    if (i % 16 == 1) { /* from an engine that has seen nothing, too */
      limn_engine_free (engine);
      g_assert_cmpint (open_engine (&engine, base, SEE, 1, NULL), ==, LIMN_OK);
    }
    atomic_store (&events.count, 0);
    atomic_store (fails ? &events.fails : &events.cancels, (i + 1) / 2);
    const LimnStatus status = run_edit (edit, engine, material, &overlay, NULL);
    const bool came = atomic_load (&events.count) >= (i + 1) / 2;
    atomic_store (&events.fails, 0);
    atomic_store (&events.cancels, 0);
    atomic_store (&events.cancelled, 0);
    if (came && fails)
      g_assert_cmpint (status, ==, LIMN_NO_MEMORY);
    else if (status != LIMN_OK)
      g_assert_cmpint (status, ==, LIMN_CANCELLED);
    if (status != LIMN_OK)
      g_assert_null (overlay.pixels.data);
    limn_overlay_clear (&overlay);
  }
  g_assert_cmpint (run_edit (edit, engine, material, &overlay, NULL), ==, LIMN_OK);
  g_assert_cmpmem (overlay.pixels.data, overlay.pixels.stride * overlay.pixels.height, g_bytes_get_data (wanted, NULL),
                   g_bytes_get_size (wanted));
  limn_overlay_clear (&overlay);
  limn_engine_free (engine);
}

static void
opening_without_memory (void)
{
  LimnEngine *engine;
  LimnError error = { "" };
  int all;

  atomic_store (&events.count, 0);
  g_assert_cmpint (open_engine (&engine, base, SEE, 1, NULL), ==, LIMN_OK);
  all = atomic_load (&events.count);
  limn_engine_free (engine);
  for (int i = 1; i <= all; i += 3) {
    atomic_store (&events.count, 0);
    atomic_store (&events.fails, i);
    g_assert_cmpint (open_engine (&engine, base, SEE, 1, &error), ==, LIMN_NO_MEMORY);
    g_assert_null (engine);
  }
  atomic_store (&events.fails, 0);
}

int
main (int argc, char **argv)
{
  static const char *const names[EDITS] = { "colorize", "fill", "fill-small", "sketch" };
  const LimnKernels *kernels[3];
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("limn-see-XXXXXX", NULL);
  g_assert_nonnull (folder);
  base = path_of ("base.safetensors");
  told_write_base (base, NULL);
  const size_t count = limn_kernels_all (kernels);
  for (size_t i = 0; i < count; i++) {
    g_autofree char *first = g_strdup_printf ("/see/as-stored/%s", kernels[i]->name);
    g_autofree char *second = g_strdup_printf ("/see/told-as-stored/%s", kernels[i]->name);

    g_test_add_data_func (first, kernels[i], as_stored);
    g_test_add_data_func (second, kernels[i], told_as_stored);
  }
  g_test_add_func ("/see/threads", threads);
  g_test_add_func ("/see/likeness", likeness);
  g_test_add_func ("/see/promises", promises);
  g_test_add_func ("/see/damaged-files", damaged_files);
  g_test_add_func ("/see/base-and-recogniser-go-together", base_and_recogniser_go_together);
  g_test_add_func ("/see/view", view);
  g_test_add_func ("/see/remembered", seen_pictures_are_remembered);
  for (int i = 0; i < EDITS; i++) {
    g_autofree char *first = g_strdup_printf ("/see/told/%s", names[i]), *second = g_strdup_printf ("/see/end-early/%s", names[i]);

    g_test_add_data_func (first, GINT_TO_POINTER (i), edits_are_told);
    g_test_add_data_func (second, GINT_TO_POINTER (i), edits_that_end_early);
  }
  g_test_add_func ("/see/opening-without-memory", opening_without_memory);
  status = g_test_run ();
  for (const char *const *name = (const char *const[]){ "base", "changed", "other", "reference", NULL }; *name; name++) {
    g_autofree char *file = g_strdup_printf ("%s/%s.safetensors", folder, *name);
    g_unlink (file);
  }
  g_rmdir (folder);
  g_free (folder);
  g_free (base);
  return status;
}
