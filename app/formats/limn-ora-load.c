/* Reading OpenRaster files, our own and those of other programs. Entries are read one by one and never kept, so that a hostile archive
 * can't fill the memory with more than one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-ora-private.h"

#include "app/base/limn-byte-buffer.h"
#include "app/compose/limn-stack.h"
#include "app/picture/limn-codec.h"
#include "app/picture/limn-picture-color.h"
#include "app/picture/limn-picture-file.h"
#include "limn-recipe.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

enum {
  BLOCK = 1 << 16,
  MAX_TEXT = 64 << 20,     /* bytes of stack.xml or the recipe */
  MAX_PICTURE = 2000 << 20 /* bytes of a PNG */
};

typedef struct {
  const char *path;
  char *name; /* of the file, for sentences */
  GCancellable *cancellable;
  guint *n_lost; /* salvage: counts the layers that can't be read; NULL: one of them is an error */
} Ora;

static struct archive *
open_archive (const Ora *self, GError **error)
{
  struct archive *archive = archive_read_new ();

  archive_read_support_format_zip (archive);
  if (archive_read_open_filename (archive, self->path, BLOCK) == ARCHIVE_OK)
    return archive;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be opened: %s."), self->name, archive_error_string (archive));
  archive_read_free (archive);
  return NULL;
}

static const char *
entry_name (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  return name != NULL ? name : archive_entry_pathname (entry);
}

/* Reads the open entry, at most max bytes; an empty one is an error. */
static GBytes *
read_data (const Ora *self, struct archive *archive, const char *entry, gsize max, GError **error)
{
  LimnByteBuffer buffer = { 0 };
  g_autofree guint8 *block = g_malloc (BLOCK);
  la_ssize_t got;

  while ((got = archive_read_data (archive, block, BLOCK)) > 0) {
    limn_byte_buffer_append (&buffer, block, (gsize) got);
    if (buffer.size > max || limn_set_error_if_cancelled (self->cancellable, error)) {
      if (error != NULL && *error == NULL)
        g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be opened: %s in it is too large."), self->name, entry);
      limn_byte_buffer_clear (&buffer);
      return NULL;
    }
  }
  if (got < 0 || (buffer.size == 0 && !buffer.failed)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
                 got < 0 ? _("%s is damaged: %s in it can't be read.") : _("%s is damaged: %s in it is empty."), self->name, entry);
    limn_byte_buffer_clear (&buffer);
    return NULL;
  }
  return limn_byte_buffer_finish (&buffer, error);
}

/* NULL without error where there is no such entry and it isn't needed. */
static GBytes *
read_entry (const Ora *self, const char *wanted, gsize max, gboolean needed, GError **error)
{
  struct archive *archive = open_archive (self, error);
  struct archive_entry *entry;
  GBytes *bytes = NULL;
  int status;

  if (archive == NULL)
    return NULL;
  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    if (g_strcmp0 (entry_name (entry), wanted) == 0) {
      bytes = read_data (self, archive, wanted, max, error);
      archive_read_free (archive);
      return bytes;
    }
  if (status != ARCHIVE_EOF)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: %s."), self->name, archive_error_string (archive));
  else if (needed)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: there is no %s in it."), self->name, wanted);
  archive_read_free (archive);
  return NULL;
}

static LimnPicture *
get_picture (const char *name, gpointer user, GError **error)
{
  const Ora *self = user;
  g_autoptr (GBytes) bytes = read_entry (self, name, MAX_PICTURE, TRUE, error), srgb = NULL;
  LimnPicture *picture = bytes != NULL ? limn_picture_load_bytes (bytes, self->name, self->cancellable, error) : NULL;

  if (picture == NULL || limn_picture_get_depth (picture) == 8 || limn_picture_get_profile (picture) == NULL)
    return picture;
  srgb = limn_srgb_profile_new (); /* what limn_ora_save adds */
  if (g_bytes_equal (srgb, limn_picture_get_profile (picture)))
    limn_picture_set_profile (picture, NULL);
  return picture;
}

/* Where the picture lies in a plane of width x height. */
static gboolean
get_rect (const Ora *self, LimnPicture *picture, gsize width, gsize height, LimnRect *rect, GError **error)
{
  const char *position = g_hash_table_lookup (limn_picture_get_texts (picture), LIMN_ORA_POSITION);
  const gsize own_width = limn_picture_get_width (picture), own_height = limn_picture_get_height (picture);
  int x = 0, y = 0;

  if ((position != NULL && sscanf (position, "%6d %6d", &x, &y) != 2) || x < 0 || y < 0 || x + own_width > width ||
      y + own_height > height) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: a mask or a stroke in it lies outside the picture."),
                 self->name);
    return FALSE;
  }
  *rect = (LimnRect){ x, y, (int) own_width, (int) own_height };
  return TRUE;
}

static LimnRaster *
get_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  g_autoptr (LimnPicture) picture = get_picture (name, user, error);
  g_autofree guint8 *pixels = NULL;
  LimnRaster *raster;
  LimnRect rect;

  if (picture == NULL || !get_rect (user, picture, width, height, &rect, error))
    return NULL;
  raster = limn_raster_new (width, height, channels);
  pixels = g_malloc (4 * (gsize) rect.width);
  for (int y = 0; y < rect.height; y++) {
    const LimnRect row = { rect.x, rect.y + y, rect.width, 1 };

    limn_codec_row_8 (picture, y, pixels);
    if (channels == 1)
      for (int x = 0; x < rect.width; x++)
        pixels[x] = pixels[4 * (gsize) x];
    limn_raster_write (raster, &row, pixels, (gsize) rect.width * channels);
  }
  return raster;
}

/* -- Other programs' files -- */

static gboolean
covers_canvas (const LimnOraStack *stack, const LimnOraLayer *layer, int x, int y, LimnPicture *picture)
{
  return layer->style.visible && layer->style.opacity == 1 && layer->style.blend == LIMN_BLEND_NORMAL && x == 0 && y == 0 &&
         limn_picture_get_width (picture) == (gsize) stack->width && limn_picture_get_height (picture) == (gsize) stack->height;
}

/* A layer's pixels in the photo's colour space. */
static LimnPicture *
match_profile (LimnPicture *picture, LimnPicture *photo, GError **error)
{
  GBytes *from = limn_picture_get_profile (picture), *to = limn_picture_get_profile (photo);
  g_autoptr (LimnPicture) srgb = NULL;

  if (from == to || (from != NULL && to != NULL && g_bytes_equal (from, to)))
    return g_object_ref (picture);
  srgb = limn_picture_to_srgb (picture, error);
  return srgb != NULL ? limn_picture_from_srgb (photo, srgb, NULL, error) : NULL;
}

/* A transparent picture, otherwise like another. */
static LimnPicture *
new_clear (LimnPicture *like, int width, int height, GError **error)
{
  LimnPicture *clear = limn_picture_new (width, height, limn_picture_get_depth (like), error);

  if (clear == NULL)
    return NULL;
  limn_picture_set_profile (clear, limn_picture_get_profile (like));
  limn_picture_set_has_alpha (clear, TRUE);
  return clear;
}

/* For a lowest layer that doesn't cover the canvas. */
static LimnSnapshot *
begin_canvas (const LimnOraStack *stack, LimnPicture *lowest, GError **error)
{
  g_autoptr (LimnPicture) canvas = new_clear (lowest, stack->width, stack->height, error);

  return canvas != NULL ? limn_snapshot_new (canvas) : NULL;
}

static LimnPicture *get_layer (Ora *self, const LimnOraStack *stack, const LimnOraLayer *layer, int *x, int *y, GError **error);

/* Composites the layers of a group into one picture; its position goes into *x and *y. What is outside of the canvas is cropped. */
static LimnPicture *
get_group (Ora *self, const LimnOraStack *stack, const LimnOraLayer *group, int *x, int *y, GError **error)
{
  const LimnRect canvas = { 0, 0, stack->width, stack->height };
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree LimnStackLayer *layers = g_new0 (LimnStackLayer, group->layers->len);
  g_autoptr (LimnPicture) below = NULL;
  LimnStack shown = { NULL, layers, 0 };
  LimnRect rect = { 0 };

  for (guint i = 0; i < group->layers->len; i++) {
    const LimnOraLayer *layer = group->layers->pdata[i];
    g_autoptr (LimnPicture) picture = get_layer (self, stack, layer, &layers[shown.n_layers].x, &layers[shown.n_layers].y, error);
    LimnPicture *matched = picture != NULL ? match_profile (picture, pictures->len > 0 ? pictures->pdata[0] : picture, error) : NULL;
    LimnStackLayer *to = &layers[shown.n_layers];
    LimnRect own;

    if (matched == NULL)
      return NULL;
    g_ptr_array_add (pictures, matched);
    if (!limn_layer_style_is_visible (&layer->style))
      continue;
    *to = (LimnStackLayer){ .picture = matched, .x = to->x, .y = to->y, .opacity = layer->style.opacity, .blend = layer->style.blend };
    own = (LimnRect){ to->x, to->y, (int) limn_picture_get_width (matched), (int) limn_picture_get_height (matched) };
    rect = limn_rect_union (&rect, &own);
    shown.n_layers++;
  }
  rect = limn_rect_intersect (&rect, &canvas);
  if (limn_rect_is_empty (&rect))
    rect = (LimnRect){ 0, 0, 1, 1 };
  for (guint i = 0; i < shown.n_layers; i++) {
    layers[i].x -= rect.x;
    layers[i].y -= rect.y;
  }
  *x = rect.x;
  *y = rect.y;
  shown.photo = below = new_clear (pictures->pdata[0], rect.width, rect.height, error);
  return below != NULL ? limn_stack_flatten (&shown, self->cancellable, error) : NULL;
}

static LimnPicture *
get_layer (Ora *self, const LimnOraStack *stack, const LimnOraLayer *layer, int *x, int *y, GError **error)
{
  if (layer->layers != NULL)
    return get_group (self, stack, layer, x, y, error);
  *x = layer->x;
  *y = layer->y;
  return get_picture (layer->source, self, error);
}

static gboolean
add_stack_layer (Ora *self, const LimnOraStack *stack, const LimnOraLayer *layer, LimnSnapshot **snapshot, GError **error)
{
  int x, y;
  g_autoptr (LimnPicture) picture = get_layer (self, stack, layer, &x, &y, error);
  g_autoptr (LimnPicture) matched = NULL;

  if (picture == NULL)
    return FALSE;
  if (*snapshot == NULL && covers_canvas (stack, layer, x, y, picture)) {
    *snapshot = limn_snapshot_new (picture);
    return TRUE;
  }
  if (*snapshot == NULL && (*snapshot = begin_canvas (stack, picture, error)) == NULL)
    return FALSE;
  matched = match_profile (picture, (*snapshot)->photo, error);
  if (matched == NULL)
    return FALSE;
  limn_snapshot_add_layer (*snapshot, layer->name, matched, x, y, &layer->style, NULL, NULL);
  (*snapshot)->n_merged += layer->layers != NULL;
  return TRUE;
}

/* Whether salvaging goes on without what failed. */
static gboolean
may_lose (Ora *self, GError **failure)
{
  if (self->n_lost == NULL || !g_error_matches (*failure, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT))
    return FALSE;
  g_clear_error (failure);
  ++*self->n_lost;
  return TRUE;
}

static LimnSnapshot *
load_stack (Ora *self, const LimnOraStack *stack, GError **error)
{
  g_autoptr (LimnSnapshot) snapshot = NULL;

  for (guint i = 0; i < stack->layers->len; i++) {
    GError *failure = NULL;

    if (!add_stack_layer (self, stack, stack->layers->pdata[i], &snapshot, &failure) && !may_lose (self, &failure)) {
      g_propagate_error (error, failure);
      return NULL;
    }
  }
  if (snapshot == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no picture in %s."), self->name);
  return g_steal_pointer (&snapshot);
}

/* The layers as they lie. */
static LimnSnapshot *
load_layers (Ora *self, GError **error)
{
  g_autoptr (GBytes) xml = read_entry (self, "stack.xml", MAX_TEXT, TRUE, error);
  LimnSnapshot *snapshot;
  LimnOraStack stack;

  if (xml == NULL || !limn_ora_stack_parse (&stack, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), error))
    return NULL;
  snapshot = load_stack (self, &stack, error);
  if (snapshot != NULL) {
    snapshot->n_unknown_blends = stack.n_unknown;
    snapshot->n_skipped = stack.n_skipped;
  }
  limn_ora_stack_clear (&stack);
  return snapshot;
}

/* -- Both -- */

static gboolean
is_openraster (const Ora *self, GError **error)
{
  g_autoptr (GBytes) bytes = read_entry (self, "mimetype", 4096, TRUE, error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_strstrip (g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  if (g_str_equal (text, LIMN_ORA_MIMETYPE))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s isn't an OpenRaster file."), self->name);
  return FALSE;
}

static LimnSnapshot *
load_recipe (Ora *self, GBytes *recipe, GError **error)
{
  return limn_recipe_read (g_bytes_get_data (recipe, NULL), g_bytes_get_size (recipe), get_picture, get_raster, self, error);
}

static LimnSnapshot *
load_content (Ora *self, GError **error)
{
  g_autoptr (GBytes) recipe = NULL;
  GError *why = NULL;

  if (!is_openraster (self, error))
    return NULL;
  recipe = read_entry (self, LIMN_ORA_RECIPE, MAX_TEXT, FALSE, &why);
  if (recipe == NULL && why != NULL) {
    g_propagate_error (error, why);
    return NULL;
  }
  return recipe != NULL ? load_recipe (self, recipe, error) : load_layers (self, error);
}

static void
set_names (LimnSnapshot *snapshot, const char *path, const char *name)
{
  g_free (snapshot->path);
  snapshot->path = g_strdup (path);
  g_free (snapshot->name);
  snapshot->name = g_strdup (name);
}

LimnSnapshot *
limn_ora_load (const char *path, GCancellable *cancellable, GError **error)
{
  Ora self = { .path = path, .name = g_filename_display_basename (path), .cancellable = cancellable };
  LimnSnapshot *snapshot = load_content (&self, error);

  if (snapshot != NULL)
    set_names (snapshot, path, self.name);
  g_free (self.name);
  return snapshot;
}

/* The merged picture, where the layers can't be read. */
static LimnSnapshot *
load_merged (Ora *self, GError **error)
{
  g_autoptr (LimnPicture) picture = get_picture ("mergedimage.png", self, error);

  return picture != NULL ? limn_snapshot_new (picture) : NULL;
}

LimnSnapshot *
limn_ora_salvage (const char *path, guint *n_lost, GCancellable *cancellable, GError **error)
{
  Ora self = { .path = path, .name = g_filename_display_basename (path), .cancellable = cancellable, .n_lost = n_lost };
  GError *failure = NULL;
  LimnSnapshot *snapshot;

  *n_lost = 0;
  snapshot = load_layers (&self, &failure);
  if (snapshot == NULL && g_error_matches (failure, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT)) {
    g_clear_error (&failure);
    snapshot = load_merged (&self, &failure);
  }
  if (snapshot != NULL) {
    set_names (snapshot, NULL, self.name);
    snapshot->modified = TRUE;
  } else {
    g_propagate_error (error, failure);
  }
  g_free (self.name);
  return snapshot;
}

gboolean
limn_ora_sniff (const char *path)
{
  Ora self = { .path = path, .name = g_filename_display_basename (path) };
  const gboolean is = is_openraster (&self, NULL);

  g_free (self.name);
  return is;
}
