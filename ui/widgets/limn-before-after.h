/* Two pictures of one size, the first shown left of a divider, the second right of it. The divider follows the pointer and comes back to
 * the middle, unless animations are switched off (then it stays). Decoration: nothing can be dragged.
 * Properties: "before", "after" (resource paths, construct). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_BEFORE_AFTER (limn_before_after_get_type ())
G_DECLARE_FINAL_TYPE (LimnBeforeAfter, limn_before_after, LIMN, BEFORE_AFTER, GtkWidget)

G_END_DECLS
