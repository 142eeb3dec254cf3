/* The surfaces that materials are laid from, by name, and those of one's own by label.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "surface-set.h"

#include <stdio.h>
#include <stdlib.h>

LimnStatus
limn_surfaces_new (LimnSurfaces **surfaces, LimnError *error)
{
  *surfaces = calloc (1, sizeof **surfaces);
  return *surfaces ? LIMN_OK : limn_fail_memory (error, sizeof **surfaces);
}

void
limn_surfaces_free (LimnSurfaces *surfaces)
{
  if (!surfaces)
    return;
  for (size_t i = 0; i < surfaces->count; i++)
    limn_surface_clear (&surfaces->items[i].surface);
  free (surfaces->items);
  free (surfaces);
}

const LimnSurface *
limn_surfaces_find (const LimnSurfaces *surfaces, const char *name)
{
  for (size_t i = 0; surfaces && i < surfaces->count; i++)
    if (surfaces->items[i].label == 0 && strcmp (surfaces->items[i].name, name) == 0)
      return &surfaces->items[i].surface;
  return NULL;
}

const LimnNamedSurface *
limn_surfaces_find_own (const LimnSurfaces *surfaces, uint8_t label)
{
  for (size_t i = 0; label != 0 && surfaces && i < surfaces->count; i++)
    if (surfaces->items[i].label == label)
      return &surfaces->items[i];
  return NULL;
}

/* Puts item, whose surface it takes, in place of one of the same name and label or behind the others. */
static LimnStatus
put (LimnSurfaces *surfaces, LimnNamedSurface *item, LimnError *error)
{
  for (size_t i = 0; i < surfaces->count; i++)
    if (surfaces->items[i].label == item->label && strcmp (surfaces->items[i].name, item->name) == 0) {
      limn_surface_clear (&surfaces->items[i].surface);
      surfaces->items[i] = *item;
      return LIMN_OK;
    }
  if (surfaces->count == surfaces->room) {
    const size_t room = surfaces->room > 0 ? 2 * surfaces->room : 32;
    LimnNamedSurface *items = realloc (surfaces->items, room * sizeof *items);

    if (!items) {
      limn_surface_clear (&item->surface);
      return limn_fail_memory (error, room * sizeof *items);
    }
    surfaces->items = items;
    surfaces->room = room;
  }
  surfaces->items[surfaces->count++] = *item;
  return LIMN_OK;
}

static LimnStatus
convert_and_put (LimnSurfaces *surfaces, LimnNamedSurface *item, const LimnPixels *pixels, LimnError *error)
{
  const LimnStatus status = limn_surface_of_pixels (&item->surface, pixels, error);

  if (status != LIMN_OK) {
    limn_surface_clear (&item->surface);
    return status;
  }
  return put (surfaces, item, error);
}

LimnStatus
limn_surfaces_add (LimnSurfaces *surfaces, const char *name, const LimnPixels *pixels, LimnError *error)
{
  LimnNamedSurface item = { .label = 0 };

  snprintf (item.name, sizeof item.name, "%s", name);
  return convert_and_put (surfaces, &item, pixels, error);
}

LimnStatus
limn_surfaces_add_own (LimnSurfaces *surfaces, uint8_t label, const LimnMaterial *like, const LimnPixels *pixels, LimnError *error)
{
  LimnNamedSurface item = { .label = label, .like = like->label };

  if (label != like->label && (label < LIMN_LABEL_OWN || label == LIMN_LABEL_PLAIN))
    return limn_fail (error, LIMN_BAD_INPUT, "A surface of one's own has a label from %d to 254, or that of its material, not %d.",
                      LIMN_LABEL_OWN, label);
  return convert_and_put (surfaces, &item, pixels, error);
}
