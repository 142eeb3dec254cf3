/* A small perceptron over what a part is like. SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"

#include "engine/base/minmax.h"
#include "engine/texture/exact-math.h"
#include "score-weights.h"

static const float MOST_DEVIATIONS = 5.0f; /* that a feature is believed to be from its mean */

static void
layer (float *out, size_t count, const float *in, size_t inputs, const float *weights, const float *biases)
{
  for (size_t i = 0; i < count; i++) {
    float sum = biases[i];
    for (size_t k = 0; k < inputs; k++)
      sum += weights[i * inputs + k] * in[k];
    out[i] = sum;
  }
}

static void
rectify (float *values, size_t count)
{
  for (size_t i = 0; i < count; i++)
    values[i] = limn_max (values[i], 0.0f);
}

float
limn_damage_score (const LimnPart *part)
{
  const Perceptron *net = part->features[LIMN_PART_STRICTNESS] == (float) LIMN_PARTS_LINES ? &lines_perceptron : &parts_perceptron;
  float in[LIMN_PART_FEATURES], first[LIMN_SCORE_FIRST], second[LIMN_SCORE_SECOND], out;

  for (size_t k = 0; k < LIMN_PART_FEATURES; k++)
    in[k] = limn_clamp ((part->features[k] - net->means[k]) * net->scales[k], -MOST_DEVIATIONS, MOST_DEVIATIONS);
  layer (first, LIMN_SCORE_FIRST, in, LIMN_PART_FEATURES, &net->first[0][0], net->first_biases);
  rectify (first, LIMN_SCORE_FIRST);
  layer (second, LIMN_SCORE_SECOND, first, LIMN_SCORE_FIRST, &net->second[0][0], net->second_biases);
  rectify (second, LIMN_SCORE_SECOND);
  layer (&out, 1, second, LIMN_SCORE_SECOND, net->third, &net->third_bias);
  return 1.0f / (1.0f + limn_exponential (-out));
}
