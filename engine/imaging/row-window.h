/* A window of rows that slides down a picture which is never in memory as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ROW_WINDOW_H
#define LIMN_ROW_WINDOW_H

#include "image.h"

/* Initialise with zeros; clear with limn_row_window_clear. */
typedef struct {
  LimnImage rows; /* rows [top, top + rows.height) of the picture; allocated for room rows */
  size_t top, room;
} LimnRowWindow;

/* The row after the window's last. */
static inline size_t
limn_row_window_end (const LimnRowWindow *window)
{
  return window->top + window->rows.height;
}

/* Appends rows below, all of one width and number of channels. */
LimnStatus limn_row_window_add (LimnRowWindow *window, const LimnImage *more, LimnError *error) LIMN_MUST_USE;
/* Drops the rows above y. */
void limn_row_window_drop (LimnRowWindow *window, size_t y);
void limn_row_window_clear (LimnRowWindow *window);

#endif
