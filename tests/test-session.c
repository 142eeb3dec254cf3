/* The session with a pretended engine: what is previewed when, what is kept, and that nothing stale is ever shown. The engine's
 * pictures are of one colour that tells seed, kind and what they were made from, so that the document's pixels say which is seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session.h"

#include <semaphore.h>
#include <string.h>

enum { FAILS = 99, BLUE_QUICK = 50, BLUE_FULL = 200, PATIENCE = 30 };

typedef struct {
  sem_t started, go;
  int held;  /* runs wait for go; g_atomic */
  int runs, full_runs;
} Fake;

typedef struct {
  Fake fake;
  LimnWorker *worker;
  GSettings *settings;
  LimnDocument *document;
  LimnSession *session;
  char *message;
  gboolean message_undo;
} Fixture;

/* -- The pretended engine -- */

static void
let_go (GCancellable *cancellable, gpointer user)
{
  sem_post (&((Fake *) user)->go);
}

static void
paint_pixel (guint8 *p, const LimnEdit *edit, guint8 green, guint8 alpha)
{
  p[0] = (guint8) (edit->seed * 10 + (guint64) (edit->mix * 5));
  p[1] = green;
  p[2] = edit->quick ? BLUE_QUICK : BLUE_FULL;
  p[3] = alpha;
}

/* Green: what a sketch has in its middle, what colorize has as saturation. */
static guint8
green_of (const LimnEdit *edit)
{
  if (edit->task == LIMN_TASK_COLORIZE)
    return (guint8) (edit->saturation * 100);
  if (edit->task != LIMN_TASK_SKETCH || !edit->paint)
    return 0;
  return limn_picture_get_data (edit->paint)[limn_picture_get_stride (edit->paint) * (edit->height / 2) + 4 * (edit->width / 2) + 1];
}

static LimnResult *
make_result (const LimnEdit *edit)
{
  LimnResult *result = g_new0 (LimnResult, 1);
  gsize width = edit->width, height = edit->height;
  if (edit->task == LIMN_TASK_UPSCALE) {
    width = (edit->has_region ? edit->region_width : limn_picture_get_width (edit->photo)) * (gsize) edit->scale;
    height = (edit->has_region ? edit->region_height : limn_picture_get_height (edit->photo)) * (gsize) edit->scale;
  } else if (edit->photo) {
    width = limn_picture_get_width (edit->photo);
    height = limn_picture_get_height (edit->photo);
  }
  result->whole = edit->task == LIMN_TASK_SKETCH || edit->task == LIMN_TASK_UPSCALE;
  result->picture = limn_picture_new (width, height, 8, NULL);
  limn_picture_set_has_alpha (result->picture, TRUE);
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      guint8 alpha = edit->task == LIMN_TASK_FILL ? ((const guint8 *) g_bytes_get_data (edit->mask.bytes, NULL))[y * width + x] : 255;
      paint_pixel (limn_picture_get_data (result->picture) + y * limn_picture_get_stride (result->picture) + 4 * x, edit,
                   green_of (edit), alpha);
    }
  return result;
}

static LimnResult *
fake_run (const LimnEdit *edit, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user, GError **error)
{
  Fake *fake = user;
  g_atomic_int_inc (&fake->runs);
  if (!edit->quick)
    g_atomic_int_inc (&fake->full_runs);
  if (progress)
    progress (0.5, progress_user);
  if (g_atomic_int_get (&fake->held)) {
    sem_post (&fake->started);
    gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (let_go), fake, NULL);
    while (sem_wait (&fake->go) != 0)
      ;
    g_cancellable_disconnect (cancellable, handler);
  }
  if (g_cancellable_is_cancelled (cancellable)) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, "Cancelled.");
    return NULL;
  }
  if (edit->seed == FAILS) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "No network.");
    return NULL;
  }
  return make_result (edit);
}

static void
hold (Fixture *self)
{
  g_atomic_int_set (&self->fake.held, TRUE);
}

static void
release (Fixture *self)
{
  g_atomic_int_set (&self->fake.held, FALSE);
  sem_post (&self->fake.go);
}

static void
wait_started (Fixture *self)
{
  while (sem_wait (&self->fake.started) != 0)
    ;
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

static void
open_document (Fixture *self, LimnDocument *document)
{
  self->document = document;
  self->session = limn_session_new (document, self->worker, self->settings);
  g_signal_connect (self->session, "message", G_CALLBACK (on_message), self);
}

static void
open_photo (Fixture *self, gsize width, gsize height, gboolean gray)
{
  g_autoptr (LimnPicture) photo = make_photo (width, height, gray);
  open_document (self, limn_document_new (photo, "/somewhere/cat.png"));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  *self = (Fixture){ 0 };
  sem_init (&self->fake.started, 0, 0);
  sem_init (&self->fake.go, 0, 0);
  self->worker = limn_worker_new_with_runner (fake_run, &self->fake, NULL);
  self->settings = g_settings_new ("org.limn.Limn");
  for (const char *const *key = (const char *const[]){ "colorize-saturation", "live", "upscale-scale", NULL }; *key; key++)
    g_settings_reset (self->settings, *key);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_atomic_int_set (&self->fake.held, FALSE);
  if (self->session)
    g_assert_finalize_object (self->session);
  g_clear_object (&self->document);
  g_assert_finalize_object (self->worker);
  g_clear_object (&self->settings);
  g_free (self->message);
  sem_destroy (&self->fake.started);
  sem_destroy (&self->fake.go);
}

static gboolean
wake_up (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the main loop until condition is true. */
#define WAIT(condition) \
  G_STMT_START \
  { \
    gint64 patience_ends = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC; \
    guint tick = g_timeout_add (10, wake_up, NULL); \
    while (!(condition) && g_get_monotonic_time () < patience_ends) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (tick); \
    g_assert_true (condition); \
  } \
  G_STMT_END

static gboolean
get (Fixture *self, const char *property)
{
  gboolean value;
  g_object_get (self->session, property, &value, NULL);
  return value;
}

static gboolean
is_idle (Fixture *self)
{
  gboolean busy;
  g_object_get (self->worker, "busy", &busy, NULL);
  return !busy && !get (self, "busy");
}

/* Nothing is on its way, and nothing waits to be asked for. */
static void
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

static int
red (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[0];
}

static int
green (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[1];
}

static int
blue (Fixture *self, int x, int y)
{
  guint8 pixel[4];
  seen (self, x, y, pixel);
  return pixel[2];
}

static guint
n_layers (Fixture *self)
{
  return g_list_model_get_n_items (limn_document_get_layers (self->document));
}

static guint
n_steps (Fixture *self)
{
  return limn_history_get_position (limn_document_get_history (self->document));
}

static void
select_box (Fixture *self, int x, int y)
{
  limn_document_select_rectangle (self->document, x, y, 40, 40, LIMN_MASK_ADD);
}

static void
begin_paint (Fixture *self, guint8 value)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 60;
  brush.hardness = 1;
  brush.rgba[1] = value;
  limn_document_begin_stroke (self->document, LIMN_DOCUMENT_PAINT, &brush, FALSE, "Paint");
  limn_document_extend_stroke (self->document, 64, 64, 1);
}

static gboolean
has_all_variations (Fixture *self)
{
  if (limn_session_get_n_variations (self->session) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!limn_session_get_variation (self->session, i))
      return FALSE;
  return TRUE;
}

/* -- Tests -- */

static void
test_begins (Fixture *self, gconstpointer data)
{
  static const struct {
    gsize width, height;
    gboolean gray;
    LimnTask task;
    LimnToolKind tool;
  } cases[] = { { 900, 700, FALSE, LIMN_TASK_FILL, LIMN_TOOL_BRUSH },
                { 900, 700, TRUE, LIMN_TASK_COLORIZE, LIMN_TOOL_DOT },
                { 300, 200, FALSE, LIMN_TASK_UPSCALE, LIMN_TOOL_LENS } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    open_photo (self, cases[i].width, cases[i].height, cases[i].gray);
    g_assert_cmpint (limn_session_get_task (self->session), ==, cases[i].task);
    g_assert_cmpint (limn_session_get_tool (self->session), ==, cases[i].tool);
    g_clear_object (&self->session);
    g_clear_object (&self->document);
  }
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  g_assert_cmpint (limn_session_get_task (self->session), ==, LIMN_TASK_SKETCH);
  g_assert_false (get (self, "can-commit"));
  limn_session_commit (self->session);
  g_assert_nonnull (self->message);
}

static void
test_tools (Fixture *self, gconstpointer data)
{
  LimnBrush brush;
  open_photo (self, 900, 700, FALSE);
  limn_session_set_tool (self->session, LIMN_TOOL_ERASER);
  limn_session_set_tool (self->session, LIMN_TOOL_PAINT); /* not one of fill's */
  g_assert_cmpint (limn_session_get_tool (self->session), ==, LIMN_TOOL_ERASER);
  limn_session_get_brush (self->session, &brush);
  g_assert_true (brush.erase);
  limn_session_set_brush_size (self->session, 77);
  limn_session_set_task (self->session, LIMN_TASK_SKETCH);
  g_assert_cmpint (limn_session_get_tool (self->session), ==, LIMN_TOOL_PAINT);
  limn_session_set_tool (self->session, LIMN_TOOL_PENCIL);
  limn_session_get_brush (self->session, &brush);
  g_assert_false (brush.erase);
  g_assert_cmpfloat (brush.size, <, 20);
  limn_session_set_task (self->session, LIMN_TASK_FILL);
  g_assert_cmpint (limn_session_get_tool (self->session), ==, LIMN_TOOL_ERASER);
  limn_session_get_brush (self->session, &brush);
  g_assert_cmpfloat (brush.size, ==, 77);
  for (int i = 0; i < LIMN_N_TOOLS; i++)
    g_assert_true (limn_tool_kind_get_nick (i) && limn_tool_kind_get_label (i));
}

static void
test_settings (Fixture *self, gconstpointer data)
{
  GdkRGBA color = { 1, 0.5f, 0, 0.3f };
  g_autofree char *name = NULL;
  g_settings_set_double (self->settings, "colorize-saturation", 1.5);
  open_photo (self, 300, 200, TRUE);
  double saturation;
  g_object_get (self->session, "saturation", &saturation, NULL);
  g_assert_cmpfloat (saturation, ==, 1.5);
  g_object_set (self->session, "saturation", 0.5, "sketch-view", LIMN_SKETCH_VIEW_BESIDE, NULL);
  g_assert_cmpfloat (g_settings_get_double (self->settings, "colorize-saturation"), ==, 0.5);
  limn_session_set_color (self->session, &color);
  name = g_settings_get_string (self->settings, "sketch-color");
  g_assert_cmpstr (name, ==, "#ff8000");
  limn_session_get_color (self->session, &color);
  g_assert_cmpfloat (color.alpha, ==, 1);
}

static void
test_colorize (Fixture *self, gconstpointer data)
{
  open_photo (self, 300, 200, TRUE);
  WAIT (blue (self, 9, 9) == BLUE_FULL);
  g_assert_true (get (self, "preview-shown"));
  g_assert_cmpint (green (self, 9, 9), ==, 100);
  g_assert_cmpuint (n_layers (self), ==, 0);

  g_object_set (self->session, "saturation", 0.5, NULL);
  WAIT (green (self, 9, 9) == 50 && blue (self, 9, 9) == BLUE_FULL);
  limn_document_add_dot (self->document, &(LimnDot){ 50, 50, 9, { 255, 0, 0 } });
  WAIT (get (self, "previewing"));
  WAIT (!get (self, "previewing"));

  /* what is seen is laid down, without another run */
  int runs = g_atomic_int_get (&self->fake.full_runs);
  limn_session_commit (self->session);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, runs);
  g_assert_false (get (self, "preview-shown"));
  WAIT (has_all_variations (self));

  /* undone is undone: the preview doesn't take its place */
  g_assert_true (limn_document_undo (self->document, NULL));
  settle (self);
  g_assert_cmpint (blue (self, 9, 9), ==, 120);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 0);
}

static void
test_colorize_again (Fixture *self, gconstpointer data)
{
  open_photo (self, 300, 200, TRUE);
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1);
  g_object_set (self->session, "saturation", 0.3, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1); /* replaced */
  g_assert_cmpint (green (self, 9, 9), ==, 30);
  select_box (self, 20, 20); /* another place: another layer */
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 2);
}

/* Undone and redone, the layer is still the one that is made again. */
static void
test_again_after_undo (Fixture *self, gconstpointer data)
{
  open_photo (self, 300, 200, TRUE);
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1);
  g_assert_true (limn_document_undo (self->document, NULL));
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_true (limn_document_redo (self->document, NULL));
  g_object_set (self->session, "saturation", 0.3, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1); /* replaced */
  g_assert_cmpint (green (self, 9, 9), ==, 30);
  g_assert_true (limn_document_undo (self->document, NULL)); /* the first one, which is replaced too */
  g_object_set (self->session, "saturation", 0.4, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (green (self, 9, 9), ==, 40);

  /* another place, and a dot that is undone there: still another layer */
  select_box (self, 20, 20);
  limn_document_add_dot (self->document, &(LimnDot){ 30, 30, 9, { 255, 0, 0 } });
  g_assert_true (limn_document_undo (self->document, NULL));
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 2);

  /* before anything was made there is nothing to replace */
  g_assert_true (limn_document_go_to (self->document, 0, NULL));
  g_object_set (self->session, "saturation", 0.6, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
}

static void
test_not_asked (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  limn_session_set_task (self->session, LIMN_TASK_COLORIZE); /* a colour photo isn't recoloured unasked */
  settle (self);
  g_assert_false (get (self, "preview-shown"));
  limn_document_add_dot (self->document, &(LimnDot){ 50, 50, 9, { 255, 0, 0 } });
  WAIT (get (self, "preview-shown"));
  g_object_set (self->session, "live", FALSE, NULL);
  g_assert_false (get (self, "preview-shown"));
  g_assert_cmpint (blue (self, 9, 9), ==, 90);
}

static void
test_sketch (Fixture *self, gconstpointer data)
{
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  hold (self);
  begin_paint (self, 10);
  WAIT (get (self, "previewing"));
  wait_started (self);
  for (int i = 11; i <= 60; i++) { /* the pen goes on while the first is computed */
    limn_document_end_stroke (self->document);
    begin_paint (self, (guint8) i);
    g_main_context_iteration (NULL, FALSE);
  }
  release (self);
  WAIT (green (self, 64, 64) == 60);
  limn_document_end_stroke (self->document);
  WAIT (green (self, 64, 64) == 60 && blue (self, 64, 64) == BLUE_FULL && !get (self, "previewing"));
  g_assert_cmpint (g_atomic_int_get (&self->fake.runs), <, 25); /* the newest state, not every one */

  int runs = g_atomic_int_get (&self->fake.full_runs);
  limn_session_commit (self->session);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, runs);
  g_assert_cmpint (red (self, 64, 64), ==, 10);
}

static void
test_sketch_undo (Fixture *self, gconstpointer data)
{
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  begin_paint (self, 10);
  limn_document_end_stroke (self->document);
  WAIT (green (self, 64, 64) == 10);
  settle (self);
  hold (self);
  begin_paint (self, 20);
  limn_document_end_stroke (self->document);
  WAIT (get (self, "previewing"));
  wait_started (self);
  limn_document_undo (self->document, NULL);
  limn_document_undo (self->document, NULL);
  release (self);
  settle (self);
  g_assert_cmpint (green (self, 64, 64), ==, 255); /* the white canvas */
  g_assert_false (get (self, "preview-shown"));
}

static void
fill_once (Fixture *self)
{
  open_photo (self, 900, 700, FALSE);
  g_assert_false (get (self, "can-commit"));
  select_box (self, 20, 20);
  g_assert_true (get (self, "can-commit"));
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1);
}

static void
test_fill_ahead (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  select_box (self, 20, 20);
  WAIT (get (self, "preview-shown"));
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL); /* never the quick one */
  g_assert_cmpint (red (self, 200, 200), ==, 120);
  int runs = g_atomic_int_get (&self->fake.full_runs);
  limn_session_commit (self->session);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, runs);
  g_assert_false (limn_document_get_has_mask (self->document));
}

static void
test_fill_variations (Fixture *self, gconstpointer data)
{
  fill_once (self);
  g_assert_cmpint (red (self, 30, 30), ==, 10);
  WAIT (has_all_variations (self));
  settle (self);
  guint steps = n_steps (self);

  limn_session_peek_variation (self->session, 2);
  g_assert_cmpint (red (self, 30, 30), ==, 30);
  limn_session_peek_variation (self->session, G_MAXUINT);
  g_assert_cmpint (red (self, 30, 30), ==, 10);
  g_assert_cmpuint (n_steps (self), ==, steps);

  limn_session_keep_variation (self->session, 3);
  g_assert_cmpint (red (self, 30, 30), ==, 40);
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL);
  g_assert_cmpuint (limn_session_get_current_variation (self->session), ==, 3);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpuint (n_steps (self), ==, steps + 1);

  limn_document_undo (self->document, NULL);
  g_assert_cmpuint (limn_session_get_current_variation (self->session), ==, 0);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 4);
  select_box (self, 300, 300); /* the next fill begins */
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 0);
  limn_document_select_none (self->document);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 4);
  for (int i = 0; i < 3; i++)
    limn_document_undo (self->document, NULL);
  g_assert_cmpuint (n_layers (self), ==, 0);
  limn_document_select_none (self->document);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 0);
}

static void
test_mix (Fixture *self, gconstpointer data)
{
  fill_once (self);
  WAIT (has_all_variations (self));
  settle (self);
  limn_session_mix_variations (self->session, 0, 1, 0.4, FALSE);
  WAIT (red (self, 30, 30) == 12);
  limn_session_mix_variations (self->session, 0, 1, 0.8, FALSE);
  WAIT (red (self, 30, 30) == 14);
  limn_session_mix_variations (self->session, 0, 1, 0.8, TRUE);
  WAIT (!get (self, "busy"));
  settle (self);
  g_assert_cmpint (red (self, 30, 30), ==, 14);
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_assert_cmpfloat (limn_layer_get_recipe (layer)->mix, ==, 0.8);
}

static void
test_roll (Fixture *self, gconstpointer data)
{
  fill_once (self);
  WAIT (has_all_variations (self));
  limn_session_roll (self->session);
  WAIT (red (self, 30, 30) == 50);
  g_assert_cmpuint (n_layers (self), ==, 1);
  select_box (self, 300, 300); /* before it is done: the live preview's */
  WAIT (get (self, "preview-shown"));
  g_assert_cmpint (red (self, 310, 310), ==, 10);
  limn_session_roll (self->session);
  WAIT (red (self, 310, 310) == 20);
}

static void
test_edit_again (Fixture *self, gconstpointer data)
{
  fill_once (self);
  settle (self);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_object_set (self->session, "grow", 17.0, NULL);
  limn_session_edit_layer (self->session, layer);
  double grow;
  g_object_get (self->session, "grow", &grow, NULL);
  g_assert_cmpfloat (grow, ==, 4);
  g_assert_true (limn_document_get_has_mask (self->document));
  select_box (self, 50, 50);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (red (self, 80, 80), ==, 10);
  g_assert_false (limn_document_get_has_mask (self->document));

  /* Esc ends it without a trace */
  g_autoptr (LimnLayer) again = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  limn_session_edit_layer (self->session, again);
  g_autoptr (LimnLayer) editing = NULL;
  g_object_get (self->session, "editing", &editing, NULL);
  g_assert_true (editing == again);
  limn_document_undo (self->document, NULL);
  LimnLayer *none;
  g_object_get (self->session, "editing", &none, NULL);
  g_assert_null (none);
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 20, 20);
  hold (self);
  limn_session_commit (self->session);
  wait_started (self);
  g_assert_true (get (self, "busy"));
  g_assert_false (get (self, "can-commit"));
  double progress = 0;
  WAIT ((g_object_get (self->session, "progress", &progress, NULL), progress == 0.5));
  g_assert_true (limn_session_cancel (self->session));
  g_assert_false (get (self, "busy"));
  settle (self);
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_true (limn_document_get_has_mask (self->document));
  g_assert_null (self->message);
  g_assert_false (limn_session_cancel (self->session)); /* nothing left */

  /* undoing while it runs is no less clear */
  limn_session_commit (self->session);
  wait_started (self);
  limn_document_undo (self->document, NULL);
  settle (self);
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_cmpint (red (self, 30, 30), ==, 120);
}

static void
test_paint_on (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 20, 20);
  hold (self);
  limn_session_commit (self->session);
  wait_started (self);
  LimnBrush brush;
  limn_brush_init (&brush);
  limn_document_begin_stroke (self->document, LIMN_DOCUMENT_MASK, &brush, FALSE, "Brush");
  limn_document_extend_stroke (self->document, 300, 300, 1);
  release (self);
  gint64 until = g_get_monotonic_time () + 200 * 1000;
  WAIT (g_get_monotonic_time () > until);
  g_assert_cmpuint (n_layers (self), ==, 0); /* not in the middle of a stroke */
  limn_document_extend_stroke (self->document, 400, 300, 1);
  limn_document_end_stroke (self->document);
  WAIT (n_layers (self) == 1);
  guint8 at[2];
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK), &(LimnRect){ 30, 30, 1, 1 }, &at[0], 1);
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK), &(LimnRect){ 350, 300, 1, 1 }, &at[1], 1);
  g_assert_cmpint (at[0], ==, 0);
  g_assert_cmpint (at[1], ==, 255); /* what was painted since is still to be done */
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, "seed", (guint64) FAILS, NULL);
  select_box (self, 20, 20);
  limn_session_commit (self->session);
  WAIT (self->message);
  g_assert_cmpstr (self->message, ==, "No network.");
  g_assert_false (get (self, "busy"));
  g_assert_true (get (self, "can-commit"));
}

static void
test_upscale (Fixture *self, gconstpointer data)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  open_photo (self, 300, 200, FALSE);
  g_autofree char *label = NULL;
  g_object_get (self->session, "commit-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Upscale to 1200 × 800");
  g_assert_false (limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region));
  limn_session_set_lens (self->session, 10, 100, 20);
  WAIT (limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region) && texture && !get (self, "previewing"));
  g_assert_cmpint (region.x, ==, 0);
  g_assert_cmpint (region.width, ==, 30);
  g_assert_cmpint (region.height, ==, 40);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 120);
  g_assert_cmpint (red (self, 10, 100), ==, 120); /* the document shows nothing of it */

  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpint (limn_document_get_width (self->document), ==, 1200);
  g_assert_true (self->message_undo);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 0);
  g_assert_false (limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region));
}

static void
test_too_large (Fixture *self, gconstpointer data)
{
  open_photo (self, 9000, 8, FALSE);
  limn_session_set_task (self->session, LIMN_TASK_UPSCALE);
  g_object_set (self->session, "scale", 8, NULL);
  g_assert_false (get (self, "can-commit"));
  g_autofree char *hint = NULL;
  g_object_get (self->session, "commit-hint", &hint, NULL);
  g_assert_nonnull (hint);
  g_object_set (self->session, "scale", 4, NULL);
  g_assert_true (get (self, "can-commit"));
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 20, 20);
  hold (self);
  limn_session_commit (self->session);
  wait_started (self);
  g_assert_finalize_object (g_steal_pointer (&self->session));
  gboolean busy = TRUE;
  WAIT ((g_object_get (self->worker, "busy", &busy, NULL), !busy)); /* cancelled, not let go */
  g_assert_cmpuint (n_layers (self), ==, 0);
}

static void
test_colors (Fixture *self, gconstpointer data)
{
  GdkRGBA colors[6];
  open_photo (self, 900, 700, FALSE);
  g_assert_cmpuint (limn_session_suggest_colors (self->session, colors, 6), ==, 6);
  g_assert_cmpint ((int) (colors[0].red * 255 + 0.5), ==, 120); /* the photo's own comes first */
  g_assert_cmpint ((int) (colors[0].green * 255 + 0.5), ==, 40);
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < i; j++)
      g_assert_false (gdk_rgba_equal (&colors[i], &colors[j]));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/begins", test_begins);
  ADD ("/session/tools", test_tools);
  ADD ("/session/settings", test_settings);
  ADD ("/session/colorize", test_colorize);
  ADD ("/session/colorize-again", test_colorize_again);
  ADD ("/session/again-after-undo", test_again_after_undo);
  ADD ("/session/not-asked", test_not_asked);
  ADD ("/session/sketch", test_sketch);
  ADD ("/session/sketch-undo", test_sketch_undo);
  ADD ("/session/fill-ahead", test_fill_ahead);
  ADD ("/session/fill-variations", test_fill_variations);
  ADD ("/session/mix", test_mix);
  ADD ("/session/roll", test_roll);
  ADD ("/session/edit-again", test_edit_again);
  ADD ("/session/cancel", test_cancel);
  ADD ("/session/paint-on", test_paint_on);
  ADD ("/session/errors", test_errors);
  ADD ("/session/upscale", test_upscale);
  ADD ("/session/too-large", test_too_large);
  ADD ("/session/closed", test_closed);
  ADD ("/session/colors", test_colors);
  return g_test_run ();
}
