/* Tiles of rasters on disk. A tile never changes while somebody holds it, so a held pointer says what is in its slot.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

typedef struct {
  guint32 slot;
  gboolean kept; /* the manifest on disk refers to it */
  gboolean used; /* the write in progress refers to it */
} Entry;

struct _LimnTileStore {
  char *path;
  int fd;
  gsize tile_size;
  guint32 n_slots;
  GHashTable *entries; /* LimnTile -> Entry */
  GArray *free_slots;  /* of guint32, the lowest last */
  gboolean dirty;
};

char *
limn_tile_store_path (const char *folder, int channels)
{
  g_autofree char *name = g_strdup_printf ("tiles-%d", channels);
  return g_build_filename (folder, name, NULL);
}

LimnTileStore *
limn_tile_store_new (const char *folder, int channels)
{
  LimnTileStore *self = g_new0 (LimnTileStore, 1);
  self->path = limn_tile_store_path (folder, channels);
  self->fd = -1;
  self->tile_size = (gsize) LIMN_TILE_SIZE * LIMN_TILE_SIZE * channels;
  self->entries = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) limn_tile_unref, g_free);
  self->free_slots = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
limn_tile_store_free (LimnTileStore *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_hash_table_unref (self->entries);
  g_array_unref (self->free_slots);
  g_free (self);
}

static Entry *
write_tile (LimnTileStore *self, LimnBlobWriter *writer, LimnTile *tile, GError **error)
{
  guint32 slot = self->free_slots->len ? g_array_index (self->free_slots, guint32, self->free_slots->len - 1) : self->n_slots;
  if (self->fd < 0 && (self->fd = TEMP_FAILURE_RETRY (open (self->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600))) < 0) {
    limn_autosave_fail (errno, error);
    return NULL;
  }
  if (!limn_autosave_pwrite (writer, self->fd, limn_tile_get_pixels (tile), self->tile_size, (goffset) (slot * self->tile_size), error))
    return NULL;
  if (slot == self->n_slots)
    self->n_slots++;
  else
    g_array_set_size (self->free_slots, self->free_slots->len - 1);
  self->dirty = TRUE;
  Entry *entry = g_new0 (Entry, 1);
  entry->slot = slot;
  g_hash_table_insert (self->entries, limn_tile_ref (tile), entry);
  return entry;
}

GArray *
limn_tile_store_put (LimnTileStore *self, LimnBlobWriter *writer, LimnRaster *raster, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, 3 * sizeof (guint32));
  for (guint32 i = 0; i < limn_raster_get_n_tiles (raster); i++) {
    LimnTile *tile = limn_raster_peek_tile (raster, i);
    if (!tile)
      continue;
    Entry *entry = g_hash_table_lookup (self->entries, tile);
    if (!entry && !(entry = write_tile (self, writer, tile, error)))
      return NULL;
    entry->used = TRUE;
    guint32 *last = runs->len ? (guint32 *) (gpointer) runs->data + 3 * (gsize) (runs->len - 1) : NULL;
    if (last && last[0] + last[2] == i && last[1] + last[2] == entry->slot)
      last[2]++;
    else {
      const guint32 run[] = { i, entry->slot, 1 };
      g_array_append_vals (runs, run, 1);
    }
  }
  return g_steal_pointer (&runs);
}

gboolean
limn_tile_store_sync (LimnTileStore *self, GError **error)
{
  if (self->dirty && TEMP_FAILURE_RETRY (fdatasync (self->fd)) != 0)
    return limn_autosave_fail (errno, error);
  self->dirty = FALSE;
  return TRUE;
}

static int
higher_first (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  return x < y ? 1 : x > y ? -1 : 0;
}

void
limn_tile_store_end (LimnTileStore *self, gboolean done)
{
  GHashTableIter iter;
  gpointer value;
  guint before = self->free_slots->len;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Entry *entry = value;
    if (done)
      entry->kept = entry->used;
    if (!entry->kept && !entry->used) { /* what a write that failed has put is likely wanted by the next one */
      g_array_append_val (self->free_slots, entry->slot);
      g_hash_table_iter_remove (&iter);
    } else
      entry->used = FALSE;
  }
  if (self->free_slots->len != before)
    g_array_sort (self->free_slots, higher_first);
}
