/* What materials look like, and where their surfaces are. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material.h"

#include <math.h>
#include <string.h>

#include "app/base/limn-data-folder.h"
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "app/picture/limn-picture-scale.h"
#include "app/raster/limn-geometry.h"
#include "limn-engine-call.h"

/* The part of a surface's width that a swatch shows. */
#define SHOWN 0.5
/* What is rendered: how many times finer, where water begins, and the radius of a cloud or the sun. */
#define FINER 3
#define HORIZON 0.3
#define DISC 0.36

char *
limn_materials_folder (void)
{
  return limn_data_folder ("LIMN_MATERIALS", "materials", "grass.webp");
}

static LimnPicture *
load_surface (const char *name, GError **error)
{
  g_autofree char *folder = limn_materials_folder (), *file = g_strconcat (name, ".webp", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  return limn_picture_load (path, NULL, error);
}

/* The middle of a surface, size pixels a side. */
static LimnPicture *
cut (const char *surface, int size, GError **error)
{
  g_autoptr (LimnPicture) picture = load_surface (surface, error);
  if (!picture)
    return NULL;
  int width = (int) limn_picture_get_width (picture), height = (int) limn_picture_get_height (picture);
  int side = MIN (MAX (size, (int) (SHOWN * width)), MIN (width, height));
  LimnRect middle = { (width - side) / 2, (height - side) / 2, side, side };
  g_autoptr (LimnPicture) part = limn_picture_crop (picture, &middle, error);
  return part ? limn_picture_scale_down (part, (gsize) MIN (size, side), (gsize) MIN (size, side), NULL, error) : NULL;
}

/* Moves the mean colour of picture (8 bits) to rgb. */
static LimnPicture *
recolor (LimnPicture *picture, const guint8 rgb[3], GError **error)
{
  LimnPicture *colored = limn_picture_dup (picture, TRUE, error);
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  double sum[3] = { 0 };
  for (gsize y = 0; colored && y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (int k = 0; k < 3; k++)
        sum[k] += limn_picture_get_data (colored)[y * limn_picture_get_stride (colored) + 4 * x + (gsize) k];
  for (gsize y = 0; colored && y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (int k = 0; k < 3; k++) {
        guint8 *value = limn_picture_get_data (colored) + y * limn_picture_get_stride (colored) + 4 * x + (gsize) k;
        *value = (guint8) CLAMP (*value + rgb[k] - sum[k] / (double) (width * height), 0, 255);
      }
  return colored;
}

/* What isn't laid from a picture is rendered: sky over all of it, and the material in its place. */
typedef struct {
  LimnPicture *paint;
  guint8 *labels;
  int side;
} Scene;

/* The material covers what lies below horizon, or else a disc in the middle of radius; both as parts of the side. */
static void
paint_scene (Scene *self, const LimnMaterial *material, double horizon, double radius)
{
  const LimnMaterial *sky = limn_material_of_id ("sky");
  for (int y = 0; y < self->side; y++)
    for (int x = 0; x < self->side; x++) {
      double dx = (x + 0.5) / self->side - 0.5, dy = (y + 0.5) / self->side - 0.5;
      gboolean is = radius > 0 ? hypot (dx, 2 * dy) < radius || hypot (dx, dy) < radius / 2 : dy + 0.5 >= horizon;
      guint8 *pixel = limn_picture_get_data (self->paint) + (gsize) y * limn_picture_get_stride (self->paint) + 4 * (gsize) x;
      memcpy (pixel, is ? material->colour : sky->colour, 3);
      pixel[3] = 255;
      self->labels[y * self->side + x] = is ? material->label : sky->label;
    }
}

/* By an engine without networks, which materials don't need. */
static LimnPicture *
render (const Scene *self, GError **error)
{
  const LimnEngineOptions options = { .threads = 1 };
  const LimnRect all = limn_picture_get_rect (self->paint);
  const LimnPixels paint = limn_pixels_of (self->paint, &all);
  const LimnMask labels = { self->labels, (gsize) self->side, (gsize) self->side, (gsize) self->side };
  LimnSketchMaterials materials = { .labels = &labels, .horizon = LIMN_AUTOMATIC, .previous_horizon = LIMN_AUTOMATIC };
  const LimnSketchOptions sketch = { .width = (gsize) self->side, .height = (gsize) self->side, .materials = &materials };
  LimnEngineCall call;
  LimnEngine *engine = NULL;
  LimnSurfaces *none = NULL;
  LimnPicture *picture = NULL;

  materials.sun_x = materials.sun_y = LIMN_AUTOMATIC;
  limn_engine_call_begin (&call, NULL, NULL, NULL);
  LimnStatus status = limn_engine_new (&engine, &options, &call.error);
  if (status == LIMN_OK)
    status = limn_surfaces_new (&none, &call.error);
  materials.surfaces = none;
  if (status == LIMN_OK)
    status = limn_sketch (engine, &paint, NULL, &sketch, &call.control, &call.overlay, &call.stats, &call.error);
  if (limn_engine_call_end (&call, status, error)) {
    g_autoptr (LimnResult) result = limn_engine_call_take_result (&call, NULL, FALSE, TRUE, error);
    picture = result ? g_object_ref (result->picture) : NULL;
  }
  limn_surfaces_free (none);
  limn_engine_free (engine);
  return picture;
}

static LimnPicture *
render_scene (const LimnMaterial *material, int size, GError **error)
{
  gboolean water = material->group == LIMN_GROUP_WATER, disc = g_str_equal (material->id, "clouds") || g_str_equal (material->id, "sun");
  Scene scene = { .side = FINER * size };
  g_autoptr (LimnPicture) paint = limn_picture_new ((gsize) scene.side, (gsize) scene.side, 8, error);
  if (!paint)
    return NULL;
  g_autofree guint8 *labels = g_malloc ((gsize) scene.side * (gsize) scene.side);
  scene.paint = paint;
  scene.labels = labels;
  paint_scene (&scene, material, water ? HORIZON : 0, disc ? DISC : 0);
  g_autoptr (LimnPicture) picture = render (&scene, error);
  return picture ? limn_picture_scale_down (picture, (gsize) size, (gsize) size, NULL, error) : NULL;
}

LimnPicture *
limn_material_make_swatch (guint index, int size, GError **error)
{
  const LimnMaterial *material = limn_material_at (index);
  g_return_val_if_fail (material != NULL && size > 0, NULL);
  if (!material->surface)
    return render_scene (material, size, error);
  g_autoptr (LimnPicture) part = cut (material->surface, size, error);
  return part ? recolor (part, material->colour, error) : NULL;
}
