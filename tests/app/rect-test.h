/* What tests of rectangles share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-raster.h"

static inline void
assert_rect (LimnRect rect, int x, int y, int width, int height)
{
  g_assert_cmpint (rect.x, ==, x);
  g_assert_cmpint (rect.y, ==, y);
  g_assert_cmpint (rect.width, ==, width);
  g_assert_cmpint (rect.height, ==, height);
}
