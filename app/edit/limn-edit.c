/* An edit as data. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit.h"

LimnEdit *
limn_edit_new (LimnTask task)
{
  LimnEdit *self = g_new0 (LimnEdit, 1);
  const LimnParameter *parameters;

  self->task = task;
  self->set.steps = 1;
  parameters = limn_edit_get_kind (self)->parameters;
  for (int i = 0; parameters[i].name; i++)
    self->set.values[i] = parameters[i].initial;
  return self;
}

LimnEdit *
limn_edit_copy (const LimnEdit *self)
{
  LimnEdit *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  LimnSource *const sources[] = { copy->from.photo, copy->from.mask,    copy->from.paint, copy->from.materials,
                                  copy->from.lines, copy->from.sources, copy->from.marks };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i])
      limn_source_ref (sources[i]);
  limn_surface_list_ref (copy->from.surfaces);
  return copy;
}

void
limn_edit_free (LimnEdit *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->from.photo, limn_source_unref);
  g_clear_pointer (&self->from.mask, limn_source_unref);
  g_clear_pointer (&self->from.paint, limn_source_unref);
  g_clear_pointer (&self->from.materials, limn_source_unref);
  g_clear_pointer (&self->from.lines, limn_source_unref);
  g_clear_pointer (&self->from.sources, limn_source_unref);
  g_clear_pointer (&self->from.marks, limn_source_unref);
  g_clear_pointer (&self->from.surfaces, limn_surface_list_unref);
  g_free (self);
}

const LimnEditKind *
limn_edit_get_kind (const LimnEdit *self)
{
  return limn_task_get_kind (self->task);
}

double
limn_edit_get (const LimnEdit *self, const char *name)
{
  int i = limn_edit_kind_find (limn_edit_get_kind (self), name);

  g_return_val_if_fail (i >= 0, 0);

  return self->set.values[i];
}

void
limn_edit_set (LimnEdit *self, const char *name, double value)
{
  int i = limn_edit_kind_find (limn_edit_get_kind (self), name);

  g_return_if_fail (i >= 0);

  self->set.values[i] = value;
}

void
limn_edit_enlarge (const LimnEdit *self, gsize *width, gsize *height)
{
  if (!limn_edit_get_kind (self)->enlarges)
    return;
  *width *= (gsize) limn_edit_get (self, "scale");
  *height *= (gsize) limn_edit_get (self, "scale");
}

LimnFound
limn_found_copy (const LimnFound *self)
{
  LimnFound copy = *self;

  if (copy.materials.bytes)
    g_bytes_ref (copy.materials.bytes);
  if (copy.damage.mask.bytes)
    g_bytes_ref (copy.damage.mask.bytes);
  return copy;
}

void
limn_found_clear (LimnFound *self)
{
  g_clear_pointer (&self->materials.bytes, g_bytes_unref);
  g_clear_pointer (&self->damage.mask.bytes, g_bytes_unref);
  *self = (LimnFound){ 0 };
}
