/* What a batch does with one picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-picture.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"
#include "app/base/limn-file.h"
#include "app/formats/limn-input.h"
#include "app/picture/limn-picture-file.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

/* -- Memory -- */

#define BYTES_A_PIXEL 100 /* of an edit at work, with the photo before and after it */
#define LEAST_PIXELS (1 << 20)

guint64
limn_batch_gate_measure (void)
{
  return MAX (LEAST_PIXELS, limn_memory_available ("") / 2 / BYTES_A_PIXEL);
}

static void
enter (LimnBatchGate *self, guint64 pixels)
{
  g_mutex_lock (&self->lock);
  while (self->pixels > 0 && self->pixels + pixels > self->most)
    g_cond_wait (&self->changed, &self->lock);
  self->pixels += pixels;
  g_mutex_unlock (&self->lock);
}

static void
leave (LimnBatchGate *self, guint64 pixels)
{
  g_mutex_lock (&self->lock);
  self->pixels -= pixels;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* -- What was asked for, as a word -- */

static gboolean
add_plane (GChecksum *sum, LimnSource *source, GCancellable *cancellable, GError **error)
{
  LimnPlane plane;
  gsize size;
  const guint8 *data;

  if (!source)
    return TRUE;
  if (!limn_source_dup_plane (source, &plane, cancellable, error))
    return FALSE;
  data = g_bytes_get_data (plane.bytes, &size);
  g_checksum_update (sum, data, (gssize) size);
  g_bytes_unref (plane.bytes);
  return TRUE;
}

static gboolean
add_paint (GChecksum *sum, LimnSource *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) paint = NULL;

  if (!source)
    return TRUE;
  paint = limn_source_dup_picture (source, cancellable, error);
  if (!paint)
    return FALSE;
  g_checksum_update (sum, limn_picture_get_data (paint), (gssize) (limn_picture_get_stride (paint) * limn_picture_get_height (paint)));
  return TRUE;
}

static gboolean
add_edit (GChecksum *sum, const LimnEdit *edit, GCancellable *cancellable, GError **error)
{
  const LimnEditInputs *from = &edit->from;
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;
  g_autoptr (GString) text = g_string_new (limn_edit_get_kind (edit)->nick);

  g_string_append_printf (text, " %" G_GUINT64_FORMAT " %d", edit->set.seed, edit->set.steps);
  if (edit->set.mix > 0)
    g_string_append_printf (text, " %" G_GUINT64_FORMAT " %.17g", edit->set.seed_b, edit->set.mix);
  for (guint i = 0; parameters[i].name; i++)
    g_string_append_printf (text, " %s=%.17g", parameters[i].name, edit->set.values[i]);
  g_checksum_update (sum, (const guchar *) text->str, (gssize) text->len);
  return add_plane (sum, from->mask, cancellable, error) && add_plane (sum, from->lines, cancellable, error) &&
         add_plane (sum, from->materials, cancellable, error) && add_plane (sum, from->sources, cancellable, error) &&
         add_plane (sum, from->marks, cancellable, error) && add_paint (sum, from->paint, cancellable, error);
}

static char *
name_edits (const LimnBatchTask *task, LimnEngineHandle *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < task->edits->len; i++)
    if (!add_edit (sum, task->edits->pdata[i], cancellable, error))
      return NULL;
  return g_strdup_printf ("%s %s %d", g_checksum_get_string (sum), limn_engine_handle_get_model_hash (engine), task->quality);
}

/* For one picture; free with g_free. */
static char *
name_recipe (LimnBatchTask *task, LimnBatchItem *item, LimnEngineHandle *engine, GCancellable *cancellable, GError **error)
{
  const char *mask = limn_batch_item_get_mask (item), *asked;
  g_autofree char *content = NULL;

  g_mutex_lock (&task->lock);
  if (!task->asked)
    task->asked = name_edits (task, engine, cancellable, error);
  asked = task->asked;
  g_mutex_unlock (&task->lock);
  if (!asked || (mask && !(content = limn_batch_hash_file (mask, cancellable, error))))
    return NULL;
  return g_strconcat (asked, content ? " " : "", content, NULL);
}

/* -- What an edit is made with, over another photo -- */

typedef struct {
  int width, height;
  gboolean widen; /* what is thin stays: a pixel is the largest of those that it covers; else the one in their middle */
  double x, y;    /* how much wider and higher it becomes */
} Scale;

/* Where pixel i of `to` begins among `from` pixels. */
static gint64
begin_of (gint64 i, int to, int from)
{
  return i * from / to;
}

static guint8
largest (const guint8 *data, int stride, int x0, int x1, int y0, int y1)
{
  guint8 most = 0;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      most = MAX (most, data[(gsize) y * (gsize) stride + (gsize) x]);
  return most;
}

static void
scale_row (const Scale *self, int y, const guint8 *data, int width, int height, int channels, guint8 *out)
{
  const int y0 = (int) begin_of (y, self->height, height), y1 = MAX (y0 + 1, (int) begin_of (y + 1, self->height, height));

  for (int x = 0; x < self->width; x++) {
    const int x0 = (int) begin_of (x, self->width, width), x1 = MAX (x0 + 1, (int) begin_of (x + 1, self->width, width));

    if (self->widen)
      out[x] = largest (data, width, x0, x1, y0, y1);
    else
      memcpy (out + x * channels, data + ((gsize) ((y0 + y1) / 2) * (gsize) width + (gsize) ((x0 + x1) / 2)) * (gsize) channels,
              (gsize) channels);
  }
}

static LimnRaster *
scale_raster (LimnRaster *raster, gpointer user)
{
  const Scale *self = user;
  const LimnRect all = limn_raster_get_extents (raster);
  const int channels = limn_raster_get_channels (raster);
  g_autofree guint8 *data = g_malloc ((gsize) all.width * (gsize) all.height * (gsize) channels);
  g_autofree guint8 *row = g_malloc ((gsize) self->width * (gsize) channels);
  LimnRaster *scaled = limn_raster_new ((gsize) self->width, (gsize) self->height, channels);

  limn_raster_read (raster, &all, data, (gsize) all.width * (gsize) channels);
  for (int y = 0; y < self->height; y++) {
    const LimnRect rect = { 0, y, self->width, 1 };

    scale_row (self, y, data, all.width, all.height, channels, row);
    limn_raster_write (scaled, &rect, row, (gsize) self->width * (gsize) channels);
  }
  return scaled;
}

static gboolean
scale_dot (LimnDot *dot, gpointer user)
{
  const Scale *self = user;

  dot->x *= self->x;
  dot->y *= self->y;
  dot->radius *= MIN (self->x, self->y);
  return TRUE;
}

/* *source, of some size, becomes one of photo's. */
static void
scale_source (LimnSource **source, LimnPicture *photo, gboolean widen)
{
  g_autoptr (LimnRaster) raster = *source ? limn_source_dup_raster (*source) : NULL;
  const int width = (int) limn_picture_get_width (photo), height = (int) limn_picture_get_height (photo);
  LimnSource *scaled;

  if (!raster || (limn_raster_get_width (raster) == width && limn_raster_get_height (raster) == height))
    return;
  Scale scale = { width, height, widen, (double) width / limn_raster_get_width (raster),
                  (double) height / limn_raster_get_height (raster) };
  scaled = limn_source_map (*source, scale_raster, scale_dot, &scale);
  limn_source_unref (*source);
  *source = scaled;
}

/* -- The edits -- */

static gboolean
take_mask (LimnBatchItem *item, LimnPicture *photo, LimnEdit *edit, GCancellable *cancellable, GError **error)
{
  const LimnEditKind *kind = limn_edit_get_kind (edit);
  const char *path = limn_batch_item_get_mask (item);
  LimnPlane mask = { 0 };
  gboolean taken;

  if (!(kind->takes & LIMN_TAKES_MASK) || (!path && (edit->from.mask || !(kind->needs & LIMN_TAKES_MASK))))
    return TRUE;
  taken = (path ? limn_input_load_mask (path, photo, &mask, cancellable, error) : limn_input_mask_of_alpha (photo, &mask, error)) &&
          (!(kind->needs & LIMN_TAKES_MASK) || limn_input_check_something_known (&mask, error));
  if (taken) {
    g_clear_pointer (&edit->from.mask, limn_source_unref);
    edit->from.mask = limn_source_new_plane (&mask);
  }
  g_clear_pointer (&mask.bytes, g_bytes_unref);
  return taken;
}

static LimnPicture *
do_edit (const LimnEdit *pattern, LimnBatchItem *item, LimnPicture *photo, LimnEngineHandle *engine, GCancellable *cancellable,
         GError **error)
{
  g_autoptr (LimnEdit) edit = limn_edit_copy (pattern);
  g_autoptr (LimnResult) result = NULL;

  edit->from.photo = limn_source_new_picture (photo);
  scale_source (&edit->from.mask, photo, TRUE);
  scale_source (&edit->from.lines, photo, TRUE);
  scale_source (&edit->from.sources, photo, FALSE);
  scale_source (&edit->from.marks, photo, FALSE);
  scale_source (&edit->from.materials, photo, FALSE);
  scale_source (&edit->from.paint, photo, FALSE);
  if (!take_mask (item, photo, edit, cancellable, error))
    return NULL;
  result = limn_edit_run (edit, 0, engine, NULL, NULL, cancellable, error);
  if (result && result->found.damage.mask.bytes)
    limn_batch_item_set_found (item, &result->found.damage);
  return result ? limn_result_apply (result, photo, error) : NULL;
}

static GBytes *
make (LimnBatchTask *task, LimnBatchItem *item, LimnPicture *photo, LimnEngineHandle *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) picture = g_object_ref (photo);
  LimnSaveOptions options;
  LimnFormat format;

  for (guint i = 0; i < task->edits->len; i++) {
    LimnPicture *next = do_edit (task->edits->pdata[i], item, picture, engine, cancellable, error);

    if (!next)
      return NULL;
    g_object_unref (picture);
    picture = next;
  }
  if (!limn_format_from_path (limn_batch_item_get_out (item), &format, error))
    return NULL;
  limn_save_options_init (&options, picture, format);
  if (task->quality > 0) {
    options.quality = task->quality;
    options.lossless = FALSE;
  }
  return limn_picture_encode (picture, &options, error);
}

/* -- From file to file -- */

/* out from the folder of the results, where it is. */
static const char *
name_in_folder (const LimnBatchTask *task, const char *out)
{
  return out + strlen (task->folder) + 1;
}

static gboolean
describe_photo (const char *path, LimnBatchEntry *entry, GError **error)
{
  struct stat info;

  if (stat (path, &info) != 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no file %s."), path);
    return FALSE;
  }
  entry->path = path;
  entry->size = (gint64) info.st_size;
  entry->modified = (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
  return TRUE;
}

/* Counts the pixels that what comes of photo has. FALSE where it would have more than its file's format allows. */
static gboolean
measure (const LimnBatchTask *task, LimnBatchItem *item, LimnPicture *photo, guint64 *pixels, GError **error)
{
  gsize width = limn_picture_get_width (photo), height = limn_picture_get_height (photo);
  LimnFormat format;

  for (guint i = 0; i < task->edits->len; i++)
    limn_edit_enlarge (task->edits->pdata[i], &width, &height);
  *pixels = (guint64) width * height;
  return limn_format_from_path (limn_batch_item_get_out (item), &format, error) && limn_format_check (format, width, height, error);
}

static gboolean
put (LimnBatchTask *task, const LimnBatchEntry *entry, const char *out, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (out);

  if (g_mkdir_with_parents (folder, 0777) != 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no folder %s to save into."), folder);
    return FALSE;
  }
  return limn_batch_log_begin (task->log, entry->out, error) && limn_file_replace (out, bytes, cancellable, error) &&
         limn_batch_log_end (task->log, entry, error);
}

gboolean
limn_batch_do_picture (LimnBatchTask *task, LimnBatchItem *item, LimnEngineHandle *engine, gboolean *skipped, GCancellable *cancellable,
                       GError **error)
{
  const char *path = limn_batch_item_get_path (item), *out = limn_batch_item_get_out (item);
  LimnBatchEntry entry = { .out = name_in_folder (task, out) };
  g_autofree char *recipe = NULL, *content = NULL;
  g_autoptr (LimnPicture) photo = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint64 pixels;

  *skipped = FALSE;
  if (!describe_photo (path, &entry, error) || !(recipe = name_recipe (task, item, engine, cancellable, error)))
    return FALSE;
  entry.recipe = recipe;
  if (limn_batch_log_is_done (task->log, &entry)) {
    *skipped = TRUE;
    return TRUE;
  }
  if (!task->replace && g_file_test (out, G_FILE_TEST_EXISTS) && !limn_batch_log_knows (task->log, entry.out)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is there already, and not from a batch. It was left as it is."), out);
    return FALSE;
  }
  if (!(content = limn_batch_hash_file (path, cancellable, error)) || !(photo = limn_input_load (path, cancellable, error)) ||
      !measure (task, item, photo, &pixels, error))
    return FALSE;
  entry.content = content;
  enter (&task->gate, pixels);
  bytes = make (task, item, photo, engine, cancellable, error);
  leave (&task->gate, pixels);
  entry.written = bytes ? (gint64) g_bytes_get_size (bytes) : 0;
  return bytes && put (task, &entry, out, bytes, cancellable, error);
}
