/* How far two pictures are from each other, and the judgement of a golden picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

/* How far a result may be from its picture, levels of 255: see edits.c. */
#define GOLDEN_MEAN 0.02
#define GOLDEN_MOST 2

/* Levels of 255, over red, green, blue and alpha of every pixel. mean: the sum by three times the pixels, because alpha agrees as a
 * rule and must not dilute. */
typedef struct {
  double mean;
  guint most;
  gsize x, y; /* where most is first */
} GoldenDifference;

/* Both 8 bit and of one size. */
GoldenDifference golden_compare (LimnPicture *expected, LimnPicture *got);
gboolean golden_is_close (const GoldenDifference *difference);

/* Difference of each channel (of alpha: the strongest, in all) times gain around middle gray, opaque. */
LimnPicture *golden_amplify (LimnPicture *expected, LimnPicture *got, int gain);

/* NULL when got is close to expected; else a sentence with the errors and their place, and folder has NAME-expected.png, NAME-got.png
 * and NAME-difference.png. Free with g_free. */
char *golden_judge (const char *name, LimnPicture *expected, LimnPicture *got, const char *folder);
