/* One picture of a batch. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-item.h"

struct _LimnBatchItem {
  GObject parent;
  char *path, *out, *mask;
  LimnBatchState state;
  GError *error;
  double seconds;
  LimnDamageFound found;
  gboolean has_found;
};

G_DEFINE_FINAL_TYPE (LimnBatchItem, limn_batch_item, G_TYPE_OBJECT)

enum { PROP_0, PROP_STATE, PROP_MESSAGE, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
limn_batch_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LimnBatchItem *self = LIMN_BATCH_ITEM (object);

  switch (id) {
  case PROP_STATE: g_value_set_int (value, (int) self->state); break;
  case PROP_MESSAGE: g_value_set_string (value, self->error ? self->error->message : NULL); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
limn_batch_item_finalize (GObject *object)
{
  LimnBatchItem *self = LIMN_BATCH_ITEM (object);

  g_free (self->path);
  g_free (self->out);
  g_free (self->mask);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (limn_batch_item_parent_class)->finalize (object);
}

static void
limn_batch_item_class_init (LimnBatchItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = limn_batch_item_get_property;
  object_class->finalize = limn_batch_item_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, LIMN_BATCH_WAITING, LIMN_BATCH_EXPECTING, LIMN_BATCH_WAITING, flags);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
limn_batch_item_init (LimnBatchItem *self)
{
  (void) self;
}

LimnBatchItem *
limn_batch_item_new (const char *path, const char *out, const char *mask)
{
  LimnBatchItem *self = g_object_new (LIMN_TYPE_BATCH_ITEM, NULL);

  self->path = g_strdup (path);
  self->out = g_strdup (out);
  self->mask = g_strdup (mask);
  return self;
}

const char *
limn_batch_item_get_path (LimnBatchItem *self)
{
  return self->path;
}

const char *
limn_batch_item_get_out (LimnBatchItem *self)
{
  return self->out;
}

const char *
limn_batch_item_get_mask (LimnBatchItem *self)
{
  return self->mask;
}

LimnBatchState
limn_batch_item_get_state (LimnBatchItem *self)
{
  return self->state;
}

const GError *
limn_batch_item_get_error (LimnBatchItem *self)
{
  return self->error;
}

double
limn_batch_item_get_seconds (LimnBatchItem *self)
{
  return self->seconds;
}

const LimnDamageFound *
limn_batch_item_get_found (LimnBatchItem *self)
{
  return self->has_found && self->state == LIMN_BATCH_DONE ? &self->found : NULL;
}

void
limn_batch_item_set_found (LimnBatchItem *self, const LimnDamageFound *found)
{
  self->found = *found;
  self->found.mask = (LimnPlane){ 0 };
  self->has_found = TRUE;
}

void
limn_batch_item_set_state (LimnBatchItem *self, LimnBatchState state, double seconds, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  self->state = state;
  self->seconds = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
}
