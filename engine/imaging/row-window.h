/* A window of rows that moves down a picture which is never whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ROW_WINDOW_H
#define LIMN_ROW_WINDOW_H

#include "image.h"

/* Starts as zeros; cleared by limn_row_window_clear. */
typedef struct {
  LimnImage rows; /* rows [top, top + rows.height) of the picture; its memory has room for room rows */
  size_t top, room;
} LimnRowWindow;

/* The first row that the window does not have yet. */
static inline size_t
limn_row_window_end (const LimnRowWindow *window)
{
  return window->top + window->rows.height;
}

/* Adds rows below; all of one width and number of channels. */
LimnStatus limn_row_window_add (LimnRowWindow *window, const LimnImage *more, LimnError *error) LIMN_MUST_USE;
/* Forgets the rows above y. */
void limn_row_window_drop (LimnRowWindow *window, size_t y);
void limn_row_window_clear (LimnRowWindow *window);

#endif
