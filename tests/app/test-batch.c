/* Many pictures: paused, cancelled, gone on with; folders that are watched; names of masks. What is made, and what is not made twice, is
 * tests/cli/test-batch.py's. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch/limn-batch-names.h"
#include "app/batch/limn-batch.h"
#include "app/picture/limn-picture-file.h"

#include <glib/gstdio.h>

enum { WAIT_SECONDS = 120 };

typedef struct {
  char *folder, *results;
  LimnBatch *batch;
  guint n_finished;
} Work;

/* -- Pictures -- */

static void
save (const char *path, gsize width)
{
  g_autoptr (LimnPicture) picture = limn_picture_new (width, 300, 8, NULL);
  GError *error = NULL;
  LimnSaveOptions options;

  for (gsize i = 0; i < width * 300 * 4; i++)
    limn_picture_get_data (picture)[i] = i % 4 == 3 ? 255 : (guint8) (i / 4 % 200);
  limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
  limn_picture_save (picture, path, &options, NULL, &error);
  g_assert_no_error (error);
}

static void
finished (Work *self)
{
  self->n_finished++;
}

/* n photos, not started. */
static void
begin (Work *self, guint n)
{
  g_autoptr (GPtrArray) edits = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_edit_free);
  GError *error = NULL;

  self->folder = g_dir_make_tmp ("limn-batch-XXXXXX", &error);
  g_assert_no_error (error);
  self->results = g_build_filename (self->folder, "out", NULL);
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("%s/p%02u.png", self->folder, i);

    save (path, 400 + i);
  }
  g_ptr_array_add (edits, limn_edit_new (LIMN_TASK_COLORIZE));
  self->batch = limn_batch_new (&(LimnBatchOptions){ .edits = edits, .folder = self->results, .jobs = 2 }, &error);
  g_assert_no_error (error);
  g_assert_true (limn_batch_add (self->batch, self->folder, &error));
  g_signal_connect_swapped (self->batch, "finished", G_CALLBACK (finished), self);
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_all (path);
    g_remove (path);
  }
  g_rmdir (folder);
}

static void
end (Work *self)
{
  g_clear_object (&self->batch);
  remove_all (self->folder);
  g_free (self->folder);
  g_free (self->results);
}

/* -- Waiting -- */

typedef gboolean (*Predicate) (Work *self, guint n);

static gboolean
wake (gpointer user)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_until (Work *self, Predicate predicate, guint n)
{
  const gint64 last = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  const guint timer = g_timeout_add (20, wake, NULL);

  while (!predicate (self, n)) {
    g_assert_cmpint (g_get_monotonic_time (), <, last);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (timer);
}

static gboolean
is_done (Work *self, guint n)
{
  return limn_batch_count (self->batch).done >= n;
}

static gboolean
rests (Work *self, guint n)
{
  return limn_batch_count (self->batch).running == 0;
}

static gboolean
has_finished (Work *self, guint n)
{
  return self->n_finished >= n;
}

static void
turn (guint milliseconds)
{
  const gint64 last = g_get_monotonic_time () + milliseconds * 1000;
  const guint timer = g_timeout_add (20, wake, NULL);

  while (g_get_monotonic_time () < last)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

/* -- The tests -- */

/* While it is paused nothing begins; cancelled, it tells so once its threads are gone, and goes on with what was left. */
static void
test_pause_cancel_start (void)
{
  enum { N = 16 };
  Work work = { 0 };
  GError *error = NULL;
  LimnBatchCount count;
  guint done;

  begin (&work, N);
  g_assert_true (limn_batch_start (work.batch, &error));
  wait_until (&work, is_done, 1);
  limn_batch_set_paused (work.batch, TRUE);
  wait_until (&work, rests, 0);
  done = limn_batch_count (work.batch).done;
  turn (300);
  g_assert_cmpuint (limn_batch_count (work.batch).done, ==, done);
  limn_batch_set_paused (work.batch, FALSE);
  wait_until (&work, is_done, done + 1);
  limn_batch_cancel (work.batch);
  wait_until (&work, has_finished, 1);
  g_assert_false (limn_batch_is_working (work.batch));
  count = limn_batch_count (work.batch);
  g_assert_cmpuint (count.running + count.failed, ==, 0);
  g_assert_cmpuint (count.done + count.waiting, ==, N);
  g_assert_cmpuint (count.done, <, N);
  g_assert_true (limn_batch_start (work.batch, &error));
  wait_until (&work, has_finished, 2);
  count = limn_batch_count (work.batch);
  g_assert_cmpuint (count.done, ==, N);
  g_assert_cmpuint (count.skipped + count.waiting, ==, 0); /* each was worked on once */
  end (&work);
}

/* Given up in the middle, its threads end with it. */
static void
test_drop (void)
{
  Work work = { 0 };

  begin (&work, 8);
  g_assert_true (limn_batch_start (work.batch, NULL));
  wait_until (&work, is_done, 1);
  end (&work);
  turn (50);
}

/* What is watched joins the list, each once; what fails is tried again at the next start. */
static void
test_watch (void)
{
  Work work = { 0 };
  GError *error = NULL;

  begin (&work, 1);
  g_autofree char *beside = g_strconcat (work.folder, ".png", NULL), *inside = g_build_filename (work.folder, "new.png", NULL);
  g_autofree char *broken = g_build_filename (work.folder, "broken.png", NULL);

  g_assert_true (limn_batch_watch (work.batch, work.folder, &error));
  g_assert_true (limn_batch_start (work.batch, &error));
  wait_until (&work, has_finished, 1);
  save (beside, 300);
  g_assert_cmpint (g_rename (beside, inside), ==, 0);
  wait_until (&work, is_done, 2);
  g_assert_true (limn_batch_add (work.batch, work.folder, &error)); /* that they are there is known */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (work.batch)), ==, 2);
  g_assert_cmpuint (limn_batch_count (work.batch).waiting, ==, 0);
  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  wait_until (&work, has_finished, 3);
  g_assert_cmpuint (limn_batch_count (work.batch).failed, ==, 1);
  limn_batch_unwatch (work.batch);
  save (broken, 320);
  turn (500);
  g_assert_cmpuint (limn_batch_count (work.batch).failed, ==, 1);
  limn_batch_cancel (work.batch);
  wait_until (&work, has_finished, 4);
  g_assert_true (limn_batch_start (work.batch, &error));
  wait_until (&work, has_finished, 5);
  g_assert_cmpuint (limn_batch_count (work.batch).done, ==, 3);
  end (&work);
}

static void
test_names (void)
{
  LimnBatchNames names = { .folder = (char *) "/album/out", .results = (char *) "{name}-{edit}.{ext}", .edit = "fill" };
  static const struct {
    const char *masks, *path;
    gboolean photo;
  } cases[] = {
    { "{name}.mask.png", "/album/a.mask.png", FALSE },     { "{name}.mask.png", "/album/a.png", TRUE },
    { "masks/{name}.png", "/album/masks/a.png", FALSE },   { "masks/{name}.png", "/album/a.png", TRUE },
    { "../masks/{name}.png", "/masks/a.png", FALSE },      { "/album/m/../masks/{name}.png", "/album/masks/a.png", FALSE },
    { "{name}.mask.png", "/album/out/a-fill.png", FALSE }, { NULL, "/album/a.mask.png", TRUE },
  };
  g_autofree char *result = limn_batch_names_dup_result (&names, "/album", "/album/sub/a.JPG"), *mask = NULL;

  g_assert_cmpstr (result, ==, "/album/out/sub/a-fill.jpg");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    names.masks = (char *) cases[i].masks;
    g_assert_cmpint (limn_batch_names_is_photo (&names, "/album", cases[i].path), ==, cases[i].photo);
  }
  names.masks = (char *) "../masks/{name}.png";
  mask = limn_batch_names_dup_mask (&names, "/album/a.jpg");
  g_assert_cmpstr (mask, ==, "/masks/a.png");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/pause-cancel-start", test_pause_cancel_start);
  g_test_add_func ("/batch/drop", test_drop);
  g_test_add_func ("/batch/watch", test_watch);
  g_test_add_func ("/batch/names", test_names);
  return g_test_run ();
}
