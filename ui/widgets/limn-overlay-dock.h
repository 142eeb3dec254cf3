/* Panels at the lower edge of the canvas: the last child in the middle, where it stays; the first one beside it where there is room, so that the
 * picture above isn't covered, else on top of it. Where it is empty, the canvas under it gets the pointer.
 * Property: "covered" (int, read, notify): the height at its lower edge that lies over what is under it in the middle.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_OVERLAY_DOCK (limn_overlay_dock_get_type ())
G_DECLARE_FINAL_TYPE (LimnOverlayDock, limn_overlay_dock, LIMN, OVERLAY_DOCK, GtkWidget)

/* For tests; a template adds them as its children. */
GtkWidget *limn_overlay_dock_new (GtkWidget *first, GtkWidget *last);

G_END_DECLS
