/* Writing recipes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recipe-private.h"

#include "app/base/limn-json.h"
#include "app/edit/limn-material.h"

const char *const limn_recipe_planes[] = { "mask", "paint", "materials", "ink", "guide", "guide-ink", "sources", "marks" };
G_STATIC_ASSERT (G_N_ELEMENTS (limn_recipe_planes) == LIMN_DOCUMENT_N_PLANES);

typedef struct {
  LimnBlobPut put;
  gpointer user;
  GError **error;
  gboolean failed; /* memory has ended: something isn't in the tree */
} Writer;

static void
add_number (Writer *self, cJSON *object, const char *key, double value)
{
  limn_json_added (cJSON_AddNumberToObject (object, key, value), &self->failed);
}

static void
add_text (Writer *self, cJSON *object, const char *key, const char *value)
{
  limn_json_added (cJSON_AddStringToObject (object, key, value), &self->failed);
}

static void
add_boolean (Writer *self, cJSON *object, const char *key, gboolean value)
{
  limn_json_added (cJSON_AddBoolToObject (object, key, value), &self->failed);
}

static cJSON *
add_object (Writer *self, cJSON *object, const char *key)
{
  cJSON *child = cJSON_AddObjectToObject (object, key);

  limn_json_added (child, &self->failed);
  return child;
}

static cJSON *
add_array (Writer *self, cJSON *object, const char *key)
{
  cJSON *child = cJSON_AddArrayToObject (object, key);

  limn_json_added (child, &self->failed);
  return child;
}

/* A new object at the array's end. */
static cJSON *
append_object (Writer *self, cJSON *array)
{
  cJSON *object = cJSON_CreateObject ();

  if (limn_json_added (object, &self->failed) && !cJSON_AddItemToArray (array, object)) {
    self->failed = TRUE;
    g_clear_pointer (&object, cJSON_Delete);
  }
  return object;
}

/* A 64-bit seed as text (JSON numbers hold 53 bits). Free with g_free. */
static char *
seed_to_string (guint64 seed)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
}

static void
add_seed (Writer *self, cJSON *object, const char *key, guint64 seed)
{
  g_autofree char *text = seed_to_string (seed);

  add_text (self, object, key, text);
}

/* Puts the blob and writes its name. */
static gboolean
add_blob (Writer *self, cJSON *object, const char *key, const char *kind, const LimnBlob *blob)
{
  g_autofree char *name = self->put (kind, blob, self->user, self->error);

  if (name == NULL)
    return FALSE;
  add_text (self, object, key, name);
  return TRUE;
}

static gboolean
add_surface (Writer *self, cJSON *array, const LimnOwnSurface *surface)
{
  const LimnBlob picture = { .picture = surface->picture };
  cJSON *object = append_object (self, array);
  LimnMaterialInfo like;

  add_number (self, object, "label", surface->label);
  add_text (self, object, "like", limn_material_find (surface->like, &like) ? like.id : "");
  add_text (self, object, "name", surface->name);
  return add_blob (self, object, "data", "surface", &picture);
}

static gboolean
add_surfaces (Writer *self, cJSON *object, const LimnSurfaceList *surfaces)
{
  cJSON *array;

  if (limn_surface_list_get_count (surfaces) == 0)
    return TRUE;
  array = add_array (self, object, "surfaces");
  for (guint i = 0; i < limn_surface_list_get_count (surfaces); i++)
    if (!add_surface (self, array, limn_surface_list_get (surfaces, i)))
      return FALSE;
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
  child = add_object (self, object, key);
  add_number (self, child, "width", limn_raster_get_width (raster));
  add_number (self, child, "height", limn_raster_get_height (raster));
  return add_blob (self, child, "data", kind, &blob);
}

static void
add_parameters (Writer *self, cJSON *object, const LimnEdit *edit)
{
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;

  for (int i = 0; parameters[i].name; i++) {
    if (parameters[i].type == LIMN_PARAMETER_FLAG)
      add_boolean (self, object, parameters[i].name, edit->set.values[i] != 0);
    else if (parameters[i].range.automatic && edit->set.values[i] == LIMN_PARAMETER_AUTOMATIC)
      add_text (self, object, parameters[i].name, "auto");
    else
      add_number (self, object, parameters[i].name, edit->set.values[i]);
  }
}

/* Without its photo: that is what lies under the layer. */
static gboolean
add_edit (Writer *self, cJSON *layer, const LimnEdit *edit)
{
  cJSON *object = add_object (self, layer, "recipe");

  add_text (self, object, "task", limn_edit_get_kind (edit)->nick);
  add_seed (self, object, "seed", edit->set.seed);
  if (edit->set.mix > 0) {
    add_seed (self, object, "seed-b", edit->set.seed_b);
    add_number (self, object, "mix", edit->set.mix);
  }
  add_number (self, object, "steps", edit->set.steps);
  add_parameters (self, object, edit);
  return add_source (self, object, "mask", "edit-mask", edit->from.mask) &&
         add_source (self, object, "lines", "edit-lines", edit->from.lines) &&
         add_source (self, object, "paint", "edit-paint", edit->from.paint) &&
         add_source (self, object, "materials", "edit-materials", edit->from.materials) &&
         add_source (self, object, "sources", "edit-sources", edit->from.sources) &&
         add_source (self, object, "marks", "edit-marks", edit->from.marks) && add_surfaces (self, object, edit->from.surfaces);
}

static gboolean
add_layer (Writer *self, cJSON *layers, const LimnSnapshotLayer *layer)
{
  cJSON *object = append_object (self, layers);
  const LimnBlob picture = { .picture = layer->picture };

  add_text (self, object, "name", layer->name);
  add_number (self, object, "x", layer->x);
  add_number (self, object, "y", layer->y);
  add_boolean (self, object, "visible", layer->style.visible);
  add_number (self, object, "opacity", layer->style.opacity);
  add_text (self, object, "blend", limn_blend_get_op (layer->style.blend));
  if (layer->model_hash != NULL)
    add_text (self, object, "model", layer->model_hash);
  return add_blob (self, object, "data", "layer", &picture) && (layer->recipe == NULL || add_edit (self, object, layer->recipe));
}

static gboolean
add_planes (Writer *self, cJSON *root, LimnSnapshot *snapshot)
{
  cJSON *planes = add_object (self, root, "planes");

  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    const LimnBlob blob = { .raster = snapshot->planes[i] };

    if (!limn_raster_is_empty (blob.raster) && !add_blob (self, planes, limn_recipe_planes[i], limn_recipe_planes[i], &blob))
      return FALSE;
  }
  return TRUE;
}

static void
add_scenery (Writer *self, cJSON *root, const LimnScenery *scenery)
{
  cJSON *object = add_object (self, root, "scenery");

  add_number (self, object, "horizon", scenery->horizon);
  add_number (self, object, "sun-x", scenery->sun_x);
  add_number (self, object, "sun-y", scenery->sun_y);
}

static void
add_dots (Writer *self, cJSON *root, GArray *dots)
{
  cJSON *array = add_array (self, root, "dots");

  for (guint i = 0; i < dots->len; i++) {
    const LimnDot *dot = &g_array_index (dots, LimnDot, i);
    char color[8];
    cJSON *object = append_object (self, array);

    g_snprintf (color, sizeof color, "#%02x%02x%02x", dot->rgb[0], dot->rgb[1], dot->rgb[2]);
    add_number (self, object, "x", dot->x);
    add_number (self, object, "y", dot->y);
    add_number (self, object, "radius", dot->radius);
    add_text (self, object, "color", color);
  }
}

char *
limn_recipe_write (LimnSnapshot *snapshot, LimnBlobPut put, gpointer user, GError **error)
{
  Writer self = { put, user, error, FALSE };
  const LimnBlob photo = { .picture = snapshot->photo };
  cJSON *root = cJSON_CreateObject (), *layers;
  char *text = NULL;
  gboolean done;

  limn_json_added (root, &self.failed);
  add_number (&self, root, "limn-recipe", LIMN_RECIPE_VERSION);
  add_boolean (&self, root, "sketch", snapshot->sketch);
  done = add_blob (&self, root, "photo", "photo", &photo);
  layers = add_array (&self, root, "layers");
  for (guint i = 0; done && i < snapshot->layers->len; i++)
    done = add_layer (&self, layers, snapshot->layers->pdata[i]);
  done = done && add_planes (&self, root, snapshot) && add_surfaces (&self, root, snapshot->surfaces);
  if (done) {
    add_dots (&self, root, snapshot->dots);
    add_scenery (&self, root, &snapshot->scenery);
    text = limn_json_print (root, TRUE, self.failed, error);
  }
  cJSON_Delete (root);
  return text;
}
