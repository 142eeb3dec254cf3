/* Shared by the parts of the weight reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_WEIGHTS_INTERNAL_H
#define LIMN_WEIGHTS_INTERNAL_H

#include "weights.h"
#include <cjson/cJSON.h>

/* Converts a JSON number to an integer in [low, high]; false if it isn't one. */
bool limn_json_integer (const cJSON *item, double low, double high, size_t *out) LIMN_MUST_USE;

/* Parses length bytes of JSON text that must be an object: LIMN_BAD_MODEL where it is none, LIMN_NO_MEMORY where memory ends. root: to be
 * deleted by the caller, also after an error. what: the text, for the sentence "WHERE: WHAT is not a JSON object." */
LimnStatus
limn_json_object (cJSON **root, const char *text, size_t length, const char *where, const char *what, LimnError *error) LIMN_MUST_USE;

/* Parses config and limn, both as a LimnConfigParse gets them, for read: limn NULL where there is none. */
typedef LimnStatus (*LimnConfigRead) (void *user, const cJSON *config, const cJSON *limn, const char *where, LimnError *error);
LimnStatus
limn_config_read (LimnConfigRead read, void *user, const char *config, const char *limn, const char *where, LimnError *error) LIMN_MUST_USE;

/* Parses a diffusers UNet2DModel config (a JSON object's text of length bytes). where: names the file in errors. */
LimnStatus limn_config_parse (LimnUnetConfig *config, const char *text, size_t length, const char *where, LimnError *error) LIMN_MUST_USE;

/* Parses Limn's own metadata. */
LimnStatus limn_meta_parse (LimnModelMeta *meta, const char *text, size_t length, const char *where, LimnError *error) LIMN_MUST_USE;

/* Metadata assumed for a plain checkpoint: the published consistency models' constants (Song et al. 2023, appendix C). */
void limn_meta_plain (LimnModelMeta *meta, const LimnUnetConfig *config);

#endif
