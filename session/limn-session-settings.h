/* The values of the session's plain properties: those of a table (name, type, range, default) and those of the edits' parameters, which
 * are called as limn_edit_kind_dup_key says. Also the brushes' sizes and the colour. Knows no session: its properties are installed into the session's class.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/edit/limn-edit.h"
#include "limn-tool-kind.h"

G_BEGIN_DECLS

typedef struct {
  double brush_hardness, compare_position;
  int mask_mode, material, tolerance, steps, sketch_view;
  guint64 seed;
  gboolean contiguous, live, wide, compare, show_original;
  double values[LIMN_N_TASKS][LIMN_MAX_PARAMETERS]; /* of each edit's parameters */
  double sizes[LIMN_N_TOOLS];                       /* diameters of brushes, by tool */
  GdkRGBA color;
} LimnSessionSettings;

/* -- Properties 1 to LIMN_SESSION_N_SETTINGS of the class -- */

enum { LIMN_SESSION_N_SETTINGS = 13 + LIMN_N_TASKS * LIMN_MAX_PARAMETERS };
typedef enum { LIMN_SETTING_NONE, LIMN_SETTING_OTHER_TASK, LIMN_SETTING_THIS_TASK, LIMN_SETTING_ALL_TASKS } LimnSettingConcern;

void limn_session_settings_install (GObjectClass *klass);
void limn_session_settings_init (LimnSessionSettings *self);
void limn_session_settings_get (const LimnSessionSettings *self, guint id, GValue *value);
/* TRUE when the value is another now. A number out of its range, or none of its choices, is ignored. */
gboolean limn_session_settings_set (LimnSessionSettings *self, guint id, const GValue *value);
/* Whose preview depends on property id, seen from task. */
LimnSettingConcern limn_session_settings_concern (guint id, LimnTask task);

/* -- What people prefer -- */

/* Binds properties of session, an object of that class, to GSettings; sizes and colour begin as is preferred. side: the picture's longer
 * one, pixels. */
void limn_session_settings_bind (LimnSessionSettings *self, GObject *session, GSettings *preferences, double side);

/* -- With an edit -- */

void limn_session_settings_apply (const LimnSessionSettings *self, LimnEdit *edit);
/* Sets session's properties to those of a recipe. */
void limn_session_settings_recall (GObject *session, const LimnEdit *recipe);

G_END_DECLS
