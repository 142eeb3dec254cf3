/* Areas with small gaps in their outline: cut where they are narrow; each part then grows back until it meets another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-mask.h"

/* What a byte for each pixel says: no part of the area, of the part at hand, of another one; and not yet any's, once looked at or not. */
enum { OUTSIDE, MINE, OTHERS, FREE, SEEN };
/* A part is one of its own from so many times the gap's square on. */
#define LEAST_PART 4

typedef struct {
  guint8 *states, *cores; /* cores: 255 where the area is broad and no part was made of it */
  guint32 width, height;
  GArray *queue; /* guint32: pixels in the order in which they were reached */
  GCancellable *cancellable;
} Parts;

/* The up to four pixels beside one; returns how many. */
static guint
find_neighbours (const Parts *self, guint32 at, guint32 *out)
{
  const guint32 x = at % self->width, y = at / self->width;
  guint n = 0;
  if (x > 0)
    out[n++] = at - 1;
  if (x + 1 < self->width)
    out[n++] = at + 1;
  if (y > 0)
    out[n++] = at - self->width;
  if (y + 1 < self->height)
    out[n++] = at + self->width;
  return n;
}

/* The pixel of the queue's place i; FALSE at its end. */
static gboolean
next (const Parts *self, guint i, guint32 *at)
{
  if (i >= self->queue->len || (i % 65536 == 0 && g_cancellable_is_cancelled (self->cancellable)))
    return FALSE;
  *at = g_array_index (self->queue, guint32, i);
  return TRUE;
}

/* The nearest pixel, through the area, at which it is broad; FALSE where it is narrow everywhere. */
static gboolean
find_core (Parts *self, guint32 from, guint32 *core)
{
  guint32 around[4];
  g_array_set_size (self->queue, 0);
  g_array_append_val (self->queue, from);
  self->states[from] = SEEN;
  for (guint i = 0; next (self, i, core); i++) {
    if (self->cores[*core] == 255)
      return TRUE;
    for (guint k = find_neighbours (self, *core, around); k-- > 0;)
      if (self->states[around[k]] == FREE) {
        self->states[around[k]] = SEEN;
        g_array_append_val (self->queue, around[k]);
      }
  }
  return FALSE;
}

/* Makes a part of the core that holds a pixel, if it has at least so many. */
static gboolean
make_part (Parts *self, guint32 from, guint8 state, double least)
{
  guint32 at, around[4];
  g_array_set_size (self->queue, 0);
  g_array_append_val (self->queue, from);
  self->cores[from] = 0;
  for (guint i = 0; next (self, i, &at); i++)
    for (guint k = find_neighbours (self, at, around); k-- > 0;)
      if (self->cores[around[k]] == 255) {
        self->cores[around[k]] = 0;
        g_array_append_val (self->queue, around[k]);
      }
  if (self->queue->len < least)
    return FALSE;
  for (guint i = 0; i < self->queue->len; i++)
    self->states[g_array_index (self->queue, guint32, i)] = state;
  return TRUE;
}

/* All parts grow at once, a pixel at a time, into what is free. */
static void
grow_parts (Parts *self)
{
  const guint32 n = self->width * self->height;
  guint32 at, around[4];
  g_array_set_size (self->queue, 0);
  for (at = 0; at < n; at++) {
    gboolean edge = FALSE;
    if (self->states[at] != MINE && self->states[at] != OTHERS)
      continue;
    for (guint k = find_neighbours (self, at, around); k-- > 0;)
      edge |= self->states[around[k]] >= FREE;
    if (edge)
      g_array_append_val (self->queue, at);
  }
  for (guint i = 0; next (self, i, &at); i++)
    for (guint k = find_neighbours (self, at, around); k-- > 0;)
      if (self->states[around[k]] >= FREE) {
        self->states[around[k]] = self->states[at];
        g_array_append_val (self->queue, around[k]);
      }
}

/* TRUE where the area has more than one part; then only the one at hand is MINE. */
static gboolean
divide (Parts *self, guint32 from, double gap)
{
  const guint32 n = self->width * self->height;
  gboolean others = FALSE;
  guint32 core;
  for (guint32 at = 0; at < n; at++)
    self->states[at] = self->states[at] == 255 ? FREE : OUTSIDE;
  if (!find_core (self, from, &core))
    return FALSE;
  make_part (self, core, MINE, 0);
  for (guint32 at = 0; at < n; at++)
    if (self->cores[at] == 255)
      others |= make_part (self, at, OTHERS, LEAST_PART * gap * gap);
  if (others)
    grow_parts (self);
  return others;
}

void
limn_mask_close_gaps (LimnRaster *mask, int x, int y, double gap, GCancellable *cancellable)
{
  const LimnRect all = limn_raster_get_extents (mask);
  const gsize size = (gsize) all.width * (gsize) all.height;
  g_autofree guint8 *states = g_try_malloc (size), *cores = g_try_malloc (size);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (LimnRaster) core = limn_raster_copy (mask);
  Parts self = { states, cores, (guint32) all.width, (guint32) all.height, queue, cancellable };
  if (!states || !cores || x < 0 || y < 0 || x >= all.width || y >= all.height)
    return;
  limn_mask_shrink (core, gap / 2, cancellable);
  limn_raster_read (mask, &all, states, (gsize) all.width);
  limn_raster_read (core, &all, cores, (gsize) all.width);
  if (states[(gsize) y * (gsize) all.width + (gsize) x] != 255 || !divide (&self, (guint32) y * self.width + (guint32) x, gap))
    return;
  for (gsize i = 0; i < size; i++)
    states[i] = states[i] == MINE ? 255 : 0;
  limn_raster_write (mask, &all, states, (gsize) all.width);
}
