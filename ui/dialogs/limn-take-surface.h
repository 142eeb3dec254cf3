/* Asks what a part of a picture is to be called and laid as, when it becomes a surface to paint with. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-surface-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* surface: its label doesn't count; valid during the call. keep: for other pictures, too. */
typedef void (*LimnTakeSurfaceChosen) (const LimnOwnSurface *surface, gboolean keep, gpointer user);
/* picture: the surface, which is shown; name: suggested. user: kept alive while the dialog is open. */
void limn_take_surface_ask (GtkWindow *parent, LimnPicture *picture, const char *name, LimnTakeSurfaceChosen chosen, GObject *user);

G_END_DECLS
