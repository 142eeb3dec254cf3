/* Disks that fail, calls that are interrupted and memory that ends, at each point in turn: what was there stays, nothing half is left, and
 * the error says whose fault it is. How many faults there were is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/autosave/limn-autosave-private.h"
#include "app/base/limn-app-error.h"
#include "app/decode/limn-picture-load.h"
#include "app/formats/limn-ora.h"
#include "app/formats/limn-recipe.h"
#include "app/picture/limn-picture-file.h"
#include "engine/limn-engine.h"
#include "snapshot-samples.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <unistd.h>

/* ---------------------------------------------------------------- calls that fail */

/* number: the errno of the call that fails, 0 = none does. */
static struct {
  int number, at, count;
  gboolean made;
} fault;

/* Whether this call is the one; errno is set then. */
static gboolean
fails (void)
{
  if (fault.number == 0 || ++fault.count != fault.at)
    return FALSE;
  fault.made = TRUE;
  errno = fault.number;
  return TRUE;
}

#define WRAP(type, name, parameters, ...)               \
  type __real_##name parameters;                        \
  type __wrap_##name parameters;                        \
  type __wrap_##name parameters                         \
  {                                                     \
    return fails () ? -1 : __real_##name (__VA_ARGS__); \
  }
WRAP (ssize_t, read, (int fd, void *out, size_t size), fd, out, size)
WRAP (ssize_t, write, (int fd, const void *data, size_t size), fd, data, size)
WRAP (ssize_t, pread64, (int fd, void *out, size_t size, off_t at), fd, out, size, at)
WRAP (ssize_t, pwrite64, (int fd, const void *data, size_t size, off_t at), fd, data, size, at)
WRAP (int, fsync, (int fd), fd)
WRAP (int, fdatasync, (int fd), fd)
WRAP (int, ftruncate64, (int fd, off_t size), fd, size)
WRAP (int, linkat, (int from, const char *old, int to, const char *name, int flags), from, old, to, name, flags)
WRAP (int, g_mkstemp_full, (char *name, int flags, int mode), name, flags, mode)

int __real_open64 (const char *path, int flags, ...);
int __wrap_open64 (const char *path, int flags, ...);
int
__wrap_open64 (const char *path, int flags, ...)
{
  va_list arguments;
  int mode;

  va_start (arguments, flags);
  mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg (arguments, int) : 0;
  va_end (arguments);
  return fails () ? -1 : __real_open64 (path, flags, mode);
}

/* A file is closed even where that fails. */
int __real_close (int fd);
int __wrap_close (int fd);
int
__wrap_close (int fd)
{
  const int closed = __real_close (fd);

  return fails () ? -1 : closed;
}

static void
fail_at (int number, int at)
{
  fault.number = number;
  fault.at = at;
  fault.count = 0;
  fault.made = FALSE;
}

/* Whether the call has failed: else there were fewer calls. */
static gboolean
end_fault (void)
{
  fault.number = 0;
  return fault.made;
}

/* ---------------------------------------------------------------- what is tried */

typedef struct {
  char *folder, *path;
  LimnSnapshot *snapshot;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("limn-faults-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.png", NULL);
  self->snapshot = sample_snapshot (8);
}

static guint
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint count = 0;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    count += 1 + remove_all (inner);
    g_remove (inner);
  }
  return count;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_all (self->folder);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
  limn_snapshot_unref (self->snapshot);
}

static gboolean
save_picture (Fixture *self, GError **error)
{
  LimnSaveOptions options;

  limn_save_options_init (&options, self->snapshot->photo, LIMN_FORMAT_PNG);
  return limn_picture_save (self->snapshot->photo, self->path, &options, NULL, error);
}

static gboolean
load_picture (Fixture *self, GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_load (self->path, NULL, error);

  return picture != NULL;
}

static gboolean
save_document (Fixture *self, GError **error)
{
  return limn_ora_save (self->snapshot, self->path, NULL, error);
}

static gboolean
load_document (Fixture *self, GError **error)
{
  g_autoptr (LimnSnapshot) snapshot = limn_ora_load (self->path, NULL, error);

  return snapshot != NULL;
}

typedef gboolean (*Attempt) (Fixture *self, GError **error);

/* ---------------------------------------------------------------- tests */

/* A call that a signal interrupts is made again. */
static void
test_interrupted (Fixture *self, gconstpointer data)
{
  static const Attempt attempts[] = { save_picture, load_picture, save_document, load_document };
  int n_faults = 0;

  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    for (int at = 1;; at++) {
      g_autoptr (GError) error = NULL;
      gboolean done;

      fail_at (EINTR, at);
      done = attempts[i](self, &error);
      if (!end_fault ())
        break;
      n_faults++;
      g_assert_no_error (error);
      g_assert_true (done);
    }
  g_test_message ("%d interrupted calls", n_faults);
  g_assert_cmpint (n_faults, >, 20);
}

/* Saving over a file: the old one or the new one, whole, and nothing beside it. */
static void
test_disk (Fixture *self, gconstpointer data)
{
  static const Attempt attempts[] = { save_picture, save_document };
  static const int numbers[] = { ENOSPC, EIO, EROFS, EDQUOT };
  int n_faults = 0, n_refused = 0;

  for (guint i = 0; i < G_N_ELEMENTS (attempts) * G_N_ELEMENTS (numbers); i++)
    for (int at = 1;; at++) {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      gboolean done;

      g_assert_true (g_file_set_contents (self->path, "as it was", -1, NULL));
      fail_at (numbers[i % G_N_ELEMENTS (numbers)], at);
      done = attempts[i / G_N_ELEMENTS (numbers)](self, &error);
      if (!end_fault ())
        break;
      n_faults++;
      n_refused += !done;
      g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
      g_assert_cmpint (g_str_equal (text, "as it was"), ==, !done);
      if (!done)
        g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
      g_assert_cmpuint (remove_all (self->folder), ==, 1);
    }
  g_test_message ("%d faults of the disk, %d of them told", n_faults, n_refused);
  g_assert_cmpint (n_refused, >, 20);
}

/* Whatever fails while a step is written, what was there before is recovered, or the step. */
static void
test_autosave (Fixture *self, gconstpointer data)
{
  static const int numbers[] = { EINTR, ENOSPC, EIO, EROFS };
  int n_faults = 0;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (int at = 1;; at++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) found = NULL;
      g_autoptr (LimnSnapshot) again = NULL, first = sample_snapshot (8);
      gint cancelled = 0;
      LimnAutosaveStore *store = limn_autosave_store_new (self->folder, &cancelled);
      gboolean done, made;

      g_assert_true (limn_autosave_store_write (store, first, &error));
      fail_at (numbers[i], at);
      done = limn_autosave_store_write (store, self->snapshot, &error);
      made = end_fault ();
      limn_autosave_store_free (store, TRUE);
      if (made && !done)
        g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
      if (numbers[i] == EINTR)
        g_assert_no_error (error);
      found = limn_autosave_list (self->folder);
      g_assert_cmpuint (found->len, ==, 1);
      again = limn_autosave_recover (found->pdata[0], NULL);
      g_assert_nonnull (again);
      assert_same_snapshot (self->snapshot, again);
      g_clear_pointer (&found, g_ptr_array_unref);
      remove_all (self->folder);
      n_faults += made;
      if (!made)
        break;
    }
  g_test_message ("%d faults while a step is kept", n_faults);
  g_assert_cmpint (n_faults, >, 40);
}

/* ---------------------------------------------------------------- memory of JSON */

static int allocations_left;

static void *
allocate (size_t size)
{
  if (--allocations_left != 0)
    return malloc (size);
  errno = ENOMEM;
  return NULL;
}

static void
fail_allocation (int at)
{
  cJSON_Hooks hooks = { allocate, free };

  allocations_left = at;
  cJSON_InitHooks (&hooks);
}

/* Whether the allocation has failed: else there were fewer. */
static gboolean
end_allocations (void)
{
  cJSON_InitHooks (NULL);
  return allocations_left <= 0;
}

static char *
put (const char *kind, const LimnBlob *blob, gpointer user, GError **error)
{
  return g_strdup (kind);
}

static LimnPicture *
get_picture (const char *name, gpointer user, GError **error)
{
  return sample_picture (20, 30, 8, 1);
}

static LimnRaster *
get_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  return limn_raster_new (width, height, channels);
}

/* A recipe is written and read as a whole or not at all, and the machine is blamed, not the file. */
static void
test_recipe_memory (Fixture *self, gconstpointer data)
{
  g_autofree char *whole = limn_recipe_write (self->snapshot, put, NULL, NULL);
  int n_faults = 0;

  for (gboolean writing = FALSE; writing <= TRUE; writing++)
    for (int at = 1;; at++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnSnapshot) read = NULL;
      g_autofree char *text = NULL;

      fail_allocation (at);
      if (writing)
        text = limn_recipe_write (self->snapshot, put, NULL, &error);
      else
        read = limn_recipe_read (whole, strlen (whole), get_picture, get_raster, NULL, &error);
      if (!end_allocations ())
        break;
      n_faults++;
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
      g_assert_null (text);
      g_assert_null (read);
    }
  g_test_message ("%d failed allocations", n_faults);
  g_assert_cmpint (n_faults, >, 500);
}

/* The same of a network's header, config and metadata. */
static void
test_weights_memory (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "base", "see" };
  int n_faults = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int at = 1;; at += 1 + at / 10) {
      g_autofree char *path = g_strconcat ("../resources/models/", names[i], ".safetensors", NULL);
      LimnModelInfo info;
      LimnError why = { "" };
      LimnStatus status;

      fail_allocation (at);
      status = limn_model_info (path, &info, &why);
      if (!end_allocations ())
        break;
      n_faults++;
      g_test_message ("allocation %d: %s", at, why.text);
      g_assert_cmpint (status, ==, LIMN_NO_MEMORY);
    }
  g_test_message ("%d failed allocations", n_faults);
  g_assert_cmpint (n_faults, >, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/faults/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("interrupted", test_interrupted);
  ADD ("disk", test_disk);
  ADD ("autosave", test_autosave);
  ADD ("recipe-memory", test_recipe_memory);
  ADD ("weights-memory", test_weights_memory);
  return g_test_run ();
}
