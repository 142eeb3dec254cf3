/* What the parts of ui-latency share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/ui/ui-test.h"

/* Watches the main loop: how long it was held at most, and how long it took until what was asked for was there. */
typedef struct _Watch Watch;
Watch *watch_begin (void);
/* When it is there: waits until it is on the screen and a second more, and prints a line. Frees the watch. */
void watch_end (Watch *self, const char *name);

void ui_edits (double megapixels);
