/* Recipes: what is written is read again, and what can't be is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/formats/limn-recipe.h"
#include "snapshot-samples.h"

/* Blobs kept in memory. */
typedef struct {
  GHashTable *blobs; /* name -> LimnPicture or LimnRaster */
  int fail_at;       /* the call that fails, 0 = none */
  int calls;
} Store;

static gboolean
fails (Store *self, GError **error)
{
  if (++self->calls != self->fail_at)
    return FALSE;
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, "Full.");
  return TRUE;
}

static char *
put (const char *kind, const LimnBlob *blob, gpointer user, GError **error)
{
  Store *self = user;
  char *name;
  gpointer kept;

  g_assert_cmpint ((blob->picture != NULL) + (blob->raster != NULL), ==, 1);
  if (fails (self, error))
    return NULL;
  name = g_strdup_printf ("%s-%u", kind, g_hash_table_size (self->blobs));
  kept = g_object_ref (blob->picture != NULL ? (gpointer) blob->picture : (gpointer) blob->raster);
  g_hash_table_insert (self->blobs, g_strdup (name), kept);
  return name;
}

static gpointer
find (Store *self, const char *name, GError **error)
{
  gpointer blob = g_hash_table_lookup (self->blobs, name);

  if (fails (self, error))
    return NULL;
  if (blob == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "There is no %s.", name);
  return blob != NULL ? g_object_ref (blob) : NULL;
}

static LimnPicture *
get_picture (const char *name, gpointer user, GError **error)
{
  g_autoptr (GObject) picture = find (user, name, error);

  if (picture != NULL && !LIMN_IS_PICTURE (picture)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "%s is no picture.", name);
    return NULL;
  }
  return (LimnPicture *) g_steal_pointer (&picture);
}

static LimnRaster *
get_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  g_autoptr (LimnRaster) raster = find (user, name, error);

  if (raster == NULL)
    return NULL;
  if (!LIMN_IS_RASTER (raster) || limn_raster_get_channels (raster) != channels || (gsize) limn_raster_get_width (raster) != width ||
      (gsize) limn_raster_get_height (raster) != height) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "%s is something else.", name);
    return NULL;
  }
  return g_steal_pointer (&raster);
}

static void
store_init (Store *self)
{
  *self = (Store){ .blobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref) };
}

static void
round_trip (void)
{
  g_autoptr (LimnSnapshot) before = sample_snapshot (16), after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *again = NULL;
  Store store;

  store_init (&store);
  text = limn_recipe_write (before, put, &store, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "\"18446744073709551615\"")); /* all 64 bits of a seed */
  after = limn_recipe_read (text, strlen (text), get_picture, get_raster, &store, &error);
  g_assert_no_error (error);
  assert_same_snapshot (before, after);
  g_hash_table_remove_all (store.blobs);
  again = limn_recipe_write (after, put, &store, &error);
  g_assert_cmpstr (again, ==, text);
  g_hash_table_unref (store.blobs);
}

/* Whichever blob can't be written or read: an error, no leak. */
static void
every_blob_fails (void)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autofree char *text = NULL;
  Store store;
  int calls;

  store_init (&store);
  text = limn_recipe_write (snapshot, put, &store, NULL);
  calls = store.calls;
  g_assert_cmpint (calls, ==, 1 + 5 + 8 + 6 + 2 * 2); /* photo, layers, what edits were made with, planes, surfaces twice */
  for (int i = 1; i <= calls; i++) {
    g_autoptr (GError) error = NULL;
    Store failing;

    store_init (&failing);
    failing.fail_at = i;
    g_assert_null (limn_recipe_write (snapshot, put, &failing, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
    g_hash_table_unref (failing.blobs);
    g_clear_error (&error);
    store.calls = 0;
    store.fail_at = i;
    g_assert_null (limn_recipe_read (text, strlen (text), get_picture, get_raster, &store, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
  }
  g_hash_table_unref (store.blobs);
}

/* Each line: what is replaced in a good recipe, by what, and a word of the sentence that follows. */
static const char *const wrongs[][3] = {
  { "\"limn-recipe\":\t5", "\"limn-recipe\":\t6", "newer" },
  { "\"limn-recipe\":\t5", "\"limn-recipe\":\t\"5\"", "limn-recipe" },
  { "\"limn-recipe\":\t5", "\"other\":\t5", "limn-recipe" },
  { "\"photo\":\t", "\"foto\":\t", "photo" },
  { "photo-0", "photo-9", "photo-9" },
  { "\"layers\":\t[", "\"layers\":\t3, \"more\":\t[", "layers" },
  { "\"dots\":\t[", "\"points\":\t[", "dots" },
  { "\"opacity\":\t0.25", "\"opacity\":\t1.25", "opacity" },
  { "\"opacity\":\t0.25", "\"opacity\":\tnull", "opacity" },
  { "svg:darken", "svg:xor", "blend" },
  { "\"visible\":\ttrue", "\"visible\":\t1", "visible" },
  { "\"x\":\t-5", "\"x\":\t-5.5", "whole" },
  { "\"x\":\t-5", "\"x\":\t1e99", "\"x\"" },
  { "\"fill\"", "\"fell\"", "task" },
  { "\"seed\":\t\"18446744073709551615\"", "\"seed\":\t\"18446744073709551616\"", "seed" },
  { "\"seed\":\t\"18446744073709551615\"", "\"seed\":\t\"-1\"", "seed" },
  { "\"seed\":\t\"18446744073709551615\"", "\"seed\":\t7", "seed" },
  { "\"steps\":\t2", "\"steps\":\t0", "steps" },
  { "\"width\":\t75", "\"width\":\t0", "width" },
  { "\"width\":\t75", "\"width\":\t60001", "width" },
  { "\"width\":\t75", "\"breadth\":\t75", "mask" },
  { "\"#ff0012\"", "\"#ff001\"", "color" },
  { "\"#ff0012\"", "\"#ff00g2\"", "color" },
  { "\"grow\":\t7.5", "\"grow\":\t1000.5", "0 to 1000" },
  { "\"grow\":\t7.5", "\"grow\":\t-0.5", "or auto" },
  { "\"grow\":\t7.5", "\"grow\":\ttrue", "grow" },
  { "\"scale\":\t8", "\"scale\":\t5", "2, 3, 4 or 8" },
  { "\"denoise\":\t\"auto\"", "\"denoise\":\t\"often\"", "denoise" },
  { "\"denoise\":\t\"auto\"", "\"denoise\":\t-1.5", "0 to 1 or auto" },
  { "\"like\":\t\"meadow\"", "\"like\":\t\"moon\"", "like" },
  { "\"label\":\t22", "\"label\":\t21", "label" },
  { "\"label\":\t128", "\"label\":\t255", "label" },
  { "\"data\":\t\"surface-", "\"data\":\t\"nothing-", "nothing-" },
  { "\"faithful\":\tfalse", "\"faithful\":\t0", "faithful" },
};

static void
wrong_values (void)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autofree char *text = NULL;
  Store store;

  store_init (&store);
  text = limn_recipe_write (snapshot, put, &store, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) wrong = g_string_new (text);

    g_assert_cmpuint (g_string_replace (wrong, wrongs[i][0], wrongs[i][1], 1), ==, 1);
    g_assert_null (limn_recipe_read (wrong->str, wrong->len, get_picture, get_raster, &store, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, wrongs[i][2]));
  }
  g_hash_table_unref (store.blobs);
}

/* What an older version wrote and this one doesn't run: the layer's picture stays. */
static void
without_recipe (void)
{
  g_autoptr (LimnPicture) photo = sample_picture (150, 100, 8, 1);
  static const char text[] =
    "{\"limn-recipe\":3,\"photo\":\"photo\",\"dots\":[],\"layers\":[{\"name\":\"a\",\"data\":\"photo\",\"x\":0,\"y\":0,"
    "\"recipe\":{\"task\":\"zero-shot\",\"steps\":40,\"zero-shot-task\":\"fill\",\"checkpoint\":\"/models/cat\"}}]}";
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  Store store;

  store_init (&store);
  g_hash_table_insert (store.blobs, g_strdup ("photo"), g_object_ref (photo));
  snapshot = limn_recipe_read (text, strlen (text), get_picture, get_raster, &store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (snapshot->layers->len, ==, 1);
  const LimnSnapshotLayer *layer = snapshot->layers->pdata[0];
  g_assert_true (layer->picture == photo);
  g_assert_null (layer->recipe);
  g_hash_table_unref (store.blobs);
}

/* In the first version the paint of an edit was a picture of the whole size. */
static void
first_version (void)
{
  g_autoptr (LimnPicture) photo = sample_picture (150, 100, 8, 1), paint = sample_picture (150, 100, 8, 2);
  g_autoptr (LimnPicture) deep = sample_picture (150, 100, 16, 2);
  static const char text[] =
    "{\"limn-recipe\":1,\"photo\":\"photo\",\"dots\":[],\"layers\":[{\"name\":\"a\",\"data\":\"photo\",\"x\":0,\"y\":0,"
    "\"recipe\":{\"task\":\"fill\",\"paint\":\"paint\"}}]}";
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  const LimnRect all = { 0, 0, 150, 100 };
  g_autofree guint8 *pixels = g_malloc (150 * 100 * 4);
  Store store;

  store_init (&store);
  g_hash_table_insert (store.blobs, g_strdup ("photo"), g_object_ref (photo));
  g_hash_table_insert (store.blobs, g_strdup ("paint"), g_object_ref (paint));
  snapshot = limn_recipe_read (text, strlen (text), get_picture, get_raster, &store, &error);
  g_assert_no_error (error);
  const LimnEdit *edit = ((LimnSnapshotLayer *) snapshot->layers->pdata[0])->recipe;
  g_autoptr (LimnRaster) raster = limn_source_dup_raster (edit->from.paint);
  limn_raster_read (raster, &all, pixels, 600);
  g_assert_cmpmem (pixels, 150 * 100 * 4, limn_picture_get_data (paint), 150 * 100 * 4);
  g_hash_table_insert (store.blobs, g_strdup ("paint"), g_object_ref (deep));
  g_assert_null (limn_recipe_read (text, strlen (text), get_picture, get_raster, &store, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_hash_table_unref (store.blobs);
}

/* Until the third version paint was of nothing: there are no materials, and the rest is read as ever. */
static void
third_version (void)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8), read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  Store store;

  store_init (&store);
  text = limn_recipe_write (snapshot, put, &store, NULL);
  g_auto (GStrv) materials = g_strsplit (text, "\"materials\"", -1);
  g_assert_cmpuint (g_strv_length (materials), ==, 3); /* those of the document, and those of a layer's recipe */
  g_autofree char *without = g_strjoinv ("\"unknown\"", materials);
  g_auto (GStrv) version = g_strsplit (without, "\"limn-recipe\":\t5", -1);
  g_autofree char *third = g_strjoinv ("\"limn-recipe\":\t3", version);
  g_auto (GStrv) guess = g_strsplit (third, "\"guess\"", -1);
  g_assert_cmpuint (g_strv_length (guess), ==, 2);
  g_autofree char *old = g_strjoinv ("\"unknown\"", guess);
  read = limn_recipe_read (old, strlen (old), get_picture, get_raster, &store, &error);
  g_assert_no_error (error);
  g_assert_true (limn_raster_is_empty (read->planes[LIMN_DOCUMENT_MATERIALS]));
  assert_same_raster (read->planes[LIMN_DOCUMENT_PAINT], snapshot->planes[LIMN_DOCUMENT_PAINT]);
  LimnEdit *sketch = ((LimnSnapshotLayer *) read->layers->pdata[2])->recipe;
  g_assert_null (sketch->from.materials);
  g_assert_cmpfloat (sketch->set.values[limn_edit_kind_find (limn_edit_get_kind (sketch), "guess")], ==, 0);
  g_hash_table_unref (store.blobs);
}

/* Cut anywhere, and with any byte changed: an error or a snapshot, never a crash. */
static void
damaged_anywhere (void)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autofree char *text = NULL;
  gsize length;
  Store store;

  store_init (&store);
  text = limn_recipe_write (snapshot, put, &store, NULL);
  length = strlen (text);
  for (gsize cut = 0; cut < length; cut++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *copy = g_memdup2 (text, MAX (cut, 1)); /* exactly as long, for the sanitizer */

    g_assert_null (limn_recipe_read (copy, cut, get_picture, get_raster, &store, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  }
  for (int i = 0; i < 2000; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnSnapshot) read = NULL;
    g_autofree char *copy = g_memdup2 (text, length);

    copy[g_rand_int_range (rand, 0, (gint32) length)] = "0129-{}[]\",:eE.x\xff"[g_rand_int_range (rand, 0, 17)];
    read = limn_recipe_read (copy, length, get_picture, get_raster, &store, &error);
    g_assert_true ((read == NULL) == (error != NULL));
  }
  g_hash_table_unref (store.blobs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recipe/round-trip", round_trip);
  g_test_add_func ("/recipe/every-blob-fails", every_blob_fails);
  g_test_add_func ("/recipe/wrong-values", wrong_values);
  g_test_add_func ("/recipe/without-recipe", without_recipe);
  g_test_add_func ("/recipe/first-version", first_version);
  g_test_add_func ("/recipe/third-version", third_version);
  g_test_add_func ("/recipe/damaged-anywhere", damaged_anywhere);
  return g_test_run ();
}
