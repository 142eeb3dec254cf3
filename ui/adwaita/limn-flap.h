/* A panel at an edge of what it belongs to, beside it or over it, that can be opened and closed: at the end (horizontal) or at the top
 * (vertical). Since libadwaita 1.4 an AdwOverlaySplitView and an AdwToolbarView, before that an AdwFlap.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Properties for templates: "orientation" (horizontal; for construction alone), "content" and "panel" (widgets), "open" (TRUE). */
#define LIMN_TYPE_FLAP (limn_flap_get_type ())
G_DECLARE_FINAL_TYPE (LimnFlap, limn_flap, LIMN, FLAP, AdwBin)

gboolean limn_flap_get_open (LimnFlap *self);
void limn_flap_set_open (LimnFlap *self, gboolean open);

/* Whether the panel lies over the content and leaves it all of the room. A horizontal one that does is closed by a press beside it. */
gboolean limn_flap_get_over (LimnFlap *self);
void limn_flap_set_over (LimnFlap *self, gboolean over);

G_END_DECLS
