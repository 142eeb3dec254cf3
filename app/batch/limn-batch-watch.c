/* Folders that are watched. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-watch.h"

#include "limn-batch-find.h"

#include <sys/stat.h>

struct _LimnBatchWatch {
  char *root;
  gboolean recursive;
  GHashTable *monitors; /* path of a folder -> GFileMonitor */
  GHashTable *coming;   /* path of a file -> Coming */
  LimnBatchArrived arrived;
  gpointer user;
};

/* A file that rests until it is told of, as it was when that began. */
typedef struct {
  LimnBatchWatch *watch;
  char *path; /* borrowed from the table */
  gint64 size, modified;
  guint timer;
} Coming;

static void
free_coming (gpointer data)
{
  Coming *coming = data;

  g_clear_handle_id (&coming->timer, g_source_remove);
  g_free (coming);
}

/* -- Until a file is whole -- */

static gboolean
look (const char *path, gint64 *size, gint64 *modified)
{
  struct stat info;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return FALSE;
  *size = (gint64) info.st_size;
  *modified = (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
  return TRUE;
}

static gboolean
rested (gpointer data)
{
  Coming *coming = data;
  LimnBatchWatch *self = coming->watch;
  g_autofree char *path = g_strdup (coming->path);
  gint64 size, modified;
  const gboolean there = look (path, &size, &modified);

  if (there && (size != coming->size || modified != coming->modified)) {
    coming->size = size;
    coming->modified = modified;
    return G_SOURCE_CONTINUE;
  }
  coming->timer = 0;
  g_hash_table_remove (self->coming, path);
  if (there)
    self->arrived (self->root, path, self->user);
  return G_SOURCE_REMOVE;
}

/* From now on it must rest for so long. */
static void
expect (LimnBatchWatch *self, const char *path, guint rest_ms)
{
  Coming *coming = g_hash_table_lookup (self->coming, path);
  char *key;

  if (!coming) {
    coming = g_new0 (Coming, 1);
    coming->watch = self;
    coming->path = key = g_strdup (path);
    g_hash_table_insert (self->coming, key, coming);
  }
  g_clear_handle_id (&coming->timer, g_source_remove);
  if (look (path, &coming->size, &coming->modified))
    coming->timer = g_timeout_add (rest_ms, rested, coming);
  else
    g_hash_table_remove (self->coming, path);
}

/* -- Folders -- */

static gboolean watch_folders (LimnBatchWatch *self, const char *folder, GError **error);

/* A folder that came with what is in it already. */
static void
take_folder (LimnBatchWatch *self, const char *folder)
{
  g_autoptr (GPtrArray) files = NULL;

  if (g_hash_table_contains (self->monitors, folder) || g_file_test (folder, G_FILE_TEST_IS_SYMLINK) || !watch_folders (self, folder, NULL))
    return;
  files = limn_batch_find (folder, TRUE, NULL);
  for (guint i = 0; files && i < files->len; i++)
    expect (self, ((const LimnBatchFile *) files->pdata[i])->path, LIMN_BATCH_REST_MS);
}

static void
see (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, LimnBatchWatch *self)
{
  GFile *came = event == G_FILE_MONITOR_EVENT_RENAMED ? other : file;
  g_autofree char *path = came ? g_file_get_path (came) : NULL, *name = path ? g_path_get_basename (path) : NULL;
  const gboolean moved = event == G_FILE_MONITOR_EVENT_MOVED_IN || event == G_FILE_MONITOR_EVENT_RENAMED;

  (void) monitor;
  if (!path || name[0] == '.')
    return;
  if (event == G_FILE_MONITOR_EVENT_DELETED || event == G_FILE_MONITOR_EVENT_MOVED_OUT) {
    g_hash_table_remove (self->coming, path);
    g_hash_table_remove (self->monitors, path);
  } else if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    if (self->recursive)
      take_folder (self, path);
  } else if (moved || event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT || g_hash_table_contains (self->coming, path)) {
    expect (self, path, moved ? 0 : LIMN_BATCH_REST_MS);
  }
}

static void
free_monitor (gpointer monitor)
{
  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

static gboolean
watch_folders (LimnBatchWatch *self, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) folders = limn_batch_find_folders (folder, self->recursive);

  for (guint i = 0; i < folders->len; i++) {
    g_autoptr (GFile) file = g_file_new_for_path (folders->pdata[i]);
    GFileMonitor *monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, error);

    if (!monitor)
      return FALSE;
    g_signal_connect (monitor, "changed", G_CALLBACK (see), self);
    g_hash_table_insert (self->monitors, g_strdup (folders->pdata[i]), monitor);
  }
  return TRUE;
}

LimnBatchWatch *
limn_batch_watch_new (const char *folder, gboolean recursive, LimnBatchArrived arrived, gpointer user, GError **error)
{
  g_autoptr (LimnBatchWatch) self = g_new0 (LimnBatchWatch, 1);

  self->root = g_canonicalize_filename (folder, NULL);
  self->recursive = recursive;
  self->arrived = arrived;
  self->user = user;
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_monitor);
  self->coming = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_coming);
  return watch_folders (self, self->root, error) ? g_steal_pointer (&self) : NULL;
}

void
limn_batch_watch_free (LimnBatchWatch *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->monitors);
  g_hash_table_unref (self->coming);
  g_free (self->root);
  g_free (self);
}
