/* The tools: which of them a task has, and what they are called. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-kind.h"

#include <glib/gi18n.h>

typedef struct {
  const char *nick, *label;
  char key;
} Description;

static const Description descriptions[LIMN_N_TOOLS] = {
  [LIMN_TOOL_BRUSH] = { "brush", N_("Brush"), 'b' },
  [LIMN_TOOL_ERASER] = { "eraser", N_("Eraser"), 'e' },
  [LIMN_TOOL_LASSO] = { "lasso", N_("Lasso"), 'l' },
  [LIMN_TOOL_RECTANGLE] = { "rectangle", N_("Rectangle"), 'm' },
  [LIMN_TOOL_ELLIPSE] = { "ellipse", N_("Ellipse"), 'o' },
  [LIMN_TOOL_SIMILAR] = { "similar", N_("Similar Area"), 'w' },
  [LIMN_TOOL_OBJECT] = { "object", N_("Select Object"), 'q' },
  [LIMN_TOOL_CROP] = { "crop", N_("Crop and Expand"), 'x' },
  [LIMN_TOOL_GUIDE] = { "guide", N_("Guide Colors"), 'g' },
  [LIMN_TOOL_GUIDE_PENCIL] = { "guide-pencil", N_("Guide Lines"), 'p' },
  [LIMN_TOOL_TAKE_FROM] = { "take-from", N_("Take From Here"), 't' },
  [LIMN_TOOL_NOT_FROM] = { "not-from", N_("Not From Here"), 'n' },
  [LIMN_TOOL_MEND] = { "mend", N_("Mark Damage"), 'b' },
  [LIMN_TOOL_SPARE] = { "spare", N_("Keep as It Is"), 'e' },
  [LIMN_TOOL_DOT] = { "dot", N_("Color Dot"), 'd' },
  [LIMN_TOOL_PICKER] = { "picker", N_("Pick a Color"), 'i' },
  [LIMN_TOOL_PAINT] = { "paint", N_("Paint"), 'b' },
  [LIMN_TOOL_PENCIL] = { "pencil", N_("Pencil"), 'p' },
  [LIMN_TOOL_BUCKET] = { "bucket", N_("Fill Area"), 'k' },
  [LIMN_TOOL_SCENE] = { "scene", N_("Materials and Light"), 'v' },
  [LIMN_TOOL_SURFACE] = { "surface", N_("Take a Surface"), 'u' },
  [LIMN_TOOL_LENS] = { "lens", N_("Lens"), 0 },
};

const char *
limn_tool_kind_get_nick (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, NULL);
  return descriptions[kind].nick;
}

const char *
limn_tool_kind_get_label (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, NULL);
  return _(descriptions[kind].label);
}

char
limn_tool_kind_get_key (LimnToolKind kind)
{
  g_return_val_if_fail (kind < LIMN_N_TOOLS, 0);
  return descriptions[kind].key;
}
