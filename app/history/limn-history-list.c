/* The list of steps, how many of them are done, and the memory budget.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-history-private.h"

struct _LimnHistory {
  GObject parent_instance;
  GPtrArray *steps;
  guint position; /* how many are done */
  gsize budget, memory;
  LimnSpill *spill;
};

enum { PROP_POSITION = 1, PROP_MEMORY, N_PROPS };
static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return LIMN_TYPE_HISTORY_STEP;
}

static guint
get_n_items (GListModel *model)
{
  return LIMN_HISTORY (model)->steps->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  LimnHistory *self = LIMN_HISTORY (model);
  return position < self->steps->len ? g_object_ref (self->steps->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnHistory, limn_history, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
limn_history_finalize (GObject *object)
{
  LimnHistory *self = LIMN_HISTORY (object);
  g_ptr_array_unref (self->steps);
  limn_spill_unref (self->spill);
  G_OBJECT_CLASS (limn_history_parent_class)->finalize (object);
}

static void
limn_history_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnHistory *self = LIMN_HISTORY (object);
  switch (id) {
  case PROP_POSITION: g_value_set_uint (value, self->position); break;
  case PROP_MEMORY: g_value_set_uint64 (value, self->memory); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_history_class_init (LimnHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->finalize = limn_history_finalize;
  object_class->get_property = limn_history_get_property;
  properties[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MEMORY] = g_param_spec_uint64 ("memory", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_history_init (LimnHistory *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
}

LimnHistory *
limn_history_new (gsize budget, const char *folder)
{
  LimnHistory *self = g_object_new (LIMN_TYPE_HISTORY, NULL);
  self->budget = budget;
  self->spill = limn_spill_new (folder);
  return self;
}

static void
update_memory (LimnHistory *self)
{
  gsize before = self->memory;
  self->memory = 0;
  for (guint i = 0; i < self->steps->len; i++)
    self->memory += limn_history_step_get_memory (self->steps->pdata[i]);
  if (self->memory != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY]);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autofree GWeakRef *weak = user;
  g_autoptr (LimnHistory) self = g_weak_ref_get (weak);
  g_weak_ref_clear (weak);
  limn_spill_write_finish (result);
  for (guint i = 0; self && i < self->steps->len; i++)
    if (limn_history_step_get_claimed (self->steps->pdata[i]))
      limn_history_step_recount (self->steps->pdata[i]);
  if (self)
    update_memory (self);
}

static gsize
get_unclaimed (LimnHistoryStep *step)
{
  return limn_history_step_get_memory (step) - limn_history_step_get_claimed (step);
}

/* Spills what the oldest steps hold to files until the rest is within the budget: pictures first, then tiles, all on other threads. A
 * disk that can't be written costs memory, not steps: what isn't written by then is tried again after the next step. */
static void
keep_budget (LimnHistory *self)
{
  GPtrArray *held = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_held_unref);
  gsize sum = 0;
  gboolean ok = TRUE;
  for (guint i = 0; i < self->steps->len; i++)
    sum += get_unclaimed (self->steps->pdata[i]);
  for (guint i = 0, n = self->steps->len; i < 2 * n && sum > self->budget && ok; i++) {
    LimnHistoryStep *step = self->steps->pdata[i % n];
    gsize before = get_unclaimed (step);
    if (before == 0)
      continue;
    if (i < n)
      limn_history_step_spill_states (step, self->spill);
    else
      ok = limn_history_step_spill_tiles (step, self->spill, held);
    sum -= MIN (sum, before - MIN (before, get_unclaimed (step)));
  }
  if (held->len) {
    GWeakRef *weak = g_new0 (GWeakRef, 1);
    g_weak_ref_init (weak, self);
    limn_spill_write_async (self->spill, held, on_written, weak);
  } else {
    g_ptr_array_unref (held);
  }
  update_memory (self);
}

void
limn_history_set_budget (LimnHistory *self, gsize budget)
{
  self->budget = budget;
  keep_budget (self);
}

guint
limn_history_get_position (LimnHistory *self)
{
  return self->position;
}

gsize
limn_history_get_memory (LimnHistory *self)
{
  return self->memory;
}

guint64
limn_history_get_spilled (LimnHistory *self)
{
  return limn_spill_get_used (self->spill);
}

LimnHistoryStep *
limn_history_peek_undo (LimnHistory *self)
{
  return self->position > 0 ? self->steps->pdata[self->position - 1] : NULL;
}

LimnHistoryStep *
limn_history_peek_redo (LimnHistory *self)
{
  return self->position < self->steps->len ? self->steps->pdata[self->position] : NULL;
}

void
limn_history_push (LimnHistory *self, LimnHistoryStep *step)
{
  guint dropped = self->steps->len - self->position;
  if (dropped)
    g_ptr_array_remove_range (self->steps, self->position, dropped);
  g_ptr_array_add (self->steps, step);
  self->position++;
  keep_budget (self);
  g_list_model_items_changed (G_LIST_MODEL (self), self->position - 1, dropped, 1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static gboolean
swap_next_step (LimnHistory *self, gboolean undo, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed, GError **error)
{
  LimnHistoryStep *step = undo ? limn_history_peek_undo (self) : limn_history_peek_redo (self);
  if (!step || !limn_history_step_swap (step, undo, rasters, user, changed, error))
    return FALSE;
  self->position = undo ? self->position - 1 : self->position + 1;
  limn_history_step_set_done (step, !undo);
  keep_budget (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
  return TRUE;
}

gboolean
limn_history_undo (LimnHistory *self, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed, GError **error)
{
  return swap_next_step (self, TRUE, rasters, user, changed, error);
}

gboolean
limn_history_redo (LimnHistory *self, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed, GError **error)
{
  return swap_next_step (self, FALSE, rasters, user, changed, error);
}
