/* Undo steps: tiles and states that are swapped with the document's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-history-private.h"

#include "app/base/limn-parallel.h"

typedef struct {
  int plane;
  guint index;
  LimnHeld *held; /* NULL: an empty tile */
} TileEntry;

typedef struct {
  gpointer state;
  const LimnHistoryStateClass *klass;
} StateEntry;

struct _LimnHistoryStep {
  GObject parent_instance;
  char *name;
  gboolean done;
  GArray *tiles;  /* of TileEntry; neighbours that hold the same tile share one LimnHeld */
  GArray *states; /* of StateEntry */
  gsize tile_memory, claimed;
};

G_DEFINE_FINAL_TYPE (LimnHistoryStep, limn_history_step, G_TYPE_OBJECT)

enum { STEP_NAME = 1, STEP_DONE, STEP_N };
static GParamSpec *step_properties[STEP_N];

static void
clear_tile (gpointer data)
{
  g_clear_pointer (&((TileEntry *) data)->held, limn_held_unref);
}

static void
clear_state (gpointer data)
{
  StateEntry *entry = data;
  entry->klass->destroy (entry->state);
}

static void
limn_history_step_finalize (GObject *object)
{
  LimnHistoryStep *self = LIMN_HISTORY_STEP (object);
  g_free (self->name);
  g_array_unref (self->tiles);
  g_array_unref (self->states);
  G_OBJECT_CLASS (limn_history_step_parent_class)->finalize (object);
}

static void
limn_history_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnHistoryStep *self = LIMN_HISTORY_STEP (object);
  switch (id) {
  case STEP_NAME: g_value_set_string (value, self->name); break;
  case STEP_DONE: g_value_set_boolean (value, self->done); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_history_step_class_init (LimnHistoryStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->finalize = limn_history_step_finalize;
  object_class->get_property = limn_history_step_get_property;
  step_properties[STEP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  step_properties[STEP_DONE] = g_param_spec_boolean ("done", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, STEP_N, step_properties);
}

static void
limn_history_step_init (LimnHistoryStep *self)
{
  self->done = TRUE;
  self->tiles = g_array_new (FALSE, FALSE, sizeof (TileEntry));
  g_array_set_clear_func (self->tiles, clear_tile);
  self->states = g_array_new (FALSE, FALSE, sizeof (StateEntry));
  g_array_set_clear_func (self->states, clear_state);
}

LimnHistoryStep *
limn_history_step_new (const char *name)
{
  LimnHistoryStep *self = g_object_new (LIMN_TYPE_HISTORY_STEP, NULL);
  self->name = g_strdup (name);
  return self;
}

const char *
limn_history_step_get_name (LimnHistoryStep *self)
{
  return self->name;
}

gboolean
limn_history_step_get_done (LimnHistoryStep *self)
{
  return self->done;
}

gboolean
limn_history_step_is_empty (LimnHistoryStep *self)
{
  return self->tiles->len == 0 && self->states->len == 0;
}

void
limn_history_step_set_done (LimnHistoryStep *self, gboolean done)
{
  if (self->done == done)
    return;
  self->done = done;
  g_object_notify_by_pspec (G_OBJECT (self), step_properties[STEP_DONE]);
}

/* The entry before index holds tile too: one LimnHeld for both. */
static LimnHeld *
hold_tile (GArray *entries, guint index, LimnTile *tile, gsize size)
{
  if (!tile)
    return NULL;
  LimnHeld *last = index > 0 ? g_array_index (entries, TileEntry, index - 1).held : NULL;
  return last && last->tile == tile ? limn_held_ref (last) : limn_held_new (tile, size);
}

void
limn_history_step_recount (LimnHistoryStep *self)
{
  LimnHeld *last = NULL;
  self->tile_memory = self->claimed = 0;
  for (guint i = 0; i < self->tiles->len; i++) {
    LimnHeld *held = g_array_index (self->tiles, TileEntry, i).held;
    if (held && held != last && held->tile)
      self->tile_memory += held->size;
    if (held && held != last && held->claimed)
      self->claimed += held->size;
    last = held;
  }
}

void
limn_history_step_add_tiles (LimnHistoryStep *self, int plane, LimnRaster *before, LimnRaster *after)
{
  g_return_if_fail (limn_raster_get_n_tiles (before) == limn_raster_get_n_tiles (after));
  gsize size = limn_raster_get_tile_size (before);
  for (guint i = 0; i < limn_raster_get_n_tiles (before); i++) {
    LimnTile *was = limn_raster_peek_tile (before, i), *is = limn_raster_peek_tile (after, i);
    if (was == is || (was && is && memcmp (limn_tile_get_pixels (was), limn_tile_get_pixels (is), size) == 0))
      continue;
    TileEntry entry = { plane, i, hold_tile (self->tiles, self->tiles->len, was, size) };
    g_array_append_val (self->tiles, entry);
  }
  limn_history_step_recount (self);
}

void
limn_history_step_add_state (LimnHistoryStep *self, gpointer state, const LimnHistoryStateClass *klass)
{
  StateEntry entry = { state, klass };
  g_array_append_val (self->states, entry);
}

gsize
limn_history_step_get_memory (LimnHistoryStep *self)
{
  gsize sum = self->tile_memory;
  for (guint i = 0; i < self->states->len; i++) {
    const StateEntry *entry = &g_array_index (self->states, StateEntry, i);
    if (entry->klass->measure)
      sum += entry->klass->measure (entry->state);
  }
  return sum;
}

gsize
limn_history_step_get_claimed (LimnHistoryStep *self)
{
  return self->claimed;
}

void
limn_history_step_spill_states (LimnHistoryStep *self, LimnSpill *spill)
{
  for (guint i = 0; i < self->states->len; i++) {
    const StateEntry *entry = &g_array_index (self->states, StateEntry, i);
    if (entry->klass->spill)
      entry->klass->spill (entry->state, limn_spill_get_folder (spill));
  }
}

gboolean
limn_history_step_spill_tiles (LimnHistoryStep *self, LimnSpill *spill, GPtrArray *all)
{
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < self->tiles->len; i++) {
    LimnHeld *held = g_array_index (self->tiles, TileEntry, i).held;
    if (!held || !held->tile || held->claimed)
      continue;
    ok = limn_held_claim (held, spill);
    if (ok)
      g_ptr_array_add (all, limn_held_ref (held));
  }
  limn_history_step_recount (self);
  return ok;
}

typedef struct {
  GPtrArray *held; /* of LimnHeld, borrowed */
  LimnTile **tiles;
} Load;

static void
load_one (gsize index, gpointer data)
{
  Load *self = data;
  self->tiles[index] = limn_held_read (self->held->pdata[index], NULL);
}

/* All tiles into memory, as many at a time as there are processors. */
static gboolean
load_tiles (LimnHistoryStep *self, GError **error)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new ();
  gboolean ok = TRUE;
  for (guint i = 0; i < self->tiles->len; i++) {
    LimnHeld *one = g_array_index (self->tiles, TileEntry, i).held;
    if (one && !one->tile && (held->len == 0 || held->pdata[held->len - 1] != one))
      g_ptr_array_add (held, one);
  }
  g_autofree LimnTile **tiles = g_new0 (LimnTile *, held->len);
  Load all = { held, tiles };
  limn_parallel_for (held->len, load_one, &all);
  for (guint i = 0; i < held->len; i++)
    if (tiles[i] || (ok && (tiles[i] = limn_held_read (held->pdata[i], error)))) /* again, for its error */
      limn_held_take (held->pdata[i], tiles[i]);
    else
      ok = FALSE;
  return ok;
}

static gboolean
swap_states (LimnHistoryStep *self, gboolean undo, gpointer user, GError **error)
{
  guint n = self->states->len;
  for (guint i = 0; i < n; i++) {
    StateEntry *entry = &g_array_index (self->states, StateEntry, undo ? n - 1 - i : i);
    if (entry->klass->swap (entry->state, user, error))
      continue;
    while (i-- > 0) { /* those that were swapped go back, the last one first */
      entry = &g_array_index (self->states, StateEntry, undo ? n - 1 - i : i);
      entry->klass->swap (entry->state, user, NULL);
    }
    return FALSE;
  }
  return TRUE;
}

gboolean
limn_history_step_swap (LimnHistoryStep *self, gboolean undo, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed,
                        GError **error)
{
  if (!load_tiles (self, error) || !swap_states (self, undo, user, error)) { /* all that can fail comes first */
    limn_history_step_recount (self);
    return FALSE;
  }
  for (guint i = 0; i < self->tiles->len; i++) {
    TileEntry *entry = &g_array_index (self->tiles, TileEntry, i);
    LimnRaster *raster = rasters[entry->plane];
    LimnTile *mine = entry->held ? limn_tile_ref (entry->held->tile) : NULL;
    LimnTile *theirs = limn_raster_peek_tile (raster, entry->index);
    g_clear_pointer (&entry->held, limn_held_unref);
    entry->held = hold_tile (self->tiles, i, theirs, limn_raster_get_tile_size (raster));
    limn_raster_set_tile (raster, entry->index, mine);
    if (changed) {
      LimnRect rect = limn_raster_get_tile_rect (raster, entry->index);
      changed (entry->plane, &rect, user);
    }
  }
  limn_history_step_recount (self);
  return TRUE;
}
