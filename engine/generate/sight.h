/* The recogniser's part in conditioning base: it is shown a picture composed from base's planes, and its features are cached.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SIGHT_H
#define LIMN_SIGHT_H

#include "engine/network/model.h"

/* A recogniser with its most recent pictures and features. */
typedef struct LimnSight LimnSight;

/* Opens the recogniser at path (NULL: an error says that it is missing) for base, which must have been trained with it. base is only
 * read during the call. */
LimnStatus limn_sight_new (LimnSight **sight, const char *path, const LimnModel *base, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_sight_free (LimnSight *sight);

/* Composes the picture for the recogniser (allocated), [4 h][4 w][3] in [-1, 1] for planes [h][w][9]: the photo where it is known, its
 * luma where only that is, else the anchor, and lines drawn over it in black. Composed at sharp's size (limn_base_run's; without one at
 * twice base's, as in training), then enlarged. */
LimnStatus limn_sight_view (LimnImage *view, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp, LimnPool *pool,
                            LimnError *error) LIMN_MUST_USE;

/* Features of that picture, owned by the sight and valid until the next call. The most recent pictures are cached, so that only a new
 * one is evaluated; new is what differs from each of them by more than near (limn_base_run's). */
LimnStatus
limn_sight_look (LimnSight *sight, LimnPool *pool, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp, float near,
                 const LimnFeatures **features, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* How alike the places of a picture are by its features (recogniser.h): allocated, or empty where the recogniser can't tell. */
LimnStatus limn_sight_likeness (const LimnSight *sight, const LimnFeatures *features, LimnImage *likeness, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;

#endif
