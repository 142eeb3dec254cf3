/* Opens weight files: safetensors, alone or in a diffusers folder, mapped read-only. Format: eight bytes of header length
 * (little-endian), a JSON header, the tensors' bytes (github.com/huggingface/safetensors, README "Format").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weights-internal.h"

enum { MAX_HEADER = 4 << 20, MAX_CONFIG = 1 << 20, MIB = 1 << 20 };

struct LimnWeights {
  const uint8_t *bytes;    /* the mapping */
  size_t size, header;     /* header: offset of the tensors' bytes */
  LimnTensorView *tensors; /* sorted by name */
  size_t count, parameters;
  LimnUnetConfig config;
  LimnModelMeta meta;
};

/* ---------------------------------------------------------------- files */

static LimnStatus
map_file (const char *path, const uint8_t **bytes, size_t *size, LimnError *error)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC));
  struct stat info;
  void *map;

  if (fd < 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: can't be opened: %s.", path, strerror (errno));
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    close (fd);
    return limn_fail (error, LIMN_BAD_MODEL, "%s: not a file.", path);
  }
  if (info.st_size < 8) {
    close (fd);
    return limn_fail (error, LIMN_BAD_MODEL, "%s: too short for a weight file; fetch it again.", path);
  }
  map = mmap (NULL, (size_t) info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close (fd);
  if (map == MAP_FAILED)
    return limn_fail (error, errno == ENOMEM ? LIMN_NO_MEMORY : LIMN_BAD_MODEL, "%s: can't be mapped: %s.", path, strerror (errno));
  *bytes = map;
  *size = (size_t) info.st_size;
  return LIMN_OK;
}

/* Reads a small text file. text: NUL-terminated, free with free(). */
static LimnStatus
read_text (const char *path, char **text, size_t *length, LimnError *error)
{
  const uint8_t *bytes;

  LIMN_TRY (map_file (path, &bytes, length, error));
  *text = *length <= MAX_CONFIG ? malloc (*length + 1) : NULL;
  if (*text) {
    memcpy (*text, bytes, *length);
    (*text)[*length] = '\0';
  }
  munmap ((void *) bytes, *length);
  if (*length > MAX_CONFIG)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: too long for a config.", path);
  return *text ? LIMN_OK : limn_fail_memory (error, *length + 1);
}

/* ---------------------------------------------------------------- header */

static LimnStatus
read_shape (LimnTensorView *view, const cJSON *shape, const char *path, LimnError *error)
{
  const cJSON *item;

  view->dims = 0;
  view->count = 1;
  for (int i = 0; i < 4; i++)
    view->shape[i] = 1;
  if (!cJSON_IsArray (shape) || cJSON_GetArraySize (shape) > 4)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s has no shape of up to 4 numbers.", path, view->name);
  cJSON_ArrayForEach (item, shape)
  {
    size_t *side = &view->shape[view->dims++];
    if (!limn_json_integer (item, 1, INT_MAX, side) || !limn_size_mul (view->count, *side, 1, &view->count))
      return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s has an impossible shape.", path, view->name);
  }
  return LIMN_OK;
}

static LimnStatus
read_tensor (LimnWeights *self, LimnTensorView *view, const cJSON *item, const char *path, LimnError *error)
{
  const cJSON *dtype = cJSON_GetObjectItemCaseSensitive (item, "dtype");
  const cJSON *offsets = cJSON_GetObjectItemCaseSensitive (item, "data_offsets");
  const char *kind = cJSON_IsString (dtype) ? dtype->valuestring : "";
  size_t room = self->size - self->header, begin, end, bytes;

  if (strlen (item->string) >= sizeof view->name)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: a tensor's name is too long: %.80s...", path, item->string);
  strcpy (view->name, item->string);
  if (strcmp (kind, "F32") == 0)
    view->dtype = LIMN_F32;
  else if (strcmp (kind, "F16") == 0)
    view->dtype = LIMN_F16;
  else if (strcmp (kind, "BF16") == 0)
    view->dtype = LIMN_BF16;
  else
    return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s is of type \"%.20s\"; F32, F16 and BF16 can be read.", path, view->name, kind);
  LIMN_TRY (read_shape (view, cJSON_GetObjectItemCaseSensitive (item, "shape"), path, error));
  if (!limn_size_mul (view->count, view->dtype == LIMN_F32 ? 4 : 2, 1, &bytes) || !cJSON_IsArray (offsets) ||
      cJSON_GetArraySize (offsets) != 2 || !limn_json_integer (cJSON_GetArrayItem (offsets, 0), 0, (double) room, &begin) ||
      !limn_json_integer (cJSON_GetArrayItem (offsets, 1), 0, (double) room, &end) || begin > end || end > room)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s lies outside the file, which may be cut short; fetch it again.", path,
                      view->name);
  if (end - begin != bytes)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s has %zu bytes, its shape needs %zu.", path, view->name, end - begin, bytes);
  view->data = self->bytes + self->header + begin;
  return LIMN_OK;
}

static int
by_name (const void *a, const void *b)
{
  return strcmp (((const LimnTensorView *) a)->name, ((const LimnTensorView *) b)->name);
}

static int
by_place (const void *a, const void *b)
{
  const uint8_t *x = ((const LimnTensorView *) a)->data, *y = ((const LimnTensorView *) b)->data;

  return (x > y) - (x < y);
}

static size_t
view_bytes (const LimnTensorView *view)
{
  return view->count * (view->dtype == LIMN_F32 ? 4 : 2);
}

static LimnStatus
read_tensors (LimnWeights *self, const cJSON *root, const char *path, LimnError *error)
{
  const cJSON *item;
  size_t room = (size_t) cJSON_GetArraySize (root);

  self->tensors = limn_alloc (room + 1, 1, 1, sizeof *self->tensors);
  if (!self->tensors)
    return limn_fail_memory (error, (room + 1) * sizeof *self->tensors);
  cJSON_ArrayForEach (item, root)
  {
    if (strcmp (item->string, "__metadata__") == 0)
      continue;
    LIMN_TRY (read_tensor (self, &self->tensors[self->count], item, path, error));
    self->parameters +=
      self->tensors[self->count++].count; /* can't wrap: the tensors don't overlap within the file, which is checked below */
  }
  if (self->count == 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: there are no tensors in it.", path);
  qsort (self->tensors, self->count, sizeof *self->tensors, by_place);
  for (size_t i = 1; i < self->count; i++)
    if ((const uint8_t *) self->tensors[i - 1].data + view_bytes (&self->tensors[i - 1]) > (const uint8_t *) self->tensors[i].data)
      return limn_fail (error, LIMN_BAD_MODEL, "%s: tensors %s and %s overlap.", path, self->tensors[i - 1].name, self->tensors[i].name);
  qsort (self->tensors, self->count, sizeof *self->tensors, by_name);
  for (size_t i = 1; i < self->count; i++)
    if (strcmp (self->tensors[i - 1].name, self->tensors[i].name) == 0)
      return limn_fail (error, LIMN_BAD_MODEL, "%s: tensor %s is there twice.", path, self->tensors[i].name);
  return LIMN_OK;
}

/* Parses the mapped file's header. root: to be deleted by the caller, also after an error. */
static LimnStatus
read_header (LimnWeights *self, const char *path, cJSON **root, LimnError *error)
{
  uint64_t length = 0;

  for (int i = 7; i >= 0; i--)
    length = length << 8 | self->bytes[i];
  if (length > MAX_HEADER || length > self->size - 8)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: not a safetensors file, or cut short; fetch it again.", path);
  self->header = 8 + (size_t) length;
  LIMN_TRY (limn_json_object (root, (const char *) self->bytes + 8, (size_t) length, path, "not a safetensors file: its header", error));
  return read_tensors (self, *root, path, error);
}

/* The text of an entry of the header's __metadata__, or NULL. */
static const char *
metadata (const cJSON *root, const char *key)
{
  return cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (cJSON_GetObjectItemCaseSensitive (root, "__metadata__"), key));
}

/* ---------------------------------------------------------------- opening */

/* The config and the metadata of a U-Net's file. user: LimnWeights. */
static LimnStatus
parse_unet (void *user, const char *config, const char *limn, const char *path, LimnError *error)
{
  LimnWeights *self = user;

  LIMN_TRY (limn_config_parse (&self->config, config, strlen (config), path, error));
  if (limn)
    return limn_meta_parse (&self->meta, limn, strlen (limn), path, error);
  limn_meta_plain (&self->meta, &self->config);
  return LIMN_OK;
}

/* Maps and checks a file; parse: gets what its own header carries, NULL: nothing is asked for. */
static LimnStatus
open_file (LimnWeights *self, const char *path, LimnConfigParse parse, void *user, LimnError *error)
{
  cJSON *root = NULL;
  LimnStatus status = map_file (path, &self->bytes, &self->size, error);

  if (status == LIMN_OK)
    status = read_header (self, path, &root, error);
  if (status == LIMN_OK && parse) {
    const char *config = metadata (root, "config");

    status = config
               ? parse (user, config, metadata (root, "limn"), path, error)
               : limn_fail (error, LIMN_BAD_MODEL, "%s: no \"config\" in its metadata; open the folder that holds its config.json.", path);
  }
  cJSON_Delete (root);
  return status;
}

/* folder/name into out [PATH_MAX]. */
static LimnStatus
join (char *out, const char *folder, const char *name, LimnError *error)
{
  if (strlen (folder) + strlen (name) + 2 > PATH_MAX)
    return limn_fail (error, LIMN_BAD_MODEL, "The path is too long: %.80s...", folder);
  strcpy (out, folder);
  strcat (out, "/");
  strcat (out, name);
  return LIMN_OK;
}

/* Finds config and weights in a diffusers folder: in it, or (a whole pipeline's folder) in its unet/. */
static LimnStatus
find_in_folder (const char *folder, char *config, char *weights, LimnError *error)
{
  static const char *const names[][2] = {
    { "config.json", "diffusion_pytorch_model.safetensors" },
    { "unet/config.json", "unet/diffusion_pytorch_model.safetensors" },
  };

  for (size_t i = 0; i < 2; i++) {
    LIMN_TRY (join (config, folder, names[i][0], error));
    LIMN_TRY (join (weights, folder, names[i][1], error));
    if (access (config, F_OK) == 0)
      return LIMN_OK;
  }
  return limn_fail (error, LIMN_BAD_MODEL, "%s: not a checkpoint folder: there is no config.json in it.", folder);
}

/* A diffusers folder's config and weights. */
static LimnStatus
open_folder (LimnWeights *self, const char *folder, LimnError *error)
{
  char config[PATH_MAX], file[PATH_MAX], *text;
  size_t length;
  LimnStatus status;

  LIMN_TRY (find_in_folder (folder, config, file, error));
  LIMN_TRY (read_text (config, &text, &length, error));
  status = limn_config_parse (&self->config, text, length, config, error);
  free (text);
  if (status != LIMN_OK)
    return status;
  limn_meta_plain (&self->meta, &self->config);
  return open_file (self, file, NULL, NULL, error);
}

/* parse NULL: a U-Net. */
static LimnStatus
open_path (LimnWeights **weights, const char *path, LimnConfigParse parse, void *user, LimnError *error)
{
  LimnWeights *self = calloc (1, sizeof *self);
  struct stat info;
  LimnStatus status;

  *weights = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  if (stat (path, &info) != 0)
    status = limn_fail (error, LIMN_BAD_MODEL, "%s: can't be opened: %s.", path, strerror (errno));
  else if (parse)
    status = open_file (self, path, parse, user, error);
  else
    status = S_ISDIR (info.st_mode) ? open_folder (self, path, error) : open_file (self, path, parse_unet, self, error);
  if (status == LIMN_OK)
    *weights = self;
  else
    limn_weights_free (self);
  return status;
}

LimnStatus
limn_weights_open (LimnWeights **weights, const char *path, LimnError *error)
{
  return open_path (weights, path, NULL, NULL, error);
}

LimnStatus
limn_weights_open_as (LimnWeights **weights, const char *path, LimnConfigParse parse, void *user, LimnError *error)
{
  return open_path (weights, path, parse, user, error);
}

void
limn_weights_free (LimnWeights *weights)
{
  if (!weights)
    return;
  if (weights->bytes)
    munmap ((void *) weights->bytes, weights->size);
  free (weights->tensors);
  free (weights);
}

/* ---------------------------------------------------------------- what is in it */

const LimnUnetConfig *
limn_weights_config (const LimnWeights *weights)
{
  return &weights->config;
}

const LimnModelMeta *
limn_weights_meta (const LimnWeights *weights)
{
  return &weights->meta;
}

size_t
limn_weights_tensors (const LimnWeights *weights)
{
  return weights->count;
}

size_t
limn_weights_parameters (const LimnWeights *weights)
{
  return weights->parameters;
}

size_t
limn_weights_file_bytes (const LimnWeights *weights)
{
  return weights->size;
}

LimnDtype
limn_weights_dtype (const LimnWeights *weights)
{
  const LimnTensorView *largest = weights->tensors;

  for (size_t i = 1; i < weights->count; i++)
    if (weights->tensors[i].count > largest->count)
      largest = &weights->tensors[i];
  return largest->dtype;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t
fnv (uint64_t hash, const uint8_t *bytes, size_t count)
{
  for (size_t i = 0; i < count; i++)
    hash = (hash ^ bytes[i]) * UINT64_C (0x100000001b3);
  return hash;
}

uint64_t
limn_weights_hash (const LimnWeights *weights)
{
  size_t data = weights->size - weights->header, part = data < MIB ? data : MIB;
  uint64_t hash = fnv (UINT64_C (0xcbf29ce484222325), weights->bytes, weights->header + part);

  return fnv (hash, weights->bytes + weights->size - part, part);
}

static const LimnTensorView *
find (const LimnWeights *weights, const char *name)
{
  size_t low = 0, high = weights->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp (weights->tensors[middle].name, name);
    if (order == 0)
      return &weights->tensors[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

bool
limn_weights_has (const LimnWeights *weights, const char *name)
{
  return find (weights, name) != NULL;
}

size_t
limn_weights_inputs (const LimnWeights *weights, const char *name)
{
  const LimnTensorView *found = find (weights, name);

  return found && found->dims >= 2 ? found->shape[1] : 0;
}

static void
shape_text (char text[96], int dims, const size_t *shape)
{
  size_t at = 0;

  for (int i = 0; i < dims && i < 4; i++) {
    char digits[24];
    size_t count = 0, value = shape[i];
    do
      digits[count++] = (char) ('0' + value % 10);
    while ((value /= 10) > 0);
    if (i > 0)
      text[at++] = 'x';
    while (count > 0)
      text[at++] = digits[--count];
  }
  text[at] = '\0';
}

LimnStatus
limn_weights_get (const LimnWeights *weights, const char *name, int dims, const size_t *shape, LimnTensorView *view, LimnError *error)
{
  const LimnTensorView *found = find (weights, name);
  bool same;

  if (!found)
    return limn_fail (error, LIMN_BAD_MODEL, "The weights have no tensor %s.", name);
  same = found->dims == dims;
  for (int i = 0; i < dims && same; i++)
    same = found->shape[i] == shape[i];
  if (!same) {
    char has[96], wanted[96];
    shape_text (has, found->dims, found->shape);
    shape_text (wanted, dims, shape);
    return limn_fail (error, LIMN_BAD_MODEL, "The weights' tensor %s is of shape %s; the config asks for %s.", name, has, wanted);
  }
  *view = *found;
  return LIMN_OK;
}
