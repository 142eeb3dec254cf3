/* Mixtures of Gaussians in RGB: which colours a thing has, and which its surroundings. Internal to select/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_COLOR_MIXTURE_H
#define LIMN_COLOR_MIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMN_MIXTURE_MOST = 5 };

typedef struct {
  size_t count; /* of components; 0: nothing was learned */
  struct {
    float mean[3], inverse[6]; /* inverse covariance: xx, xy, xz, yy, yz, zz */
    float constant;            /* -log of weight and normalisation */
  } part[LIMN_MIXTURE_MOST];
} LimnColorMixture;

/* Learns the colours of those of count pixels (RGB) whose label is own: first split along the axes of greatest variance (Orchard, Bouman
 * 1991), then each pixel is given to its likeliest component, rounds times, as in GrabCut (Rother, Kolmogorov, Blake 2004). part: [count],
 * scratch. */
void limn_color_mixture_learn (LimnColorMixture *mixture, const uint8_t *rgb, const uint8_t *label, uint8_t own, size_t count, int rounds,
                               uint8_t *part);

/* -log likelihood of a colour under its likeliest component. */
float limn_color_mixture_cost (const LimnColorMixture *mixture, const uint8_t *rgb);

#endif
