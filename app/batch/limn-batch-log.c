/* What a folder of results remembers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-log.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER ".limn-batch"
enum { MAX_LOGS = 1000 };

struct _LimnBatchLog {
  char *folder;
  int fd;
  GMutex lock;      /* of all below */
  GHashTable *done; /* name of a result -> the last line about it, cJSON; of one that was only begun, one without "recipe" */
};

static void
delete_json (gpointer json)
{
  cJSON_Delete (json);
}

/* -- Reading -- */

static const char *
text_of (const cJSON *json, const char *key)
{
  return cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (json, key));
}

static gint64
number_of (const cJSON *json, const char *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (json, key);

  return cJSON_IsNumber (item) ? (gint64) item->valuedouble : -1;
}

/* A line that tells more than another one stays. */
static void
remember (LimnBatchLog *self, cJSON *json)
{
  const char *out = text_of (json, "out");

  if (out && (text_of (json, "recipe") || !g_hash_table_contains (self->done, out)))
    g_hash_table_insert (self->done, g_strdup (out), json);
  else
    cJSON_Delete (json);
}

static void
read_log (LimnBatchLog *self, const char *path)
{
  g_autofree char *text = NULL;
  char *rest, *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  for (line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest))
    remember (self, cJSON_Parse (line));
}

/* -- Opening -- */

/* Reads the log at path, and takes it if nobody has one. */
static gboolean
take_log (LimnBatchLog *self, const char *path)
{
  const int fd = g_open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  char last = '\n';
  off_t size;

  if (fd < 0)
    return FALSE;
  read_log (self, path);
  if (self->fd >= 0 || flock (fd, LOCK_EX | LOCK_NB) != 0) {
    close (fd);
    return FALSE;
  }
  size = lseek (fd, 0, SEEK_END);
  if (size > 0 && pread (fd, &last, 1, size - 1) == 1 && last != '\n' && write (fd, "\n", 1) != 1)
    errno = 0; /* the next line is lost with the half one */
  self->fd = fd;
  return TRUE;
}

/* Whether another program holds one of the first n logs. */
static gboolean
others_work (const char *folder, guint n, guint own)
{
  gboolean found = FALSE;

  for (guint i = 0; i < n && !found; i++) {
    g_autofree char *path = g_strdup_printf ("%s/log-%u.jsonl", folder, i + 1);
    const int fd = i == own ? -1 : g_open (path, O_RDONLY | O_CLOEXEC, 0);

    found = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0;
    if (fd >= 0)
      close (fd);
  }
  return found;
}

/* What limn_file_replace leaves when it is killed. */
static void
sweep (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    if (strlen (name) == strlen (".limn-XXXXXX") && g_str_has_prefix (name, ".limn-") && !g_str_equal (name, FOLDER)) {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
}

LimnBatchLog *
limn_batch_log_open (const char *folder, GError **error)
{
  g_autoptr (LimnBatchLog) self = g_new0 (LimnBatchLog, 1);
  g_autofree char *logs = g_build_filename (folder, FOLDER, NULL);
  guint own = 0, n = 0;

  self->folder = g_strdup (folder);
  self->fd = -1;
  self->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, delete_json);
  g_mutex_init (&self->lock);
  if (g_mkdir (logs, 0777) != 0 && errno != EEXIST) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), logs);
    return NULL;
  }
  for (; n < MAX_LOGS; n++) {
    g_autofree char *path = g_strdup_printf ("%s/log-%u.jsonl", logs, n + 1);

    if (self->fd >= 0 && !g_file_test (path, G_FILE_TEST_EXISTS))
      break;
    if (take_log (self, path))
      own = n;
  }
  if (self->fd < 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be written"), logs);
    return NULL;
  }
  if (!others_work (logs, n, own))
    sweep (folder);
  return g_steal_pointer (&self);
}

void
limn_batch_log_free (LimnBatchLog *self)
{
  if (!self)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_unref (self->done);
  g_mutex_clear (&self->lock);
  g_free (self->folder);
  g_free (self);
}

/* -- Asking -- */

char *
limn_batch_hash_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = limn_file_read (path, cancellable, error);

  return bytes ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

gboolean
limn_batch_log_knows (LimnBatchLog *self, const char *out)
{
  gboolean known;

  g_mutex_lock (&self->lock);
  known = g_hash_table_contains (self->done, out);
  g_mutex_unlock (&self->lock);
  return known;
}

/* Whether json was written about this photo, which may have been touched or moved since. */
static gboolean
is_same_photo (const cJSON *json, const LimnBatchEntry *entry)
{
  g_autofree char *content = NULL;

  if (number_of (json, "size") != entry->size)
    return FALSE;
  if (number_of (json, "modified") == entry->modified && g_strcmp0 (text_of (json, "path"), entry->path) == 0)
    return TRUE;
  content = entry->content ? g_strdup (entry->content) : limn_batch_hash_file (entry->path, NULL, NULL);
  return content && g_strcmp0 (text_of (json, "content"), content) == 0;
}

gboolean
limn_batch_log_is_done (LimnBatchLog *self, const LimnBatchEntry *entry)
{
  g_autofree char *path = g_build_filename (self->folder, entry->out, NULL);
  const cJSON *json;
  struct stat info;
  gboolean done;

  g_mutex_lock (&self->lock);
  json = g_hash_table_lookup (self->done, entry->out);
  done = json && g_strcmp0 (text_of (json, "recipe"), entry->recipe) == 0 && stat (path, &info) == 0 &&
         number_of (json, "written") == (gint64) info.st_size && is_same_photo (json, entry);
  g_mutex_unlock (&self->lock);
  return done;
}

/* -- Writing -- */

/* Appends one line, in one piece; takes json. */
static gboolean
append (LimnBatchLog *self, cJSON *json, GError **error)
{
  char *text = cJSON_PrintUnformatted (json);
  g_autofree char *line = g_strconcat (text ? text : "", "\n", NULL);
  gboolean done;

  cJSON_free (text);
  g_mutex_lock (&self->lock);
  remember (self, json);
  done = write (self->fd, line, strlen (line)) == (gssize) strlen (line);
  g_mutex_unlock (&self->lock);
  if (!done)
    limn_set_error_from_errno (error, errno, _("%s can't be written"), FOLDER);
  return done;
}

gboolean
limn_batch_log_begin (LimnBatchLog *self, const char *out, GError **error)
{
  cJSON *json = cJSON_CreateObject ();

  cJSON_AddStringToObject (json, "out", out);
  cJSON_AddTrueToObject (json, "begun");
  return append (self, json, error);
}

gboolean
limn_batch_log_end (LimnBatchLog *self, const LimnBatchEntry *entry, GError **error)
{
  cJSON *json = cJSON_CreateObject ();

  cJSON_AddStringToObject (json, "out", entry->out);
  cJSON_AddStringToObject (json, "path", entry->path);
  cJSON_AddNumberToObject (json, "size", (double) entry->size);
  cJSON_AddNumberToObject (json, "modified", (double) entry->modified);
  cJSON_AddStringToObject (json, "content", entry->content);
  cJSON_AddStringToObject (json, "recipe", entry->recipe);
  cJSON_AddNumberToObject (json, "written", (double) entry->written);
  return append (self, json, error);
}
