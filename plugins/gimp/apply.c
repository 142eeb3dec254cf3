/* Edits of one layer within the selection, and of the whole image with all of its layers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply.h"

#include "pixels.h"
#include "process.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <libgimp/gimp.h>
#include <string.h>
#include <unistd.h>

/* -- What can be done -- */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, sentence);
  return FALSE;
}

gboolean
apply_check (const Edit *edit, gint32 image, gint32 layer, GError **error)
{
  int x, y, width, height;

  if (!gimp_item_is_layer (layer))
    return refuse (error, _("Choose a layer: masks and channels are no photos."));
  if (gimp_image_base_type (image) == GIMP_INDEXED)
    return refuse (error, _("This image has a palette. Choose Image > Mode > RGB first."));
  if (edit->enlarges)
    return TRUE;
  if (gimp_item_is_group (layer))
    return refuse (error, _("Choose a layer: a group has no pixels of its own."));
  if (gimp_item_get_lock_content (layer))
    return refuse (error, _("The layer's pixels are locked. Unlock them in the Layers dialog first."));
  if (edit->fills && gimp_selection_is_empty (image))
    return refuse (error, _("Select what should be filled first."));
  if (!gimp_drawable_mask_intersect (layer, &x, &y, &width, &height))
    return refuse (error, _("Nothing of this layer is selected."));
  return TRUE;
}

/* -- Progress -- */

/* Of several layers that are worked on one after the other. */
typedef struct {
  guint layer, n_layers;
} Progress;

static void
tell (double fraction, gpointer data)
{
  const Progress *self = data;

  gimp_progress_update ((self->layer + fraction) / self->n_layers);
}

/* -- One layer -- */

/* The layer and perhaps the selection through limn-cli. The result as a file in memory; -1 and error on failure. */
static int
make_result (const Edit *edit, const double *values, gint32 image, gint32 layer, const Pixels *pixels, Progress *progress, GError **error)
{
  g_auto (GStrv) arguments = edit_make_arguments (edit, values);
  const int photo = pixels_write_layer (image, layer, pixels, error);
  const int mask = photo >= 0 && edit->fills ? pixels_write_selection (image, layer, pixels, error) : -1;
  int out = photo >= 0 && (mask >= 0 || !edit->fills) ? memory_file_new (error) : -1;

  if (out >= 0 && !process_run (arguments, photo, mask, out, tell, progress, error)) {
    close (out);
    out = -1;
  }
  if (photo >= 0)
    close (photo);
  if (mask >= 0)
    close (mask);
  return out;
}

/* GIMP mixes the layer and what is in its shadow by the selection, in linear light: what isn't selected goes there and back, which in 32 bits
 * isn't exact. So it is put back; GIMP has kept all of the area for undo by then. */
static void
put_back_unselected (GeglBuffer *before, gint32 image, gint32 layer, const GeglRectangle *area)
{
  const Babl *format = gimp_drawable_get_format (layer);
  g_autoptr (GeglBuffer) now = gimp_drawable_get_buffer (layer), selection = gimp_drawable_get_buffer (gimp_image_get_selection (image));
  const gsize pixel = (gsize) babl_format_get_bytes_per_pixel (format), width = (gsize) area->width;
  g_autofree guint8 *old = g_malloc (width * pixel), *new = g_malloc (width * pixel);
  g_autofree float *selected = g_new (float, width);
  int left, top;

  gimp_drawable_offsets (layer, &left, &top);
  for (int y = area->y; y < area->y + area->height; y++) {
    const GeglRectangle row = { area->x, y, area->width, 1 }, in_image = { area->x + left, y + top, area->width, 1 };

    gegl_buffer_get (before, &row, 1, format, old, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get (now, &row, 1, format, new, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get (selection, &in_image, 1, babl_format ("Y float"), selected, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    for (gsize x = 0; x < width; x++)
      if (!(selected[x] > 0))
        memcpy (new + x *pixel, old + x * pixel, pixel);
    gegl_buffer_set (now, &row, 0, format, new, GEGL_AUTO_ROWSTRIDE);
  }
  gegl_buffer_flush (now);
}

static gboolean
put_within_selection (GeglBuffer *result, gint32 image, gint32 layer, GError **error)
{
  g_autoptr (GeglBuffer) layer_buffer = gimp_drawable_get_buffer (layer), before = gegl_buffer_dup (layer_buffer);
  GeglBuffer *shadow = gimp_drawable_get_shadow_buffer (layer);
  GeglRectangle area;

  gegl_buffer_copy (result, NULL, GEGL_ABYSS_NONE, shadow, NULL);
  g_object_unref (shadow);
  if (!gimp_drawable_merge_shadow (layer, TRUE))
    return refuse (error, gimp_get_pdb_error ());
  gimp_drawable_mask_intersect (layer, &area.x, &area.y, &area.width, &area.height);
  if (!gimp_selection_is_empty (image))
    put_back_unselected (before, image, layer, &area);
  gimp_drawable_update (layer, area.x, area.y, area.width, area.height);
  return TRUE;
}

static GeglBuffer *
take_result (int fd, gint32 layer, Pixels *pixels, gboolean becomes_rgb, GError **error)
{
  GeglBuffer *result;

  pixels->gray = pixels->gray && !becomes_rgb;
  result = pixels_read (fd, layer, pixels, !becomes_rgb, error);
  close (fd);
  return result;
}

static gboolean
edit_layer (const Edit *edit, const double *values, gint32 image, gint32 layer, GError **error)
{
  g_autoptr (GeglBuffer) result = NULL;
  Progress progress = { 0, 1 };
  Pixels pixels;
  gboolean done;

  pixels_of_layer (layer, &pixels);
  const gboolean becomes_rgb = edit->colors && pixels.gray;
  const int fd = make_result (edit, values, image, layer, &pixels, &progress, error);
  if (fd < 0 || !(result = take_result (fd, layer, &pixels, becomes_rgb, error)))
    return FALSE;
  if (!becomes_rgb)
    return put_within_selection (result, image, layer, error);
  gimp_image_undo_group_start (image);
  done = gimp_image_convert_rgb (image) ? put_within_selection (result, image, layer, error) : refuse (error, gimp_get_pdb_error ());
  gimp_image_undo_group_end (image);
  return done;
}

/* -- All layers -- */

typedef struct {
  gint32 layer;
  Pixels pixels;
  GeglBuffer *result;
} Enlarged;

/* Appends the layers with pixels of their own among ids, and of the groups there. Text stays text, so that GIMP can enlarge it better. */
static void
collect (const int *ids, int n, GArray *out)
{
  for (int i = 0; i < n; i++) {
    Enlarged one = { .layer = ids[i] };
    int n_children = 0;

    if (gimp_item_is_group (ids[i])) {
      g_autofree int *children = gimp_item_get_children (ids[i], &n_children);
      collect (children, n_children, out);
    } else if (!gimp_item_is_text_layer (ids[i])) {
      pixels_of_layer (ids[i], &one.pixels);
      g_array_append_val (out, one);
    }
  }
}

static void
free_result (gpointer enlarged)
{
  g_clear_object (&((Enlarged *) enlarged)->result);
}

static GArray *
collect_layers (gint32 image)
{
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (Enlarged));
  int n = 0;
  g_autofree int *ids = gimp_image_get_layers (image, &n);

  g_array_set_clear_func (layers, free_result);
  collect (ids, n, layers);
  return layers;
}

static gboolean
make_results (const Edit *edit, const double *values, gint32 image, GArray *layers, GError **error)
{
  const int scale = (int) values[0];
  Progress progress = { 0, layers->len };

  for (; progress.layer < layers->len; progress.layer++) {
    Enlarged *one = &g_array_index (layers, Enlarged, progress.layer);
    const int fd = make_result (edit, values, image, one->layer, &one->pixels, &progress, error);

    one->pixels.width *= scale;
    one->pixels.height *= scale;
    if (fd < 0 || !(one->result = take_result (fd, one->layer, &one->pixels, FALSE, error)))
      return FALSE;
  }
  return TRUE;
}

/* After GIMP's own enlargement, which keeps the old pixels for undo: writing into the new ones is no step of its own. */
static void
put_results (GArray *layers)
{
  for (guint i = 0; i < layers->len; i++) {
    const Enlarged *one = &g_array_index (layers, Enlarged, i);
    g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (one->layer);

    gegl_buffer_copy (one->result, NULL, GEGL_ABYSS_NONE, buffer, NULL);
    gegl_buffer_flush (buffer);
    gimp_drawable_update (one->layer, 0, 0, one->pixels.width, one->pixels.height);
  }
}

static gboolean
enlarge (const Edit *edit, const double *values, gint32 image, GError **error)
{
  g_autoptr (GArray) layers = collect_layers (image);
  const int scale = (int) values[0];

  if (!make_results (edit, values, image, layers, error))
    return FALSE;
  gimp_image_undo_group_start (image);
  const gboolean done = gimp_image_scale (image, gimp_image_width (image) * scale, gimp_image_height (image) * scale);
  if (done)
    put_results (layers);
  gimp_image_undo_group_end (image);
  return done || refuse (error, gimp_get_pdb_error ());
}

gboolean
apply_edit (const Edit *edit, const double *values, gint32 image, gint32 layer, GError **error)
{
  gboolean done;

  gegl_init (NULL, NULL);
  gimp_progress_init (_(edit->title));
  done = edit->enlarges ? enlarge (edit, values, image, error) : edit_layer (edit, values, image, layer, error);
  gimp_progress_end ();
  return done;
}
