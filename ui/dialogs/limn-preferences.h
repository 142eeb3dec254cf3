/* The preferences window: everything that is a setting and has no place beside the tool it belongs to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_PREFERENCES (limn_preferences_get_type ())
G_DECLARE_FINAL_TYPE (LimnPreferences, limn_preferences, LIMN, PREFERENCES, AdwPreferencesWindow)

GtkWindow *limn_preferences_new (GtkWindow *parent, GSettings *settings);

G_END_DECLS
