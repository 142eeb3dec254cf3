/* Which pixels of a document are to be drawn again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-damage.h"

GType
limn_change_get_type (void)
{
  static gsize type;
  if (g_once_init_enter (&type)) {
    static const GFlagsValue values[] = {
      { LIMN_CHANGE_IMAGE, "LIMN_CHANGE_IMAGE", "image" }, { LIMN_CHANGE_MASK, "LIMN_CHANGE_MASK", "mask" },
      { LIMN_CHANGE_PAINT, "LIMN_CHANGE_PAINT", "paint" }, { LIMN_CHANGE_GUIDE, "LIMN_CHANGE_GUIDE", "guide" },
      { LIMN_CHANGE_DOTS, "LIMN_CHANGE_DOTS", "dots" },    { LIMN_CHANGE_MARKS, "LIMN_CHANGE_MARKS", "marks" },
      { LIMN_CHANGE_SIZE, "LIMN_CHANGE_SIZE", "size" },    { 0, NULL, NULL },
    };
    g_once_init_leave (&type, g_flags_register_static ("LimnChange", values));
  }
  return type;
}

void
limn_damage_add (LimnDamage *self, const LimnRect *rect, LimnChange what)
{
  for (guint i = 0; i < LIMN_N_CHANGES; i++)
    if (what & (1u << i))
      self->rects[i] = limn_rect_union (&self->rects[i], rect);
}

gboolean
limn_damage_is_empty (const LimnDamage *self, LimnChange what)
{
  for (guint i = 0; i < LIMN_N_CHANGES; i++)
    if ((what & (1u << i)) && !limn_rect_is_empty (&self->rects[i]))
      return FALSE;
  return TRUE;
}

void
limn_damage_clear (LimnDamage *self)
{
  *self = (LimnDamage){ 0 };
}
