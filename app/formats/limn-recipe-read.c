/* Reading recipes: everything is checked, for the file may come from anywhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recipe-private.h"

#include "app/base/limn-json.h"
#include "app/edit/limn-material.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum { MAX_LAYERS = 10000, MAX_DOTS = 100000 };

typedef struct {
  LimnBlobGetPicture get_picture;
  LimnBlobGetRaster get_raster;
  gpointer user;
  GError **error;
  int version; /* of what is read */
} Reader;

/* The first version in which paint may be of materials. */
#define WITH_MATERIALS 4

static gboolean
damaged (Reader *self, const char *key, const char *what)
{
  g_set_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("The recipe in this file is damaged (\"%s\" %s)."), key, what);
  return FALSE;
}

/* Leaves *value alone where key is missing. */
static gboolean
get_number (Reader *self, const cJSON *object, const char *key, double min, double max, double *value)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  if (item == NULL)
    return TRUE;
  if (!cJSON_IsNumber (item))
    return damaged (self, key, "is not a number");
  if (!(item->valuedouble >= min && item->valuedouble <= max))
    return damaged (self, key, "is out of range");
  *value = item->valuedouble;
  return TRUE;
}

static gboolean
get_int (Reader *self, const cJSON *object, const char *key, int min, int max, int *value)
{
  double number = *value;

  if (!get_number (self, object, key, min, max, &number))
    return FALSE;
  if (number != floor (number))
    return damaged (self, key, "is not a whole number");
  *value = (int) number;
  return TRUE;
}

static gboolean
get_size (Reader *self, const cJSON *object, const char *key, int min, gsize *value)
{
  int number = (int) *value;

  if (!get_int (self, object, key, min, LIMN_PICTURE_MAX_SIDE, &number))
    return FALSE;
  *value = (gsize) number;
  return TRUE;
}

static gboolean
get_boolean (Reader *self, const cJSON *object, const char *key, gboolean *value)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  if (item == NULL)
    return TRUE;
  if (!cJSON_IsBool (item))
    return damaged (self, key, "is neither true nor false");
  *value = cJSON_IsTrue (item);
  return TRUE;
}

/* *value: borrowed; NULL where key is missing. */
static gboolean
get_string (Reader *self, const cJSON *object, const char *key, gboolean needed, const char **value)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  *value = NULL;
  if (item == NULL)
    return needed ? damaged (self, key, "is missing") : TRUE;
  if (!cJSON_IsString (item) || !g_utf8_validate (item->valuestring, -1, NULL))
    return damaged (self, key, "is not a text");
  *value = item->valuestring;
  return TRUE;
}

static gboolean
get_seed (Reader *self, const cJSON *object, const char *key, guint64 *value)
{
  const char *text;

  if (!get_string (self, object, key, FALSE, &text))
    return FALSE;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, value, NULL))
    return damaged (self, key, "is not a seed");
  return TRUE;
}

/* An array that must be there, and not too long. */
static gboolean
get_array (Reader *self, const cJSON *object, const char *key, int max, const cJSON **array)
{
  *array = cJSON_GetObjectItemCaseSensitive (object, key);
  if (!cJSON_IsArray (*array))
    return damaged (self, key, "is not a list");
  if (cJSON_GetArraySize (*array) > max)
    return damaged (self, key, "is too long");
  return TRUE;
}

static gboolean
get_picture (Reader *self, const cJSON *object, const char *key, gboolean needed, LimnPicture **picture)
{
  const char *name;

  if (!get_string (self, object, key, needed, &name))
    return FALSE;
  if (name != NULL)
    *picture = self->get_picture (name, self->user, self->error);
  return name == NULL || *picture != NULL;
}

static gboolean
get_material (Reader *self, const cJSON *object, const char *key, guint8 *label)
{
  const char *id;

  if (!get_string (self, object, key, TRUE, &id))
    return FALSE;
  for (guint i = 0; i < limn_material_get_count (); i++)
    if (g_str_equal (limn_material_get (i).id, id)) {
      *label = limn_material_get (i).label;
      return TRUE;
    }
  return damaged (self, key, "is not a material that this version knows");
}

/* Adds to *surfaces, which is replaced. */
static gboolean
get_surface (Reader *self, const cJSON *object, LimnSurfaceList **surfaces)
{
  g_autoptr (LimnPicture) picture = NULL;
  LimnOwnSurface surface = { 0 };
  LimnSurfaceList *before = *surfaces;
  int label = 0;

  if (!get_int (self, object, "label", 1, LIMN_OWN_LAST, &label) || !get_material (self, object, "like", &surface.like) ||
      !get_string (self, object, "name", TRUE, &surface.name) || !get_picture (self, object, "data", TRUE, &picture))
    return FALSE;
  surface.label = (guint8) label;
  if (surface.label < LIMN_OWN_FIRST && surface.label != surface.like)
    return damaged (self, "label", "is out of range");
  if (!limn_surface_is_usable (picture))
    return damaged (self, "data", "is not a surface");
  surface.picture = picture;
  *surfaces = limn_surface_list_with (before, &surface);
  limn_surface_list_unref (before);
  return TRUE;
}

static gboolean
get_surfaces (Reader *self, const cJSON *object, LimnSurfaceList **surfaces)
{
  const cJSON *array, *item;

  if (!cJSON_HasObjectItem (object, "surfaces"))
    return TRUE;
  if (!get_array (self, object, "surfaces", LIMN_OWN_LAST, &array))
    return FALSE;
  cJSON_ArrayForEach (item, array) if (!get_surface (self, item, surfaces)) return FALSE;
  return TRUE;
}

/* A raster of as many channels with its size. */
static gboolean
get_sized (Reader *self, const cJSON *object, const char *key, int channels, LimnRaster **raster)
{
  const cJSON *child = cJSON_GetObjectItemCaseSensitive (object, key);
  const char *name;
  gsize width = 0, height = 0;

  if (child == NULL)
    return TRUE;
  if (!get_size (self, child, "width", 1, &width) || !get_size (self, child, "height", 1, &height) ||
      !get_string (self, child, "data", TRUE, &name))
    return FALSE;
  if (width == 0 || height == 0 || width * height > LIMN_PICTURE_MAX_PIXELS)
    return damaged (self, key, "has no size that can be");
  *raster = self->get_raster (name, channels, width, height, self->user, self->error);
  return *raster != NULL;
}

static gboolean
get_plane (Reader *self, const cJSON *object, const char *key, LimnSource **source)
{
  g_autoptr (LimnRaster) raster = NULL;

  if (!get_sized (self, object, key, 1, &raster))
    return FALSE;
  *source = raster != NULL ? limn_source_new_raster (raster) : NULL;
  return TRUE;
}

/* In version 1 it was a picture of the whole size. */
static gboolean
get_paint (Reader *self, const cJSON *object, gboolean dots, LimnSource **source)
{
  g_autoptr (LimnRaster) raster = NULL;
  g_autoptr (LimnPicture) picture = NULL;

  if (!cJSON_IsString (cJSON_GetObjectItemCaseSensitive (object, "paint"))) {
    if (!get_sized (self, object, "paint", 4, &raster))
      return FALSE;
  } else if (!get_picture (self, object, "paint", TRUE, &picture)) {
    return FALSE;
  } else if (limn_picture_get_depth (picture) != 8) {
    return damaged (self, "paint", "is not of 8 bits");
  } else {
    const LimnRect rect = { 0, 0, (int) limn_picture_get_width (picture), (int) limn_picture_get_height (picture) };

    raster = limn_raster_new (limn_picture_get_width (picture), limn_picture_get_height (picture), 4);
    limn_raster_write (raster, &rect, limn_picture_get_data (picture), limn_picture_get_stride (picture));
  }
  if (raster != NULL)
    *source = dots ? limn_source_new_discs (raster) : limn_source_new_raster (raster);
  return TRUE;
}

/* A number of an edit: in its range, and a truth value for a flag. */
static gboolean
get_ranged (Reader *self, const cJSON *object, const char *key, LimnParameterType type, const LimnRange *range, double *value)
{
  g_autofree char *allowed = limn_range_to_string (range), *what = g_strdup_printf ("is not %s", allowed);
  int flag = *value != 0, whole = (int) *value;
  const char *word = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (object, key));

  if (range->automatic && g_strcmp0 (word, "auto") == 0) {
    *value = LIMN_PARAMETER_AUTOMATIC;
    return TRUE;
  }
  if (type == LIMN_PARAMETER_FLAG) {
    if (!get_boolean (self, object, key, &flag))
      return FALSE;
    *value = flag;
  } else if (type == LIMN_PARAMETER_INT) {
    if (!get_int (self, object, key, G_MININT, G_MAXINT, &whole))
      return FALSE;
    *value = whole;
  } else if (!get_number (self, object, key, -G_MAXDOUBLE, G_MAXDOUBLE, value)) {
    return FALSE;
  }
  return limn_range_contains (range, *value) || damaged (self, key, what);
}

/* What isn't told stays at its default. */
static gboolean
get_settings (Reader *self, const cJSON *object, LimnEdit *edit)
{
  static const LimnRange step_range = LIMN_RANGE_STEPS, mix_range = LIMN_RANGE_MIX;
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;
  double steps = edit->set.steps;

  for (int i = 0; parameters[i].name; i++)
    if (!get_ranged (self, object, parameters[i].name, parameters[i].type, &parameters[i].range, &edit->set.values[i]))
      return FALSE;
  if (!get_seed (self, object, "seed", &edit->set.seed) || !get_seed (self, object, "seed-b", &edit->set.seed_b) ||
      !get_ranged (self, object, "mix", LIMN_PARAMETER_REAL, &mix_range, &edit->set.mix) ||
      !get_ranged (self, object, "steps", LIMN_PARAMETER_INT, &step_range, &steps))
    return FALSE;
  edit->set.steps = (int) steps;
  return TRUE;
}

/* NULL where object is, and for zero-shot editing, which limn-cli alone does: such a layer is only a picture. */
static gboolean
get_edit (Reader *self, const cJSON *object, LimnEdit **edit)
{
  const char *nick;
  LimnTask task;

  if (object == NULL)
    return TRUE;
  if (!get_string (self, object, "task", TRUE, &nick))
    return FALSE;
  if (g_str_equal (nick, "zero-shot"))
    return TRUE;
  if (!limn_task_from_nick (nick, &task))
    return damaged (self, "task", "is not an edit that this version knows");
  *edit = limn_edit_new (task);
  if (self->version < WITH_MATERIALS && limn_edit_kind_find (limn_edit_get_kind (*edit), "guess") >= 0)
    limn_edit_set (*edit, "guess", FALSE); /* made again, it is what it was */
  return get_settings (self, object, *edit) && get_plane (self, object, "mask", &(*edit)->from.mask) &&
         get_plane (self, object, "lines", &(*edit)->from.lines) && get_plane (self, object, "materials", &(*edit)->from.materials) &&
         get_plane (self, object, "sources", &(*edit)->from.sources) && get_plane (self, object, "marks", &(*edit)->from.marks) &&
         get_surfaces (self, object, &(*edit)->from.surfaces) &&
         get_paint (self, object, limn_edit_get_kind (*edit)->takes & LIMN_TAKES_DOTS, &(*edit)->from.paint);
}

static gboolean
get_blend (Reader *self, const cJSON *object, LimnBlend *blend)
{
  const char *op;

  if (!get_string (self, object, "blend", FALSE, &op))
    return FALSE;
  return op == NULL || limn_blend_from_op (op, blend) || damaged (self, "blend", "is not a word that this version knows");
}

static gboolean
get_layer (Reader *self, const cJSON *object, LimnSnapshot *snapshot)
{
  g_autoptr (LimnPicture) picture = NULL;
  g_autoptr (LimnEdit) edit = NULL;
  const char *name, *model;
  int x = 0, y = 0;
  LimnLayerStyle look = LIMN_LAYER_STYLE_INIT;

  if (!get_string (self, object, "name", TRUE, &name) || !get_string (self, object, "model", FALSE, &model) ||
      !get_int (self, object, "x", -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE, &x) ||
      !get_int (self, object, "y", -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE, &y) ||
      !get_boolean (self, object, "visible", &look.visible) || !get_number (self, object, "opacity", 0, 1, &look.opacity) ||
      !get_blend (self, object, &look.blend) || !get_picture (self, object, "data", TRUE, &picture) ||
      !get_edit (self, cJSON_GetObjectItemCaseSensitive (object, "recipe"), &edit))
    return FALSE;
  limn_snapshot_add_layer (snapshot, name, picture, x, y, &look, edit, model);
  return TRUE;
}

static gboolean
get_planes (Reader *self, const cJSON *root, LimnSnapshot *snapshot)
{
  const cJSON *planes = cJSON_GetObjectItemCaseSensitive (root, "planes");

  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    const char *name;
    LimnRaster *raster;

    if (!get_string (self, planes, limn_recipe_planes[i], FALSE, &name))
      return FALSE;
    if (name == NULL)
      continue;
    raster = self->get_raster (name, limn_document_plane_channels ((LimnDocumentPlane) i), limn_picture_get_width (snapshot->photo),
                               limn_picture_get_height (snapshot->photo), self->user, self->error);
    if (raster == NULL)
      return FALSE;
    g_object_unref (snapshot->planes[i]);
    snapshot->planes[i] = raster;
  }
  return TRUE;
}

static gboolean
get_color (Reader *self, const cJSON *object, guint8 rgb[3])
{
  const char *text;

  if (!get_string (self, object, "color", TRUE, &text))
    return FALSE;
  if (text[0] != '#' || strlen (text) != 7)
    return damaged (self, "color", "is not a colour");
  for (int i = 0; i < 3; i++) {
    const int high = g_ascii_xdigit_value (text[1 + 2 * i]), low = g_ascii_xdigit_value (text[2 + 2 * i]);

    if (high < 0 || low < 0)
      return damaged (self, "color", "is not a colour");
    rgb[i] = (guint8) (high * 16 + low);
  }
  return TRUE;
}

static gboolean
get_dot (Reader *self, const cJSON *object, LimnSnapshot *snapshot)
{
  LimnDot dot = { .radius = 1 };

  if (!get_number (self, object, "x", -LIMN_PICTURE_MAX_SIDE, 2 * LIMN_PICTURE_MAX_SIDE, &dot.x) ||
      !get_number (self, object, "y", -LIMN_PICTURE_MAX_SIDE, 2 * LIMN_PICTURE_MAX_SIDE, &dot.y) ||
      !get_number (self, object, "radius", 0, LIMN_PICTURE_MAX_SIDE, &dot.radius) || !get_color (self, object, dot.rgb))
    return FALSE;
  g_array_append_val (snapshot->dots, dot);
  return TRUE;
}

static gboolean
get_scenery (Reader *self, const cJSON *root, LimnScenery *scenery)
{
  const cJSON *object = cJSON_GetObjectItemCaseSensitive (root, "scenery");

  return get_number (self, object, "horizon", LIMN_SCENERY_AUTOMATIC, 1, &scenery->horizon) &&
         get_number (self, object, "sun-x", LIMN_SCENERY_AUTOMATIC, 2, &scenery->sun_x) &&
         get_number (self, object, "sun-y", LIMN_SCENERY_AUTOMATIC, 1, &scenery->sun_y);
}

static LimnSnapshot *
get_snapshot (Reader *self, const cJSON *root)
{
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (LimnPicture) photo = NULL;
  const cJSON *layers, *dots, *item;

  if (!get_int (self, root, "limn-recipe", 1, G_MAXINT, &self->version) || self->version == 0) {
    g_clear_error (self->error);
    damaged (self, "limn-recipe", "is missing");
    return NULL;
  }
  if (self->version > LIMN_RECIPE_VERSION) {
    g_set_error_literal (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                         _("This file was made by a newer version of Limn. Update Limn to open it."));
    return NULL;
  }
  if (!get_picture (self, root, "photo", TRUE, &photo))
    return NULL;
  snapshot = limn_snapshot_new (photo);
  if (!get_boolean (self, root, "sketch", &snapshot->sketch) || !get_planes (self, root, snapshot) ||
      !get_surfaces (self, root, &snapshot->surfaces) || !get_scenery (self, root, &snapshot->scenery) ||
      !get_array (self, root, "layers", MAX_LAYERS, &layers) || !get_array (self, root, "dots", MAX_DOTS, &dots))
    return NULL;
  cJSON_ArrayForEach (item, layers) if (!get_layer (self, item, snapshot)) return NULL;
  cJSON_ArrayForEach (item, dots) if (!get_dot (self, item, snapshot)) return NULL;
  return g_steal_pointer (&snapshot);
}

LimnSnapshot *
limn_recipe_read (const char *text, gsize length, LimnBlobGetPicture get_picture, LimnBlobGetRaster get_raster, gpointer user,
                  GError **error)
{
  GError *why = NULL;
  Reader self = { .get_picture = get_picture, .get_raster = get_raster, .user = user, .error = &why };
  cJSON *root = limn_json_read (text, length, &why);
  LimnSnapshot *snapshot = NULL;

  if (root == NULL && why == NULL)
    damaged (&self, "limn-recipe", "can't be found, the text is no JSON");
  else if (root != NULL)
    snapshot = get_snapshot (&self, root);
  cJSON_Delete (root);
  if (snapshot == NULL)
    g_propagate_error (error, why);
  return snapshot;
}

static LimnPicture *
refuse_picture (const char *name, gpointer user, GError **error)
{
  (void) user;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("The recipe names “%s”, which only a document (.ora) can hold."), name);
  return NULL;
}

static LimnRaster *
refuse_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  (void) channels, (void) width, (void) height;
  refuse_picture (name, user, error);
  return NULL;
}

LimnEdit *
limn_recipe_read_edit (const char *text, gsize length, GError **error)
{
  GError *why = NULL;
  Reader self = { .get_picture = refuse_picture, .get_raster = refuse_raster, .error = &why, .version = LIMN_RECIPE_VERSION };
  cJSON *object = cJSON_ParseWithLength (text, length);
  LimnEdit *edit = NULL;

  if (!cJSON_IsObject (object))
    damaged (&self, "task", "can't be found, the text is no JSON");
  else if (get_edit (&self, object, &edit) && !edit)
    damaged (&self, "task", "is not an edit that this version knows");
  cJSON_Delete (object);
  if (why) {
    g_clear_pointer (&edit, limn_edit_free);
    g_propagate_error (error, why);
  }
  return edit;
}
