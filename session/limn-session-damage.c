/* What is damaged in the photo: as the newest preview found it, and as the person has marked it since.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include <string.h>

/* Rows that are worked on at once. */
#define ROWS 64

LimnRaster *
limn_session_get_damage (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), NULL);
  return self->damage;
}

/* Writes what was found into rows of the raster, which is empty. */
static void
write_found (LimnRaster *raster, const LimnPlane *found)
{
  const guint8 *bytes = g_bytes_get_data (found->bytes, NULL);
  for (gsize y = 0; y < found->height; y += ROWS) {
    const gsize rows = MIN (ROWS, found->height - y);
    const guint8 *from = bytes + y * found->width;
    if (from[0] != 0 || memcmp (from, from + 1, rows * found->width - 1) != 0) /* most of a photo isn't damaged */
      limn_raster_write (raster, &(LimnRect){ 0, (int) y, (int) found->width, (int) rows }, from, found->width);
  }
}

void
limn_session_take_damage (LimnSession *self, const LimnPlane *found)
{
  const gsize width = (gsize) limn_document_get_width (self->document), height = (gsize) limn_document_get_height (self->document);
  const gboolean fits = found && found->bytes && found->width == width && found->height == height;
  if (!fits && !self->damage)
    return;
  g_clear_object (&self->damage);
  if (fits) {
    self->damage = limn_raster_new (width, height, 1);
    write_found (self->damage, found);
    limn_session_mark_damage (self, &(LimnRect){ 0, 0, (int) width, (int) height });
  }
  g_signal_emit_by_name (self, "damage-changed");
}

/* Applies the marks in one strip. */
static void
mark_rows (LimnSession *self, LimnRaster *marks, const LimnRect *rect, guint8 *mark, guint8 *damage)
{
  const gsize width = (gsize) rect->width, n = width * (gsize) rect->height;
  limn_raster_read (marks, rect, mark, width);
  if (mark[0] == 0 && memcmp (mark, mark + 1, n - 1) == 0)
    return;
  limn_raster_read (self->damage, rect, damage, width);
  for (gsize i = 0; i < n; i++)
    if (mark[i])
      damage[i] = mark[i] == LIMN_LABEL_MEND ? 255 : 0;
  limn_raster_write (self->damage, rect, damage, width);
}

/* What is marked is seen before anything is found. */
static gboolean
begin_damage (LimnSession *self)
{
  if (self->damage)
    return TRUE;
  if (!(limn_session_get_kind (self)->takes & LIMN_TAKES_MARKS))
    return FALSE;
  self->damage = limn_raster_new ((gsize) limn_document_get_width (self->document), (gsize) limn_document_get_height (self->document), 1);
  g_signal_emit_by_name (self, "damage-changed");
  return TRUE;
}

void
limn_session_mark_damage (LimnSession *self, const LimnRect *rect)
{
  LimnRaster *marks = limn_document_get_plane (self->document, LIMN_DOCUMENT_MARKS);
  const LimnRect all = limn_raster_get_extents (marks), part = limn_rect_intersect (rect, &all);
  if (limn_rect_is_empty (&part) || limn_raster_is_empty (marks) || !begin_damage (self))
    return;
  g_autofree guint8 *mark = g_malloc ((gsize) part.width * ROWS), *damage = g_malloc ((gsize) part.width * ROWS);
  for (int y = part.y; y < part.y + part.height; y += ROWS)
    mark_rows (self, marks, &(LimnRect){ part.x, y, part.width, MIN (ROWS, part.y + part.height - y) }, mark, damage);
}

gboolean
limn_session_is_done (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  return self->settled[self->task] && limn_session_find_newest_layer (self) != NULL;
}
