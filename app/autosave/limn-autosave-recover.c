/* Recovery of what an ended process left: listing, reading, discarding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/base/limn-json.h"
#include "app/formats/limn-recipe.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void
limn_recovery_free (LimnRecovery *self)
{
  if (!self)
    return;
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->path);
  g_date_time_unref (self->time);
  g_free (self);
}

/* Bytes: cJSON takes up to 40 times as much memory. */
#define MAX_MANIFEST (32 * 1000 * 1000)

/* NULL where there is none, or it is damaged; NULL and error where memory ends. */
static cJSON *
read_manifest (const char *folder, struct stat *file, GError **error)
{
  g_autofree char *path = g_build_filename (folder, LIMN_AUTOSAVE_MANIFEST, NULL), *text = NULL;
  gsize length;
  if (g_stat (path, file) != 0 || file->st_size > MAX_MANIFEST || !g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  cJSON *root = limn_json_read (text, length, error);
  if (!cJSON_IsNumber (cJSON_GetObjectItemCaseSensitive (root, "limn-autosave")) ||
      !cJSON_IsObject (cJSON_GetObjectItemCaseSensitive (root, "recipe")))
    g_clear_pointer (&root, cJSON_Delete);
  return root;
}

static const char *
get_text (const cJSON *root, const char *key)
{
  const char *text = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (root, key));
  return text && *text && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

/* The folder's lock, or -1 where a living process has it. */
static int
take_lock (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LIMN_AUTOSAVE_LOCK, NULL);
  int lock = TEMP_FAILURE_RETRY (open (path, O_RDWR | O_CLOEXEC));
  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0) {
    close (lock);
    lock = -1;
  }
  return lock;
}

static gboolean
has_manifest (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LIMN_AUTOSAVE_MANIFEST, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static LimnRecovery *
look_into (const char *folder)
{
  int lock = take_lock (folder);
  if (lock < 0)
    return NULL;
  struct stat file;
  cJSON *root = read_manifest (folder, &file, NULL);
  if (!root) {
    if (!has_manifest (folder)) /* it ended before a first step, or after it was saved: there is nothing in it */
      limn_autosave_remove_folder (folder);
    close (lock);
    return NULL;
  }
  LimnRecovery *self = g_new0 (LimnRecovery, 1);
  const char *name = get_text (root, "name"), *uri = get_text (root, "file");
  self->folder = g_strdup (folder);
  self->path = uri ? g_filename_from_uri (uri, NULL, NULL) : NULL;
  self->name = g_strdup (name ? name : _("New Picture"));
  self->time = g_date_time_new_from_unix_local (file.st_mtime);
  self->lock = lock;
  cJSON_Delete (root);
  return self;
}

static int
newer_first (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare ((*(LimnRecovery *const *) b)->time, (*(LimnRecovery *const *) a)->time);
}

GPtrArray *
limn_autosave_list (const char *folder)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_recovery_free);
  g_autofree char *parent = folder ? g_strdup (folder) : g_build_filename (g_get_user_state_dir (), "limn", "autosave", NULL);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    if (name[0] == '.')
      continue;
    g_autofree char *path = g_build_filename (parent, name, NULL);
    LimnRecovery *one = look_into (path);
    if (one)
      g_ptr_array_add (found, one);
  }
  g_ptr_array_sort (found, newer_first);
  return found;
}

/* -- Reading it -- */

typedef struct {
  const char *folder;
  const cJSON *rasters;
} Reader;

/* Names are of files in the folder and of nothing else. */
static char *
blob_path (Reader *self, const char *name, const char *kind, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  if (g_str_has_prefix (name, kind) && !strchr (name, '/'))
    return g_steal_pointer (&path);
  limn_autosave_damaged (path, error);
  return NULL;
}

static LimnPicture *
get_picture (const char *name, gpointer user, GError **error)
{
  g_autofree char *path = blob_path (user, name, "picture-", error);
  return path ? limn_autosave_read_picture (path, error) : NULL;
}

static gboolean
read_run (LimnRaster *raster, int fd, const guint32 run[3], guint8 *pixels)
{
  gsize size = limn_raster_get_tile_size (raster);
  guint n = limn_raster_get_n_tiles (raster);
  if (run[0] >= n || run[2] > n - run[0])
    return FALSE;
  for (guint32 i = 0; i < run[2]; i++) {
    if (limn_block_read (fd, pixels, size, (goffset) ((run[1] + (guint64) i) * size)))
      return FALSE;
    limn_raster_set_tile (raster, run[0] + i, limn_tile_new (pixels, size));
  }
  return TRUE;
}

static gboolean
read_tiles (LimnRaster *raster, int fd, const cJSON *runs)
{
  g_autofree guint8 *pixels = g_malloc (limn_raster_get_tile_size (raster));
  const cJSON *item;
  guint32 run[3];
  guint n = 0;
  cJSON_ArrayForEach (item, runs)
  {
    if (!cJSON_IsNumber (item) || item->valuedouble < 0 || item->valuedouble > G_MAXUINT32)
      return FALSE;
    run[n++ % 3] = (guint32) item->valuedouble;
    if (n % 3 == 0 && !read_run (raster, fd, run, pixels))
      return FALSE;
  }
  return n % 3 == 0;
}

static LimnRaster *
get_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  Reader *self = user;
  const cJSON *runs = cJSON_GetObjectItemCaseSensitive (self->rasters, name);
  if (!runs) {
    limn_autosave_damaged (name, error);
    return NULL;
  }
  g_autofree char *path = limn_tile_store_path (self->folder, channels);
  g_autoptr (LimnRaster) raster = limn_raster_new (width, height, channels);
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC));
  gboolean sound = fd >= 0 && read_tiles (raster, fd, runs);
  if (fd >= 0)
    close (fd);
  if (sound)
    return g_steal_pointer (&raster);
  limn_autosave_damaged (path, error);
  return NULL;
}

LimnSnapshot *
limn_autosave_recover (const LimnRecovery *recovery, GError **error)
{
  struct stat file;
  GError *why = NULL;
  cJSON *root = read_manifest (recovery->folder, &file, &why);
  LimnSnapshot *snapshot = NULL;
  if (why) {
    g_propagate_error (error, why);
    return NULL;
  }
  if (!root) {
    g_autofree char *path = g_build_filename (recovery->folder, LIMN_AUTOSAVE_MANIFEST, NULL);
    limn_autosave_damaged (path, error);
    return NULL;
  }
  if (cJSON_GetObjectItemCaseSensitive (root, "limn-autosave")->valuedouble > LIMN_AUTOSAVE_VERSION)
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                         _("This work was saved by a newer version of Limn. Update Limn to recover it."));
  else {
    Reader reader = { recovery->folder, cJSON_GetObjectItemCaseSensitive (root, "rasters") };
    g_autofree char *recipe = limn_json_print (cJSON_GetObjectItemCaseSensitive (root, "recipe"), FALSE, FALSE, error);
    snapshot = recipe ? limn_recipe_read (recipe, strlen (recipe), get_picture, get_raster, &reader, error) : NULL;
  }
  if (snapshot) {
    snapshot->stamp = g_strdup (get_text (root, "file-stamp"));
    snapshot->name = g_strdup (recovery->name);
    snapshot->path = g_strdup (recovery->path);
    snapshot->modified = TRUE;
  }
  cJSON_Delete (root);
  return snapshot;
}

void
limn_autosave_discard (const LimnRecovery *recovery)
{
  limn_autosave_remove_folder (recovery->folder);
}
