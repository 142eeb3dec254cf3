/* Which pixels of a document changed and are to be drawn again, kept until the document has notified them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-raster.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_CHANGE_IMAGE = 1 << 0, /* photo, layers, live preview */
  LIMN_CHANGE_MASK = 1 << 1,
  LIMN_CHANGE_PAINT = 1 << 2, /* paint, its materials, lines, scenery or surfaces of one's own */
  LIMN_CHANGE_GUIDE = 1 << 3, /* guide, guide lines or sources */
  LIMN_CHANGE_DOTS = 1 << 4,
  LIMN_CHANGE_MARKS = 1 << 5, /* what is damaged, and what isn't */
  LIMN_CHANGE_SIZE = 1 << 6,
} LimnChange;
#define LIMN_N_CHANGES 7
#define LIMN_TYPE_CHANGE (limn_change_get_type ())
GType limn_change_get_type (void);

/* A rectangle around everything damaged, for each bit of LimnChange. Begin with { 0 }. */
typedef struct {
  LimnRect rects[LIMN_N_CHANGES];
} LimnDamage;

/* what: bits of LimnChange. */
void limn_damage_add (LimnDamage *self, const LimnRect *rect, LimnChange what);
/* Whether nothing of what (bits of LimnChange) is damaged. */
gboolean limn_damage_is_empty (const LimnDamage *self, LimnChange what);
void limn_damage_clear (LimnDamage *self);

G_END_DECLS
