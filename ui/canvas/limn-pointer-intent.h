/* What a press on the canvas begins: who paints, who erases, who moves the picture. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* What a pointer that is down does. */
typedef enum { LIMN_INTENT_NONE, LIMN_INTENT_TOOL, LIMN_INTENT_PAN, LIMN_INTENT_DIVIDER } LimnPointerIntent;

typedef enum { LIMN_PRESS_MOUSE, LIMN_PRESS_PEN, LIMN_PRESS_PEN_ERASER, LIMN_PRESS_FINGER } LimnPressKind;

typedef struct {
  LimnPressKind kind;
  guint button;          /* of a mouse: GDK_BUTTON_PRIMARY, ... */
  gboolean space;        /* the space bar is held */
  gboolean divider;      /* on the line between before and after */
  gboolean finger_draws; /* the setting */
} LimnPointerPress;

/* erase: whether the tool erases. */
LimnPointerIntent limn_pointer_press_get_intent (const LimnPointerPress *self, gboolean *erase);

G_END_DECLS
