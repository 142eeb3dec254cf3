/* How different two results look. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

/* Root mean square of the differences between cells, a twelfth of the result on each side, in levels of 255, as far as they are opaque: what is of the same colours in
 * the same places looks alike, whatever its grain. G_MAXDOUBLE for results of different sizes. */
double limn_result_get_difference (const LimnResult *a, const LimnResult *b);

G_END_DECLS
