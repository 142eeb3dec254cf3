/* What the picture codecs share: turning upright, rows to write, growing memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_THREADS 16

void
limn_codec_row_8 (LimnPicture *picture, gsize y, guint8 *out)
{
  gsize width = limn_picture_get_width (picture);
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  const guint16 *wide = (const guint16 *) (gconstpointer) row;

  if (limn_picture_get_depth (picture) == 8) {
    memcpy (out, row, width * 4);
    return;
  }
  for (gsize i = 0; i < width * 4; i++)
    out[i] = (guint8) ((wide[i] * 255u + 32767u) / 65535u);
}

void
limn_codec_channels (LimnPicture *picture, gboolean *gray, gboolean *alpha)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  gboolean has_profile = limn_picture_get_profile (picture) != NULL;

  *gray = limn_picture_get_source (picture)->gray && has_profile == (limn_picture_get_gray_profile (picture) != NULL);
  *alpha = limn_picture_get_has_alpha (picture);
  for (gsize y = 0; y < height && (*gray || !*alpha); y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    const guint16 *wide = (const guint16 *) (gconstpointer) row;
    guint differ = 0, opaque;

    if (limn_picture_get_depth (picture) == 8) {
      opaque = 0xFF;
      for (gsize x = 0; x < width; x++, row += 4) {
        differ |= (guint) (row[0] ^ row[1]) | (guint) (row[1] ^ row[2]);
        opaque &= row[3];
      }
      *alpha = *alpha || opaque != 0xFF;
    } else {
      opaque = 0xFFFF;
      for (gsize x = 0; x < width; x++, wide += 4) {
        differ |= (guint) (wide[0] ^ wide[1]) | (guint) (wide[1] ^ wide[2]);
        opaque &= wide[3];
      }
      *alpha = *alpha || opaque != 0xFFFF;
    }
    *gray = *gray && differ == 0;
  }
}

/* Sets the value of an attribute or element `tiff:Orientation` to 1. */
static void
upright_xmp (char *text)
{
  static const char *const ahead[] = { "tiff:Orientation=\"", "tiff:Orientation='", "<tiff:Orientation>" };

  for (guint i = 0; i < G_N_ELEMENTS (ahead); i++) {
    char *at = text;

    while ((at = strstr (at, ahead[i])) != NULL) {
      at += strlen (ahead[i]);
      if (*at >= '1' && *at <= '8')
        *at = '1';
    }
  }
}

void
limn_codec_take_xmp (LimnPicture *picture, const char *data, gsize size)
{
  g_autofree char *text = g_strndup (data, size);

  if (text[0] == 0 || !g_utf8_validate (text, -1, NULL) || strstr (text, "xmpGImg:image"))
    return;
  upright_xmp (text);
  g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIMN_TEXT_XMP), g_steal_pointer (&text));
}

typedef struct {
  gsize next, count; /* next: atomic */
  void (*func) (gsize index, gpointer data);
  gpointer data;
} Share;

static gpointer
work (gpointer data)
{
  Share *share = data;
  gsize i;

  while ((i = (gsize) g_atomic_pointer_add (&share->next, 1)) < share->count)
    share->func (i, share->data);
  return NULL;
}

/* On Linux a thread has a niceness of its own, and threads that it makes inherit it. Failing to lower it harms nothing. */
void
limn_codec_step_back (void)
{
  enum { NICENESS = 5 };

  (void) setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICENESS);
}

void
limn_codec_parallel (gsize count, void (*func) (gsize index, gpointer data), gpointer data)
{
  Share share = { 0, count, func, data };
  GThread *threads[MAX_THREADS] = { NULL };
  guint wanted = (guint) MIN (MIN (g_get_num_processors (), MAX_THREADS), count);

  for (guint i = 1; i < wanted; i++)
    threads[i] = g_thread_try_new ("picture", work, &share, NULL); /* without it, the others do its share */
  work (&share);
  for (guint i = 1; i < wanted; i++)
    if (threads[i])
      g_thread_join (threads[i]);
}

void
limn_sink_write (LimnSink *self, gconstpointer data, gsize size)
{
  if (self->failed)
    return;
  if (size > self->capacity - self->size) {
    gsize capacity = self->size + MAX (size, self->size / 2 + 65536);
    guint8 *grown = g_try_realloc (self->data, capacity);

    if (!grown) {
      self->failed = TRUE;
      return;
    }
    self->data = grown;
    self->capacity = capacity;
  }
  if (size > 0)
    memcpy (self->data + self->size, data, size);
  self->size += size;
}

void
limn_sink_clear (LimnSink *self)
{
  g_clear_pointer (&self->data, g_free);
  self->size = self->capacity = 0;
}

GBytes *
limn_sink_finish (LimnSink *self, GError **error)
{
  if (self->failed) {
    limn_sink_clear (self);
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("There is not enough memory to write the picture. Close other programs and try again."));
    return NULL;
  }
  self->capacity = 0;
  return g_bytes_new_take (g_steal_pointer (&self->data), self->size);
}

LimnOrientation
limn_orientation_get (int orientation)
{
  static const LimnOrientation turns[9] = {
    { 0, 0, 0 }, { 0, 0, 0 }, { 0, 1, 0 }, { 0, 1, 1 }, { 0, 0, 1 }, { 1, 0, 0 }, { 1, 0, 1 }, { 1, 1, 1 }, { 1, 1, 0 },
  };

  return turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

/* Both sides of a turned tile stay in the cache. */
#define TILE 32

typedef struct {
  const guint8 *from;    /* of the upright picture's first pixel */
  gssize step_x, step_y; /* in the stored picture, for one pixel right and down in the upright one */
  gsize pixel;
  LimnPicture *upright;
} Turn;

static void
turn_rows (gsize index, gpointer data)
{
  const Turn *self = data;
  gsize width = limn_picture_get_width (self->upright), stride = limn_picture_get_stride (self->upright), top = index * TILE;
  gsize bottom = MIN (top + TILE, limn_picture_get_height (self->upright));

  for (gsize left = 0; left < width; left += TILE)
    for (gsize y = top; y < bottom; y++) {
      const guint8 *in = self->from + (gssize) y * self->step_y + (gssize) left * self->step_x;
      guint8 *out = limn_picture_get_data (self->upright) + y * stride + left * self->pixel;
      gsize count = MIN (TILE, width - left);

      if (self->pixel == 4)
        for (gsize x = 0; x < count; x++, in += self->step_x, out += 4)
          memcpy (out, in, 4);
      else
        for (gsize x = 0; x < count; x++, in += self->step_x, out += 8)
          memcpy (out, in, 8);
    }
}

LimnPicture *
limn_picture_orient (LimnPicture *self, int orientation, GError **error)
{
  const LimnOrientation turn = limn_orientation_get (orientation);
  gsize width = limn_picture_get_width (self), height = limn_picture_get_height (self);
  gsize pixel = 4 * (gsize) limn_picture_get_depth (self) / 8, stride = limn_picture_get_stride (self);
  gssize right = turn.flip_x ? -(gssize) pixel : (gssize) pixel, down = turn.flip_y ? -(gssize) stride : (gssize) stride;
  Turn job;

  if (orientation <= 1 || orientation > 8)
    return g_object_ref (self);
  job =
    (Turn){ .from = limn_picture_get_data (self), .step_x = turn.swap ? down : right, .step_y = turn.swap ? right : down, .pixel = pixel };
  job.upright = limn_picture_new (turn.swap ? height : width, turn.swap ? width : height, limn_picture_get_depth (self), error);
  if (!job.upright)
    return NULL;
  limn_picture_copy_metadata (job.upright, self);
  if (turn.flip_x)
    job.from += (width - 1) * pixel;
  if (turn.flip_y)
    job.from += (height - 1) * stride;
  limn_codec_parallel ((limn_picture_get_height (job.upright) + TILE - 1) / TILE, turn_rows, &job);
  return job.upright;
}
