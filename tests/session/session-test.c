/* The pretended engine and what every test of the session does with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-test.h"
#include "tests/app/inputs.h"

#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include <string.h>

/* -- The pretended engine -- */

static void
paint_pixel (guint8 *p, const LimnEdit *edit, gboolean quick, guint8 green, guint8 alpha)
{
  p[0] = (guint8) (edit->set.seed * 10 + (guint64) (edit->set.mix * 5));
  p[1] = green;
  p[2] = quick ? BLUE_QUICK : BLUE_FULL;
  p[3] = alpha;
}

/* Green: what a sketch has in its middle, what colorize has as saturation. */
static guint8
green_of (const LimnEdit *edit)
{
  if (edit->task == LIMN_TASK_COLORIZE)
    return (guint8) (limn_edit_get (edit, "saturation") * 100);
  g_autoptr (LimnPicture) paint = inputs_dup_picture (edit->task == LIMN_TASK_SKETCH ? edit->from.paint : NULL);
  if (!paint)
    return 0;
  gsize x = (gsize) limn_edit_get (edit, "width") / 2, y = (gsize) limn_edit_get (edit, "height") / 2;
  return limn_picture_get_data (paint)[limn_picture_get_stride (paint) * y + 4 * x + 1];
}

static LimnResult *
make_result (const LimnEdit *edit, gboolean quick)
{
  LimnResult *result = g_new0 (LimnResult, 1);
  LimnPlane mask = inputs_dup_plane (edit->task == LIMN_TASK_FILL ? edit->from.mask : NULL);
  const guint8 *alphas = mask.bytes ? g_bytes_get_data (mask.bytes, NULL) : NULL, green = green_of (edit);
  gsize width, height;
  inputs_get_size (edit, &width, &height);
  if (edit->task == LIMN_TASK_UPSCALE) {
    const LimnRect *region = &edit->from.region;
    gsize scale = (gsize) limn_edit_get (edit, "scale");
    width = (limn_rect_is_empty (region) ? width : (gsize) region->width) * scale;
    height = (limn_rect_is_empty (region) ? height : (gsize) region->height) * scale;
  }
  result->whole = edit->task == LIMN_TASK_SKETCH || edit->task == LIMN_TASK_UPSCALE;
  result->picture = limn_picture_new (width, height, 8, NULL);
  limn_picture_set_has_alpha (result->picture, TRUE);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      paint_pixel (limn_picture_get_data (result->picture) + y * limn_picture_get_stride (result->picture) + 4 * x, edit, quick, green,
                   alphas ? alphas[y * width + x] : 255);
  g_clear_pointer (&mask.bytes, g_bytes_unref);
  return result;
}

static LimnResult *
fake_run (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user,
          GError **error)
{
  Fake *fake = user;
  g_atomic_int_inc (&fake->runs);
  if (!(flags & LIMN_RUN_QUICK))
    g_atomic_int_inc (&fake->full_runs);
  if (progress)
    progress (0.5, progress_user);
  if (g_atomic_int_get (&fake->held))
    gate_stop (&fake->gate, cancellable);
  if (pretend_failure (cancellable, edit->set.seed == FAILS, error))
    return NULL;
  g_autoptr (LimnEdit) copy = limn_edit_copy (edit);
  if (g_atomic_int_get (&fake->alike))
    copy->set.seed -= copy->set.seed % 3;
  return make_result (copy, flags & LIMN_RUN_QUICK);
}

void
hold (Fixture *self)
{
  g_atomic_int_set (&self->fake.held, TRUE);
}

void
release (Fixture *self)
{
  g_atomic_int_set (&self->fake.held, FALSE);
  gate_open (&self->fake.gate);
}

void
wait_started (Fixture *self)
{
  gate_await (&self->fake.gate);
}

/* -- Fixture -- */

static void
on_message (LimnSession *session, const char *text, gboolean undo, Fixture *self)
{
  g_free (self->message);
  self->message = g_strdup (text);
  self->message_undo = undo;
}

static LimnPicture *
make_photo (gsize width, gsize height, gboolean gray)
{
  LimnPicture *photo = limn_picture_new (width, height, 8, NULL);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      guint8 pixel[4] = { 120, gray ? 120 : 40, gray ? 120 : 90, 255 };
      memcpy (limn_picture_get_data (photo) + y * limn_picture_get_stride (photo) + 4 * x, pixel, 4);
    }
  return photo;
}

void
open_document (Fixture *self, LimnDocument *document)
{
  self->document = document;
  self->session = limn_session_new (document, self->worker, self->settings);
  g_signal_connect (self->session, "message", G_CALLBACK (on_message), self);
}

void
open_photo (Fixture *self, gsize width, gsize height, gboolean gray)
{
  g_autoptr (LimnPicture) photo = make_photo (width, height, gray);
  open_document (self, limn_document_new (photo, "/somewhere/cat.png"));
}

void
set_up (Fixture *self, gconstpointer data)
{
  *self = (Fixture){ 0 };
  gate_init (&self->fake.gate);
  self->worker = limn_worker_new_with_runner (fake_run, &self->fake, NULL);
  self->settings = g_settings_new ("org.limn.Limn");
  for (const char *const *key = (const char *const[]){ "brush-part", "colorize-saturation", "live", "upscale-scale", NULL }; *key; key++)
    g_settings_reset (self->settings, *key);
}

void
tear_down (Fixture *self, gconstpointer data)
{
  g_atomic_int_set (&self->fake.held, FALSE);
  if (self->session)
    g_assert_finalize_object (self->session);
  g_clear_object (&self->document);
  g_assert_finalize_object (self->worker);
  g_clear_object (&self->settings);
  g_free (self->message);
  gate_clear (&self->fake.gate);
}

gboolean
wake_up (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
get (Fixture *self, const char *property)
{
  gboolean value;
  g_object_get (self->session, property, &value, NULL);
  return value;
}

gboolean
is_idle (Fixture *self)
{
  gboolean busy;
  g_object_get (self->worker, "busy", &busy, NULL);
  return !busy && !get (self, "busy");
}

/* Nothing is on its way, and nothing waits to be asked for. */
void
settle (Fixture *self)
{
  for (int i = 0; i < 5; i++) {
    gint64 until = g_get_monotonic_time () + 100 * 1000;
    WAIT (g_get_monotonic_time () > until && is_idle (self));
  }
}

static void
seen (Fixture *self, int x, int y, guint8 *pixel)
{
  limn_document_render (self->document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
}

int
red (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[0];
}

int
green (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[1];
}

int
blue (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[2];
}

guint
n_layers (Fixture *self)
{
  return g_list_model_get_n_items (limn_document_get_layers (self->document));
}

guint
n_steps (Fixture *self)
{
  return limn_history_get_position (limn_document_get_history (self->document));
}

void
select_box (Fixture *self, int x, int y)
{
  limn_document_select_rectangle (self->document, x, y, 40, 40, LIMN_MASK_ADD);
}

void
commit_held (Fixture *self)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 20, 20);
  hold (self);
  limn_session_commit (self->session);
  wait_started (self);
}

void
begin_paint (Fixture *self, guint8 value)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 60;
  brush.hardness = 1;
  brush.rgba[1] = value;
  limn_document_begin_stroke (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (self->document, 64, 64, 1);
}

gboolean
has_all_variations (Fixture *self)
{
  if (limn_session_get_n_variations (self->session) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!limn_session_get_variation (self->session, i))
      return FALSE;
  return TRUE;
}
