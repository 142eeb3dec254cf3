/* What is seen is what is kept: for each task, with its live preview on its way, shown or absent, each way out of the window (save,
 * export, copy, drag) brings the picture that the canvas shows. By pointer and keys, with the shipped networks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-layers.h"
#include "ui-test-drag.h"
#include "ui-test-out.h"

/* The file chooser leaks in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

enum { WIDTH = 320, HEIGHT = 240, LENS = 40, LENS_SHOWN = 100 };

typedef enum { RUNNING, RESTING, ABSENT } State;
typedef enum { SAVE, SAVE_COPY, EXPORT, COPY, DRAG } Way;

typedef struct {
  LimnTask task;
  State state;
  Way way;
} Case;

typedef struct {
  const Case *as;
  LimnWindow *window;
  LimnSession *session;
  LimnDocument *document;
  LimnCanvas *canvas;
  char *path;      /* of the document */
  guint8 *overlay; /* by pixel: something that isn't the picture lies over it (outline, tint, lens) */
} Kept;

/* -- What is seen -- */

/* The lens is no part of the picture either. */
static void
note_overlay (Kept *self)
{
  self->overlay = ui_test_find_overlay (self->document);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (self->as->task == LIMN_TASK_UPSCALE && self->as->state != ABSENT && hypot (x - WIDTH / 2, y - HEIGHT / 2) < LENS_SHOWN)
        self->overlay[y * WIDTH + x] = 1;
}

static void
assert_same (Kept *self, const guint8 *seen, LimnPicture *kept, gboolean after)
{
  int different;

  g_assert_cmpuint (limn_picture_get_width (kept), ==, WIDTH);
  g_assert_cmpuint (limn_picture_get_height (kept), ==, HEIGHT);
  different = ui_test_count_different (seen, kept, self->overlay);
  if (different > 0)
    g_test_message ("%d pixels differ from what is seen %s", different, after ? "after" : "before");
  g_assert_cmpint (different, ==, 0);
}

/* -- Waiting -- */

static gboolean
is_resting (gpointer user)
{
  Kept *self = user;
  gboolean busy, previewing, shown;

  g_object_get (self->session, "busy", &busy, "previewing", &previewing, "preview-shown", &shown, NULL);
  if (self->as->task == LIMN_TASK_UPSCALE) {
    double x, y, radius;
    GdkTexture *texture;
    LimnRect region;

    return limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region) && texture && !previewing;
  }
  return shown && !busy && !previewing;
}

static gboolean
is_done (gpointer user)
{
  Kept *self = user;
  gboolean busy;

  g_object_get (self->session, "busy", &busy, NULL);
  return !busy && !limn_document_get_has_preview (self->document);
}

static gboolean
is_saved (gpointer user)
{
  return !limn_document_get_modified (((Kept *) user)->document) && is_done (user);
}

static gboolean
is_closed (gpointer user)
{
  return !((Kept *) user)->window;
}

/* -- The ways out; each returns the picture that came -- */

static gboolean
can_save (gpointer window)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), "save");
}

static LimnPicture *
save (Kept *self)
{
  const gboolean changes = self->as->state != ABSENT && self->as->task != LIMN_TASK_UPSCALE; /* whose lens changes nothing */

  if (changes)
    ui_test_wait (can_save, self->window);
  else if (!can_save (self->window)) /* the file has what is seen */
    return ui_test_load (self->path);
  ui_test_key ("<Control>s");
  ui_test_answer ("Replace");
  ui_test_wait (is_saved, self);
  return ui_test_load (self->path);
}

static LimnPicture *
drag (Kept *self)
{
  UiTestTaken taken;
  g_autoptr (GdkTexture) texture = NULL;

  ui_test_drag_out (self->window, GDK_TYPE_TEXTURE, &taken);
  texture = taken.texture;
  ui_test_focus (GTK_WINDOW (self->window));
  return ui_test_load_texture (texture);
}

static LimnPicture *
take_out (Kept *self)
{
  switch (self->as->way) {
  case SAVE: return save (self);
  case SAVE_COPY: return ui_test_save_copy (self->window, "Copied.png");
  case EXPORT: return ui_test_export (self->window, "Exported.png");
  case COPY: return ui_test_copy (self->window);
  default: return drag (self);
  }
}

/* -- The tests -- */

static void
draw (Kept *self, double x0, double y0, double x1, double y1)
{
  limn_canvas_from_document (self->canvas, x0, y0, &x0, &y0);
  limn_canvas_from_document (self->canvas, x1, y1, &x1, &y1);
  ui_test_drag (GTK_WIDGET (self->canvas), x0, y0, x1, y1, 6);
}

static LimnDocument *
make_document (Kept *self)
{
  GError *error = NULL;
  LimnDocument *document;

  self->path = ui_test_save_picture ("Kept.png", WIDTH, HEIGHT, self->as->task == LIMN_TASK_COLORIZE);
  if (self->as->task != LIMN_TASK_SKETCH) {
    g_autoptr (LimnPicture) photo = ui_test_load (self->path);
    return limn_document_new (photo, self->path);
  }
  document = limn_document_new_sketch (WIDTH, HEIGHT, &error);
  g_assert_no_error (error);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  limn_document_set_saved (document, snapshot, self->path); /* so that Save doesn't ask where */
  return document;
}

/* By hand: what makes the task's preview. */
static void
work (Kept *self)
{
  static const GdkRGBA blue = { 0.2f, 0.4f, 0.8f, 1 };

  switch (self->as->task) {
  case LIMN_TASK_FILL:
    limn_session_set_brush_size (self->session, 40);
    draw (self, 150, 120, 170, 125);
    break;
  case LIMN_TASK_SKETCH:
    limn_session_set_tool (self->session, LIMN_TOOL_PAINT);
    limn_session_set_color (self->session, &blue);
    limn_session_set_brush_size (self->session, 60);
    draw (self, 60, 60, 260, 80);
    ui_test_key ("p");
    draw (self, 60, 180, 260, 160);
    break;
  case LIMN_TASK_UPSCALE:
    if (self->as->state != ABSENT)
      limn_session_set_lens (self->session, WIDTH / 2, HEIGHT / 2, LENS);
    break;
  default: break; /* a gray photo is colored by itself */
  }
}

/* Whether the header says so, beside the picture's size. */
static gboolean
says_edited (Kept *self)
{
  g_autofree char *size = g_strdup_printf ("\u2066%d × %d\u2069", WIDTH, HEIGHT), *edited = g_strconcat (size, " · Edited", NULL);
  gboolean is_edited;

  ui_test_settle ();
  /* where there isn't room for both, that it is edited is said alone */
  is_edited = ui_test_find_label (GTK_WIDGET (self->window), edited) || ui_test_find_label (GTK_WIDGET (self->window), "Edited");
  g_assert_true (is_edited || ui_test_find_label (GTK_WIDGET (self->window), size));
  return is_edited;
}

static void
test_kept (gconstpointer data)
{
  Kept self = { .as = data };
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_autoptr (LimnPicture) kept = NULL;
  g_autofree guint8 *before = NULL, *after = NULL;

  g_settings_set_boolean (settings, "live", self.as->state != ABSENT);
  g_settings_set_string (settings, "last-export-format", "png");
  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  limn_session_set_task (self.session, self.as->task);
  limn_canvas_zoom_to (self.canvas, 1, NAN, NAN);
  work (&self);
  ui_test_move (GTK_WIDGET (self.window), 300, 20); /* away from the picture, where a tool shows what it would do */
  if (self.as->state == RESTING) {
    ui_test_wait (is_resting, &self);
    before = ui_test_grab (self.window);
  }
  note_overlay (&self);
  kept = take_out (&self);
  ui_test_wait (is_done, &self);
  if (self.as->task == LIMN_TASK_UPSCALE && self.as->state != ABSENT)
    ui_test_wait (is_resting, &self); /* a mark lies over the picture while its lens is still made */
  after = ui_test_grab_after (self.window, kept, self.overlay);
  if (before)
    assert_same (&self, before, kept, FALSE);
  assert_same (&self, after, kept, TRUE);
  if (self.as->way == SAVE)
    g_assert_false (says_edited (&self));
  if (self.as->task != LIMN_TASK_UPSCALE) /* what was asked for is in what was taken out */
    g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (self.document)), ==, self.as->state == ABSENT ? 0 : 1);
  ui_test_close (self.window);
  g_object_unref (self.document);
  g_settings_reset (settings, "live");
  g_free (self.path);
  g_free (self.overlay);
}

/* One step, which Undo takes back, and the picture is as it was. */
static void
test_undo (void)
{
  static const Case as = { LIMN_TASK_COLORIZE, RESTING, COPY };
  Kept self = { .as = &as };
  g_autoptr (LimnPicture) copied = NULL;

  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  ui_test_wait (is_resting, &self);
  g_assert_true (says_edited (&self)); /* colors are seen that the file doesn't have */
  copied = ui_test_copy (self.window);
  ui_test_wait (is_done, &self);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self.document)), ==, 1);
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self.window), "kept-copy");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (self.window), "Undo"));
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self.document)), ==, 0);
  ui_test_close (self.window);
  g_object_unref (self.document);
  g_free (self.path);
}

/* Closing asks about what is seen, and saves it. */
static void
test_close (void)
{
  static const Case as = { LIMN_TASK_COLORIZE, RESTING, SAVE };
  Kept self = { .as = &as };
  g_autoptr (LimnPicture) saved = NULL;
  g_autofree guint8 *seen = NULL;
  GtkWindow *dialog;

  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  limn_canvas_zoom_to (self.canvas, 1, NAN, NAN);
  ui_test_move (GTK_WIDGET (self.window), 300, 20);
  ui_test_wait (is_resting, &self);
  seen = ui_test_grab (self.window);
  note_overlay (&self);
  g_object_add_weak_pointer (G_OBJECT (self.window), (gpointer *) &self.window);
  gtk_window_close (GTK_WINDOW (self.window));
  dialog = ui_test_await_dialog (self.window);
  ui_test_screenshot (GTK_WIDGET (dialog), "kept-close");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), "Save"));
  ui_test_answer ("Replace");
  ui_test_wait (is_closed, &self);
  saved = ui_test_load (self.path);
  assert_same (&self, seen, saved, FALSE);
  g_object_unref (self.document);
  g_free (self.path);
  g_free (self.overlay);
}

int
main (int argc, char **argv)
{
  static const char *const tasks[] = { "fill", "colorize", "sketch", "upscale" }, *const states[] = { "running", "resting", "absent" },
                           *const ways[] = { "save", "save-copy", "export", "copy", "drag" };
  static Case cases[4][3][G_N_ELEMENTS (ways)];

  ui_test_init (&argc, &argv);
  for (int task = 0; task < 4; task++)
    for (int state = 0; state < 3; state++)
      for (int way = 0; way < (int) G_N_ELEMENTS (ways); way++) {
        g_autofree char *path = g_strdup_printf ("/kept/%s/%s/%s", tasks[task], states[state], ways[way]);

        cases[task][state][way] = (Case){ (LimnTask) task, (State) state, (Way) way };
        g_test_add_data_func (path, &cases[task][state][way], test_kept);
      }
  g_test_add_func ("/kept/undo", test_undo);
  g_test_add_func ("/kept/close", test_close);
  return ui_test_run ();
}
