/* Holds one child that may ask for more room than there is, and says which of three layouts suits the width and leaves the child the
 * room that it asks for, before the child gets its place. (AdwBreakpointBin does the like from libadwaita 1.4 on.)
 * Properties: "child" (GtkWidget, rw), "layout" (int, LimnLayout, read, notify: connect to it and show or hide what that layout needs).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  LIMN_LAYOUT_NARROW, /* a phone, or a tile of the screen */
  LIMN_LAYOUT_MEDIUM,
  LIMN_LAYOUT_WIDE,
} LimnLayout;

#define LIMN_LAYOUT_MEDIUM_WIDTH 720
#define LIMN_LAYOUT_WIDE_WIDTH 1180

#define LIMN_TYPE_ADAPTIVE (limn_adaptive_get_type ())
G_DECLARE_FINAL_TYPE (LimnAdaptive, limn_adaptive, LIMN, ADAPTIVE, GtkWidget)

LimnLayout limn_adaptive_get_layout (LimnAdaptive *self);

G_END_DECLS
