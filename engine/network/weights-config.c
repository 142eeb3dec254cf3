/* Parses the JSON that accompanies the weights: a diffusers UNet2DModel config and Limn's own metadata. Settings that the engine doesn't
 * implement are refused by name; missing keys take diffusers' defaults.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "weights-internal.h"

enum { MAX_CHANNELS = 16384 };

bool
limn_json_integer (const cJSON *item, double low, double high, size_t *out)
{
  if (!cJSON_IsNumber (item) || !(item->valuedouble >= low && item->valuedouble <= high) || item->valuedouble != floor (item->valuedouble))
    return false;
  *out = (size_t) item->valuedouble;
  return true;
}

LimnStatus
limn_json_object (cJSON **root, const char *text, size_t length, const char *where, const char *what, LimnError *error)
{
  errno = 0; /* cJSON doesn't tell why it fails; malloc does */
  *root = cJSON_ParseWithLength (text, length);
  if (*root == NULL && errno == ENOMEM)
    return limn_fail_memory (error, length);
  return cJSON_IsObject (*root) ? LIMN_OK : limn_fail (error, LIMN_BAD_MODEL, "%s: %s is not a JSON object.", where, what);
}

/* A reader of keys that keeps the first error. */
typedef struct {
  const cJSON *object;
  const char *where;
  LimnError *error;
  LimnStatus status;
} Reader;

static void
refuse (Reader *r, const char *key, const char *wanted)
{
  if (r->status == LIMN_OK)
    r->status = limn_fail (r->error, LIMN_BAD_MODEL, "%s: \"%s\" in the config must be %s.", r->where, key, wanted);
}

/* The value of key, or NULL if it is absent or null. */
static const cJSON *
value (Reader *r, const char *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (r->object, key);
  return cJSON_IsNull (item) ? NULL : item;
}

static int
integer (Reader *r, const char *key, int low, int high, int absent)
{
  const cJSON *item = value (r, key);
  size_t out = 0;

  if (!item)
    return absent;
  if (!limn_json_integer (item, low, high, &out)) {
    refuse (r, key, "a whole number within what the engine computes");
    return absent;
  }
  return (int) out;
}

static float
number (Reader *r, const char *key, double low, double high, double absent)
{
  const cJSON *item = value (r, key);

  if (!item)
    return (float) absent;
  if (!cJSON_IsNumber (item) || !(item->valuedouble >= low && item->valuedouble <= high)) {
    refuse (r, key, "a number within what the engine computes");
    return (float) absent;
  }
  return (float) item->valuedouble;
}

static bool
boolean (Reader *r, const char *key, bool absent)
{
  const cJSON *item = value (r, key);

  if (!item)
    return absent;
  if (!cJSON_IsBool (item))
    refuse (r, key, "true or false");
  return cJSON_IsTrue (item);
}

/* True if the text at key is `second`, false if `first` or absent; anything else is an error. */
static bool
choice (Reader *r, const char *key, const char *first, const char *second)
{
  const cJSON *item = value (r, key);
  char wanted[96] = "\"";

  if (!item || (cJSON_IsString (item) && strcmp (item->valuestring, first) == 0))
    return false;
  if (second && cJSON_IsString (item) && strcmp (item->valuestring, second) == 0)
    return true;
  strncat (wanted, first, 40);
  if (second) {
    strcat (wanted, "\" or \"");
    strncat (wanted, second, 40);
  }
  strcat (wanted, "\"");
  refuse (r, key, wanted);
  return false;
}

/* Item i of the list at key, which must have count items. */
static const cJSON *
element (Reader *r, const char *key, int i, int count)
{
  const cJSON *list = value (r, key);

  if (!cJSON_IsArray (list) || cJSON_GetArraySize (list) != count) {
    refuse (r, key, "a list with one item for each of block_out_channels");
    return NULL;
  }
  return cJSON_GetArrayItem (list, i);
}

static void
block_type (Reader *r, const char *key, int i, int levels, const char *const names[3], bool resnet_type, bool *attention, bool *resnet)
{
  const cJSON *item = element (r, key, i, levels);

  *attention = *resnet = false;
  if (!item)
    return;
  if (cJSON_IsString (item) && strcmp (item->valuestring, names[0]) == 0)
    return;
  if (cJSON_IsString (item) && strcmp (item->valuestring, names[1]) == 0) {
    *attention = true;
    *resnet = resnet_type;
  } else if (cJSON_IsString (item) && strcmp (item->valuestring, names[2]) == 0) {
    *resnet = true;
  } else {
    char wanted[160] = "made of ";
    for (int k = 0; k < 3; k++) {
      strcat (wanted, names[k]);
      strcat (wanted, k == 0 ? ", " : k == 1 ? " and " : "");
    }
    refuse (r, key, wanted);
  }
}

/* All known keys. An unknown one is refused, as it might change what the network computes. */
static void
only_known_keys (Reader *r)
{
  static const char *const known[] = {
    "_class_name",        "_diffusers_version",  "_name_or_path",        "sample_size",      "in_channels",
    "out_channels",       "center_input_sample", "time_embedding_type",  "freq_shift",       "flip_sin_to_cos",
    "down_block_types",   "up_block_types",      "block_out_channels",   "layers_per_block", "mid_block_scale_factor",
    "downsample_padding", "downsample_type",     "upsample_type",        "dropout",          "act_fn",
    "attention_head_dim", "norm_num_groups",     "attn_norm_num_groups", "norm_eps",         "resnet_time_scale_shift",
    "class_embed_type",   "num_class_embeds",    "num_train_timesteps",  "add_attention",    "mid_block_type",
  };
  const cJSON *item;

  cJSON_ArrayForEach (item, r->object)
  {
    bool found = false;

    for (size_t i = 0; i < sizeof known / sizeof *known && !found; i++)
      found = strcmp (item->string, known[i]) == 0;
    if (!found && !cJSON_IsNull (item) && r->status == LIMN_OK)
      r->status = limn_fail (r->error, LIMN_BAD_MODEL, "%s: the config's key \"%.80s\" is not one that this version can compute.", r->where,
                             item->string);
  }
}

static void
read_config (Reader *r, LimnUnetConfig *config)
{
  static const char *const down_names[] = { "DownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D" };
  static const char *const up_names[] = { "UpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D" };
  const cJSON *channels = value (r, "block_out_channels"), *sample = value (r, "sample_size");
  bool down_resnet = choice (r, "downsample_type", "conv", "resnet"), up_resnet = choice (r, "upsample_type", "conv", "resnet");

  only_known_keys (r);
  choice (r, "_class_name", "UNet2DModel", NULL);
  choice (r, "time_embedding_type", "positional", NULL);
  choice (r, "act_fn", "silu", "swish"); /* two names of the same function */
  choice (r, "mid_block_type", "UNetMidBlock2D", NULL);
  if (value (r, "class_embed_type"))
    refuse (r, "class_embed_type", "null");
  integer (r, "downsample_padding", 1, 1, 1);
  config->in_channels = integer (r, "in_channels", 1, MAX_CHANNELS, 3);
  config->out_channels = integer (r, "out_channels", 1, MAX_CHANNELS, 3);
  config->layers_per_block = integer (r, "layers_per_block", 1, 32, 2);
  config->norm_groups = integer (r, "norm_num_groups", 1, MAX_CHANNELS, 32);
  config->head_dim = integer (r, "attention_head_dim", 1, MAX_CHANNELS,
                              cJSON_HasObjectItem (r->object, "attention_head_dim") ? 0 : 8); /* null: a single head */
  config->num_classes = integer (r, "num_class_embeds", 1, 1 << 20, 0);
  config->norm_eps = number (r, "norm_eps", 1e-12, 1, 1e-5);
  config->freq_shift = number (r, "freq_shift", 0, 1, 0);
  config->mid_scale = number (r, "mid_block_scale_factor", 1e-6, 1e6, 1);
  config->scale_shift = choice (r, "resnet_time_scale_shift", "default", "scale_shift");
  config->flip_sin_to_cos = boolean (r, "flip_sin_to_cos", true);
  config->center_input = boolean (r, "center_input_sample", false);
  config->mid_attention = boolean (r, "add_attention", true);
  if (cJSON_IsArray (sample)) { /* [height, width]: must be square */
    size_t side[2] = { 0, 0 };
    if (cJSON_GetArraySize (sample) != 2 || !limn_json_integer (cJSON_GetArrayItem (sample, 0), 1, 1 << 16, &side[0]) ||
        !limn_json_integer (cJSON_GetArrayItem (sample, 1), 1, 1 << 16, &side[1]) || side[0] != side[1])
      refuse (r, "sample_size", "one whole number or two equal ones");
    config->sample_size = (int) side[0];
  } else {
    config->sample_size = integer (r, "sample_size", 1, 1 << 16, 0);
  }
  if (!cJSON_IsArray (channels) || cJSON_GetArraySize (channels) < 1 || cJSON_GetArraySize (channels) > LIMN_MAX_LEVELS) {
    refuse (r, "block_out_channels", "a list of 1 to 8 channel counts");
    return;
  }
  config->levels = cJSON_GetArraySize (channels);
  for (int i = 0; i < config->levels; i++) {
    size_t count = 0;
    if (!limn_json_integer (cJSON_GetArrayItem (channels, i), 1, MAX_CHANNELS, &count) || count % (size_t) config->norm_groups != 0)
      refuse (r, "block_out_channels", "a list of channel counts, each a multiple of norm_num_groups");
    config->block_channels[i] = (int) count;
    block_type (r, "down_block_types", i, config->levels, down_names, down_resnet, &config->down_attention[i], &config->down_resnet[i]);
    block_type (r, "up_block_types", i, config->levels, up_names, up_resnet, &config->up_attention[i], &config->up_resnet[i]);
    if ((config->down_attention[i] || config->up_attention[config->levels - 1 - i]) && config->head_dim > 0 &&
        count % (size_t) config->head_dim != 0)
      refuse (r, "attention_head_dim", "a divisor of the channels wherever there is attention");
  }
  if (config->block_channels[0] % 2 != 0)
    refuse (r, "block_out_channels", "even in its first number");
  if (integer (r, "attn_norm_num_groups", 1, MAX_CHANNELS, config->norm_groups) != config->norm_groups)
    refuse (r, "attn_norm_num_groups", "null or the same as norm_num_groups");
}

LimnStatus
limn_config_parse (LimnUnetConfig *config, const char *text, size_t length, const char *where, LimnError *error)
{
  cJSON *root;
  Reader r = { NULL, where, error, limn_json_object (&root, text, length, where, "the config", error) };

  r.object = root;
  memset (config, 0, sizeof *config);
  if (r.status == LIMN_OK)
    read_config (&r, config);
  cJSON_Delete (root);
  return r.status;
}

static LimnStatus
read_meta (LimnModelMeta *meta, const cJSON *root, const char *where, LimnError *error)
{
  const cJSON *role = cJSON_GetObjectItemCaseSensitive (root, "role"), *sigma = cJSON_GetObjectItemCaseSensitive (root, "sigma");
  const cJSON *kind = cJSON_GetObjectItemCaseSensitive (root, "parametrisation");
  const cJSON *version = cJSON_GetObjectItemCaseSensitive (root, "version"), *see = cJSON_GetObjectItemCaseSensitive (root, "see");
  double levels[3] = { 0, 0, 0 };
  size_t whole = 0;

  if (!cJSON_IsString (role) || (strcmp (role->valuestring, "base") != 0 && strcmp (role->valuestring, "detail") != 0))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"role\" in limn's metadata must be \"base\" or \"detail\".", where);
  strcpy (meta->role, role->valuestring);
  if (!cJSON_IsString (kind) || strcmp (kind->valuestring, "limn-anchor") != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"parametrisation\" in limn's metadata must be \"limn-anchor\".", where);
  meta->parametrisation = LIMN_ANCHOR;
  for (int i = 0; i < 3; i++) {
    const cJSON *item = cJSON_IsArray (sigma) ? cJSON_GetArrayItem (sigma, i) : NULL;
    levels[i] = cJSON_IsNumber (item) ? item->valuedouble : 0;
  }
  if (!(levels[0] >= 1e-6 && levels[1] > levels[0] && levels[1] <= 1e4 && levels[2] >= 1e-4 && levels[2] <= 100))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"sigma\" in limn's metadata must be [smallest, largest, data], all above 0.", where);
  meta->sigma_min = (float) levels[0];
  meta->sigma_max = (float) levels[1];
  meta->sigma_data = (float) levels[2];
  if (!limn_json_integer (cJSON_GetObjectItemCaseSensitive (root, "space_to_depth"), 1, 8, &whole))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"space_to_depth\" in limn's metadata must be a whole number from 1 to 8.", where);
  meta->space_to_depth = (int) whole;
  if (!limn_json_integer (cJSON_GetObjectItemCaseSensitive (root, "size"), 1, 4096, &meta->size) ||
      meta->size % (size_t) meta->space_to_depth != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"size\" in limn's metadata must be a multiple of space_to_depth, up to 4096.", where);
  if (limn_json_integer (cJSON_GetObjectItemCaseSensitive (root, "pictures_seen"), 0, 9007199254740992.0, &whole))
    meta->pictures_seen = whole;
  if (see && (!cJSON_IsString (see) || !*see->valuestring || strlen (see->valuestring) >= sizeof meta->see))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"see\" in limn's metadata must name an image recogniser.", where);
  if (see)
    strcpy (meta->see, see->valuestring);
  if (cJSON_IsString (version))
    strncpy (meta->version, version->valuestring, sizeof meta->version - 1);
  else if (limn_json_integer (version, 0, 1e9, &whole))
    snprintf (meta->version, sizeof meta->version, "%zu", whole);
  return LIMN_OK;
}

LimnStatus
limn_meta_parse (LimnModelMeta *meta, const char *text, size_t length, const char *where, LimnError *error)
{
  cJSON *root;
  LimnStatus status = limn_json_object (&root, text, length, where, "limn's metadata", error);

  memset (meta, 0, sizeof *meta);
  if (status == LIMN_OK)
    status = read_meta (meta, root, where, error);
  cJSON_Delete (root);
  return status;
}

void
limn_meta_plain (LimnModelMeta *meta, const LimnUnetConfig *config)
{
  memset (meta, 0, sizeof *meta);
  strcpy (meta->role, "unconditional");
  meta->parametrisation = LIMN_CONSISTENCY;
  meta->sigma_min = 0.002f;
  meta->sigma_max = 80.0f;
  meta->sigma_data = 0.5f;
  meta->space_to_depth = 1;
  meta->size = (size_t) config->sample_size;
}

LimnStatus
limn_config_read (LimnConfigRead read, void *user, const char *config, const char *limn, const char *where, LimnError *error)
{
  cJSON *config_root, *limn_root = NULL;
  LimnStatus status = limn_json_object (&config_root, config, strlen (config), where, "the config", error);

  if (status == LIMN_OK && limn)
    status = limn_json_object (&limn_root, limn, strlen (limn), where, "limn's metadata", error);
  if (status == LIMN_OK)
    status = read (user, config_root, limn_root, where, error);
  cJSON_Delete (config_root);
  cJSON_Delete (limn_root);
  return status;
}

typedef struct {
  const char *role;
  bool found;
} Role;

/* LimnConfigParse; user: Role. */
static LimnStatus
parse_role (void *user, const char *config, const char *limn, const char *where, LimnError *error)
{
  Role *wanted = user;
  cJSON *root = NULL;
  const LimnStatus status = limn ? limn_json_object (&root, limn, strlen (limn), where, "limn's metadata", error) : LIMN_OK;
  const char *role = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (root, "role"));

  wanted->found = role && strcmp (role, wanted->role) == 0;
  cJSON_Delete (root);
  return status;
}

LimnStatus
limn_weights_have_role (const char *path, const char *role, bool *found, LimnError *error)
{
  Role wanted = { role, false };
  LimnWeights *weights;
  LimnStatus status = limn_weights_open_as (&weights, path, parse_role, &wanted, error);

  *found = wanted.found;
  if (status == LIMN_OK)
    limn_weights_free (weights);
  return status == LIMN_NO_MEMORY ? status : LIMN_OK;
}
