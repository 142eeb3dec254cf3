/* Writing recipes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recipe-private.h"

#include <cjson/cJSON.h>

const char *const limn_recipe_planes[] = { "mask", "paint", "materials", "ink", "guide", "guide-ink", "sources" };
G_STATIC_ASSERT (G_N_ELEMENTS (limn_recipe_planes) == LIMN_DOCUMENT_N_PLANES);

typedef struct {
  LimnBlobPut put;
  gpointer user;
  GError **error;
} Writer;

/* A 64-bit seed as text (JSON numbers hold 53 bits). Free with g_free. */
static char *
seed_to_string (guint64 seed)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
}

static void
add_seed (cJSON *object, const char *key, guint64 seed)
{
  g_autofree char *text = seed_to_string (seed);

  cJSON_AddStringToObject (object, key, text);
}

/* Puts the blob and writes its name. */
static gboolean
add_blob (Writer *self, cJSON *object, const char *key, const char *kind, const LimnBlob *blob)
{
  g_autofree char *name = self->put (kind, blob, self->user, self->error);

  if (name == NULL)
    return FALSE;
  cJSON_AddStringToObject (object, key, name);
  return TRUE;
}

/* What an edit was made of. */
static gboolean
add_source (Writer *self, cJSON *object, const char *key, const char *kind, LimnSource *source)
{
  g_autoptr (LimnRaster) raster = source != NULL ? limn_source_dup_raster (source) : NULL;
  const LimnBlob blob = { .raster = raster };
  cJSON *child;

  if (source == NULL)
    return TRUE;
  child = cJSON_AddObjectToObject (object, key);
  cJSON_AddNumberToObject (child, "width", limn_raster_get_width (raster));
  cJSON_AddNumberToObject (child, "height", limn_raster_get_height (raster));
  return add_blob (self, child, "data", kind, &blob);
}

static void
add_parameters (cJSON *object, const LimnEdit *edit)
{
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;

  for (int i = 0; parameters[i].name; i++) {
    if (parameters[i].type == LIMN_PARAMETER_FLAG)
      cJSON_AddBoolToObject (object, parameters[i].name, edit->set.values[i] != 0);
    else if (parameters[i].range.automatic && edit->set.values[i] == LIMN_PARAMETER_AUTOMATIC)
      cJSON_AddStringToObject (object, parameters[i].name, "auto");
    else
      cJSON_AddNumberToObject (object, parameters[i].name, edit->set.values[i]);
  }
}

/* Without its photo: that is what lies under the layer. */
static gboolean
add_edit (Writer *self, cJSON *layer, const LimnEdit *edit)
{
  cJSON *object = cJSON_AddObjectToObject (layer, "recipe");

  cJSON_AddStringToObject (object, "task", limn_edit_get_kind (edit)->nick);
  add_seed (object, "seed", edit->set.seed);
  if (edit->set.mix > 0) {
    add_seed (object, "seed-b", edit->set.seed_b);
    cJSON_AddNumberToObject (object, "mix", edit->set.mix);
  }
  cJSON_AddNumberToObject (object, "steps", edit->set.steps);
  add_parameters (object, edit);
  return add_source (self, object, "mask", "edit-mask", edit->from.mask) &&
         add_source (self, object, "lines", "edit-lines", edit->from.lines) &&
         add_source (self, object, "paint", "edit-paint", edit->from.paint) &&
         add_source (self, object, "materials", "edit-materials", edit->from.materials) &&
         add_source (self, object, "sources", "edit-sources", edit->from.sources);
}

static gboolean
add_layer (Writer *self, cJSON *layers, const LimnSnapshotLayer *layer)
{
  cJSON *object = cJSON_CreateObject ();
  const LimnBlob picture = { .picture = layer->picture };

  cJSON_AddItemToArray (layers, object);
  cJSON_AddStringToObject (object, "name", layer->name);
  cJSON_AddNumberToObject (object, "x", layer->x);
  cJSON_AddNumberToObject (object, "y", layer->y);
  cJSON_AddBoolToObject (object, "visible", layer->style.visible);
  cJSON_AddNumberToObject (object, "opacity", layer->style.opacity);
  cJSON_AddStringToObject (object, "blend", limn_blend_get_op (layer->style.blend));
  if (layer->model_hash != NULL)
    cJSON_AddStringToObject (object, "model", layer->model_hash);
  return add_blob (self, object, "data", "layer", &picture) && (layer->recipe == NULL || add_edit (self, object, layer->recipe));
}

static gboolean
add_planes (Writer *self, cJSON *root, LimnSnapshot *snapshot)
{
  cJSON *planes = cJSON_AddObjectToObject (root, "planes");

  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    const LimnBlob blob = { .raster = snapshot->planes[i] };

    if (!limn_raster_is_empty (blob.raster) && !add_blob (self, planes, limn_recipe_planes[i], limn_recipe_planes[i], &blob))
      return FALSE;
  }
  return TRUE;
}

static void
add_scenery (cJSON *root, const LimnScenery *scenery)
{
  cJSON *object = cJSON_AddObjectToObject (root, "scenery");

  cJSON_AddNumberToObject (object, "horizon", scenery->horizon);
  cJSON_AddNumberToObject (object, "sun-x", scenery->sun_x);
  cJSON_AddNumberToObject (object, "sun-y", scenery->sun_y);
}

static void
add_dots (cJSON *root, GArray *dots)
{
  cJSON *array = cJSON_AddArrayToObject (root, "dots");

  for (guint i = 0; i < dots->len; i++) {
    const LimnDot *dot = &g_array_index (dots, LimnDot, i);
    char color[8];
    cJSON *object = cJSON_CreateObject ();

    g_snprintf (color, sizeof color, "#%02x%02x%02x", dot->rgb[0], dot->rgb[1], dot->rgb[2]);
    cJSON_AddItemToArray (array, object);
    cJSON_AddNumberToObject (object, "x", dot->x);
    cJSON_AddNumberToObject (object, "y", dot->y);
    cJSON_AddNumberToObject (object, "radius", dot->radius);
    cJSON_AddStringToObject (object, "color", color);
  }
}

char *
limn_recipe_write (LimnSnapshot *snapshot, LimnBlobPut put, gpointer user, GError **error)
{
  Writer self = { put, user, error };
  const LimnBlob photo = { .picture = snapshot->photo };
  cJSON *root = cJSON_CreateObject (), *layers;
  char *printed, *text = NULL;
  gboolean done;

  cJSON_AddNumberToObject (root, "limn-recipe", LIMN_RECIPE_VERSION);
  cJSON_AddBoolToObject (root, "sketch", snapshot->sketch);
  done = add_blob (&self, root, "photo", "photo", &photo);
  layers = cJSON_AddArrayToObject (root, "layers");
  for (guint i = 0; done && i < snapshot->layers->len; i++)
    done = add_layer (&self, layers, snapshot->layers->pdata[i]);
  done = done && add_planes (&self, root, snapshot);
  if (done) {
    add_dots (root, snapshot->dots);
    add_scenery (root, &snapshot->scenery);
    printed = cJSON_Print (root);
    text = g_strdup (printed);
    cJSON_free (printed);
  }
  cJSON_Delete (root);
  return text;
}
