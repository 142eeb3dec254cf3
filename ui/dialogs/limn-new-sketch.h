/* Asks for the shape of an empty canvas. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* chosen: called on the main thread with a size in pixels; not at all when the user thinks better of it. */
typedef void (*LimnNewSketchChosen) (gsize width, gsize height, gpointer user);
/* user: kept alive while the dialog is open. */
void limn_new_sketch_ask (GtkWindow *parent, LimnNewSketchChosen chosen, GObject *user);

G_END_DECLS
