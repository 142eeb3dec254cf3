/* Reading OpenRaster files, our own and those of other programs. All that a file asks for is counted against its budget.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-ora-private.h"

#include "app/base/limn-block.h"
#include "app/base/limn-budget.h"
#include "app/compose/limn-stack.h"
#include "app/decode/limn-decoder.h"
#include "app/picture/codecs/limn-codec.h"
#include "app/picture/limn-picture-color.h"
#include "limn-recipe.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of entries. */
enum {
  MAX_STACK = 4000 * 1000,
  MAX_RECIPE = 8000 * 1000 /* cJSON takes up to 40 times as much memory */
};

typedef struct {
  char *name; /* of the file, for sentences */
  int fd;
  LimnDecoder *decoder;
  LimnBudget budget;    /* of all layers, groups and planes together; the same entry and what is empty counts once */
  GHashTable *pictures; /* entry -> LimnPicture */
  GCancellable *cancellable;
  guint *n_lost; /* salvage: counts the layers that can't be read; NULL: one of them is an error */
} Ora;

static gboolean
open_document (Ora *self, const char *path, GCancellable *cancellable, GError **error)
{
  struct stat file;

  *self = (Ora){ .name = g_filename_display_basename (path), .cancellable = cancellable };
  self->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->fd = TEMP_FAILURE_RETRY (g_open (path, O_RDONLY | O_CLOEXEC, 0));
  if (self->fd < 0 || fstat (self->fd, &file) != 0) {
    limn_set_error_from_errno (error, errno, _("%s can't be opened"), self->name);
    return FALSE;
  }
  limn_budget_init (&self->budget, (guint64) file.st_size);
  self->decoder = limn_decoder_new (self->fd, self->name);
  return TRUE;
}

static void
close_document (Ora *self)
{
  g_clear_pointer (&self->decoder, limn_decoder_free);
  g_hash_table_unref (self->pictures);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->name);
}

/* Text of the archive, at most max bytes. NULL without error where it is optional and missing. */
static GBytes *
read_entry (Ora *self, const char *entry, gsize max, gboolean optional, GError **error)
{
  const LimnDecodeRequest request = { .entry = entry, .optional = optional, .max = max };

  return limn_decoder_bytes (self->decoder, &request, self->cancellable, error);
}

static guint64
picture_bytes (LimnPicture *picture)
{
  return (guint64) limn_picture_get_stride (picture) * limn_picture_get_height (picture);
}

/* Without the profile that limn_ora_save adds. */
static void
drop_srgb (LimnPicture *picture)
{
  g_autoptr (GBytes) srgb = NULL;

  if (limn_picture_get_depth (picture) == 8 || limn_picture_get_profile (picture) == NULL)
    return;
  srgb = limn_srgb_profile_new ();
  if (g_bytes_equal (srgb, limn_picture_get_profile (picture)))
    limn_picture_set_profile (picture, NULL);
}

/* Decodes a PNG of the archive. taken: of the budget. */
static LimnPicture *
decode_entry (Ora *self, const char *entry, guint64 *taken, GError **error)
{
  const LimnDecodeRequest request = { .entry = entry };
  const guint64 before = self->budget.taken;
  LimnPicture *picture = limn_decoder_picture (self->decoder, &request, &self->budget, self->cancellable, error);

  *taken = self->budget.taken - before;
  if (picture != NULL)
    drop_srgb (picture);
  return picture;
}

/* The picture of a layer. Layers of one entry share it. What is empty needs no memory. */
static LimnPicture *
get_picture (const char *entry, gpointer user, GError **error)
{
  Ora *self = user;
  LimnPicture *known = g_hash_table_lookup (self->pictures, entry);
  g_autoptr (LimnPicture) picture = NULL;
  guint64 taken;

  if (known != NULL)
    return g_object_ref (known);
  picture = decode_entry (self, entry, &taken, error);
  if (picture == NULL)
    return NULL;
  if (limn_block_is_zero (limn_picture_get_data (picture), picture_bytes (picture)))
    limn_budget_give_back (&self->budget, taken);
  g_hash_table_insert (self->pictures, g_strdup (entry), g_object_ref (picture));
  return g_steal_pointer (&picture);
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
  Ora *self = user;
  guint64 taken;
  g_autoptr (LimnPicture) picture = decode_entry (self, name, &taken, error);
  g_autofree guint8 *pixels = NULL;
  LimnRaster *raster;
  LimnRect rect;

  if (picture == NULL || !get_rect (self, picture, width, height, &rect, error))
    return NULL;
  limn_budget_give_back (&self->budget, taken - MIN (taken, (guint64) rect.width * (guint64) rect.height * (guint64) channels));
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
match_profile (Ora *self, LimnPicture *picture, LimnPicture *photo, GError **error)
{
  GBytes *from = limn_picture_get_profile (picture), *to = limn_picture_get_profile (photo);

  if (from == to || (from != NULL && to != NULL && g_bytes_equal (from, to)))
    return g_object_ref (picture);
  if (!limn_budget_take (&self->budget, self->name, picture_bytes (picture), error))
    return NULL;
  return limn_picture_convert (picture, photo, NULL, error);
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
    LimnPicture *matched = picture != NULL ? match_profile (self, picture, pictures->len > 0 ? pictures->pdata[0] : picture, error) : NULL;
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
  if (!limn_budget_take (&self->budget, self->name,
                         2 * (guint64) rect.width * (guint64) rect.height * limn_picture_get_depth (pictures->pdata[0]) / 2, error))
    return NULL;
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
  matched = match_profile (self, picture, (*snapshot)->photo, error);
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
  g_autoptr (GBytes) xml = read_entry (self, "stack.xml", MAX_STACK, FALSE, error);
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
is_openraster (Ora *self, GError **error)
{
  g_autoptr (GBytes) bytes = read_entry (self, "mimetype", 4096, FALSE, error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_strstrip (g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  if (g_str_equal (text, LIMN_ORA_MIMETYPE))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s isn't an OpenRaster file."), self->name);
  return FALSE;
}

/* Layers as they lie where there is no recipe. */
static LimnSnapshot *
load_content (Ora *self, GError **error)
{
  g_autoptr (GBytes) recipe = NULL;
  GError *why = NULL;

  if (!is_openraster (self, error))
    return NULL;
  recipe = read_entry (self, LIMN_ORA_RECIPE, MAX_RECIPE, TRUE, &why);
  if (why != NULL) {
    g_propagate_error (error, why);
    return NULL;
  }
  return recipe != NULL
           ? limn_recipe_read (g_bytes_get_data (recipe, NULL), g_bytes_get_size (recipe), get_picture, get_raster, self, error)
           : load_layers (self, error);
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
  Ora self;
  LimnSnapshot *snapshot = open_document (&self, path, cancellable, error) ? load_content (&self, error) : NULL;

  if (snapshot != NULL)
    set_names (snapshot, path, self.name);
  close_document (&self);
  return snapshot;
}

/* The merged picture, where the layers can't be read. */
static LimnSnapshot *
load_merged (Ora *self, GError **error)
{
  g_autoptr (LimnPicture) picture = get_picture ("mergedimage.png", self, error);

  return picture != NULL ? limn_snapshot_new (picture) : NULL;
}

static LimnSnapshot *
salvage_content (Ora *self, GError **error)
{
  GError *failure = NULL;
  LimnSnapshot *snapshot = load_layers (self, &failure);

  if (snapshot == NULL && g_error_matches (failure, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT)) {
    g_clear_error (&failure);
    snapshot = load_merged (self, &failure);
  }
  if (snapshot == NULL)
    g_propagate_error (error, failure);
  return snapshot;
}

LimnSnapshot *
limn_ora_salvage (const char *path, guint *n_lost, GCancellable *cancellable, GError **error)
{
  Ora self;
  LimnSnapshot *snapshot = NULL;

  *n_lost = 0;
  if (open_document (&self, path, cancellable, error)) {
    self.n_lost = n_lost;
    snapshot = salvage_content (&self, error);
  }
  if (snapshot != NULL) {
    set_names (snapshot, NULL, self.name);
    snapshot->modified = TRUE;
  }
  close_document (&self);
  return snapshot;
}

/* Whatever is no archive is told at a glance. */
static gboolean
is_zip (int fd)
{
  char head[4];

  return limn_block_read (fd, head, sizeof head, 0) == 0 && memcmp (head, "PK\3\4", sizeof head) == 0;
}

gboolean
limn_ora_sniff (const char *path)
{
  Ora self;
  const gboolean is = open_document (&self, path, NULL, NULL) && is_zip (self.fd) && is_openraster (&self, NULL);

  close_document (&self);
  return is;
}
