/* The list of edits, and what their parameters may be. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-kind.h"

#include <glib/gi18n.h>

const double limn_steps_choices[] = { 1, 2, 0 };

#define LIMN_EDITS_ENTRY(NAME, name) [LIMN_TASK_##NAME] = &limn_kind_##name,
static const LimnEditKind *const kinds[] = { LIMN_EDITS (LIMN_EDITS_ENTRY) };

const LimnEditKind *
limn_task_get_kind (LimnTask task)
{
  g_return_val_if_fail (task < LIMN_N_TASKS, NULL);
  return kinds[task];
}

gboolean
limn_task_from_nick (const char *nick, LimnTask *task)
{
  for (*task = 0; *task < LIMN_N_TASKS; ++*task)
    if (g_str_equal (kinds[*task]->nick, nick))
      return TRUE;
  return FALSE;
}

int
limn_task_recognize (LimnPicture *photo, GCancellable *cancellable)
{
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    if (kinds[task]->recognizes && kinds[task]->recognizes (photo, cancellable))
      return (int) task;
  return -1;
}

int
limn_edit_kind_find (const LimnEditKind *self, const char *name)
{
  for (int i = 0; self->parameters[i].name; i++)
    if (g_str_equal (self->parameters[i].name, name))
      return i;
  return -1;
}

char *
limn_edit_kind_dup_key (const LimnEditKind *self, const LimnParameter *parameter)
{
  return g_strdup_printf ("%s-%s", self->nick, parameter->name);
}

char *
limn_parameter_format (const char *label, int number)
{
  return g_strdup_printf (_(label), number);
}

gboolean
limn_range_contains (const LimnRange *self, double value)
{
  for (const double *choice = self->choices; choice && *choice != 0; choice++)
    if (value == *choice)
      return TRUE;
  if (self->automatic && value == LIMN_PARAMETER_AUTOMATIC)
    return TRUE;
  return !self->choices && value >= self->min && value <= self->max;
}

double
limn_range_get_least (const LimnRange *self)
{
  return self->automatic ? LIMN_PARAMETER_AUTOMATIC : self->min;
}

char *
limn_range_to_string (const LimnRange *self)
{
  GString *text = g_string_new (NULL);

  if (!self->choices)
    g_string_append_printf (text, "%.10g to %.10g", self->min, self->max);
  for (const double *choice = self->choices; choice && *choice != 0; choice++)
    g_string_append_printf (text, "%s%.10g", choice == self->choices ? "" : choice[1] == 0 ? " or " : ", ", *choice);
  if (self->automatic)
    g_string_append (text, " or auto");
  return g_string_free (text, FALSE);
}
