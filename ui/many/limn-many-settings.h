/* What is to be done to many pictures, and where the results go: rows, and the batch that they tell.
 * Signals: "changed": a batch made now would be another one. "watch", "recursive": these switches. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/batch/limn-batch.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MANY_SETTINGS (limn_many_settings_get_type ())
G_DECLARE_FINAL_TYPE (LimnManySettings, limn_many_settings, LIMN, MANY_SETTINGS, AdwBin)

/* Once: fills the rows, with what the windows' edits begin with. */
void limn_many_settings_fill (LimnManySettings *self, GSettings *settings);

/* The folder of the pictures, in which the results get one of their own until another one is chosen. NULL: there are none. */
void limn_many_settings_set_place (LimnManySettings *self, const char *place);
/* Of the results; NULL where no pictures are chosen. Borrowed. */
const char *limn_many_settings_get_folder (LimnManySettings *self);
void limn_many_settings_choose (LimnManySettings *self, const char *folder);

/* What is done, as a button says it: "Colorize". Borrowed. */
const char *limn_many_settings_get_verb (LimnManySettings *self);

gboolean limn_many_settings_get_recursive (LimnManySettings *self);
gboolean limn_many_settings_get_watch (LimnManySettings *self);
/* Whether there is a folder that could be watched. */
void limn_many_settings_allow_watch (LimnManySettings *self, gboolean allow);
/* Everything but watching, which can be begun and ended while it works. */
void limn_many_settings_lock (LimnManySettings *self, gboolean lock);

/* The edits of the recipe, or document, at path are to be done; they are read on a thread. */
void limn_many_settings_set_recipe (LimnManySettings *self, const char *path);

/* A batch without pictures; NULL and a sentence where something is missing or wrong. */
LimnBatch *limn_many_settings_make_batch (LimnManySettings *self, GError **error);

G_END_DECLS
