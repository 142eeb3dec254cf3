/* What the parts of the weight reader share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_WEIGHTS_INTERNAL_H
#define LIMN_WEIGHTS_INTERNAL_H

#include "weights.h"
#include <cjson/cJSON.h>

/* The number as a whole number in [low, high], or false. */
bool limn_json_integer (const cJSON *item, double low, double high, size_t *out) LIMN_MUST_USE;

/* Reads a diffusers UNet2DModel config (the JSON object's text, length bytes). where names the file in errors. */
LimnStatus limn_config_parse (LimnUnetConfig *config, const char *text, size_t length, const char *where, LimnError *error) LIMN_MUST_USE;

/* Reads Limn's own metadata. */
LimnStatus limn_meta_parse (LimnModelMeta *meta, const char *text, size_t length, const char *where, LimnError *error) LIMN_MUST_USE;

/* What a plain checkpoint's metadata is: the published consistency models' constants (Song et al. 2023, appendix C). */
void limn_meta_plain (LimnModelMeta *meta, const LimnUnetConfig *config);

#endif
