/* The tools: which of them a task has, and what they are called. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

const char *limn_tool_kind_get_nick (LimnToolKind kind);  /* "brush": for actions and icon names ("limn-brush-symbolic") */
const char *limn_tool_kind_get_label (LimnToolKind kind); /* translated */
char limn_tool_kind_get_key (LimnToolKind kind);          /* the letter that chooses it among the task's, 0 = none */

G_END_DECLS
