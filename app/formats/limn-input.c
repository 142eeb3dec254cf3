/* Pictures, masks and line art from files, as edits want them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-input.h"

#include "app/base/limn-file.h"
#include "app/content/limn-snapshot.h"
#include "app/decode/limn-picture-load.h"
#include "app/edit/limn-material.h"
#include "app/picture/limn-picture-color.h"
#include "limn-ora.h"
#include "limn-recipe.h"

#include <glib/gi18n.h>
#include <string.h>

LimnPicture *
limn_input_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnSnapshot) document = NULL;

  if (g_str_equal (path, "-"))
    return limn_picture_load ("/dev/stdin", cancellable, error);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || !limn_ora_sniff (path)) /* a pipe can be read only once */
    return limn_picture_load (path, cancellable, error);
  document = limn_ora_load (path, cancellable, error);
  return document ? limn_snapshot_flatten (document, G_MAXUINT, error) : NULL;
}

static void
free_edit (gpointer edit)
{
  limn_edit_free (edit);
}

static GPtrArray *
take_edits (LimnSnapshot *document)
{
  GPtrArray *edits = g_ptr_array_new_with_free_func (free_edit);

  for (guint i = 0; i < document->layers->len; i++) {
    const LimnSnapshotLayer *layer = document->layers->pdata[i];

    if (layer->recipe && layer->style.visible)
      g_ptr_array_add (edits, limn_edit_copy (layer->recipe));
  }
  return edits;
}

GPtrArray *
limn_input_load_edits (const char *path, gboolean last, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnSnapshot) document = NULL;
  g_autoptr (GPtrArray) edits = NULL;

  if (limn_ora_sniff (path)) {
    document = limn_ora_load (path, cancellable, error);
    if (!document)
      return NULL;
    edits = take_edits (document);
  } else {
    g_autoptr (GBytes) bytes = limn_file_read (path, cancellable, error);
    gsize size;
    const char *text = bytes ? g_bytes_get_data (bytes, &size) : NULL;
    LimnEdit *edit = text ? limn_recipe_read_edit (text, size, error) : NULL;

    if (!edit)
      return NULL;
    edits = g_ptr_array_new_with_free_func (free_edit);
    g_ptr_array_add (edits, edit);
  }
  if (edits->len == 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("No layer of %s tells how it was made."), path);
    return NULL;
  }
  if (last)
    g_ptr_array_remove_range (edits, 0, edits->len - 1);
  return g_steal_pointer (&edits);
}

static gboolean
fail (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, sentence);
  return FALSE;
}

/* Bytes for width x height, or NULL and error. */
static guint8 *
plane_alloc (gsize width, gsize height, GError **error)
{
  guint8 *plane = g_try_malloc (width * height); /* of a picture's size, so no overflow */

  if (!plane)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("There is not enough memory for a mask of %zu x %zu pixels."), width,
                 height);
  return plane;
}

static void
take_plane (LimnPlane *plane, guint8 *data, gsize width, gsize height)
{
  *plane = (LimnPlane){ g_bytes_new_take (data, width * height), width, height };
}

/* How dark (dark) or light a pixel is, 0..255, less what shows through it. */
static guint8
strength (guint r, guint g, guint b, guint a, guint most, gboolean dark)
{
  guint luma = (299 * r + 587 * g + 114 * b + 500) / 1000;
  guint64 value = (guint64) (dark ? most - luma : luma) * a * 255;

  return (guint8) ((value + (guint64) most * most / 2) / ((guint64) most * most));
}

/* The picture in path as a plane of strengths. */
static gboolean
load_plane (const char *path, gboolean dark, LimnPlane *plane, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) loaded = limn_input_load (path, cancellable, error);
  g_autoptr (LimnPicture) picture = loaded ? limn_picture_to_srgb (loaded, error) : NULL;
  gsize width, height;
  guint8 *data;

  if (!picture)
    return FALSE;
  width = limn_picture_get_width (picture);
  height = limn_picture_get_height (picture);
  data = plane_alloc (width, height, error);
  if (!data)
    return FALSE;
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

    for (gsize x = 0; x < width; x++) {
      if (limn_picture_get_depth (picture) == 8) {
        const guint8 *p = row + 4 * x;

        data[y * width + x] = strength (p[0], p[1], p[2], p[3], 255, dark);
      } else {
        const guint16 *p = (const guint16 *) (gconstpointer) row + 4 * x;

        data[y * width + x] = strength (p[0], p[1], p[2], p[3], 65535, dark);
      }
    }
  }
  take_plane (plane, data, width, height);
  return TRUE;
}

/* The least and the largest value in a plane. */
static void
extremes (const LimnPlane *plane, guint8 *least, guint8 *most)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (plane->bytes, &size);

  *least = 255;
  *most = 0;
  for (gsize i = 0; i < size; i++) {
    *least = MIN (*least, data[i]);
    *most = MAX (*most, data[i]);
  }
}

gboolean
limn_input_load_mask (const char *path, LimnPicture *photo, LimnPlane *mask, GCancellable *cancellable, GError **error)
{
  guint8 least, most;

  if (!load_plane (path, FALSE, mask, cancellable, error))
    return FALSE;
  if (mask->width != limn_picture_get_width (photo) || mask->height != limn_picture_get_height (photo)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 _("The mask is %zu x %zu pixels and the photo %zu x %zu: make them the same size."), mask->width, mask->height,
                 limn_picture_get_width (photo), limn_picture_get_height (photo));
    return FALSE;
  }
  extremes (mask, &least, &most);
  return most > 0 || fail (error, _("The mask is empty: paint white over what should be edited."));
}

gboolean
limn_input_check_something_known (const LimnPlane *mask, GError **error)
{
  guint8 least, most;

  extremes (mask, &least, &most);
  return least < 255 || fail (error, _("The mask covers the whole photo: leave something to continue from."));
}

/* Writes value into labels where the picture in path, of photo's size, is white. path: NULL for none. */
static gboolean
mark_labels (const char *path, LimnPicture *photo, guint8 value, guint8 *labels, GCancellable *cancellable, GError **error)
{
  LimnPlane mask = { 0 };
  gboolean loaded;

  if (!path)
    return TRUE;
  loaded = limn_input_load_mask (path, photo, &mask, cancellable, error);
  if (loaded) {
    gsize size;
    const guint8 *data = g_bytes_get_data (mask.bytes, &size);
    for (gsize i = 0; i < size; i++)
      labels[i] = data[i] >= 128 ? value : labels[i];
  }
  g_clear_pointer (&mask.bytes, g_bytes_unref);
  return loaded;
}

gboolean
limn_input_load_labels (const char *first, guint8 yes, const char *second, guint8 no, LimnPicture *photo, LimnPlane *labels,
                        GCancellable *cancellable, GError **error)
{
  const gsize width = limn_picture_get_width (photo), height = limn_picture_get_height (photo);
  g_autofree guint8 *data = plane_alloc (width, height, error);

  if (!data)
    return FALSE;
  memset (data, 0, width * height);
  if (!mark_labels (first, photo, yes, data, cancellable, error) || !mark_labels (second, photo, no, data, cancellable, error))
    return FALSE;
  take_plane (labels, g_steal_pointer (&data), width, height);
  return TRUE;
}

gboolean
limn_input_mask_of_alpha (LimnPicture *photo, LimnPlane *mask, GError **error)
{
  gsize width = limn_picture_get_width (photo), height = limn_picture_get_height (photo), holes = 0;
  guint8 *data = plane_alloc (width, height, error);

  if (!data)
    return FALSE;
  for (gsize y = 0; y < height; y++) {
    const guint8 *row = limn_picture_get_data (photo) + y * limn_picture_get_stride (photo);
    gboolean deep = limn_picture_get_depth (photo) == 16;

    for (gsize x = 0; x < width; x++) {
      gboolean hole = deep ? ((const guint16 *) (gconstpointer) row)[4 * x + 3] < 65535 : row[4 * x + 3] < 255;

      data[y * width + x] = hole ? 255 : 0;
      holes += hole ? 1 : 0;
    }
  }
  take_plane (mask, data, width, height);
  if (holes == 0)
    return fail (error, _("Nothing says what to fill: give a mask, or a photo with a transparent hole."));
  return holes < width * height || fail (error, _("The whole photo is transparent: there is nothing to continue from."));
}

gboolean
limn_input_load_lines (const char *path, LimnPlane *lines, GCancellable *cancellable, GError **error)
{
  return load_plane (path, TRUE, lines, cancellable, error);
}

/* ---------------------------------------------------------------- materials */

/* The label that a pixel is, or -1 where it isn't gray. */
static int
label_at (LimnPicture *picture, gsize x, gsize y)
{
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

  if (limn_picture_get_depth (picture) == 16) {
    const guint16 *p = (const guint16 *) (gconstpointer) row + 4 * x;
    return p[0] == p[1] && p[1] == p[2] && p[0] % 257 == 0 ? p[0] / 257 : -1;
  }
  row += 4 * x;
  return row[0] == row[1] && row[1] == row[2] ? row[0] : -1;
}

static gboolean
check_label (int label, GError **error)
{
  LimnMaterialInfo info;

  if (label < 0)
    return fail (error, "The picture of materials has colours: its gray values are labels, as limn-cli materials lists them.");
  if (label == LIMN_MATERIAL_GUESS || label == LIMN_MATERIAL_PLAIN || limn_material_find ((guint8) label, &info))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               "The picture of materials has the gray value %d, which is no material: limn-cli materials lists them.", label);
  return FALSE;
}

static gboolean
read_labels (LimnPicture *picture, guint8 *data, GError **error)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);

  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      const int label = label_at (picture, x, y);

      if (!check_label (label, error))
        return FALSE;
      data[y * width + x] = (guint8) label;
    }
  return TRUE;
}

gboolean
limn_input_load_materials (const char *path, LimnPicture *paint, LimnPlane *materials, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) picture = limn_input_load (path, cancellable, error);
  const gsize width = picture ? limn_picture_get_width (picture) : 0, height = picture ? limn_picture_get_height (picture) : 0;
  g_autofree guint8 *data = NULL;

  if (!picture)
    return FALSE;
  if (width != limn_picture_get_width (paint) || height != limn_picture_get_height (paint)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 "The picture of materials is %zu x %zu pixels and the paint %zu x %zu: make them the same size.", width, height,
                 limn_picture_get_width (paint), limn_picture_get_height (paint));
    return FALSE;
  }
  data = plane_alloc (width, height, error);
  if (!data || !read_labels (picture, data, error))
    return FALSE;
  take_plane (materials, g_steal_pointer (&data), width, height);
  return TRUE;
}
