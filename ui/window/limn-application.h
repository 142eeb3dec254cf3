/* The application: one worker with one engine for all windows, settings, ways in (files, D-Bus, command line), recovery after a crash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/worker/limn-worker.h"

G_BEGIN_DECLS

#define LIMN_TYPE_APPLICATION (limn_application_get_type ())
G_DECLARE_FINAL_TYPE (LimnApplication, limn_application, LIMN, APPLICATION, AdwApplication)

LimnApplication *limn_application_new (void);
/* Several pictures, or folders, to be done in one go, in the window for that. */
void limn_application_open_many (LimnApplication *self, GFile *const *files, guint n_files);
LimnWorker *limn_application_get_worker (LimnApplication *self);  /* borrowed */
GSettings *limn_application_get_settings (LimnApplication *self); /* borrowed */

G_END_DECLS
