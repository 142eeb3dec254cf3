/* Writing a document's folder: what isn't there yet, then the manifest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include "app/base/limn-json.h"
#include "app/formats/limn-recipe.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct {
  char *name;          /* of the file in the folder */
  gboolean kept, used; /* as of tiles */
} Entry;

struct _LimnAutosaveStore {
  LimnBlobWriter writer;
  char *parent;
  char *folder; /* NULL before the first write */
  int lock;
  guint n_files;           /* numbers their names */
  GHashTable *pictures;    /* LimnPicture -> Entry */
  LimnTileStore *tiles[2]; /* of one channel and of four */
  cJSON *rasters;          /* of the manifest that is being written */
  gboolean failed;         /* memory has ended: something isn't in it */
};

static void
entry_free (gpointer data)
{
  g_free (((Entry *) data)->name);
  g_free (data);
}

LimnAutosaveStore *
limn_autosave_store_new (const char *parent, gint *cancelled)
{
  LimnAutosaveStore *self = g_new0 (LimnAutosaveStore, 1);
  self->writer.cancelled = cancelled;
  self->parent = g_strdup (parent);
  self->lock = -1;
  self->pictures = g_hash_table_new_full (NULL, NULL, g_object_unref, entry_free);
  return self;
}

void
limn_autosave_remove_folder (const char *folder)
{
  g_autofree char *manifest = g_build_filename (folder, LIMN_AUTOSAVE_MANIFEST, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  g_unlink (manifest); /* the manifest first: if this is interrupted, the rest isn't offered for recovery */
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
}

void
limn_autosave_store_free (LimnAutosaveStore *self, gboolean keep)
{
  g_hash_table_unref (self->pictures);
  for (guint i = 0; i < G_N_ELEMENTS (self->tiles); i++)
    g_clear_pointer (&self->tiles[i], limn_tile_store_free);
  if (self->folder && !keep)
    limn_autosave_remove_folder (self->folder);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->folder);
  g_free (self->parent);
  g_free (self);
}

guint64
limn_autosave_store_get_bytes (LimnAutosaveStore *self)
{
  return self->writer.bytes;
}

/* -- The folder -- */

static gboolean
lock_folder (LimnAutosaveStore *self, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LIMN_AUTOSAVE_LOCK, NULL);
  self->lock = TEMP_FAILURE_RETRY (open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  return self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0;
}

/* Made under a name that listing ignores, so that nobody finds it before it is locked. */
static gboolean
make_folder (LimnAutosaveStore *self, GError **error)
{
  if (self->folder)
    return TRUE;
  g_autofree char *name = g_uuid_string_random (), *hidden = g_strconcat (".", name, NULL);
  g_autofree char *path = g_build_filename (self->parent, name, NULL), *before = g_build_filename (self->parent, hidden, NULL);
  if (g_mkdir_with_parents (self->parent, 0700) != 0 || g_mkdir (before, 0700) != 0)
    return limn_autosave_fail (errno, error);
  if (!lock_folder (self, before) || g_rename (before, path) != 0) {
    int number = errno;
    if (self->lock >= 0)
      close (self->lock);
    self->lock = -1;
    limn_autosave_remove_folder (before);
    return limn_autosave_fail (number, error);
  }
  self->folder = g_steal_pointer (&path);
  self->tiles[0] = limn_tile_store_new (self->folder, 1);
  self->tiles[1] = limn_tile_store_new (self->folder, 4);
  return TRUE;
}

/* -- Blobs: written unless they are there -- */

static Entry *
find_entry (GHashTable *entries, gpointer key)
{
  Entry *entry = g_hash_table_lookup (entries, key);
  if (entry)
    entry->used = TRUE;
  return entry;
}

static char *
add_entry (GHashTable *entries, gpointer key, const char *name)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->name = g_strdup (name);
  entry->used = TRUE;
  g_hash_table_insert (entries, key, entry);
  return g_strdup (name);
}

static char *
put_picture (LimnAutosaveStore *self, LimnPicture *picture, GError **error)
{
  Entry *entry = find_entry (self->pictures, picture);
  if (entry)
    return g_strdup (entry->name);
  g_autofree char *name = g_strdup_printf ("picture-%u", self->n_files++), *path = g_build_filename (self->folder, name, NULL);
  return limn_autosave_write_picture (&self->writer, path, picture, error) ? add_entry (self->pictures, g_object_ref (picture), name)
                                                                           : NULL;
}

/* Its tiles are written, and where they are goes into the manifest under a name of its own. */
static char *
put_raster (LimnAutosaveStore *self, const char *kind, LimnRaster *raster, GError **error)
{
  g_autofree char *numbered = g_strdup_printf ("%s-%d", kind, cJSON_GetArraySize (self->rasters));
  const char *name = g_str_has_prefix (kind, "edit-") ? numbered : kind;
  LimnTileStore *tiles = self->tiles[limn_raster_get_channels (raster) == 1 ? 0 : 1];
  g_autoptr (GArray) runs = limn_tile_store_put (tiles, &self->writer, raster, error);
  if (!runs)
    return NULL;
  cJSON *array = cJSON_AddArrayToObject (self->rasters, name);
  limn_json_added (array, &self->failed);
  for (guint i = 0; i < 3 * runs->len && !self->failed; i++) {
    cJSON *number = cJSON_CreateNumber (((const guint32 *) (gconstpointer) runs->data)[i]);
    if (limn_json_added (number, &self->failed))
      cJSON_AddItemToArray (array, number);
  }
  return g_strdup (name);
}

static char *
put_blob (const char *kind, const LimnBlob *blob, gpointer user, GError **error)
{
  LimnAutosaveStore *self = user;
  if (g_atomic_int_get (self->writer.cancelled)) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("Cancelled."));
    return NULL;
  }
  if (blob->picture)
    return put_picture (self, blob->picture, error);
  return put_raster (self, kind, blob->raster, error);
}

/* -- The manifest -- */

static char *
print_manifest (LimnAutosaveStore *self, LimnSnapshot *snapshot, const char *recipe, GError **error)
{
  cJSON *root = cJSON_CreateObject ();
  limn_json_added (cJSON_AddNumberToObject (root, "limn-autosave", LIMN_AUTOSAVE_VERSION), &self->failed);
  limn_json_added (cJSON_AddStringToObject (root, "name", snapshot->name ? snapshot->name : ""), &self->failed);
  if (snapshot->path) {
    g_autofree char *absolute = g_canonicalize_filename (snapshot->path, NULL), *uri = g_filename_to_uri (absolute, NULL, NULL);
    limn_json_added (cJSON_AddStringToObject (root, "file", uri), &self->failed);
    if (snapshot->stamp)
      limn_json_added (cJSON_AddStringToObject (root, "file-stamp", snapshot->stamp), &self->failed);
  }
  if (cJSON_AddItemToObject (root, "rasters", self->rasters))
    self->rasters = NULL;
  else
    self->failed = TRUE;
  limn_json_added (cJSON_AddRawToObject (root, "recipe", recipe), &self->failed);
  char *text = limn_json_print (root, FALSE, self->failed, error);
  cJSON_Delete (root);
  return text;
}

/* Slots of the old manifest may be overwritten only once the new one is durable. */
static gboolean
sync_folder (const char *folder)
{
  int fd = TEMP_FAILURE_RETRY (open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  gboolean done = fd >= 0 && (TEMP_FAILURE_RETRY (fsync (fd)) == 0 || errno == EINVAL); /* EINVAL: a file system that doesn't do this */
  if (fd >= 0)
    close (fd);
  return done;
}

static gboolean
write_manifest (LimnAutosaveStore *self, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, LIMN_AUTOSAVE_MANIFEST, NULL), *next = g_strconcat (path, ".new", NULL);
  int fd = TEMP_FAILURE_RETRY (open (next, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
  if (fd < 0)
    return limn_autosave_fail (errno, error);
  gboolean done = limn_autosave_pwrite (&self->writer, fd, text, strlen (text), 0, error) &&
                  (TEMP_FAILURE_RETRY (fdatasync (fd)) == 0 || limn_autosave_fail (errno, error));
  if (close (fd) != 0 && errno != EINTR && done)
    done = limn_autosave_fail (errno, error);
  if (done && (g_rename (next, path) != 0 || !sync_folder (self->folder)))
    done = limn_autosave_fail (errno, error);
  if (!done)
    g_unlink (next);
  return done;
}

/* Removes files that neither the manifest on disk nor the ended write refers to. */
static void
end_files (LimnAutosaveStore *self, GHashTable *entries, gboolean done)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Entry *entry = value;
    if (done)
      entry->kept = entry->used;
    if (!entry->kept && !entry->used) {
      g_autofree char *path = g_build_filename (self->folder, entry->name, NULL);
      g_unlink (path);
      g_hash_table_iter_remove (&iter);
    } else
      entry->used = FALSE;
  }
}

static gboolean
write_all (LimnAutosaveStore *self, LimnSnapshot *snapshot, GError **error)
{
  self->rasters = cJSON_CreateObject ();
  self->failed = self->rasters == NULL;
  g_autofree char *recipe = limn_recipe_write (snapshot, put_blob, self, error), *manifest = NULL;
  if (!recipe)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (self->tiles); i++)
    if (!limn_tile_store_sync (self->tiles[i], error))
      return FALSE;
  manifest = print_manifest (self, snapshot, recipe, error);
  return manifest && write_manifest (self, manifest, error);
}

gboolean
limn_autosave_store_write (LimnAutosaveStore *self, LimnSnapshot *snapshot, GError **error)
{
  if (!make_folder (self, error))
    return FALSE;
  gboolean done = write_all (self, snapshot, error);
  g_clear_pointer (&self->rasters, cJSON_Delete);
  end_files (self, self->pictures, done);
  for (guint i = 0; i < G_N_ELEMENTS (self->tiles); i++)
    limn_tile_store_end (self->tiles[i], done);
  return done;
}

gboolean
limn_autosave_store_forget (LimnAutosaveStore *self, GError **error)
{
  if (!self->folder)
    return TRUE;
  g_autofree char *path = g_build_filename (self->folder, LIMN_AUTOSAVE_MANIFEST, NULL);
  return g_unlink (path) == 0 || errno == ENOENT || limn_autosave_fail (errno, error);
}
