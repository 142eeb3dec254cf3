/* The parameters of one kind of edit as rows of a group, and the edit that they tell.
 * Signal "changed": a number is another. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MANY_PARAMETERS (limn_many_parameters_get_type ())
G_DECLARE_FINAL_TYPE (LimnManyParameters, limn_many_parameters, LIMN, MANY_PARAMETERS, GObject)

/* Adds its rows to group, with what the windows' edits begin with, too; they are shown by limn_many_parameters_show. */
LimnManyParameters *limn_many_parameters_new (LimnTask task, AdwPreferencesGroup *group, GSettings *settings);
void limn_many_parameters_show (LimnManyParameters *self, gboolean show);
/* Borrowed; changes with the rows. */
const LimnEdit *limn_many_parameters_get_edit (LimnManyParameters *self);

G_END_DECLS
