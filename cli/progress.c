/* The progress bar, and progress for other programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include <stdio.h>
#include <unistd.h>

#define WIDTH 32
#define BETWEEN (G_USEC_PER_SEC / 10) /* two drawings */
#define PATIENCE (G_USEC_PER_SEC / 2) /* what takes less needs no bar */

void
cli_progress_init (CliProgress *self, const CliArguments *arguments)
{
  *self = (CliProgress){ .visible = !arguments->quiet && !arguments->progress && isatty (STDERR_FILENO),
                         .lines = arguments->progress,
                         .percent = -1,
                         .start = g_get_monotonic_time () };
}

static void
tell_percent (CliProgress *self, int percent)
{
  if (percent <= self->percent)
    return;
  self->percent = percent;
  fprintf (stderr, "%d %%\n", percent);
  fflush (stderr);
}

void
cli_progress_update (double fraction, gpointer data)
{
  CliProgress *self = data;
  gint64 now = g_get_monotonic_time ();
  int full = (int) (fraction * WIDTH + 0.5);

  if (self->lines)
    tell_percent (self, (int) (fraction * 100));
  if (!self->visible || now - self->start < PATIENCE || now - self->shown < BETWEEN)
    return;
  self->shown = now;
  fprintf (stderr, "\r\033[K[");
  for (int i = 0; i < WIDTH; i++)
    fputc (i < full ? '#' : '.', stderr);
  fprintf (stderr, "] %3d %%", (int) (fraction * 100));
  if (fraction > 0.05)
    fprintf (stderr, "  %.0f s left", (double) (now - self->start) / G_USEC_PER_SEC * (1 - fraction) / fraction + 0.5);
  fflush (stderr);
}

void
cli_progress_clear (CliProgress *self)
{
  if (self->shown)
    fprintf (stderr, "\r\033[K");
  self->shown = 0;
}
