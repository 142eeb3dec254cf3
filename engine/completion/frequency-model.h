/* Frequency selective extrapolation: what is missing of a small window is told by the few waves that make up what is known of it.
 * Seiler and Kaup, "Complex-valued frequency selective extrapolation for fast image and video signal extrapolation", IEEE Signal
 * Processing Letters 17 (2010); the weights of frequencies after Genser et al., "Resampling images to a regular grid from a non-regular
 * subset of pixel positions using frequency selective reconstruction", IEEE Transactions on Image Processing 24 (2015).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FREQUENCY_MODEL_H
#define LIMN_FREQUENCY_MODEL_H

#include "engine/base/error.h"

enum { LIMN_FREQUENCY_SIDE = 32 }; /* of the window */

/* One thread's working memory, some 70 KiB. Free with limn_frequency_model_free (NULL allowed). */
typedef struct LimnFrequencyModel LimnFrequencyModel;
LimnStatus limn_frequency_model_new (LimnFrequencyModel **out, LimnError *error) LIMN_MUST_USE;
void limn_frequency_model_free (LimnFrequencyModel *self);

/* Fits the model to rgb ([32][32][3], in [-1, 1]) where known ([32][32]) isn't 0; the known pixels near the middle (16, 16) count most.
 * False if none is known. */
bool limn_frequency_model_fit (LimnFrequencyModel *self, const float *rgb, const uint8_t *known);

/* The model's colour at a pixel of the window, in [-1, 1]. */
void limn_frequency_model_evaluate (const LimnFrequencyModel *self, size_t x, size_t y, float rgb[3]);

#endif
