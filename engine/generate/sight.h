/* What base is told of a picture: the features that a frozen image recogniser makes of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SIGHT_H
#define LIMN_SIGHT_H

#include "engine/network/model.h"

/* A recogniser with what it has seen last. */
typedef struct LimnSight LimnSight;

/* Opens the recogniser at path (NULL: an error says that it is missing) for base, which must have been trained with it. base is only
 * read here. */
LimnStatus limn_sight_new (LimnSight **sight, const char *path, const LimnModel *base, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_sight_free (LimnSight *sight);

/* The picture that the recogniser is shown (allocated), [4 h][4 w][3] in [-1, 1] for planes [h][w][9]: the photo itself where it is
 * known, its luma where that is all that is known, elsewhere the anchor, and lines drawn in black; put together at the size of sharp
 * (limn_base_run's; twice base's where there is none, as in training) and enlarged. */
LimnStatus limn_sight_view (LimnImage *view, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp, LimnPool *pool,
                            LimnError *error) LIMN_MUST_USE;

/* Features of that picture; the sight's own, until its next look. Pictures that were looked at lately are remembered, byte for byte, so
 * that only what is new costs time. */
LimnStatus limn_sight_look (LimnSight *sight, LimnPool *pool, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp,
                            const LimnFeatures **features, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
