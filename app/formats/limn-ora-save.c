/* Writing OpenRaster files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-ora-private.h"

#include "app/base/limn-file.h"
#include "app/picture/limn-picture-color.h"
#include "app/picture/limn-picture-file.h"
#include "limn-recipe.h"
#include "limn-zip.h"

#include <math.h>
#include <string.h>

#define METRES_PER_INCH 0.0254

typedef struct {
  LimnSnapshot *snapshot;
  GCancellable *cancellable;
  LimnZip zip;
  GHashTable *names; /* LimnPicture -> its entry: nothing is written twice */
  guint n_blobs;
  GString *stack; /* the layers' elements, the topmost first */
  guint n_layers; /* among them */
} Save;

static gboolean
add_picture (Save *self, const char *entry, LimnPicture *picture, GError **error)
{
  const LimnSaveOptions options = { .format = LIMN_FORMAT_PNG };
  g_autoptr (GBytes) bytes = NULL;

  if (limn_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  bytes = limn_picture_encode (picture, &options, error);
  return bytes != NULL && limn_zip_add (&self->zip, entry, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

/* The picture tagged with the photo's profile, in which its pixels are. Colours of 16 bits are tagged as sRGB at least: without a profile
 * Krita asks for one, and proposes a linear one. */
static LimnPicture *
with_profile (Save *self, LimnPicture *picture, GError **error)
{
  GBytes *own = limn_picture_get_profile (self->snapshot->photo);
  gboolean deep = limn_picture_get_depth (picture) == 16 && !limn_picture_get_source (picture)->gray;
  g_autoptr (GBytes) profile = own != NULL ? g_bytes_ref (own) : deep ? limn_srgb_profile_new () : NULL;
  LimnPicture *made;

  if (profile == NULL || limn_picture_get_profile (picture) != NULL)
    return g_object_ref (picture);
  made = limn_picture_new_take (limn_picture_get_width (picture), limn_picture_get_height (picture), limn_picture_get_depth (picture),
                                limn_picture_get_data (picture), g_object_ref (picture), g_object_unref, error);
  if (made == NULL)
    return NULL;
  if (own == NULL)
    limn_picture_copy_metadata (made, picture);
  limn_picture_set_profile (made, profile);
  limn_picture_set_has_alpha (made, limn_picture_get_has_alpha (picture));
  return made;
}

static void
add_element (Save *self, const char *name, const char *entry, int x, int y, const LimnLayerStyle *style)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *element = g_markup_printf_escaped (
    "  <layer name=\"%s\" src=\"%s\" x=\"%d\" y=\"%d\" opacity=\"%s\" visibility=\"%s\" composite-op=\"%s\"/>\n", name, entry, x, y,
    g_ascii_formatd (number, sizeof number, "%.6g", style->opacity), style->visible ? "visible" : "hidden",
    limn_blend_get_op (style->blend));

  g_string_prepend (self->stack, element);
}

/* Cropped to what isn't empty; where that lies is a text of the picture. */
static LimnPicture *
raster_to_picture (LimnRaster *raster, LimnRect *rect, GError **error)
{
  const gboolean gray = limn_raster_get_channels (raster) == 1;
  LimnPicture *picture;

  *rect = limn_raster_get_bounds (raster);
  if (limn_rect_is_empty (rect))
    *rect = (LimnRect){ 0, 0, 1, 1 };
  picture = limn_picture_new (rect->width, rect->height, 8, error);
  if (picture == NULL)
    return NULL;
  g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIMN_ORA_POSITION), g_strdup_printf ("%d %d", rect->x, rect->y));
  limn_picture_set_has_alpha (picture, !gray);
  limn_picture_get_source (picture)->gray = gray;
  for (int y = 0; y < rect->height; y++) {
    const LimnRect row = { rect->x, rect->y + y, rect->width, 1 };
    guint8 *out = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture);

    if (!gray) {
      limn_raster_read (raster, &row, out, (gsize) rect->width * 4);
      continue;
    }
    limn_raster_read (raster, &row, out + 3 * (gsize) rect->width, rect->width);
    for (int x = 0; x < rect->width; x++) { /* stored in the row's last quarter, which is overwritten last */
      const guint8 value = out[3 * (gsize) rect->width + x];

      memset (out + 4 * (gsize) x, value, 3);
      out[4 * (gsize) x + 3] = 255;
    }
  }
  return picture;
}

static char *
put_raster (Save *self, const char *kind, LimnRaster *raster, GError **error)
{
  const gboolean seen = g_str_equal (kind, "materials") || limn_raster_get_channels (raster) == 4;
  const gboolean hidden = seen && !g_str_has_prefix (kind, "edit-");
  g_autofree char *entry = NULL;
  g_autoptr (LimnPicture) picture = NULL;
  LimnRect rect;

  entry = g_strdup_printf (hidden ? "data/%s.png" : "limn/%s-%u.png", kind, self->n_blobs++);
  picture = raster_to_picture (raster, &rect, error);
  if (picture == NULL || !add_picture (self, entry, picture, error))
    return NULL;
  if (hidden)
    add_element (self, kind, entry, rect.x, rect.y, &(LimnLayerStyle){ FALSE, 1, LIMN_BLEND_NORMAL });
  return g_steal_pointer (&entry);
}

static char *
put_picture (Save *self, const char *kind, LimnPicture *picture, GError **error)
{
  g_autofree char *entry = g_strdup (g_hash_table_lookup (self->names, picture));
  g_autoptr (LimnPicture) written = NULL;

  if (entry == NULL) {
    const gboolean photo = picture == self->snapshot->photo;

    const char *folder = g_str_equal (kind, "surface") ? "limn" : "data"; /* it is no part of the stack */

    entry = photo ? g_strdup ("data/photo.png") : g_strdup_printf ("%s/%s-%u.png", folder, kind, self->n_blobs++);
    written = with_profile (self, picture, error);
    if (written == NULL || !add_picture (self, entry, written, error))
      return NULL;
    g_hash_table_insert (self->names, picture, g_strdup (entry));
  }
  if (g_str_equal (kind, "photo")) {
    add_element (self, self->snapshot->name != NULL ? self->snapshot->name : "Photo", entry, 0, 0, &(LimnLayerStyle) LIMN_LAYER_STYLE_INIT);
  } else if (g_str_equal (kind, "layer")) {
    const LimnSnapshotLayer *layer = self->snapshot->layers->pdata[self->n_layers++];

    add_element (self, layer->name, entry, layer->x, layer->y, &layer->style);
  }
  return g_steal_pointer (&entry);
}

static char *
put_blob (const char *kind, const LimnBlob *blob, gpointer user, GError **error)
{
  return blob->picture != NULL ? put_picture (user, kind, blob->picture, error) : put_raster (user, kind, blob->raster, error);
}

/* The area of the source that a pixel covers, averaged; premultiplied. */
static void
average_area (const guint8 *source, gsize stride, double left, double top, double right, double bottom, guint8 *out)
{
  double sum[4] = { 0 }, area = 0;

  for (int y = (int) top; y < bottom; y++)
    for (int x = (int) left; x < right; x++) {
      const double weight = (MIN (right, x + 1) - MAX (left, x)) * (MIN (bottom, y + 1) - MAX (top, y));
      const guint8 *pixel = source + (gsize) y * stride + 4 * (gsize) x;

      for (int k = 0; k < 3; k++)
        sum[k] += weight * pixel[3] * pixel[k];
      sum[3] += weight * pixel[3];
      area += weight;
    }
  for (int k = 0; k < 3; k++)
    out[k] = sum[3] > 0 ? (guint8) (sum[k] / sum[3] + 0.5) : 0;
  out[3] = (guint8) (sum[3] / area + 0.5);
}

/* As large as the specification allows, never enlarged, sRGB. */
static LimnPicture *
make_thumbnail (LimnSnapshot *snapshot, GError **error)
{
  const int width = (int) limn_picture_get_width (snapshot->photo), height = (int) limn_picture_get_height (snapshot->photo);
  const double scale = MIN (1, (double) LIMN_ORA_THUMBNAIL / MAX (width, height));
  const int out_width = MAX (1, (int) lround (width * scale)), out_height = MAX (1, (int) lround (height * scale));
  g_autofree guint8 *pixels = NULL;
  LimnRect rect = { 0 };
  LimnPicture *thumbnail;
  gsize stride;
  int level = 0;

  while ((MAX (width, height) >> (level + 1)) >= LIMN_ORA_THUMBNAIL)
    level++;
  rect.width = MAX (1, width >> level);
  rect.height = MAX (1, height >> level);
  stride = 4 * (gsize) rect.width;
  thumbnail = limn_picture_new (out_width, out_height, 8, error);
  if (thumbnail == NULL)
    return NULL;
  pixels = g_malloc (stride * rect.height);
  limn_snapshot_render (snapshot, LIMN_SNAPSHOT_RESULT, G_MAXUINT, level, &rect, pixels, stride);
  for (int y = 0; y < out_height; y++)
    for (int x = 0; x < out_width; x++)
      average_area (pixels, stride, (double) x * rect.width / out_width, (double) y * rect.height / out_height,
                    (double) (x + 1) * rect.width / out_width, (double) (y + 1) * rect.height / out_height,
                    limn_picture_get_data (thumbnail) + (gsize) y * limn_picture_get_stride (thumbnail) + 4 * (gsize) x);
  limn_picture_set_has_alpha (thumbnail, TRUE);
  return thumbnail;
}

static gboolean
add_stack (Save *self, GError **error)
{
  LimnPicture *photo = self->snapshot->photo;
  const LimnResolution resolution = limn_picture_get_resolution (photo);
  const long x = lround (resolution.x * METRES_PER_INCH), y = lround (resolution.y * METRES_PER_INCH);
  g_autoptr (GString) xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  g_string_append_printf (xml, "<image version=\"0.0.3\" w=\"%" G_GSIZE_FORMAT "\" h=\"%" G_GSIZE_FORMAT "\"",
                          limn_picture_get_width (photo), limn_picture_get_height (photo));
  if (x > 0 && y > 0)
    g_string_append_printf (xml, " xres=\"%ld\" yres=\"%ld\"", x, y);
  g_string_append_printf (xml, ">\n <stack>\n%s </stack>\n</image>\n", self->stack->str);
  return limn_zip_add (&self->zip, "stack.xml", xml->str, xml->len, error);
}

static gboolean
add_all (Save *self, GError **error)
{
  g_autoptr (LimnPicture) merged = NULL, tagged = NULL, thumbnail = NULL;
  g_autofree char *recipe = NULL;

  if (!limn_zip_add (&self->zip, "mimetype", LIMN_ORA_MIMETYPE, strlen (LIMN_ORA_MIMETYPE), error))
    return FALSE;
  recipe = limn_recipe_write (self->snapshot, put_blob, self, error);
  if (recipe == NULL || !limn_zip_add (&self->zip, LIMN_ORA_RECIPE, recipe, strlen (recipe), error) || !add_stack (self, error))
    return FALSE;
  merged = limn_snapshot_flatten (self->snapshot, G_MAXUINT, error);
  tagged = merged != NULL ? with_profile (self, merged, error) : NULL;
  if (tagged == NULL || !add_picture (self, "mergedimage.png", tagged, error))
    return FALSE;
  thumbnail = make_thumbnail (self->snapshot, error);
  return thumbnail != NULL && add_picture (self, "Thumbnails/thumbnail.png", thumbnail, error);
}

gboolean
limn_ora_save (LimnSnapshot *snapshot, const char *path, GCancellable *cancellable, GError **error)
{
  Save self = { .snapshot = snapshot, .cancellable = cancellable };
  g_autoptr (GBytes) bytes = NULL;

  if (!limn_file_check (path, error))
    return FALSE;
  self.names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self.stack = g_string_new (NULL);
  if (add_all (&self, error))
    bytes = limn_zip_finish (&self.zip, error);
  limn_zip_clear (&self.zip);
  g_hash_table_unref (self.names);
  g_string_free (self.stack, TRUE);
  return bytes != NULL && limn_file_replace (path, bytes, cancellable, error);
}
