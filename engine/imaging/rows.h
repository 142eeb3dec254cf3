/* A window of rows that moves down a picture which is never whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ROWS_H
#define LIMN_ROWS_H

#include "image.h"

/* Starts as zeros; cleared by limn_rows_clear. */
typedef struct {
  LimnImage rows; /* rows [top, top + rows.height) of the picture; its memory has room for room rows */
  size_t top, room;
} LimnRows;

/* The first row that the window does not have yet. */
static inline size_t
limn_rows_end (const LimnRows *window)
{
  return window->top + window->rows.height;
}

/* Adds rows below; all of one width and number of channels. */
LimnStatus limn_rows_add (LimnRows *window, const LimnImage *more, LimnError *error) LIMN_MUST_USE;
/* Forgets the rows above y. */
void limn_rows_drop (LimnRows *window, size_t y);
void limn_rows_clear (LimnRows *window);

#endif
