/* Result layers: pixels, position, style, and the recipe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-layer.h"

#include "app/base/limn-thread.h"
#include "app/compose/limn-stack.h"

struct _LimnLayer {
  GObject parent_instance;
  char *name, *model_hash;
  LimnPicture *picture, *thumbnail;
  int thumbnail_size;
  LimnEdit *recipe;
  int x, y;
  LimnLayerStyle style;
};

G_DEFINE_FINAL_TYPE (LimnLayer, limn_layer, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_TASK, PROP_VISIBLE, PROP_OPACITY, PROP_BLEND, PROP_X, PROP_Y, N_PROPS };
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
  case PROP_NAME: g_value_set_string (value, self->name); break;
  case PROP_TASK: g_value_set_int (value, limn_layer_get_task (self)); break;
  case PROP_VISIBLE: g_value_set_boolean (value, self->style.visible); break;
  case PROP_OPACITY: g_value_set_double (value, self->style.opacity); break;
  case PROP_BLEND: g_value_set_int (value, (int) self->style.blend); break;
  case PROP_X: g_value_set_int (value, self->x); break;
  case PROP_Y: g_value_set_int (value, self->y); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
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
  properties[PROP_TASK] = g_param_spec_int ("task", NULL, NULL, 0, LIMN_N_TASKS - 1, 0, flags);
  properties[PROP_VISIBLE] = g_param_spec_boolean ("visible", NULL, NULL, TRUE, flags);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 1, flags);
  properties[PROP_BLEND] = g_param_spec_int ("blend", NULL, NULL, 0, LIMN_N_BLENDS - 1, 0, flags);
  properties[PROP_X] = g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, flags);
  properties[PROP_Y] = g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_layer_init (LimnLayer *self)
{
  self->style = (LimnLayerStyle) LIMN_LAYER_STYLE_INIT;
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
    g_clear_pointer (&recipe->from.photo, limn_source_unref);
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

LimnLayerStyle
limn_layer_get_style (LimnLayer *self)
{
  return self->style;
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

/* -- The thumbnail -- */

/* Whether any of count pixels isn't transparent. */
static gboolean
has_visible_pixels (const guint8 *row, int depth, gsize first, gsize count)
{
  for (gsize i = first; i < first + count; i++)
    if (depth == 8 ? row[4 * i + 3] : ((const guint16 *) (gconstpointer) row)[4 * i + 3])
      return TRUE;
  return FALSE;
}

/* The rectangle outside which every pixel is transparent; the whole picture if all of it is transparent. */
static LimnRect
find_bounds (LimnPicture *picture)
{
  gsize w = limn_picture_get_width (picture), h = limn_picture_get_height (picture), left = w, right = 0, top = h, bottom = 0;
  int depth = limn_picture_get_depth (picture);
  for (gsize y = 0; y < h; y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    gsize a = 0, b = w;
    while (a < w && !has_visible_pixels (row, depth, a, 1))
      a++;
    if (a == w)
      continue;
    while (!has_visible_pixels (row, depth, b - 1, 1))
      b--;
    left = MIN (left, a);
    right = MAX (right, b);
    top = MIN (top, y);
    bottom = y + 1;
  }
  return right > 0 ? (LimnRect){ (int) left, (int) top, (int) (right - left), (int) (bottom - top) } : (LimnRect){ 0, 0, (int) w, (int) h };
}

/* Premultiplied average of the part [x0, x1) x [y0, y1) of RGBA pixels of 8 bits. */
static void
average_area (const guint8 *pixels, LimnRect size, double x0, double y0, double x1, double y1, guint8 *out)
{
  double sum[4] = { 0 }, area = 0;
  for (int y = (int) y0; y < size.height && y < y1; y++) {
    const guint8 *row = pixels + (gsize) y * (gsize) size.width * 4;
    double wy = MIN (y1, y + 1.0) - MAX (y0, y);
    for (int x = (int) x0; x < size.width && x < x1; x++) {
      double weight = wy * (MIN (x1, x + 1.0) - MAX (x0, x)), a = row[4 * x + 3] * weight;
      for (int k = 0; k < 3; k++)
        sum[k] += row[4 * x + k] * a;
      sum[3] += a;
      area += weight;
    }
  }
  for (int k = 0; k < 3; k++)
    out[k] = sum[3] > 0 ? (guint8) (sum[k] / sum[3] + 0.5) : 0;
  out[3] = area > 0 ? (guint8) (sum[3] / area + 0.5) : 0;
}

/* First by a power of two, then by what is left. */
static LimnPicture *
make_thumbnail (LimnPicture *picture, int size, GError **error)
{
  LimnRect rect = find_bounds (picture);
  LimnStack stack = { picture, NULL, 0 };
  int level = 0;
  while (MAX (rect.width, rect.height) >> (level + 1) >= size)
    level++;
  rect = (LimnRect){ rect.x >> level, rect.y >> level, MAX (1, rect.width >> level), MAX (1, rect.height >> level) };
  double scale = MIN (1, (double) size / MAX (rect.width, rect.height));
  int width = MAX (1, (int) (rect.width * scale + 0.5)), height = MAX (1, (int) (rect.height * scale + 0.5));
  g_autofree guint8 *pixels = g_malloc ((gsize) rect.width * (gsize) rect.height * 4);
  LimnPicture *small = limn_picture_new ((gsize) width, (gsize) height, 8, error);
  if (!small)
    return NULL;
  limn_stack_render (&stack, level, &rect, pixels, (gsize) rect.width * 4);
  double sx = (double) rect.width / width, sy = (double) rect.height / height;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      average_area (pixels, rect, x * sx, y * sy, (x + 1) * sx, (y + 1) * sy,
                    limn_picture_get_data (small) + (gsize) y * limn_picture_get_stride (small) + 4 * (gsize) x);
  limn_picture_set_has_alpha (small, TRUE);
  return small;
}

static void
run_reduce (GTask *task, gpointer picture, gpointer size, GCancellable *cancellable)
{
  GError *error = NULL;
  limn_thread_set_background ();
  LimnPicture *small = make_thumbnail (picture, GPOINTER_TO_INT (size), &error);
  if (small)
    g_task_return_pointer (task, small, g_object_unref);
  else
    g_task_return_error (task, error);
}

LimnPicture *
limn_layer_peek_thumbnail (LimnLayer *self, int size)
{
  return self->thumbnail_size == size ? self->thumbnail : NULL;
}

void
limn_layer_make_thumbnail_async (LimnLayer *self, int size, GAsyncReadyCallback ready, gpointer user)
{
  g_return_if_fail (size > 0);
  g_autoptr (GTask) task = g_task_new (self->picture, NULL, ready, user);
  g_task_set_task_data (task, GINT_TO_POINTER (size), NULL);
  g_task_run_in_thread (task, run_reduce);
}

LimnPicture *
limn_layer_make_thumbnail_finish (LimnLayer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self->picture), NULL);
  LimnPicture *small = g_task_propagate_pointer (G_TASK (result), error);
  if (!small)
    return NULL;
  g_clear_object (&self->thumbnail);
  self->thumbnail = small;
  self->thumbnail_size = GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result)));
  return small;
}

void
limn_layer_set_name (LimnLayer *self, const char *name)
{
  if (g_str_equal (self->name, name))
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

void
limn_layer_set_style (LimnLayer *self, const LimnLayerStyle *style)
{
  LimnLayerStyle before = self->style;
  self->style = *style;
  self->style.opacity = CLAMP (style->opacity, 0, 1);
  if (before.visible != self->style.visible)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VISIBLE]);
  if (before.opacity != self->style.opacity)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPACITY]);
  if (before.blend != self->style.blend)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLEND]);
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
