/* A sliding window of rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "row-window.h"

#include <string.h>

LimnStatus
limn_row_window_add (LimnRowWindow *window, const LimnImage *more, LimnError *error)
{
  const size_t row = more->width * more->channels, kept = window->rows.height;

  if (kept + more->height > window->room) {
    LimnImage larger;

    LIMN_TRY (limn_image_alloc (&larger, more->width, kept + more->height, more->channels, error));
    window->room = kept + more->height;
    if (kept > 0)
      memcpy (larger.data, window->rows.data, kept * row * sizeof (float));
    limn_image_clear (&window->rows);
    window->rows = larger;
  }
  memcpy (window->rows.data + kept * row, more->data, more->height * row * sizeof (float));
  window->rows.height = kept + more->height;
  return LIMN_OK;
}

void
limn_row_window_drop (LimnRowWindow *window, size_t y)
{
  const size_t row = window->rows.width * window->rows.channels;

  if (y <= window->top)
    return;
  const size_t dropped = y - window->top < window->rows.height ? y - window->top : window->rows.height;
  memmove (window->rows.data, window->rows.data + dropped * row, (window->rows.height - dropped) * row * sizeof (float));
  window->rows.height -= dropped;
  window->top += dropped;
}

void
limn_row_window_clear (LimnRowWindow *window)
{
  limn_image_clear (&window->rows);
  *window = (LimnRowWindow){ 0 };
}
