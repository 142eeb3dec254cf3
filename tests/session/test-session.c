/* The session: what is previewed when, and that nothing stale is ever shown.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-test.h"

#include <math.h>

#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
static void
test_begins (Fixture *self, gconstpointer data)
{
  static const struct {
    gsize width, height;
    gboolean gray;
    LimnTask task;
    LimnToolKind tool;
  } cases[] = { { 900, 700, FALSE, LIMN_TASK_FILL, LIMN_TOOL_BRUSH },
                { 640, 480, FALSE, LIMN_TASK_FILL, LIMN_TOOL_BRUSH }, /* fills a window as it is */
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

/* A document goes on with the task of its newest layer. */
static void
test_resumes (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  limn_session_set_task (self->session, LIMN_TASK_COLORIZE);
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (self->document);
  g_clear_object (&self->session);
  g_clear_object (&self->document);
  open_document (self, limn_document_new_from_snapshot (snapshot));
  g_assert_cmpint (limn_session_get_task (self->session), ==, LIMN_TASK_COLORIZE);
  settle (self);
  g_assert_false (get (self, "preview-shown")); /* the layer shows it */
}

/* What a colour was told to be of, or was painted of, it is of in the opened document too. */
static void
test_colors_keep_materials (Fixture *self, gconstpointer data)
{
  LimnBrush brush;
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  limn_brush_init (&brush);
  brush.size = 60;
  brush.hardness = 1;
  brush.label = 7;
  memcpy (brush.rgba, (const guint8[]){ 10, 200, 30, 255 }, 4);
  limn_document_begin_stroke (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (self->document, 64, 64, 1);
  limn_document_end_stroke (self->document);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (self->document);
  g_clear_object (&self->session);
  g_clear_object (&self->document);
  open_document (self, limn_document_new_from_snapshot (snapshot));
  limn_session_choose_material (self->session, LIMN_MATERIAL_GUESS);
  limn_session_set_color (self->session, &(GdkRGBA){ 10 / 255.0f, 200 / 255.0f, 30 / 255.0f, 1 });
  limn_session_get_brush (self->session, &brush);
  g_assert_cmpint (brush.label, ==, 7);
  limn_session_set_color (self->session, &(GdkRGBA){ 10 / 255.0f, 200 / 255.0f, 31 / 255.0f, 1 });
  limn_session_get_brush (self->session, &brush);
  g_assert_cmpint (brush.label, ==, LIMN_MATERIAL_GUESS);
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

/* A brush that suits a large photo is as large a part of a small one. */
static void
test_brush_size (Fixture *self, gconstpointer data)
{
  LimnBrush brush;
  open_photo (self, 3000, 200, FALSE);
  limn_session_set_brush_size (self->session, 150);
  g_clear_object (&self->session);
  g_clear_object (&self->document);
  open_photo (self, 800, 600, FALSE);
  limn_session_get_brush (self->session, &brush);
  g_assert_cmpfloat_with_epsilon (brush.size, 40, 1e-6);
}

static void
test_settings (Fixture *self, gconstpointer data)
{
  GdkRGBA color = { 1, 0.5f, 0, 0.3f };
  g_autofree char *name = NULL;
  g_settings_set_double (self->settings, "colorize-saturation", 1.5);
  open_photo (self, 300, 200, TRUE);
  double saturation;
  g_object_get (self->session, "colorize-saturation", &saturation, NULL);
  g_assert_cmpfloat (saturation, ==, 1.5);
  g_object_set (self->session, "colorize-saturation", 0.5, "sketch-view", LIMN_SKETCH_VIEW_BESIDE, NULL);
  g_assert_cmpfloat (g_settings_get_double (self->settings, "colorize-saturation"), ==, 0.5);
  limn_session_set_color (self->session, &color);
  name = g_settings_get_string (self->settings, "sketch-color");
  g_assert_cmpstr (name, ==, "#ff8000");
  limn_session_get_color (self->session, &color);
  g_assert_cmpfloat (color.alpha, ==, 1);
}

/* Every setting that was changed is read when the next picture is opened. */
static void
test_settings_kept (Fixture *self, gconstpointer data)
{
  g_settings_set_double (self->settings, "fill-grow", 7);
  g_settings_set_double (self->settings, "sketch-freedom", 0.3);
  open_photo (self, 900, 700, FALSE);
  double grow, freedom;
  g_object_get (self->session, "fill-grow", &grow, "sketch-freedom", &freedom, NULL);
  g_assert_cmpfloat (grow, ==, 7);
  g_assert_cmpfloat (freedom, ==, 0.3);
}

static void
test_colorize (Fixture *self, gconstpointer data)
{
  open_photo (self, 300, 200, TRUE);
  WAIT (blue (self, 9, 9) == BLUE_FULL);
  g_assert_true (get (self, "preview-shown"));
  g_assert_cmpint (green (self, 9, 9), ==, 100);
  g_assert_cmpuint (n_layers (self), ==, 0);

  g_object_set (self->session, "colorize-saturation", 0.5, NULL);
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
  g_object_set (self->session, "colorize-saturation", 0.3, NULL);
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
  g_object_set (self->session, "colorize-saturation", 0.3, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1); /* replaced */
  g_assert_cmpint (green (self, 9, 9), ==, 30);
  g_assert_true (limn_document_undo (self->document, NULL)); /* the first one, which is replaced too */
  g_object_set (self->session, "colorize-saturation", 0.4, NULL);
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
  g_object_set (self->session, "colorize-saturation", 0.6, NULL);
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

/* What is missing is said in the tool's words. */
static void
test_hint (Fixture *self, gconstpointer data)
{
  static const struct {
    LimnToolKind tool;
    const char *hint;
  } tools[] = { { LIMN_TOOL_LASSO, "Draw around what should go" },
                { LIMN_TOOL_SIMILAR, "Click what should go" },
                { LIMN_TOOL_OBJECT, "Draw around what should go, or a stroke on it" },
                { LIMN_TOOL_CROP, "Drag an edge or a corner" },
                { LIMN_TOOL_BRUSH, "Paint over what should go" } };
  open_photo (self, 900, 700, FALSE);
  limn_session_set_task (self->session, LIMN_TASK_FILL);
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    g_autofree char *hint = NULL;
    limn_session_set_tool (self->session, tools[i].tool);
    g_object_get (self->session, "commit-hint", &hint, NULL);
    g_assert_cmpstr (hint, ==, tools[i].hint);
  }
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

  /* undone, the sketch is live again */
  settle (self);
  g_assert_true (limn_document_undo (self->document, NULL));
  g_assert_cmpuint (n_layers (self), ==, 0);
  WAIT (get (self, "preview-shown") && green (self, 64, 64) == 60);
  g_assert_true (limn_document_redo (self->document, NULL));
  settle (self);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (green (self, 64, 64), ==, 60);

  /* redone, its picture shows it: no preview lies over that, not after another task either */
  g_assert_false (get (self, "preview-shown"));
  limn_session_set_task (self->session, LIMN_TASK_FILL);
  limn_session_set_task (self->session, LIMN_TASK_SKETCH);
  settle (self);
  g_assert_false (get (self, "preview-shown"));
}

/* A picture that is used stays on the turned canvas: the sketch isn't drawn over it again. */
static void
test_sketch_turned (Fixture *self, gconstpointer data)
{
  open_document (self, limn_document_new_sketch (128, 96, NULL));
  begin_paint (self, 10);
  limn_document_end_stroke (self->document);
  WAIT (get (self, "can-commit"));
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1);
  settle (self);
  int runs = g_atomic_int_get (&self->fake.runs);
  limn_document_orient (self->document, LIMN_ORIENT_TURN_RIGHT);
  WAIT (!limn_document_is_working (self->document));
  settle (self);
  g_assert_cmpint (limn_document_get_width (self->document), ==, 96);
  g_assert_false (get (self, "preview-shown"));
  g_assert_true (limn_document_undo (self->document, NULL));
  settle (self);
  g_assert_false (get (self, "preview-shown"));
  g_assert_cmpint (g_atomic_int_get (&self->fake.runs), ==, runs);
  begin_paint (self, 30); /* what is drawn then is seen */
  limn_document_end_stroke (self->document);
  WAIT (get (self, "preview-shown"));
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

/* A sketch that is edited again is all there still; what it was and what it becomes are two results. */
static void
test_sketch_again (Fixture *self, gconstpointer data)
{
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  begin_paint (self, 10);
  limn_document_end_stroke (self->document);
  WAIT (green (self, 64, 64) == 10);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  guint before = n_steps (self);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  limn_session_edit_layer (self->session, layer);
  g_assert_true (limn_session_cancel (self->session)); /* Esc takes back no more than that */
  g_assert_cmpuint (n_layers (self), ==, 1);
  limn_session_edit_layer (self->session, layer);
  g_object_set (self->session, "sketch-freedom", 0.25, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpuint (n_steps (self), ==, before + 1);
  limn_document_undo (self->document, NULL);
  g_autoptr (LimnLayer) back = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_assert_true (back == layer);
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
  g_assert_false (get (self, "can-commit")); /* what was asked for is there */
  g_object_set (self->session, "upscale-scale", 2, NULL);
  g_assert_true (get (self, "can-commit"));
  g_object_set (self->session, "upscale-scale", 4, NULL);
  g_assert_true (get (self, "can-commit"));
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 0);
  g_assert_false (limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region));
}

/* Where there is room for both, a sketch and its picture are beside each other, until it is said otherwise. */
static void
test_sketch_view (Fixture *self, gconstpointer data)
{
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  g_object_set (self->session, "wide", FALSE, "sketch-view", LIMN_SKETCH_VIEW_AUTOMATIC, NULL);
  g_assert_cmpint (limn_session_get_sketch_view (self->session), ==, LIMN_SKETCH_VIEW_OVER);
  g_object_set (self->session, "wide", TRUE, NULL);
  g_assert_cmpint (limn_session_get_sketch_view (self->session), ==, LIMN_SKETCH_VIEW_BESIDE);
  g_object_set (self->session, "sketch-view", LIMN_SKETCH_VIEW_OVER, NULL);
  g_assert_cmpint (limn_session_get_sketch_view (self->session), ==, LIMN_SKETCH_VIEW_OVER);
}

static void
test_too_large (Fixture *self, gconstpointer data)
{
  open_photo (self, 9000, 8, FALSE);
  limn_session_set_task (self->session, LIMN_TASK_UPSCALE);
  g_object_set (self->session, "upscale-scale", 8, NULL);
  g_assert_false (get (self, "can-commit"));
  g_autofree char *hint = NULL;
  g_object_get (self->session, "commit-hint", &hint, NULL);
  g_assert_nonnull (hint);
  g_object_set (self->session, "upscale-scale", 4, NULL);
  g_assert_true (get (self, "can-commit"));
}

/* A number between the choices, as other programs may write it into the settings, changes nothing. */
static void
test_no_choice (Fixture *self, gconstpointer data)
{
  int scale;
  g_settings_set_int (self->settings, "upscale-scale", 5);
  open_photo (self, 40, 30, FALSE);
  g_object_get (self->session, "upscale-scale", &scale, NULL);
  g_assert_cmpint (scale, ==, 4);
  g_object_set (self->session, "upscale-scale", 3, NULL);
  g_object_set (self->session, "upscale-scale", 7, NULL);
  g_object_get (self->session, "upscale-scale", &scale, NULL);
  g_assert_cmpint (scale, ==, 3);
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  commit_held (self);
  g_assert_finalize_object (g_steal_pointer (&self->session));
  gboolean busy = TRUE;
  WAIT ((g_object_get (self->worker, "busy", &busy, NULL), !busy)); /* cancelled, not let go */
  g_assert_cmpuint (n_layers (self), ==, 0);
}

/* What an edit was for is cut away: it ends, and says why. */
static void
test_canvas_changes (Fixture *self, gconstpointer data)
{
  commit_held (self);
  g_assert_true (limn_document_crop (self->document, &(LimnRect){ 0, 0, 800, 600 }, NULL));
  WAIT (!get (self, "busy"));
  g_assert_cmpstr (self->message, ==, "The edit was stopped, because the canvas changed meanwhile.");
  g_assert_cmpuint (n_layers (self), ==, 0);
  /* with nothing on its way there is nothing to say */
  g_clear_pointer (&self->message, g_free);
  release (self);
  g_assert_true (limn_document_crop (self->document, &(LimnRect){ 0, 0, 700, 500 }, NULL));
  settle (self);
  g_assert_cmpint (limn_document_get_width (self->document), ==, 700);
  g_assert_null (self->message);
}

static void
test_colors (Fixture *self, gconstpointer data)
{
  GdkRGBA colors[6];
  open_photo (self, 900, 700, FALSE);
  g_assert_cmpuint (limn_session_suggest_colors (self->session, colors, 6), ==, 1); /* a guide is of the photo's own colours */
  limn_session_set_task (self->session, LIMN_TASK_COLORIZE);
  g_assert_cmpuint (limn_session_suggest_colors (self->session, colors, 6), ==, 6);
  g_assert_cmpint ((int) (colors[0].red * 255 + 0.5), ==, 120); /* the photo's own comes first */
  g_assert_cmpint ((int) (colors[0].green * 255 + 0.5), ==, 40);
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < i; j++)
      g_assert_false (gdk_rgba_equal (&colors[i], &colors[j]));
}

/* A sketch begins with the paints that most pictures need. */
static void
test_paints (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "#a63a2e", "#7a5534", "#8a8a8e", "#e3b28f" }; /* red, brown, gray, skin */
  GdkRGBA colors[10], color;
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  g_assert_cmpuint (limn_session_suggest_colors (self->session, colors, 10), ==, 10);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    int found = 0;
    g_assert_true (gdk_rgba_parse (&color, names[i]));
    for (guint j = 0; j < 10; j++)
      found += fabsf (color.red - colors[j].red) + fabsf (color.green - colors[j].green) + fabsf (color.blue - colors[j].blue) < 0.01f;
    g_assert_cmpint (found, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/begins", test_begins);
  ADD ("/session/resumes", test_resumes);
  ADD ("/session/tools", test_tools);
  ADD ("/session/colors-keep-materials", test_colors_keep_materials);
  ADD ("/session/brush-size", test_brush_size);
  ADD ("/session/settings", test_settings);
  ADD ("/session/settings-kept", test_settings_kept);
  ADD ("/session/colorize", test_colorize);
  ADD ("/session/colorize-again", test_colorize_again);
  ADD ("/session/again-after-undo", test_again_after_undo);
  ADD ("/session/not-asked", test_not_asked);
  ADD ("/session/hint", test_hint);
  ADD ("/session/sketch", test_sketch);
  ADD ("/session/sketch-turned", test_sketch_turned);
  ADD ("/session/sketch-undo", test_sketch_undo);
  ADD ("/session/sketch-again", test_sketch_again);
  ADD ("/session/errors", test_errors);
  ADD ("/session/upscale", test_upscale);
  ADD ("/session/sketch-view", test_sketch_view);
  ADD ("/session/too-large", test_too_large);
  ADD ("/session/no-choice", test_no_choice);
  ADD ("/session/closed", test_closed);
  ADD ("/session/canvas-changes", test_canvas_changes);
  ADD ("/session/colors", test_colors);
  ADD ("/session/paints", test_paints);
  return g_test_run ();
}
