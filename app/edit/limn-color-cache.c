/* The colours that colorize found in photos.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-color-cache.h"

struct _LimnColorCache {
  GMutex lock;
  GQueue entries; /* of Entry, the newest first */
};

typedef struct {
  GWeakRef photo, paint;
  gboolean has_paint;
  LimnSampling sampling;
  LimnColors *colors;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  limn_colors_free (self->colors);
  g_weak_ref_clear (&self->photo);
  g_weak_ref_clear (&self->paint);
  g_free (self);
}

LimnColorCache *
limn_color_cache_new (void)
{
  LimnColorCache *self = g_new0 (LimnColorCache, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->entries);
  return self;
}

void
limn_color_cache_free (LimnColorCache *self)
{
  g_queue_clear_full (&self->entries, entry_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Removes the entry for the photo and quality of key, and those whose photo is gone. Transfer full, or NULL. */
static Entry *
steal_entry (LimnColorCache *self, const LimnColorKey *key)
{
  Entry *found = NULL;

  for (GList *l = self->entries.head, *next; l; l = next) {
    Entry *entry = l->data;
    g_autoptr (GObject) photo = g_weak_ref_get (&entry->photo);

    next = l->next;
    if (photo == (gpointer) key->photo && entry->sampling.quick == key->sampling.quick)
      found = entry;
    else if (photo)
      continue;
    else
      entry_free (entry);
    g_queue_delete_link (&self->entries, l);
  }
  return found;
}

static gboolean
entry_matches (Entry *self, const LimnColorKey *key)
{
  g_autoptr (GObject) paint = g_weak_ref_get (&self->paint);
  const LimnSampling *a = &self->sampling, *b = &key->sampling;

  return paint == (gpointer) key->paint && self->has_paint == (key->paint != NULL) && a->seed == b->seed && a->seed_b == b->seed_b &&
         a->mix == b->mix && a->steps == b->steps;
}

LimnColors *
limn_color_cache_take (LimnColorCache *self, const LimnColorKey *key)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Entry *entry = steal_entry (self, key);
  LimnColors *colors = entry && entry_matches (entry, key) ? g_steal_pointer (&entry->colors) : NULL;

  if (entry)
    entry_free (entry);
  return colors;
}

void
limn_color_cache_put (LimnColorCache *self, const LimnColorKey *key, LimnColors *colors)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Entry *entry = g_new0 (Entry, 1), *old = steal_entry (self, key);

  if (old)
    entry_free (old);
  g_weak_ref_init (&entry->photo, key->photo);
  g_weak_ref_init (&entry->paint, key->paint);
  entry->has_paint = key->paint != NULL;
  entry->sampling = key->sampling;
  entry->colors = colors;
  g_queue_push_head (&self->entries, entry);
  if (g_queue_get_length (&self->entries) > LIMN_COLOR_CACHE_SIZE)
    entry_free (g_queue_pop_tail (&self->entries));
}
