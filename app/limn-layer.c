/* Result layers: pixels, where they lie, how they show, and the recipe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-layer.h"

struct _LimnLayer {
  GObject parent_instance;
  char *name, *model_hash;
  LimnPicture *picture, *thumbnail;
  gsize thumbnail_size;
  LimnEdit *recipe;
  int x, y;
  gboolean visible;
  double opacity;
};

G_DEFINE_FINAL_TYPE (LimnLayer, limn_layer, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_TASK, PROP_VISIBLE, PROP_OPACITY, PROP_X, PROP_Y, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
limn_layer_finalize (GObject *object)
{
  LimnLayer *self = LIMN_LAYER (object);
  g_free (self->name);
  g_free (self->model_hash);
  g_clear_object (&self->picture);
  g_clear_object (&self->thumbnail);
  g_clear_pointer (&self->recipe, limn_edit_free);
  G_OBJECT_CLASS (limn_layer_parent_class)->finalize (object);
}

static void
limn_layer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnLayer *self = LIMN_LAYER (object);
  switch (id) {
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_TASK:
    g_value_set_int (value, limn_layer_get_task (self));
    break;
  case PROP_VISIBLE:
    g_value_set_boolean (value, self->visible);
    break;
  case PROP_OPACITY:
    g_value_set_double (value, self->opacity);
    break;
  case PROP_X:
    g_value_set_int (value, self->x);
    break;
  case PROP_Y:
    g_value_set_int (value, self->y);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
limn_layer_class_init (LimnLayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->finalize = limn_layer_finalize;
  object_class->get_property = limn_layer_get_property;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TASK] = g_param_spec_int ("task", NULL, NULL, 0, LIMN_TASK_ZERO_SHOT, 0, flags);
  properties[PROP_VISIBLE] = g_param_spec_boolean ("visible", NULL, NULL, TRUE, flags);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 1, flags);
  properties[PROP_X] = g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, flags);
  properties[PROP_Y] = g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_layer_init (LimnLayer *self)
{
  self->visible = TRUE;
  self->opacity = 1;
}

LimnLayer *
limn_layer_new (const char *name, LimnPicture *picture, int x, int y, LimnEdit *recipe, const char *model_hash)
{
  LimnLayer *self = g_object_new (LIMN_TYPE_LAYER, NULL);
  self->name = g_strdup (name);
  self->picture = g_object_ref (picture);
  self->x = x;
  self->y = y;
  self->recipe = recipe;
  if (recipe)
    g_clear_object (&recipe->photo);
  self->model_hash = g_strdup (model_hash);
  return self;
}

const char *
limn_layer_get_name (LimnLayer *self)
{
  return self->name;
}

LimnTask
limn_layer_get_task (LimnLayer *self)
{
  return self->recipe ? self->recipe->task : LIMN_TASK_FILL;
}

LimnPicture *
limn_layer_get_picture (LimnLayer *self)
{
  return self->picture;
}

const LimnEdit *
limn_layer_get_recipe (LimnLayer *self)
{
  return self->recipe;
}

const char *
limn_layer_get_model_hash (LimnLayer *self)
{
  return self->model_hash;
}

gboolean
limn_layer_get_visible (LimnLayer *self)
{
  return self->visible;
}

double
limn_layer_get_opacity (LimnLayer *self)
{
  return self->opacity;
}

int
limn_layer_get_x (LimnLayer *self)
{
  return self->x;
}

int
limn_layer_get_y (LimnLayer *self)
{
  return self->y;
}

/* Channel k of the picture's pixel i of a row, in 0..255. */
static double
channel (const guint8 *row, int depth, gsize i, int k)
{
  if (depth == 8)
    return row[4 * i + (gsize) k];
  return ((const guint16 *) (const void *) row)[4 * i + (gsize) k] / 257.0;
}

/* The rectangle outside which every pixel is transparent; the whole picture where nothing shows at all. */
static void
find_bounds (LimnPicture *picture, gsize *x, gsize *y, gsize *width, gsize *height)
{
  gsize w = limn_picture_get_width (picture), h = limn_picture_get_height (picture), left = w, right = 0, top = h, bottom = 0;
  int depth = limn_picture_get_depth (picture);
  for (gsize row = 0; row < h; row++) {
    const guint8 *p = limn_picture_get_data (picture) + row * limn_picture_get_stride (picture);
    gsize a = 0, b = w;
    while (a < w && channel (p, depth, a, 3) <= 0)
      a++;
    if (a == w)
      continue;
    while (channel (p, depth, b - 1, 3) <= 0)
      b--;
    left = MIN (left, a);
    right = MAX (right, b);
    top = MIN (top, row);
    bottom = row + 1;
  }
  gboolean any = right > 0;
  *x = any ? left : 0;
  *y = any ? top : 0;
  *width = any ? right - left : w;
  *height = any ? bottom - top : h;
}

/* Premultiplied average of the part [x0, x1) x [y0, y1). */
static void
average (LimnPicture *picture, double x0, double y0, double x1, double y1, guint8 *out)
{
  int depth = limn_picture_get_depth (picture);
  gsize w = limn_picture_get_width (picture), h = limn_picture_get_height (picture);
  double sum[4] = { 0 }, area = 0;
  for (gsize y = (gsize) y0; y < h && (double) y < y1; y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    double wy = MIN (y1, (double) y + 1) - MAX (y0, (double) y);
    for (gsize x = (gsize) x0; x < w && (double) x < x1; x++) {
      double weight = wy * (MIN (x1, (double) x + 1) - MAX (x0, (double) x)), a = channel (row, depth, x, 3) * weight;
      for (int k = 0; k < 3; k++)
        sum[k] += channel (row, depth, x, k) * a;
      sum[3] += a;
      area += weight;
    }
  }
  for (int k = 0; k < 3; k++)
    out[k] = sum[3] > 0 ? (guint8) (sum[k] / sum[3] + 0.5) : 0;
  out[3] = area > 0 ? (guint8) (sum[3] / area + 0.5) : 0;
}

LimnPicture *
limn_layer_get_thumbnail (LimnLayer *self, gsize size)
{
  g_return_val_if_fail (size > 0, NULL);
  if (self->thumbnail && self->thumbnail_size == size)
    return self->thumbnail;
  g_clear_object (&self->thumbnail);
  gsize x0, y0, w, h;
  find_bounds (self->picture, &x0, &y0, &w, &h);
  double scale = MIN (1, (double) size / (double) MAX (w, h));
  gsize tw = MAX (1, (gsize) ((double) w * scale + 0.5)), th = MAX (1, (gsize) ((double) h * scale + 0.5));
  g_autoptr (LimnPicture) small = limn_picture_new (tw, th, 8, NULL);
  if (!small)
    return NULL;
  double sx = (double) w / (double) tw, sy = (double) h / (double) th;
  for (gsize y = 0; y < th; y++)
    for (gsize x = 0; x < tw; x++)
      average (self->picture, (double) x0 + (double) x * sx, (double) y0 + (double) y * sy, (double) x0 + (double) (x + 1) * sx,
               (double) y0 + (double) (y + 1) * sy, limn_picture_get_data (small) + y * limn_picture_get_stride (small) + 4 * x);
  limn_picture_set_has_alpha (small, TRUE);
  limn_picture_set_profile (small, limn_picture_get_profile (self->picture));
  self->thumbnail = limn_picture_to_srgb (small, NULL);
  self->thumbnail_size = size;
  return self->thumbnail;
}

void
limn_layer_set_visible (LimnLayer *self, gboolean visible)
{
  if (self->visible == visible)
    return;
  self->visible = visible;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VISIBLE]);
}

void
limn_layer_set_opacity (LimnLayer *self, double opacity)
{
  opacity = CLAMP (opacity, 0, 1);
  if (self->opacity == opacity)
    return;
  self->opacity = opacity;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPACITY]);
}

void
limn_layer_set_position (LimnLayer *self, int x, int y)
{
  if (self->x != x) {
    self->x = x;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_X]);
  }
  if (self->y != y) {
    self->y = y;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_Y]);
  }
}
