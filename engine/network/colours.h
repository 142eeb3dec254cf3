/* The colours network: from what a recogniser sees of a gray picture, how likely each colour of a palette is at each place (as Zhang, Isola
 * and Efros 2016, "Colorful image colorization"), and out of that the colour to begin with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_COLOURS_H
#define LIMN_COLOURS_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"
#include "recogniser.h"

typedef struct LimnColours LimnColours; /* prepared weights, immutable */

/* Opens, checks and prepares a file with role "colours". An error names the file and the fault. */
LimnStatus limn_colours_open (LimnColours **colours, const char *path, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_colours_free (LimnColours *colours);
/* The recogniser whose features it takes, and their channels. */
const char *limn_colours_see (const LimnColours *colours);
size_t limn_colours_features (const LimnColours *colours, int map);
/* Shorter side of the pictures that it was trained on, in pixels: twice its grid's. */
size_t limn_colours_size (const LimnColours *colours);
/* Its weight file, for the metadata. */
const LimnWeights *limn_colours_weights (const LimnColours *colours);

enum {
  LIMN_COLOURS_CELLS = 4, /* lightness cells that the network is given for one of its places */
  LIMN_COLOURS_LEAN = 4,  /* ways in which a picture may lean to some of the palette */
};

/* ab: allocated, [h][w][2], CIE a and b: the mean over the palette, after the likelihoods were raised to the power of 1 / temperature (in
 * (0, 1]: 1 is the mean, near 0 the likeliest colour) and scaled to a sum of 1. lightness: [h][w][LIMN_COLOURS_CELLS], CIE lightness of a
 * place's four quarters (upper left, upper right, lower left, lower right) by (L / 50 - 1). features: the recogniser's, of 8 h x 8 w pixels.
 * lean: NULL, or what is added to a colour's score everywhere, in parts of a, b, a^2 - b^2 and 2 a b (a and b by 50): another picture that is
 * likely, too, and all of one mind.
 * The result does not depend on the number of threads. */
LimnStatus
limn_colours_run (const LimnColours *colours, LimnPool *pool, const LimnImage *lightness, const LimnFeatures *features, float temperature,
                  const float lean[LIMN_COLOURS_LEAN], LimnImage *ab, const LimnControl *control, LimnError *error) LIMN_MUST_USE;
/* Multiplications plus additions of a run. */
double limn_colours_gflop (const LimnColours *colours, size_t width, size_t height);

#endif
