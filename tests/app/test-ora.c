/* OpenRaster files: our own come back whole, other programs' open as they lie, damaged ones are refused and salvaged.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/formats/limn-ora.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/formats/limn-recipe.h"
#include "app/formats/limn-zip.h"
#include "app/picture/limn-picture-file.h"
#include "snapshot-samples.h"

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("limn-ora-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a picture.ora", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpstr (name, ==, "a picture.ora"); /* no temporary file is left */
    g_unlink (path);
  }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static void
round_trip (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) before = sample_snapshot (GPOINTER_TO_INT (data)), after = NULL;
  g_autoptr (GError) error = NULL;

  limn_picture_set_resolution (before->photo, (LimnResolution){ 11811, 11811 });
  g_hash_table_insert (limn_picture_get_texts (before->photo), g_strdup ("Title"), g_strdup ("ünd"));
  g_assert_true (limn_ora_save (before, self->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (limn_ora_sniff (self->path));
  after = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  assert_same_snapshot (before, after);
  g_assert_cmpstr (after->path, ==, self->path);
  g_assert_cmpstr (after->name, ==, "a picture.ora");
  g_assert_cmpfloat_with_epsilon (limn_picture_get_resolution (after->photo).x, 11811, 1);
  g_assert_cmpstr (g_hash_table_lookup (limn_picture_get_texts (after->photo), "Title"), ==, "ünd");
}

/* The specification wants the first entry stored, at this place, without extra fields. */
static void
magic (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autofree char *bytes = NULL, *again = NULL;
  gsize length, again_length;

  g_assert_true (limn_ora_save (snapshot, self->path, NULL, NULL));
  g_assert_true (g_file_get_contents (self->path, &bytes, &length, NULL));
  g_assert_cmpmem (bytes, 10, "PK\3\4\12\0\0\0\0\0", 10);
  g_assert_cmpmem (bytes + 30, 24, "mimetypeimage/openraster", 24);
  g_assert_true (limn_ora_save (snapshot, self->path, NULL, NULL)); /* over the old one, and the same */
  g_assert_true (g_file_get_contents (self->path, &again, &again_length, NULL));
  g_assert_cmpmem (bytes, length, again, again_length);
}

/* Without the recipe, as another program sees it: the same picture. */
static void
save_as_others_see_it (Fixture *self, LimnSnapshot *snapshot)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  int n_renamed = 0;

  g_assert_true (limn_ora_save (snapshot, self->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (self->path, &bytes, &length, NULL));
  for (gsize i = 0; i + strlen ("limn/recipe.json") <= length; i++)
    if (memcmp (bytes + i, "limn/recipe.json", strlen ("limn/recipe.json")) == 0) {
      memcpy (bytes + i, "hidden/rec.json ", strlen ("limn/recipe.json"));
      n_renamed++;
    }
  g_assert_cmpint (n_renamed, ==, 2);
  g_assert_true (g_file_set_contents (self->path, bytes, (gssize) length, NULL));
}

static void
as_others_see_it (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) before = sample_snapshot (8), after = NULL;
  g_autoptr (LimnPicture) flat_before = NULL, flat_after = NULL;
  g_autoptr (GError) error = NULL;
  const LimnSnapshotLayer *layer;

  save_as_others_see_it (self, before);
  after = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (after->sketch);
  assert_same_picture (before->photo, after->photo);
  g_assert_cmpuint (after->layers->len, ==, 5 + 2); /* and what was painted and its materials, hidden */
  layer = after->layers->pdata[0];
  g_assert_cmpstr (layer->name, ==, "Layer <0> & \"ü\"");
  g_assert_cmpint (layer->x, ==, -5);
  g_assert_cmpfloat (layer->style.opacity, ==, 0.25);
  g_assert_null (layer->recipe);
  layer = after->layers->pdata[1];
  g_assert_false (layer->style.visible);
  layer = after->layers->pdata[5];
  g_assert_cmpstr (layer->name, ==, "paint");
  g_assert_false (layer->style.visible);
  g_assert_cmpuint (limn_picture_get_width (layer->picture), ==, 70);
  flat_before = limn_snapshot_flatten (before, G_MAXUINT, NULL);
  flat_after = limn_snapshot_flatten (after, G_MAXUINT, NULL);
  assert_same_picture (flat_before, flat_after);
}

static void
add_png (LimnZip *zip, const char *name, LimnPicture *picture)
{
  const LimnSaveOptions options = { .format = LIMN_FORMAT_PNG };
  g_autoptr (GBytes) bytes = limn_picture_encode (picture, &options, NULL);

  g_assert_true (limn_zip_add (zip, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
}

/* Writes an archive of this stack, with a.png (20 x 10, 8 bits) and b.png (5 x 5, 16 bits) in it. */
static void
write_archive (Fixture *self, const char *mimetype, const char *xml)
{
  g_autoptr (LimnPicture) a = sample_picture (20, 10, 8, 1), b = sample_picture (5, 5, 16, 2);
  g_autoptr (GBytes) bytes = NULL;
  LimnZip zip = { 0 };

  if (mimetype != NULL)
    g_assert_true (limn_zip_add (&zip, "mimetype", mimetype, strlen (mimetype), NULL));
  if (xml != NULL)
    g_assert_true (limn_zip_add (&zip, "stack.xml", xml, strlen (xml), NULL));
  add_png (&zip, "a.png", a);
  add_png (&zip, "b.png", b);
  bytes = limn_zip_finish (&zip, NULL);
  g_assert_true (g_file_set_contents (self->path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
}

static void
nested_stacks (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (LimnPicture) a = sample_picture (20, 10, 8, 1);
  g_autoptr (GError) error = NULL;
  const LimnSnapshotLayer *layer;

  write_archive (self, "image/openraster\n",
                 "<?xml version='1.0'?><image w='20' h='10'><stack name='root'>"
                 "<stack x='2' y='3' opacity='0.5'><layer name='top' src='b.png' x='1' y='1.0' opacity='0.5'/></stack>"
                 "<stack visibility='hidden'><layer name='middle' src='b.png'/></stack>"
                 "<layer src='a.png'/></stack></image>");
  snapshot = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  assert_same_picture (snapshot->photo, a);
  g_assert_cmpuint (snapshot->layers->len, ==, 2);
  layer = snapshot->layers->pdata[1];
  g_assert_cmpstr (layer->name, ==, "top");
  g_assert_cmpint (layer->x, ==, 3);
  g_assert_cmpint (layer->y, ==, 4);
  g_assert_cmpfloat (layer->style.opacity, ==, 0.25);
  g_assert_true (layer->style.visible);
  layer = snapshot->layers->pdata[0];
  g_assert_false (layer->style.visible);
}

static int
red_at (LimnPicture *picture, int x, int y)
{
  return limn_picture_get_data (picture)[(gsize) y * limn_picture_get_stride (picture) + 4 * (gsize) x];
}

/* Opens a stack over white (a.png) of plain squares: dark.png (51) at the left, gray.png (102) over it and to the right. */
static LimnSnapshot *
open_squares (Fixture *self, const char *stack)
{
  g_autofree char *xml = g_strdup_printf ("<image w='20' h='10'><stack>%s<layer src='white.png'/></stack></image>", stack);
  static const struct {
    const char *name;
    int size;
    guint8 value;
  } squares[] = { { "white.png", 0, 255 }, { "dark.png", 6, 51 }, { "gray.png", 6, 102 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  LimnZip zip = { 0 };
  LimnSnapshot *snapshot;

  g_assert_true (limn_zip_add (&zip, "mimetype", "image/openraster", strlen ("image/openraster"), NULL));
  g_assert_true (limn_zip_add (&zip, "stack.xml", xml, strlen (xml), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (squares); i++) {
    const gsize width = squares[i].size ? squares[i].size : 20, height = squares[i].size ? squares[i].size : 10;
    g_autoptr (LimnPicture) picture = limn_picture_new (width, height, 8, NULL);

    memset (limn_picture_get_data (picture), squares[i].value, 4 * width * height);
    for (gsize k = 0; k < width * height; k++)
      limn_picture_get_data (picture)[4 * k + 3] = 255;
    add_png (&zip, squares[i].name, picture);
  }
  bytes = limn_zip_finish (&zip, NULL);
  g_assert_true (g_file_set_contents (self->path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
  snapshot = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  return snapshot;
}

#define DARK "<layer src='dark.png' x='2' y='2'/>"
#define GRAY(attributes) "<layer src='gray.png' x='5' y='2' " attributes "/>"

/* What comes of them where dark lies alone, under gray, and where gray lies alone. */
static const struct {
  const char *stack;
  int dark, both, gray;
  guint n_layers, n_merged, n_unknown;
} blended[] = {
  { GRAY ("composite-op='svg:multiply'") DARK, 51, 20, 102, 2, 0, 0 },
  { GRAY ("composite-op='svg:plus'") DARK, 51, 153, 255, 2, 0, 0 },
  { GRAY ("composite-op='krita:xyz'") DARK, 51, 102, 102, 2, 0, 1 },
  { "<stack>" GRAY ("composite-op='svg:multiply'") DARK "</stack>", 51, 20, 102, 2, 0, 0 },
  /* isolated, plain layers may be dissolved */
  { "<stack isolation='isolate'>" GRAY ("") DARK "</stack>", 51, 102, 102, 2, 0, 0 },
  { "<stack composite-op='svg:multiply'>" GRAY ("composite-op='svg:screen'") "</stack>", 255, 102, 102, 1, 0, 0 },
  /* together half transparent: nothing of dark shines through gray */
  { "<stack opacity='0.5'>" GRAY ("") DARK "</stack>", 153, 179, 179, 1, 1, 0 },
  { "<stack composite-op='svg:difference'>" GRAY ("composite-op='svg:multiply'") DARK "</stack>", 204, 235, 153, 1, 1, 0 },
  { "<stack opacity='0.5'><stack visibility='hidden'>" GRAY ("") "</stack>" DARK "</stack>", 153, 153, 255, 1, 1, 0 },
  { "<stack opacity='0.5'/>" DARK, 51, 51, 255, 1, 0, 0 },
  /* clipped to what is below in the group */
  { "<stack isolation='isolate'>" GRAY ("composite-op='svg:src-atop'") DARK "</stack>", 51, 102, 255, 1, 1, 0 },
};

static void
blend_modes (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (blended); i++) {
    g_autoptr (LimnSnapshot) snapshot = open_squares (self, blended[i].stack), again = NULL;
    g_autoptr (LimnPicture) flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL), flat_again = NULL;

    g_test_message ("%s", blended[i].stack);
    g_assert_cmpuint (snapshot->layers->len, ==, blended[i].n_layers);
    g_assert_cmpuint (snapshot->n_merged, ==, blended[i].n_merged);
    g_assert_cmpuint (snapshot->n_unknown_blends, ==, blended[i].n_unknown);
    g_assert_cmpint (abs (red_at (flat, 3, 4) - blended[i].dark), <=, 1);
    g_assert_cmpint (abs (red_at (flat, 6, 4) - blended[i].both), <=, 1);
    g_assert_cmpint (abs (red_at (flat, 9, 4) - blended[i].gray), <=, 1);
    g_assert_cmpint (red_at (flat, 0, 0), ==, 255);

    save_as_others_see_it (self, snapshot); /* in the way others read it too */
    again = limn_ora_load (self->path, NULL, NULL);
    flat_again = limn_snapshot_flatten (again, G_MAXUINT, NULL);
    assert_same_picture (flat, flat_again);
  }
}

/* What other programs write in their own way is read; what can't be shown is counted, and takes nothing else with it. */
static const struct {
  const char *stack;
  int both;
  guint n_skipped;
} odd[] = {
  { GRAY ("opacity='0,5'") DARK, 77, 0 },
  { GRAY ("opacity=' 0.50 '") DARK, 77, 0 },
  { "<text x='3' y='4'>Hello</text><filter type='blur'/>" GRAY ("") DARK, 102, 2 },
  { "<layer name='text'/>" GRAY ("") DARK, 102, 1 },
  { "<stack opacity='0.5'><layer/></stack>" GRAY ("") DARK, 102, 1 },
  { "<layer src='./gray.png' x='5,0' y='2.0'/>" DARK, 102, 0 },
};

static void
odd_files (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autoptr (LimnSnapshot) snapshot = open_squares (self, odd[i].stack);
    g_autoptr (LimnPicture) flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL);

    g_test_message ("%s", odd[i].stack);
    g_assert_cmpuint (snapshot->layers->len, ==, 2);
    g_assert_cmpuint (snapshot->n_skipped, ==, odd[i].n_skipped);
    g_assert_cmpint (abs (red_at (flat, 6, 4) - odd[i].both), <=, 1);
  }
}

/* A byte order mark before the stack is no damage; an opacity that is no number is. */
static void
odd_text (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  write_archive (self, "image/openraster",
                 "\xEF\xBB\xBF<?xml version='1.0'?><image w='30' h='30'><stack><layer src='a.png'/></stack></image>");
  snapshot = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  write_archive (self, "image/openraster", "<image w='30' h='30'><stack><layer src='a.png' opacity='half'/></stack></image>");
  g_assert_null (limn_ora_load (self->path, NULL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
}

/* The bytes of an entry of the file. */
static GBytes *
read_entry (Fixture *self, const char *wanted)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  g_autofree guint8 *data = NULL;
  gsize size;

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, self->path, 1 << 16), ==, ARCHIVE_OK);
  do
    g_assert_cmpint (archive_read_next_header (archive, &entry), ==, ARCHIVE_OK);
  while (!g_str_equal (archive_entry_pathname (entry), wanted));
  size = (gsize) archive_entry_size (entry);
  data = g_malloc (size);
  g_assert_cmpint (archive_read_data (archive, data, size), ==, size);
  archive_read_free (archive);
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/* 16 bits without a profile are tagged as sRGB for other programs, and come back without. */
static void
deep_is_tagged (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnPicture) photo = sample_picture (30, 20, 16, 1);
  g_autoptr (LimnSnapshot) before = limn_snapshot_new (photo), after = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const entries[] = { "data/photo.png", "mergedimage.png" };

  limn_picture_set_resolution (photo, (LimnResolution){ 11811, 11811 });
  g_assert_true (limn_ora_save (before, self->path, NULL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    g_autoptr (GBytes) png = read_entry (self, entries[i]);
    g_autoptr (LimnPicture) picture = limn_picture_load_bytes (png, "test", NULL, &error);

    g_assert_no_error (error);
    g_assert_nonnull (limn_picture_get_profile (picture));
    assert_same_picture (picture, photo);
  }
  after = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (limn_picture_get_profile (after->photo));
  g_assert_cmpfloat (limn_picture_get_resolution (after->photo).x, ==, 11811);
  assert_same_picture (after->photo, photo);
}

static void
too_deep (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) xml = g_string_new ("<image w='20' h='10'><stack>");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (xml, "<stack opacity='0.5'><layer src='a.png'/>");
  write_archive (self, "image/openraster", xml->str);
  g_assert_null (limn_ora_load (self->path, NULL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
}

/* Where the lowest layer doesn't cover the canvas, the photo is a transparent one. */
static void
no_background (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (LimnPicture) flat = NULL;
  g_autoptr (GError) error = NULL;

  write_archive (self, "image/openraster", "<image w='30' h='30'><stack><layer src='a.png' x='10' y='20'/></stack></image>");
  snapshot = limn_ora_load (self->path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (limn_picture_get_width (snapshot->photo), ==, 30);
  g_assert_cmpuint (snapshot->layers->len, ==, 1);
  flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL);
  g_assert_cmpint (limn_picture_get_data (flat)[3], ==, 0);
}

static void
refused (Fixture *self, gconstpointer data)
{
  static const char *const archives[][2] = {
    { "image/png", "<image w='20' h='10'><stack><layer src='a.png'/></stack></image>" },
    { NULL, "<image w='20' h='10'><stack><layer src='a.png'/></stack></image>" },
    { "image/openraster", NULL },
    { "image/openraster", "" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='a.png'/></stack>" },
    { "image/openraster", "<stack><layer src='a.png'/></stack>" },
    { "image/openraster", "<image w='20' h='10'><stack></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer/></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='c.png'/></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='stack.xml'/></stack></image>" },
    { "image/openraster", "<image w='0' h='10'><stack><layer src='a.png'/></stack></image>" },
    { "image/openraster", "<image w='60001' h='10'><stack><layer src='a.png'/></stack></image>" },
    { "image/openraster", "<image w='60000' h='60000'><stack><layer src='a.png'/></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='a.png' x='1e9'/></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='a.png' opacity='nan'/></stack></image>" },
    { "image/openraster", "<image w='20' h='10'><stack><layer src='a.png' opacity='2'/></stack></image>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (archives); i++) {
    g_autoptr (GError) error = NULL;

    write_archive (self, archives[i][0], archives[i][1]);
    g_assert_null (limn_ora_load (self->path, NULL, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
    g_test_message ("%s", error->message);
    g_assert_cmpint (limn_ora_sniff (self->path), ==, i >= 2);
  }
}

/* A plane that says it lies outside, in a file that is otherwise ours. */
static void
plane_outside (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnPicture) mask = sample_picture (8, 8, 8, 1), photo = sample_picture (10, 10, 8, 2);
  static const char *const positions[] = { "3 2", "-1 0", "x", "999999 999999" };
  static const char recipe[] = "{\"limn-recipe\":1,\"photo\":\"photo.png\",\"layers\":[],\"dots\":[],\"planes\":{\"mask\":\"mask.png\"}}";

  for (guint i = 0; i < G_N_ELEMENTS (positions); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;
    LimnZip zip = { 0 };

    g_hash_table_insert (limn_picture_get_texts (mask), g_strdup ("limn-position"), g_strdup (positions[i]));
    g_assert_true (limn_zip_add (&zip, "mimetype", "image/openraster", 16, NULL));
    g_assert_true (limn_zip_add (&zip, "limn/recipe.json", recipe, strlen (recipe), NULL));
    add_png (&zip, "photo.png", photo);
    add_png (&zip, "mask.png", mask);
    bytes = limn_zip_finish (&zip, NULL);
    g_assert_true (g_file_set_contents (self->path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
    g_assert_null (limn_ora_load (self->path, NULL, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  }
}

/* Cut, or with bytes changed: a sentence or a snapshot, never a crash. */
static void
damaged (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree char *bytes = NULL;
  gsize length;
  int n_refused = 0;

  g_assert_true (limn_ora_save (snapshot, self->path, NULL, NULL));
  g_assert_true (g_file_get_contents (self->path, &bytes, &length, NULL));
  for (int i = 0; i < 200; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnSnapshot) read = NULL;
    g_autofree char *copy = g_memdup2 (bytes, length);
    gsize kept = length;

    if (i < 50)
      kept = (gsize) g_rand_int_range (rand, 0, (gint32) length);
    for (int n = 0; i >= 50 && n < 20; n++)
      copy[g_rand_int_range (rand, 0, (gint32) length)] = (char) g_rand_int (rand);
    g_assert_true (g_file_set_contents (self->path, copy, (gssize) kept, NULL));
    read = limn_ora_load (self->path, NULL, &error);
    g_assert_true ((read == NULL) == (error != NULL));
    n_refused += read == NULL;
  }
  g_assert_cmpint (n_refused, >=, 50);
}

/* The file again, without one entry or with other bytes in it. */
static void
damage_entry (Fixture *self, const char *name, const char *text)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free),
                        contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  g_autoptr (GBytes) bytes = NULL;
  LimnZip zip = { 0 };

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, self->path, 4096), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK) {
    const gsize size = (gsize) archive_entry_size (entry);
    guint8 *data = g_malloc (size);

    g_assert_cmpint (archive_read_data (archive, data, size), ==, (la_ssize_t) size);
    g_ptr_array_add (names, g_strdup (archive_entry_pathname (entry)));
    g_ptr_array_add (contents, g_bytes_new_take (data, size));
  }
  archive_read_free (archive);
  for (guint i = 0; i < names->len; i++) {
    const gboolean this = g_str_equal (names->pdata[i], name);
    gsize size;
    gconstpointer data = g_bytes_get_data (contents->pdata[i], &size);

    if (!this || text != NULL)
      g_assert_true (limn_zip_add (&zip, names->pdata[i], this ? text : data, this ? strlen (text) : size, NULL));
  }
  bytes = limn_zip_finish (&zip, NULL);
  g_assert_true (g_file_set_contents (self->path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
}

/* Layers are worth more than their recipe, and all but one more than none; where none is left, the merged picture is. Other programs see
 * paint and materials as layers, and so does a salvage. */
static void
salvaged (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *entry, *text;
    guint n_layers, n_lost;
  } damages[] = {
    { "limn/recipe.json", "{", 7, 0 },          { "limn/recipe.json", "{\"limn-recipe\":1000}", 7, 0 },
    { "data/layer-7.png", "no picture", 6, 1 }, { "data/photo.png", NULL, 7, 1 },
    { "stack.xml", "<image>", 0, 0 },
  };
  g_autoptr (LimnSnapshot) before = sample_snapshot (8);

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autoptr (LimnSnapshot) after = NULL;
    g_autoptr (GError) error = NULL;
    guint n_lost = 99;

    g_assert_true (limn_ora_save (before, self->path, NULL, NULL));
    if (damages[i].n_layers == 0)
      damage_entry (self, "limn/recipe.json", "{");
    damage_entry (self, damages[i].entry, damages[i].text);
    g_assert_null (limn_ora_load (self->path, NULL, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
    g_clear_error (&error);
    after = limn_ora_salvage (self->path, &n_lost, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (after->layers->len, ==, damages[i].n_layers);
    g_assert_cmpuint (n_lost, ==, damages[i].n_lost);
    g_assert_cmpuint (limn_picture_get_width (after->photo), ==, limn_picture_get_width (before->photo));
    g_assert_true (after->modified);
    g_assert_null (after->path);
    g_assert_cmpstr (after->name, ==, "a picture.ora");
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    guint n_lost;

    g_assert_true (limn_ora_save (before, self->path, NULL, NULL));
    damage_entry (self, "stack.xml", "");
    damage_entry (self, "mergedimage.png", i == 0 ? NULL : "no picture");
    g_assert_null (limn_ora_salvage (self->path, &n_lost, NULL, &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  }
}

static void
cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;

  g_assert_true (limn_ora_save (snapshot, self->path, NULL, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_null (limn_ora_load (self->path, cancellable, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (self->path, "as it was", -1, NULL));
  g_assert_false (limn_ora_save (snapshot, self->path, cancellable, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (self->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "as it was");
}

static void
nowhere (Fixture *self, gconstpointer data)
{
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->folder, "none", "a.ora", NULL);

  g_assert_false (limn_ora_save (snapshot, path, NULL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_false (limn_ora_save (snapshot, self->folder, NULL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (limn_ora_load (path, NULL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_assert_false (limn_ora_sniff (path));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function) g_test_add ("/ora/" name, Fixture, GINT_TO_POINTER (data), set_up, function, tear_down)
  ADD ("round-trip/8", 8, round_trip);
  ADD ("round-trip/16", 16, round_trip);
  ADD ("magic", 0, magic);
  ADD ("as-others-see-it", 0, as_others_see_it);
  ADD ("nested-stacks", 0, nested_stacks);
  ADD ("blend-modes", 0, blend_modes);
  ADD ("odd-files", 0, odd_files);
  ADD ("odd-text", 0, odd_text);
  ADD ("deep-is-tagged", 0, deep_is_tagged);
  ADD ("too-deep", 0, too_deep);
  ADD ("no-background", 0, no_background);
  ADD ("refused", 0, refused);
  ADD ("plane-outside", 0, plane_outside);
  ADD ("damaged", 0, damaged);
  ADD ("salvaged", 0, salvaged);
  ADD ("cancelled", 0, cancelled);
  ADD ("nowhere", 0, nowhere);
  return g_test_run ();
}
