/* The session when it fills: what is kept, its variations, edited again, cancelled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-test.h"

#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
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

static LimnLayer *
layer_of (Fixture *self)
{
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  return layer; /* the list keeps it */
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

/* The preview goes with the selection that is undone, and nothing is left to be filled. */
static void
test_fill_undone (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  int before = blue (self, 30, 30);
  select_box (self, 20, 20);
  WAIT (get (self, "preview-shown"));
  g_assert_true (limn_document_undo (self->document, NULL));
  g_assert_false (limn_document_get_has_mask (self->document));
  g_assert_false (get (self, "can-commit"));
  g_assert_false (get (self, "preview-shown"));
  g_assert_cmpint (blue (self, 30, 30), ==, before);
}

/* Enter while it is being computed in advance loses nothing. */
static void
test_fill_taken_over (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  hold (self);
  select_box (self, 20, 20);
  WAIT (get (self, "previewing"));
  wait_started (self);
  release (self); /* the quick one */
  hold (self);
  wait_started (self);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, 1);
  limn_session_commit (self->session);
  g_assert_true (get (self, "busy"));
  g_assert_false (get (self, "previewing"));
  release (self);
  WAIT (n_layers (self) == 1);
  g_assert_cmpint (red (self, 30, 30), ==, 10);
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL);
  g_assert_false (limn_document_get_has_mask (self->document));
  WAIT (has_all_variations (self));
  settle (self);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, 1 + 6); /* the one and what its variations are chosen from */
}

/* What is computed isn't what is to be done any more. */
static void
test_fill_outdated (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  hold (self);
  select_box (self, 20, 20);
  WAIT (get (self, "previewing"));
  wait_started (self);
  g_object_set (self->session, "seed", (guint64) 3, NULL);
  limn_session_commit (self->session);
  wait_started (self);
  release (self);
  WAIT (n_layers (self) == 1);
  g_assert_cmpint (red (self, 30, 30), ==, 30);
}

/* A fill counts on the selection as it was asked for; Esc forgets both. */
static void
test_fill_after_operation (Fixture *self, gconstpointer data)
{
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 100, 100);
  g_assert_false (get (self, "busy"));
  limn_document_grow_mask (self->document, 20);
  g_assert_true (get (self, "busy"));
  limn_session_commit (self->session);
  g_assert_true (limn_session_cancel (self->session));
  g_assert_false (get (self, "busy"));
  settle (self);
  g_assert_cmpuint (n_layers (self), ==, 0);
  guint8 value;
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK), &(LimnRect){ 90, 110, 1, 1 }, &value, 1);
  g_assert_cmpint (value, ==, 0);

  limn_document_grow_mask (self->document, 20); /* nor is anything filled once that was undone, all of it or the last */
  limn_session_commit (self->session);
  limn_document_undo (self->document, NULL);
  limn_document_grow_mask (self->document, 20);
  limn_document_feather_mask (self->document, 2);
  limn_session_commit (self->session);
  limn_document_undo (self->document, NULL);
  WAIT (!limn_document_is_working (self->document));
  settle (self);
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_false (get (self, "busy"));
  limn_document_undo (self->document, NULL);

  limn_document_grow_mask (self->document, 20);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (limn_document_get_layers (self->document), 0);
  g_autoptr (LimnRaster) mask = limn_source_dup_raster (limn_layer_get_recipe (layer)->from.mask);
  limn_raster_read (mask, &(LimnRect){ 90, 110, 1, 1 }, &value, 1);
  g_assert_cmpint (value, ==, 255);
}

static void
test_fill_variations (Fixture *self, gconstpointer data)
{
  fill_once (self);
  g_assert_cmpint (red (self, 30, 30), ==, 10);
  WAIT (has_all_variations (self));
  limn_session_peek_variation (self->session, 3);
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL); /* none is shown before it is good */
  settle (self);
  guint steps = n_steps (self);

  limn_session_peek_variation (self->session, 2);
  g_assert_cmpint (red (self, 30, 30), ==, 50);
  limn_session_peek_variation (self->session, G_MAXUINT);
  g_assert_cmpint (red (self, 30, 30), ==, 10);
  g_assert_cmpuint (n_steps (self), ==, steps);

  limn_session_keep_variation (self->session, 3);
  g_assert_cmpint (red (self, 30, 30), ==, 70);
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

/* Each is, of those that wait for a place, the farthest from all before it; nothing is offered that isn't there. */
static void
test_fill_variations_farthest (Fixture *self, gconstpointer data)
{
  static const int reds[] = { 10, 30, 50, 70 }; /* of the seeds 1; 2 and 3; 4 and 5; 6 and 7 */
  fill_once (self);
  limn_session_keep_variation (self->session, 3);
  g_assert_cmpuint (limn_session_get_current_variation (self->session), ==, 0);
  WAIT (has_all_variations (self));
  settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (reds); i++) {
    limn_session_peek_variation (self->session, i);
    g_assert_cmpint (red (self, 30, 30), ==, reds[i]);
  }
}

/* Where none differs from those that are there, others are tried, but not for ever. */
static void
test_fill_variations_differ (Fixture *self, gconstpointer data)
{
  static const int reds[] = { 0, 30, 60 }; /* of the seeds 1; 3; 6 */
  g_atomic_int_set (&self->fake.alike, TRUE);
  fill_once (self);
  WAIT (has_all_variations (self));
  settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (reds); i++) {
    limn_session_peek_variation (self->session, i);
    g_assert_cmpint (red (self, 30, 30), ==, reds[i]);
  }
  limn_session_peek_variation (self->session, G_MAXUINT);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), <=, 2 + 6); /* a preview, the one, and as many candidates */
  limn_session_keep_variation (self->session, 1);
  g_assert_cmpint (red (self, 30, 30), ==, 30);
}

/* Layers in another order are the same layers. */
static void
test_reorder (Fixture *self, gconstpointer data)
{
  fill_once (self);
  settle (self);
  select_box (self, 300, 300);
  limn_session_commit (self->session);
  WAIT (n_layers (self) == 2);
  WAIT (has_all_variations (self));
  g_autoptr (LimnLayer) upper = g_list_model_get_item (limn_document_get_layers (self->document), 1);
  limn_document_move_layer (self->document, upper, 0);
  g_assert_true (layer_of (self) == upper);
  g_assert_cmpuint (limn_session_get_n_variations (self->session), ==, 4);
  limn_session_keep_variation (self->session, 2);
  WAIT (!get (self, "busy"));
  g_assert_cmpint (red (self, 310, 310), ==, 50);
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
  g_assert_cmpfloat (limn_layer_get_recipe (layer)->set.mix, ==, 0.8);
}

static void
test_roll (Fixture *self, gconstpointer data)
{
  fill_once (self);
  WAIT (has_all_variations (self));
  limn_session_roll (self->session);
  WAIT (red (self, 30, 30) == 80); /* past those that were tried */
  g_assert_cmpuint (n_layers (self), ==, 1);
  select_box (self, 300, 300); /* before it is done: the live preview's */
  WAIT (get (self, "preview-shown"));
  g_assert_cmpint (red (self, 310, 310), ==, 10);
  limn_session_roll (self->session);
  WAIT (red (self, 310, 310) == 20);
}

static gboolean
is_editing (Fixture *self, LimnLayer *layer)
{
  g_autoptr (LimnLayer) editing = NULL;
  g_object_get (self->session, "editing", &editing, NULL);
  return editing == layer;
}

static gboolean
has_label (Fixture *self, const char *expected)
{
  g_autofree char *label = NULL;
  g_object_get (self->session, "commit-label", &label, NULL);
  return g_str_equal (label, expected);
}

static void
test_edit_again (Fixture *self, gconstpointer data)
{
  fill_once (self);
  settle (self);
  LimnLayer *layer = layer_of (self);
  limn_document_set_layer_opacity (self->document, layer, 0.5, 0);
  g_object_set (self->session, "fill-grow", 17.0, NULL);
  guint before = n_steps (self);
  limn_session_edit_layer (self->session, layer);
  double grow;
  g_object_get (self->session, "fill-grow", &grow, NULL);
  g_assert_cmpfloat (grow, ==, LIMN_PARAMETER_AUTOMATIC);
  g_assert_true (has_label (self, "Fill Again"));
  g_assert_cmpint (red (self, 30, 30), ==, 65);

  /* What committing will give: the old result is gone where the mask is, and the layer's opacity stays. */
  limn_document_select_rectangle (self->document, 40, 20, 60, 40, LIMN_MASK_REPLACE);
  g_assert_cmpint (red (self, 30, 30), ==, 65); /* until it is known */
  WAIT (get (self, "preview-shown"));
  g_assert_cmpint (red (self, 30, 30), ==, 120);
  g_assert_cmpint (red (self, 80, 30), ==, 65);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpint (red (self, 30, 30), ==, 120);
  g_assert_cmpint (red (self, 80, 30), ==, 65);
  g_assert_false (limn_document_get_has_mask (self->document));
  g_assert_true (is_editing (self, NULL));
  g_assert_true (has_label (self, "Fill"));

  /* One step, and back to where it is being edited again */
  g_assert_cmpuint (n_steps (self), ==, before + 3); /* brought back, selected, filled */
  limn_document_undo (self->document, NULL);
  g_assert_true (is_editing (self, layer));
  g_assert_true (limn_document_get_has_mask (self->document));
  g_assert_cmpint (red (self, 30, 30), ==, 65);
  WAIT (get (self, "preview-shown"));
  g_assert_cmpint (red (self, 30, 30), ==, 120);
  limn_document_undo (self->document, NULL);
  g_assert_true (is_editing (self, layer));
  limn_document_undo (self->document, NULL);
  g_assert_true (is_editing (self, NULL));
  g_assert_false (limn_document_get_has_mask (self->document));
}

static void
test_edit_settings (Fixture *self, gconstpointer data)
{
  fill_once (self);
  settle (self);
  LimnLayer *layer = layer_of (self);
  limn_document_set_layer_visible (self->document, layer, FALSE);
  limn_document_select_rectangle (self->document, 300, 300, 40, 40, LIMN_MASK_REPLACE); /* for later */
  guint before = n_steps (self);
  limn_session_edit_layer (self->session, layer);
  g_object_set (self->session, "seed", (guint64) 7, NULL);
  limn_session_commit (self->session);
  WAIT (!get (self, "busy"));
  g_assert_cmpint (red (self, 30, 30), ==, 70); /* and it is shown again */
  guint8 value;
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK), &(LimnRect){ 310, 310, 1, 1 }, &value, 1);
  g_assert_cmpint (value, ==, 255);
  g_assert_cmpuint (n_steps (self), ==, before + 1);
  limn_document_undo (self->document, NULL);
  g_assert_true (is_editing (self, NULL));
  g_assert_true (layer_of (self) == layer);
  limn_document_redo (self->document, NULL);
  g_assert_cmpint (red (self, 30, 30), ==, 70);
}

/* Esc ends it without a trace, but for what was painted since. */
static void
test_edit_cancel (Fixture *self, gconstpointer data)
{
  fill_once (self);
  settle (self);
  guint before = n_steps (self);
  limn_session_edit_layer (self->session, layer_of (self));
  g_assert_true (limn_session_cancel (self->session));
  g_assert_true (is_editing (self, NULL));
  g_assert_cmpuint (n_steps (self), ==, before);
  g_assert_false (limn_document_get_has_mask (self->document));

  g_object_set (self->session, "live", FALSE, NULL);
  limn_session_edit_layer (self->session, layer_of (self));
  select_box (self, 300, 300);
  g_assert_true (limn_session_cancel (self->session));
  g_assert_true (is_editing (self, NULL));
  g_assert_true (limn_document_get_has_mask (self->document));
  limn_document_undo (self->document, NULL);
  g_assert_false (is_editing (self, NULL)); /* as it was there */
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  commit_held (self);
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
  commit_held (self);
  LimnBrush brush;
  limn_brush_init (&brush);
  limn_document_begin_stroke (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/fill-ahead", test_fill_ahead);
  ADD ("/session/fill-undone", test_fill_undone);
  ADD ("/session/fill-taken-over", test_fill_taken_over);
  ADD ("/session/fill-outdated", test_fill_outdated);
  ADD ("/session/fill-after-operation", test_fill_after_operation);
  ADD ("/session/fill-variations", test_fill_variations);
  ADD ("/session/fill-variations-farthest", test_fill_variations_farthest);
  ADD ("/session/fill-variations-differ", test_fill_variations_differ);
  ADD ("/session/reorder", test_reorder);
  ADD ("/session/mix", test_mix);
  ADD ("/session/roll", test_roll);
  ADD ("/session/edit-again", test_edit_again);
  ADD ("/session/edit-settings", test_edit_settings);
  ADD ("/session/edit-cancel", test_edit_cancel);
  ADD ("/session/cancel", test_cancel);
  ADD ("/session/paint-on", test_paint_on);
  return g_test_run ();
}
