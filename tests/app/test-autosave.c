/* Autosave: whatever ends the process, a whole document is found again, and never more is written than changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/autosave/limn-autosave.h"
#include "app/base/limn-app-error.h"
#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "snapshot-samples.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;

static char *
make_parent (void)
{
  char *parent = g_dir_make_tmp ("limn-autosave-XXXXXX", NULL);
  g_assert_nonnull (parent);
  return parent;
}

/* Removes what recoveries and locks left; the folders hold files only. */
static void
remove_parent (char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *folder = g_build_filename (parent, name, NULL);
    g_autoptr (GDir) inner = g_dir_open (folder, 0, NULL);
    while ((name = g_dir_read_name (inner)) != NULL) {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
    g_assert_cmpint (g_rmdir (folder), ==, 0);
  }
  g_assert_cmpint (g_rmdir (parent), ==, 0);
  g_free (parent);
}

static guint
count_folders (const char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  guint n = 0;
  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

static LimnDocument *
make_document (int width, int height)
{
  g_autoptr (LimnPicture) photo = sample_picture (width, height, 8, 5);
  return limn_document_new (photo, "/home/ü/bird 1.png");
}

/* Paints the whole document of 200 x 150 pixels in one gray. */
static void
paint_all (LimnDocument *document, guint8 value)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 5000;
  brush.hardness = 1;
  brush.pressure_size = 0;
  memset (brush.rgba, value, 3);
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (document, 50, 50, 1);
  limn_document_end_stroke (document);
}

static void
stroke_at (LimnDocument *document, double x, double y, double size)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = size;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  limn_document_extend_stroke (document, x, y, 1);
  limn_document_end_stroke (document);
}

static LimnRecovery *
only_one (const char *parent)
{
  g_autoptr (GPtrArray) found = limn_autosave_list (parent);
  g_assert_cmpuint (found->len, ==, 1);
  return g_ptr_array_steal_index (found, 0);
}

static void
flush (LimnAutosave *autosave)
{
  g_autoptr (GError) error = NULL;
  gboolean done = limn_autosave_flush (autosave, &error);
  g_assert_no_error (error);
  g_assert_true (done);
}

/* -- What comes back -- */

static void
round_trip (gconstpointer depth)
{
  char *parent = make_parent ();
  g_autoptr (LimnSnapshot) before = sample_snapshot (GPOINTER_TO_INT (depth)), after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) profile = g_bytes_new_static ("profile", 7), exif = g_bytes_new_static ("exif", 4);

  limn_picture_set_profile (before->photo, profile);
  limn_picture_set_gray_profile (before->photo, exif);
  limn_picture_set_exif (before->photo, exif);
  limn_picture_set_resolution (before->photo, (LimnResolution){ 11811.5, 3858 });
  g_hash_table_insert (limn_picture_get_texts (before->photo), g_strdup ("Title"), g_strdup ("Ein Vögel\xff"));
  *limn_picture_get_source (before->photo) = (LimnPictureSource){ TRUE, TRUE, 87, 2, 1, 0x09100001, 1 };
  before->path = g_strdup ("/tmp/a b\xfc%.ora"); /* no UTF-8, as file names may be */
  before->stamp = g_strdup ("1:2:3:4.5");
  before->name = g_strdup ("a b.ora");
  before->modified = TRUE;
  {
    g_autoptr (LimnDocument) document = limn_document_new_from_snapshot (before);
    g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
    limn_autosave_keep (autosave);
  }
  g_autoptr (LimnRecovery) recovery = only_one (parent);
  g_assert_cmpstr (recovery->name, ==, "a b.ora");
  g_assert_cmpstr (recovery->path, ==, before->path);
  g_assert_cmpint (ABS (g_date_time_to_unix (recovery->time) - g_get_real_time () / G_USEC_PER_SEC), <, 600);
  after = limn_autosave_recover (recovery, &error);
  g_assert_no_error (error);
  assert_same_snapshot (before, after);
  g_assert_true (after->modified);
  g_assert_cmpstr (after->path, ==, before->path);
  g_assert_cmpstr (after->stamp, ==, before->stamp);
  g_assert_true (g_bytes_equal (limn_picture_get_profile (after->photo), profile));
  g_assert_true (g_bytes_equal (limn_picture_get_gray_profile (after->photo), exif));
  g_assert_true (g_bytes_equal (limn_picture_get_exif (after->photo), exif));
  g_assert_cmpfloat (limn_picture_get_resolution (after->photo).x, ==, 11811.5);
  g_assert_cmpfloat (limn_picture_get_resolution (after->photo).y, ==, 3858);
  g_assert_true (limn_picture_get_has_alpha (after->photo));
  g_assert_cmpstr (g_hash_table_lookup (limn_picture_get_texts (after->photo), "Title"), ==, "Ein Vögel\xff");
  g_assert_cmpmem (limn_picture_get_source (after->photo), sizeof (LimnPictureSource), limn_picture_get_source (before->photo),
                   sizeof (LimnPictureSource));
  g_assert_null (limn_picture_get_profile (((LimnSnapshotLayer *) after->layers->pdata[0])->picture));

  /* while one list holds it nobody else is offered it; when it is discarded nothing is left */
  g_autoptr (GPtrArray) others = limn_autosave_list (parent);
  g_assert_cmpuint (others->len, ==, 0);
  limn_autosave_discard (recovery);
  g_assert_cmpuint (count_folders (parent), ==, 0);
  remove_parent (parent);
}

static void
clean_ends (void)
{
  char *parent = make_parent ();
  g_autofree char *deeper = g_build_filename (parent, "state", "limn", NULL);
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, deeper);

  flush (autosave);
  g_assert_cmpuint (limn_autosave_get_bytes (autosave), ==, 0); /* not modified: nothing is written */
  g_assert_false (g_file_test (deeper, G_FILE_TEST_EXISTS));
  stroke_at (document, 50, 50, 20);
  flush (autosave);
  g_assert_cmpuint (count_folders (deeper), ==, 1);
  g_clear_object (&autosave);
  g_assert_cmpuint (count_folders (deeper), ==, 0);

  /* the document goes first */
  autosave = limn_autosave_new (document, deeper);
  flush (autosave);
  g_assert_cmpuint (count_folders (deeper), ==, 1);
  g_clear_object (&document);
  g_assert_cmpuint (count_folders (deeper), ==, 0);
  limn_autosave_keep (autosave);
  g_assert_cmpuint (count_folders (deeper), ==, 0);
  g_assert_cmpint (g_rmdir (deeper), ==, 0);
  remove_parent (parent);
}

/* What was saved isn't offered; what came after it is. */
static void
saved_in_between (void)
{
  char *parent = make_parent ();
  for (int more = 0; more < 2; more++) {
    g_autoptr (LimnDocument) document = make_document (300, 200);
    g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
    stroke_at (document, 50, 50, 20);
    flush (autosave);
    g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
    limn_document_set_saved (document, snapshot, "/tmp/saved.ora");
    flush (autosave);
    guint64 bytes = limn_autosave_get_bytes (autosave);
    if (more)
      stroke_at (document, 100, 50, 20);
    limn_autosave_keep (autosave);
    if (more) /* the photo was still there */
      g_assert_cmpuint (limn_autosave_get_bytes (autosave) - bytes, <, 20000);
    g_autoptr (GPtrArray) found = limn_autosave_list (parent);
    g_assert_cmpuint (found->len, ==, more);
    g_assert_cmpuint (count_folders (parent), ==, more);
    if (more)
      g_assert_cmpstr (((LimnRecovery *) found->pdata[0])->path, ==, "/tmp/saved.ora");
  }
  remove_parent (parent);
}

/* -- What is written -- */

static void
only_changes (void)
{
  enum { MANIFEST = 4000 };
  char *parent = make_parent ();
  g_autoptr (LimnDocument) document = make_document (3000, 2000);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
  guint64 before = 0, bytes;

  stroke_at (document, 1000, 1000, 20);
  flush (autosave);
  bytes = limn_autosave_get_bytes (autosave);
  g_assert_cmpuint (bytes, >, 3000 * 2000 * 4);
  g_assert_cmpuint (bytes, <, 3000 * 2000 * 4 + 16384 + 4 * 4096 + MANIFEST);

  for (int i = 0; i < 3; i++) { /* twice in the same place, then in two tiles */
    before = bytes;
    stroke_at (document, i < 2 ? 1000 : 1024, 1000, 20);
    flush (autosave);
    bytes = limn_autosave_get_bytes (autosave);
    g_assert_cmpuint (bytes - before, >, i < 2 ? 4096 : 8192);
    g_assert_cmpuint (bytes - before, <, (i < 2 ? 4096 : 8192) + MANIFEST);
  }

  /* a layer with a mask and guide of the photo's size, nearly all of them empty */
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_FILL);
  g_autoptr (LimnPicture) picture = sample_picture (100, 100, 8, 8);
  LimnResult result = { .picture = picture, .x = 900, .y = 900 };
  g_autoptr (LimnRaster) mask = limn_raster_new (3000, 2000, 1);
  sample_scribble (mask, 64, 64, 40, 30, 9);
  edit->from.mask = limn_source_new_raster (mask);
  edit->from.paint = sample_paint (3000, 2000, 64, 64, 9);
  before = bytes;
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Fill", NULL);
  flush (autosave);
  bytes = limn_autosave_get_bytes (autosave);
  g_assert_cmpuint (bytes - before, <, 100 * 100 * 4 + 4096 + 2 * 16384 + MANIFEST);

  before = bytes;
  limn_document_set_layer_opacity (document, layer, 0.5, 0);
  flush (autosave);
  bytes = limn_autosave_get_bytes (autosave);
  g_assert_cmpuint (bytes - before, <, MANIFEST);

  /* slots that are free are used again: the file doesn't grow without end */
  for (int i = 0; i < 20; i++) {
    stroke_at (document, 1000, 1000, 20);
    flush (autosave);
  }
  limn_autosave_keep (autosave);
  g_autoptr (LimnRecovery) recovery = only_one (parent);
  g_autofree char *path = g_build_filename (recovery->folder, "tiles-1", NULL);
  GStatBuf file;
  g_assert_cmpint (g_stat (path, &file), ==, 0);
  g_assert_cmpint (file.st_size, <=, 7 * 4096);
  g_autoptr (LimnSnapshot) now = limn_document_dup_snapshot (document), recovered = limn_autosave_recover (recovery, NULL);
  assert_same_snapshot (now, recovered);

  /* a layer that is gone takes its files with it */
  limn_document_remove_layer (document, layer);
  g_autoptr (LimnAutosave) second = limn_autosave_new (document, parent);
  flush (second);
  limn_document_undo (document, NULL);
  flush (second);
  limn_document_redo (document, NULL);
  limn_autosave_keep (second);
  g_autoptr (LimnRecovery) other = only_one (parent);
  g_autoptr (GDir) dir = g_dir_open (other->folder, 0, NULL);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    n += g_str_has_prefix (name, "picture-");
  g_assert_cmpuint (n, ==, 1);
  g_clear_pointer (&dir, g_dir_close);
  remove_parent (parent);
}

/* A stroke is written when it ends, not with each of its points. */
static void
strokes (void)
{
  char *parent = make_parent ();
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
  LimnBrush brush;
  limn_brush_init (&brush);
  stroke_at (document, 50, 50, 20);
  flush (autosave);
  guint64 bytes = limn_autosave_get_bytes (autosave);
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  for (int x = 60; x < 200; x += 20) {
    limn_document_extend_stroke (document, x, 100, 1);
    flush (autosave);
    g_assert_cmpuint (limn_autosave_get_bytes (autosave), ==, bytes);
  }
  limn_document_end_stroke (document);
  flush (autosave);
  g_assert_cmpuint (limn_autosave_get_bytes (autosave), >, bytes);
  g_clear_object (&autosave);
  remove_parent (parent);
}

/* -- Processes -- */

/* A child that opens a document in parent, prints a line for each step, and goes on until it is killed. flushes: a line comes only when
 * the step is on disk. */
static int
child (const char *parent, gboolean flushes)
{
  g_autoptr (LimnDocument) document = make_document (200, 150);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
  for (guint step = 1; step < 100000; step++) {
    paint_all (document, (guint8) (1 + step % 200));
    limn_document_add_dot (document, &(LimnDot){ step, 1, 1, { (guint8) (1 + step % 200), 0, 0 } });
    if (flushes && !limn_autosave_flush (autosave, NULL))
      return 1;
    printf ("%u\n", step);
    fflush (stdout);
  }
  return 1;
}

static GSubprocess *
start_child (const char *parent, const char *mode)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--child", mode, parent, NULL);
  g_assert_no_error (error);
  return process;
}

static guint
read_step (GSubprocess *process)
{
  char digits[12];
  gsize n = 0, got;
  do {
    g_assert_cmpuint (n, <, sizeof digits);
    g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), digits + n, 1, &got, NULL, NULL));
    g_assert_cmpuint (got, ==, 1);
  } while (digits[n++] != '\n');
  return (guint) g_ascii_strtoull (digits, NULL, 10);
}

static void
end_child (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (process));
  g_object_unref (process);
}

/* Every pixel of the paint is of one step, and the dots are of that step too; returns it. */
static guint
whole_step (const char *parent)
{
  g_autoptr (LimnRecovery) recovery = only_one (parent);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnSnapshot) snapshot = limn_autosave_recover (recovery, &error);
  g_assert_no_error (error);
  guint steps = snapshot->dots->len;
  guint8 pixels[200 * 4];
  for (int y = 0; y < 150; y++) {
    limn_raster_read (snapshot->planes[LIMN_DOCUMENT_PAINT], &(LimnRect){ 0, y, 200, 1 }, pixels, sizeof pixels);
    for (int i = 0; i < 800; i += 4) {
      /* one between two changes: the stroke is there, its dot isn't yet */
      g_assert_true (pixels[i] == 1 + steps % 200 || pixels[i] == 1 + (steps + 1) % 200);
      g_assert_cmpint (pixels[i], ==, pixels[0]);
      g_assert_cmpint (pixels[i + 3], ==, 255);
    }
  }
  limn_autosave_discard (recovery);
  return steps;
}

static void
killed (void)
{
  char *parent = make_parent ();
  for (guint round = 1; round <= 12; round++) {
    GSubprocess *process = start_child (parent, "flush");
    guint step = 0;
    while (step < round)
      step = read_step (process);
    end_child (process);
    g_assert_cmpuint (whole_step (parent), >=, step); /* what was done is there */
  }
  /* and in the middle of writing, at any moment */
  for (guint round = 1; round <= 24; round++) {
    GSubprocess *process = start_child (parent, "hurry");
    while (read_step (process) < 7 * round)
      ;
    end_child (process);
    if (count_folders (parent) > 0) {
      g_autoptr (GPtrArray) found = limn_autosave_list (parent);
      gboolean begun = found->len > 0;
      g_clear_pointer (&found, g_ptr_array_unref);
      if (begun)
        g_assert_cmpuint (whole_step (parent), >=, 0);
    }
  }
  remove_parent (parent);
}

static void
two_processes (void)
{
  char *parent = make_parent ();
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
  stroke_at (document, 50, 50, 20);
  flush (autosave);
  GSubprocess *process = start_child (parent, "flush");
  read_step (process);
  g_autoptr (GPtrArray) living = limn_autosave_list (parent);
  g_assert_cmpuint (living->len, ==, 0); /* both are alive */
  g_assert_cmpuint (count_folders (parent), ==, 2);
  end_child (process);
  whole_step (parent); /* only the other's is offered */
  g_assert_cmpuint (count_folders (parent), ==, 1);
  g_clear_object (&autosave);
  remove_parent (parent);
}

/* -- What goes wrong -- */

static void
damaged (void)
{
  static const struct {
    const char *file, *says;
    gssize cut; /* bytes that stay, -1 = the file goes */
    gboolean listed;
  } cases[] = {
    { "manifest.json", NULL, 100, FALSE }, /* half-written */
    { "manifest.json", NULL, 0, FALSE },    { "picture-0", "picture-0", -1, TRUE }, { "picture-0", "picture-0", 30000, TRUE },
    { "picture-0", "picture-0", 20, TRUE }, { "picture-1", "picture-1", -1, TRUE }, { "tiles-1", "tiles-1", -1, TRUE },
    { "tiles-4", "tiles-4", 100, TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    char *parent = make_parent ();
    g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
    snapshot->modified = TRUE;
    {
      g_autoptr (LimnDocument) document = limn_document_new_from_snapshot (snapshot);
      g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
      limn_autosave_keep (autosave);
    }
    LimnRecovery *recovery = only_one (parent);
    g_autofree char *path = g_build_filename (recovery->folder, cases[i].file, NULL);
    limn_recovery_free (recovery);
    g_test_message ("%s to %d bytes", cases[i].file, (int) cases[i].cut);
    g_assert_cmpint (cases[i].cut < 0 ? g_unlink (path) : truncate (path, cases[i].cut), ==, 0);
    g_autoptr (GPtrArray) found = limn_autosave_list (parent);
    g_assert_cmpuint (found->len, ==, cases[i].listed);
    if (cases[i].listed) {
      g_autoptr (GError) error = NULL;
      g_assert_null (limn_autosave_recover (found->pdata[0], &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
    g_assert_cmpuint (count_folders (parent), ==, 1); /* it isn't thrown away */
    remove_parent (parent);
  }
}

/* Any byte of the manifest or a header changed: an error or a document, never a crash. */
static void
damaged_anywhere (void)
{
  char *parent = make_parent ();
  g_autoptr (LimnSnapshot) snapshot = sample_snapshot (8);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  snapshot->modified = TRUE;
  {
    g_autoptr (LimnDocument) document = limn_document_new_from_snapshot (snapshot);
    g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
    limn_autosave_keep (autosave);
  }
  g_autoptr (LimnRecovery) recovery = only_one (parent);
  static const char *const names[] = { "manifest.json", "picture-0" };
  for (guint i = 0; i < 600; i++) {
    g_autofree char *path = g_build_filename (recovery->folder, names[i % 2], NULL), *good = NULL, *bad = NULL;
    gsize size;
    g_assert_true (g_file_get_contents (path, &good, &size, NULL));
    bad = g_memdup2 (good, size);
    bad[g_rand_int_range (rand, 0, i % 2 ? 200 : (gint32) size)] = (char) g_rand_int (rand);
    g_assert_true (g_file_set_contents_full (path, bad, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnSnapshot) read = limn_autosave_recover (recovery, &error);
    g_assert_true ((read == NULL) == (error != NULL));
    g_assert_true (g_file_set_contents_full (path, good, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
  limn_autosave_discard (recovery);
  remove_parent (parent);
}

typedef struct {
  guint n;
  char *message;
} Failures;

static void
on_failed (LimnAutosave *autosave, const char *message, gpointer user)
{
  Failures *failures = user;
  failures->n++;
  g_free (failures->message);
  failures->message = g_strdup (message);
}

static void
pump (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The disk takes nothing more, then it does again. */
static void
run_out (const char *parent, void (*full) (const char *parent, gboolean is))
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
  Failures failures = { 0 };
  g_signal_connect (autosave, "failed", G_CALLBACK (on_failed), &failures);
  stroke_at (document, 50, 50, 20);
  flush (autosave);
  g_autoptr (LimnSnapshot) safe = limn_document_dup_snapshot (document);
  for (guint round = 1; round <= 2; round++) {
    full (parent, TRUE);
    for (int i = 0; i < 3; i++) {
      g_autoptr (GError) error = NULL;
      paint_all (document, (guint8) (70 + 10 * round + i));
      g_assert_false (limn_autosave_flush (autosave, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
    }
    pump ();
    g_assert_cmpuint (failures.n, ==, round); /* said once */
    g_test_message ("%s", failures.message);
    full (parent, FALSE);
    if (round == 1) {
      flush (autosave);
      pump ();
      g_assert_cmpuint (failures.n, ==, round);
      limn_document_select_all (document);
      flush (autosave);
      g_clear_pointer (&safe, limn_snapshot_unref);
      safe = limn_document_dup_snapshot (document);
    }
  }
  /* the last one that could be written is whole */
  full (parent, TRUE);
  stroke_at (document, 250, 150, 20);
  limn_autosave_keep (autosave);
  full (parent, FALSE);
  g_autoptr (LimnRecovery) recovery = only_one (parent);
  g_autoptr (LimnSnapshot) recovered = limn_autosave_recover (recovery, NULL);
  assert_same_snapshot (safe, recovered);
  limn_autosave_discard (recovery);
  g_free (failures.message);
}

static void
limit_size (const char *parent, gboolean is)
{
  struct rlimit limit;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = is ? 64 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
files_limited (void)
{
  char *parent = make_parent ();
  signal (SIGXFSZ, SIG_IGN);
  run_out (parent, limit_size);
  remove_parent (parent);
}

static void
fill_disk (const char *parent, gboolean is)
{
  g_autofree char *path = g_build_filename (parent, ".filler", NULL);
  static const guint8 block[65536] = { 1 };
  if (!is) {
    g_assert_cmpint (g_unlink (path), ==, 0);
    return;
  }
  FILE *file = fopen (path, "w");
  g_assert_nonnull (file);
  setbuf (file, NULL);
  for (gsize size = sizeof block; size >= 4096; size /= 2)
    while (fwrite (block, size, 1, file) == 1)
      ;
  fclose (file);
}

static void
disk_full (void)
{
  char *parent = make_parent ();
  if (mount ("limn", parent, "tmpfs", 0, "size=4m") != 0) {
    g_autofree char *why = g_strdup_printf ("no tmpfs can be mounted here (%s)", g_strerror (errno));
    g_test_skip (why);
  } else {
    run_out (parent, fill_disk);
    g_assert_cmpint (umount (parent), ==, 0);
  }
  remove_parent (parent);
}

/* Where no folder can be made. */
static void
no_folder (void)
{
  char *parent = make_parent ();
  g_autofree char *file = g_build_filename (parent, "file", NULL), *below = g_build_filename (file, "autosave", NULL);
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, below);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  stroke_at (document, 50, 50, 20);
  g_assert_false (limn_autosave_flush (autosave, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
  g_assert_cmpint (g_unlink (file), ==, 0);
  flush (autosave);
  g_clear_object (&autosave);
  g_assert_cmpint (g_rmdir (below), ==, 0);
  remove_parent (parent);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return child (argv[3], g_str_equal (argv[2], "flush"));
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/autosave/round-trip/8", GINT_TO_POINTER (8), round_trip);
  g_test_add_data_func ("/autosave/round-trip/16", GINT_TO_POINTER (16), round_trip);
  g_test_add_func ("/autosave/clean-ends", clean_ends);
  g_test_add_func ("/autosave/saved-in-between", saved_in_between);
  g_test_add_func ("/autosave/only-changes", only_changes);
  g_test_add_func ("/autosave/strokes", strokes);
  g_test_add_func ("/autosave/killed", killed);
  g_test_add_func ("/autosave/two-processes", two_processes);
  g_test_add_func ("/autosave/damaged", damaged);
  g_test_add_func ("/autosave/damaged-anywhere", damaged_anywhere);
  g_test_add_func ("/autosave/files-limited", files_limited);
  g_test_add_func ("/autosave/disk-full", disk_full);
  g_test_add_func ("/autosave/no-folder", no_folder);
  return g_test_run ();
}
