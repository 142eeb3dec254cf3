/* The tasks as a row of buttons ("win.task").
 * Property "style" (int, LimnTaskSwitchStyle, rw). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  LIMN_TASK_SWITCH_FULL,  /* icon and word side by side, never shortened */
  LIMN_TASK_SWITCH_ICONS, /* icons, words as tooltips */
  LIMN_TASK_SWITCH_BAR,   /* words below icons, as wide as there is room: the bottom of a narrow window */
} LimnTaskSwitchStyle;

#define LIMN_TYPE_TASK_SWITCH (limn_task_switch_get_type ())
G_DECLARE_FINAL_TYPE (LimnTaskSwitch, limn_task_switch, LIMN, TASK_SWITCH, GtkWidget)

void limn_task_switch_set_style (LimnTaskSwitch *self, LimnTaskSwitchStyle style);

G_END_DECLS
