/* The strip of four variations of the newest result, and a slider that goes through all of them. Pointing at one shows it in the
 * picture, a click keeps it. Hides itself where there is nothing to vary. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_VARIATIONS (limn_variations_get_type ())
G_DECLARE_FINAL_TYPE (LimnVariations, limn_variations, LIMN, VARIATIONS, LimnPanel)

GtkWidget *limn_variations_new (void);

G_END_DECLS
