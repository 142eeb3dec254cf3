/* Made-up photos and edits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

enum { BENCH_SKETCH = 1024 }; /* side of a sketch's paint */

/* fill, colorize, sketch or upscale of so many megapixels (sketch and upscale: that many come out) and bits a channel (sketch: 8);
 * NULL for another name. fill replaces 512 x 512 pixels in the middle, a quarter of smaller photos; upscale is fourfold. */
LimnEdit *bench_make_edit (const char *name, double megapixels, int depth);

/* Lets a fill replace width x height pixels in the middle (at most the photo); painted: what is painted there goes over half of them. */
void bench_set_hole (LimnEdit *edit, gsize width, gsize height, gboolean painted);

/* The most memory that the process has had, MB. */
double bench_peak_mb (void);
