/* The file that undo steps spill to. It has no name, so it is gone with the process, however that ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-history-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/base/limn-thread.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _LimnSpill {
  guint refs;
  char *folder;
  int fd;
  goffset end;
  guint64 used;
  GHashTable *free_slots; /* size -> GArray of goffset */
};

LimnSpill *
limn_spill_new (const char *folder)
{
  LimnSpill *self = g_new0 (LimnSpill, 1);
  self->refs = 1;
  self->folder = folder ? g_strdup (folder) : g_build_filename (g_get_user_cache_dir (), "limn", NULL);
  self->fd = -1;
  self->free_slots = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  return self;
}

static LimnSpill *
spill_ref (LimnSpill *self)
{
  self->refs++;
  return self;
}

void
limn_spill_unref (LimnSpill *self)
{
  if (--self->refs > 0)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_unref (self->free_slots);
  g_free (self->folder);
  g_free (self);
}

const char *
limn_spill_get_folder (LimnSpill *self)
{
  return self->folder;
}

int
limn_spill_open (const char *folder)
{
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (fd < 0) { /* a file system that can't: the name goes at once */
    g_autofree char *path = g_build_filename (folder, "undo-XXXXXX", NULL);
    fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
      g_unlink (path);
  }
  return fd;
}

static gboolean
make_file (LimnSpill *self)
{
  if (self->fd < 0)
    self->fd = limn_spill_open (self->folder);
  return self->fd >= 0;
}

static goffset
spill_take_slot (LimnSpill *self, gsize size)
{
  GArray *slots = g_hash_table_lookup (self->free_slots, GSIZE_TO_POINTER (size));
  goffset at = slots && slots->len ? g_array_index (slots, goffset, slots->len - 1) : self->end;
  if (at == self->end)
    self->end += (goffset) size;
  else
    g_array_set_size (slots, slots->len - 1);
  self->used += size;
  return at;
}

/* Any thread. */
static gboolean
spill_read (LimnSpill *self, goffset slot, guint8 *bytes, gsize size, GError **error)
{
  int failed = limn_block_read (self->fd, bytes, size, slot);
  if (failed)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                 _("An undo step that was moved to disk can't be read back (%s). Save your work under another name."),
                 failed == ENODATA ? _("the file is too short") : g_strerror (failed));
  return !failed;
}

static void
spill_free_slot (LimnSpill *self, goffset slot, gsize size)
{
  GArray *slots = g_hash_table_lookup (self->free_slots, GSIZE_TO_POINTER (size));
  if (!slots) {
    slots = g_array_new (FALSE, FALSE, sizeof (goffset));
    g_hash_table_insert (self->free_slots, GSIZE_TO_POINTER (size), slots);
  }
  g_array_append_val (slots, slot);
  self->used -= size;
}

guint64
limn_spill_get_used (LimnSpill *self)
{
  return self->used;
}

LimnHeld *
limn_held_new (LimnTile *tile, gsize size)
{
  LimnHeld *self = g_new0 (LimnHeld, 1);
  self->refs = 1;
  self->size = size;
  self->tile = limn_tile_ref (tile);
  return self;
}

LimnHeld *
limn_held_ref (LimnHeld *self)
{
  self->refs++;
  return self;
}

void
limn_held_unref (LimnHeld *self)
{
  if (--self->refs > 0)
    return;
  g_clear_pointer (&self->tile, limn_tile_unref);
  if (self->spill) {
    spill_free_slot (self->spill, self->slot, self->size);
    limn_spill_unref (self->spill);
  }
  g_free (self);
}

/* -- On the way to the file -- */

typedef struct {
  LimnSpill *spill;
  GPtrArray *held; /* of LimnHeld, a reference of its own to each */
  guint n_written;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;
  g_ptr_array_unref (self->held);
  limn_spill_unref (self->spill);
  g_free (self);
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *self = data;
  limn_thread_set_background ();
  for (; self->n_written < self->held->len; self->n_written++) {
    LimnHeld *held = self->held->pdata[self->n_written];
    if (limn_block_write (self->spill->fd, limn_tile_get_pixels (held->tile), held->size, held->slot))
      break;
  }
  g_task_return_boolean (task, self->n_written == self->held->len);
}

gboolean
limn_held_claim (LimnHeld *self, LimnSpill *spill)
{
  if (!make_file (spill))
    return FALSE;
  self->claimed = TRUE;
  self->slot = spill_take_slot (spill, self->size);
  return TRUE;
}

void
limn_spill_write_async (LimnSpill *self, GPtrArray *held, GAsyncReadyCallback ready, gpointer user)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, ready, user);
  Job *job = g_new0 (Job, 1);
  job->spill = spill_ref (self);
  job->held = held;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_job);
}

static void
run_drop (GTask *task, gpointer source, gpointer tiles, GCancellable *cancellable)
{
  g_ptr_array_set_size (tiles, 0);
}

gboolean
limn_spill_write_finish (GAsyncResult *result)
{
  Job *self = g_task_get_task_data (G_TASK (result));
  GPtrArray *written = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_tile_unref); /* to be freed there, which takes its time */
  for (guint i = 0; i < self->held->len; i++) {
    LimnHeld *held = self->held->pdata[i];
    held->claimed = FALSE;
    if (i < self->n_written) {
      held->spill = spill_ref (self->spill);
      g_ptr_array_add (written, g_steal_pointer (&held->tile));
    } else {
      spill_free_slot (self->spill, held->slot, held->size);
    }
  }
  g_autoptr (GTask) drop = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (drop, written, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (drop, run_drop);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/* -- And back -- */

LimnTile *
limn_held_read (LimnHeld *self, GError **error)
{
  LimnTile *tile = limn_tile_new (NULL, self->size);
  if (!spill_read (self->spill, self->slot, (guint8 *) limn_tile_get_pixels (tile), self->size, error)) /* nobody else holds it yet */
    g_clear_pointer (&tile, limn_tile_unref);
  return tile;
}

void
limn_held_take (LimnHeld *self, LimnTile *tile)
{
  self->tile = tile;
  spill_free_slot (self->spill, self->slot, self->size);
  g_clear_pointer (&self->spill, limn_spill_unref);
}
