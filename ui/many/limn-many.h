/* The window for many pictures: which, what is done to them, and how far each is. Everything that it does is LimnBatch's; what it did not
 * finish goes on the next time, here or by limn-cli batch, for both keep the same log. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_MANY (limn_many_get_type ())
G_DECLARE_FINAL_TYPE (LimnMany, limn_many, LIMN, MANY, AdwApplicationWindow)

LimnMany *limn_many_new (GtkApplication *application, GSettings *settings);
/* A picture or a folder, beside those that are there; also while it works. What isn't a file of this computer is told. */
void limn_many_add (LimnMany *self, GFile *file);

G_END_DECLS
