/* For training/train-restore: what parts of pictures are like, and how much of each is damage.
 *
 * restore-parts PICTURES COUNT SIDE: PICTURES holds, COUNT times, SIDE x SIDE gray bytes and as many that are not 0 where the picture is
 * damaged. Writes records of floats to standard output: the share of a part that is damage, how many pixels it has, its scale, and its
 * features.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/imaging/resample.h"
#include "engine/restore/parts.h"

enum { SCALES = 4 };

typedef struct {
  LimnImage luma, truth;
  int scale;
} Picture;

static LimnStatus
write_parts (void *user, const LimnParts *parts, LimnError *error)
{
  const Picture *picture = user;
  g_autofree float *hits = g_new0 (float, parts->count + 1);

  for (size_t i = 0; i < parts->width * parts->height; i++)
    hits[parts->label[i]] += picture->truth.data[i];
  for (size_t k = 0; k < parts->count; k++) {
    const LimnPart *part = &parts->parts[k];
    const float head[] = { hits[k + 1] / (float) part->pixels, (float) part->pixels, (float) picture->scale };
    fwrite (head, sizeof head, 1, stdout);
    fwrite (part->features, sizeof part->features, 1, stdout);
  }
  return LIMN_OK;
}

/* truth counts what is a pixel beside damage, too: a part's edge may lie there. */
static void
read_picture (Picture *picture, const guint8 *gray, const guint8 *damage, size_t side, float range[2])
{
  size_t bins[256] = { 0 }, below = 0;

  for (size_t i = 0; i < side * side; i++) {
    picture->luma.data[i] = gray[i] / 255.0f;
    picture->truth.data[i] = 0;
    bins[gray[i]]++;
  }
  for (size_t y = 1; y + 1 < side; y++)
    for (size_t x = 1; x + 1 < side; x++)
      for (size_t k = 0; k < 9 && damage[y * side + x]; k++)
        picture->truth.data[(y + k / 3 - 1) * side + x + k % 3 - 1] = 1;
  range[0] = range[1] = -1;
  for (int k = 0; k < 256; k++) {
    below += bins[k];
    if (range[0] < 0 && below > side * side / 200)
      range[0] = (float) k / 255.0f;
    if (range[1] < 0 && below >= side * side - side * side / 200)
      range[1] = (float) k / 255.0f;
  }
}

static LimnStatus
halve (LimnImage *image, LimnPool *pool, LimnError *error)
{
  LimnImage half;

  LIMN_TRY (limn_resample (&half, image, image->width / 2, image->height / 2, LIMN_FILTER_AREA, pool, error));
  limn_image_clear (image);
  *image = half;
  return LIMN_OK;
}

static LimnStatus
run (const guint8 *gray, const guint8 *damage, size_t side, LimnPool *pool, LimnError *error)
{
  Picture picture = { 0 };
  float range[2];

  LIMN_TRY (limn_image_alloc (&picture.luma, side, side, 1, error));
  LIMN_TRY (limn_image_alloc (&picture.truth, side, side, 1, error));
  read_picture (&picture, gray, damage, side, range);
  for (picture.scale = 0; picture.scale < SCALES; picture.scale++) {
    const LimnPartsInput input = { &picture.luma, NULL, range[0], range[1], picture.scale };
    LIMN_TRY (limn_parts_each (&input, write_parts, &picture, pool, error));
    LIMN_TRY (halve (&picture.luma, pool, error));
    LIMN_TRY (halve (&picture.truth, pool, error));
  }
  limn_image_clear (&picture.luma);
  limn_image_clear (&picture.truth);
  return LIMN_OK;
}

int
main (int argc, char **argv)
{
  g_autofree char *bytes = NULL;
  LimnPool *pool;
  LimnError error;

  if (argc != 4 || !g_file_get_contents (argv[1], &bytes, NULL, NULL) || limn_pool_new (&pool, 0, &error) != LIMN_OK)
    return 1;
  const size_t count = (size_t) atoi (argv[2]), side = (size_t) atoi (argv[3]), n = side * side;
  for (size_t k = 0; k < count; k++)
    if (run ((const guint8 *) bytes + 2 * k * n, (const guint8 *) bytes + (2 * k + 1) * n, side, pool, &error) != LIMN_OK) {
      fprintf (stderr, "%s\n", error.text);
      return 1;
    }
  limn_pool_free (pool);
  return 0;
}
