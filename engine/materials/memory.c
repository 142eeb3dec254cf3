/* Keeps the last renderings of a sketch.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* Two sizes: the quick picture while the pen moves, and the full one. Larger pictures aren't kept. */
enum { KEPT = 2, MOST_PIXELS = 2 << 20 };

typedef struct {
  LimnScene scene;
  uint8_t *pixels; /* NULL: nothing is kept */
  size_t width, height;
  uint64_t used; /* number of the rendering that last used it */
} Kept;

struct LimnSketchMemory {
  Kept kept[KEPT];
  uint64_t renderings;
};

LimnStatus
limn_sketch_memory_new (LimnSketchMemory **memory, LimnError *error)
{
  *memory = calloc (1, sizeof **memory);
  return *memory ? LIMN_OK : limn_fail_memory (error, sizeof **memory);
}

static void
forget (Kept *kept)
{
  limn_scene_clear (&kept->scene);
  free (kept->pixels);
  *kept = (Kept){ .pixels = NULL };
}

void
limn_sketch_memory_free (LimnSketchMemory *memory)
{
  for (int i = 0; memory && i < KEPT; i++)
    forget (&memory->kept[i]);
  free (memory);
}

/* What is kept of that size, or else the place of what was used least lately. */
static Kept *
find (LimnSketchMemory *memory, size_t width, size_t height)
{
  Kept *oldest = &memory->kept[0];

  for (int i = 0; i < KEPT; i++) {
    Kept *kept = &memory->kept[i];

    if (kept->pixels && kept->width == width && kept->height == height)
      return kept;
    if (kept->used < oldest->used)
      oldest = kept;
  }
  return oldest;
}

/* Paints what has changed since the picture that is kept. */
static LimnStatus
render_changes (LimnScene *scene, const Kept *kept, LimnPixels *out, LimnError *error)
{
  LimnSceneChanges changes = { 0 };
  const LimnEarlier earlier = { &kept->scene, kept->pixels, &changes };
  bool whole;
  LimnStatus status = limn_scene_changes_find (&changes, &kept->scene, scene, &whole, error);

  if (status == LIMN_OK)
    status = limn_scene_render (scene, whole ? NULL : &earlier, 0, 0, out, error);
  limn_scene_changes_clear (&changes);
  return status;
}

/* Takes the scene over and copies the picture; nothing is kept where there is no memory for it. */
static void
keep (Kept *kept, LimnScene *scene, const LimnPixels *out, uint64_t number)
{
  const size_t row = 4 * out->width;
  uint8_t *pixels = kept->pixels && kept->width == out->width && kept->height == out->height ? kept->pixels : malloc (row * out->height);

  if (pixels == kept->pixels)
    kept->pixels = NULL;
  forget (kept);
  if (!pixels)
    return;
  for (size_t y = 0; y < out->height; y++)
    memcpy (pixels + y * row, (const uint8_t *) out->data + y * out->stride, row);
  *kept = (Kept){ *scene, pixels, out->width, out->height, number };
  *scene = (LimnScene){ .pool = NULL };
}

LimnStatus
limn_scene_render_again (LimnScene *scene, LimnSketchMemory *memory, LimnPixels *out, LimnError *error)
{
  Kept *kept;

  if (!memory || out->width * out->height > MOST_PIXELS)
    return limn_scene_render (scene, NULL, 0, 0, out, error);
  kept = find (memory, out->width, out->height);
  if (kept->pixels && kept->width == out->width && kept->height == out->height)
    LIMN_TRY (render_changes (scene, kept, out, error));
  else
    LIMN_TRY (limn_scene_render (scene, NULL, 0, 0, out, error));
  keep (kept, scene, out, ++memory->renderings);
  return LIMN_OK;
}
