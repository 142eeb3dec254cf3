/* What will happen, in a verb, and beside it the settings that matter for it. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_ACTION_PILL (limn_action_pill_get_type ())
G_DECLARE_FINAL_TYPE (LimnActionPill, limn_action_pill, LIMN, ACTION_PILL, LimnPanel)

GtkWidget *limn_action_pill_new (void);
/* All materials, where the task paints with them. */
void limn_action_pill_open_materials (LimnActionPill *self);

/* The rest of the settings, behind a small button: a popover's child. */
#define LIMN_TYPE_ACTION_SETTINGS (limn_action_settings_get_type ())
G_DECLARE_FINAL_TYPE (LimnActionSettings, limn_action_settings, LIMN, ACTION_SETTINGS, LimnPanel)

GtkWidget *limn_action_settings_new (void);

G_END_DECLS
