/* How long edits of whole pictures hold the window: making them, laying them down, undoing, redoing, changing them. The networks are
 * pretended, for their time is not the window's; all else is as in the window, thumbnails and autosave included.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app/autosave/limn-autosave.h"
#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "tests/app/inputs.h"
#include "ui-latency.h"
#include "ui/panels/limn-history-list.h"
#include "ui/panels/limn-results.h"
#include "ui/panels/limn-variations.h"

struct _Watch {
  gint64 begin, last, longest; /* turns of the main loop, microseconds */
  guint source;
};

static gboolean
on_turn (gpointer user)
{
  Watch *self = user;
  gint64 now = g_get_monotonic_time ();
  self->longest = MAX (self->longest, now - self->last);
  self->last = now;
  return G_SOURCE_CONTINUE;
}

Watch *
watch_begin (void)
{
  Watch *self = g_new0 (Watch, 1);
  self->begin = self->last = g_get_monotonic_time ();
  self->source = g_timeout_add_full (G_PRIORITY_HIGH, 1, on_turn, self, NULL);
  return self;
}

static gboolean
has_passed (gpointer user)
{
  return g_get_monotonic_time () > *(gint64 *) user;
}

void
watch_end (Watch *self, const char *name)
{
  ui_test_settle ();
  gint64 end = g_get_monotonic_time (), rested = end + G_USEC_PER_SEC;
  ui_test_wait (has_passed, &rested);
  g_print ("%-44s%12.1f%16.1f\n", name, (double) (end - self->begin) / 1000, (double) self->longest / 1000);
  g_source_remove (self->source);
  g_free (self);
}

/* -- The window -- */

typedef struct _Edits Edits;
struct _Edits {
  GtkWidget *window, *panels[3];
  LimnDocument *document;
  LimnSession *session;
  LimnWorker *worker;
  LimnAutosave *autosave;
  guint n_layers;
  gboolean asked;            /* for a preview, since what is measured began */
  void (*run) (Edits *self); /* what is measured, until it was done */
};

/* A picture of the whole size, at once. */
static LimnResult *
pretend (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user,
         GError **error)
{
  LimnResult *result = g_new0 (LimnResult, 1);
  gsize width, height;
  inputs_get_size (edit, &width, &height);
  result->picture = limn_picture_new (width, height, 8, error);
  g_assert_no_error (*error);
  result->whole = edit->task == LIMN_TASK_SKETCH && !edit->from.mask;
  memset (limn_picture_get_data (result->picture), (int) (100 + edit->set.seed % 100), limn_picture_get_stride (result->picture) * height);
  for (gsize i = 3; i < limn_picture_get_stride (result->picture) * height; i += 4)
    limn_picture_get_data (result->picture)[i] = 255;
  return result;
}

static void
open_document (Edits *self, LimnDocument *document)
{
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *canvas = limn_canvas_new ();
  g_settings_set_boolean (settings, "live", FALSE);
  *self = (Edits){ .document = document };
  self->worker = limn_worker_new_with_runner (pretend, NULL, NULL);
  self->session = limn_session_new (document, self->worker, settings);
  self->autosave = limn_autosave_new (document, ui_test_folder ());
  limn_canvas_set_session (LIMN_CANVAS (canvas), self->session);
  gtk_widget_add_css_class (canvas, "canvas-area");
  gtk_widget_set_hexpand (canvas, TRUE);
  gtk_box_append (GTK_BOX (box), canvas);
  self->panels[0] = limn_results_new ();
  self->panels[1] = limn_variations_new ();
  self->panels[2] = limn_history_list_new ();
  for (guint i = 0; i < G_N_ELEMENTS (self->panels); i++) {
    limn_panel_set_session (LIMN_PANEL (self->panels[i]), self->session);
    gtk_box_append (GTK_BOX (box), self->panels[i]);
  }
  self->window = gtk_window_new ();
  gtk_window_set_application (GTK_WINDOW (self->window), GTK_APPLICATION (ui_test_application ()));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1280, 760);
  gtk_window_set_child (GTK_WINDOW (self->window), box);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_focus (GTK_WINDOW (self->window));
}

static void
close_document (Edits *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->panels); i++)
    limn_panel_set_session (LIMN_PANEL (self->panels[i]), NULL);
  gtk_window_destroy (GTK_WINDOW (self->window));
  ui_test_settle ();
  g_object_unref (self->session);
  limn_worker_shutdown (self->worker);
  g_object_unref (self->worker);
  g_object_unref (self->autosave);
  g_object_unref (self->document);
}

static gboolean
on_tick (gpointer user)
{
  return G_SOURCE_CONTINUE;
}

static void
rest (void)
{
  gint64 rested = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;
  guint ticks = g_timeout_add (100, on_tick, NULL);
  ui_test_wait (has_passed, &rested);
  g_source_remove (ticks);
  ui_test_settle ();
}

/* -- What is waited for -- */

static gboolean
is_previewing (Edits *self)
{
  gboolean previewing;
  g_object_get (self->session, "previewing", &previewing, NULL);
  return previewing;
}

/* The full one of what was changed last. */
static gboolean
is_previewed (gpointer user)
{
  Edits *self = user;
  self->asked |= is_previewing (self);
  return self->asked && !is_previewing (self) && limn_document_get_has_preview (self->document);
}

static gboolean
is_laid_down (gpointer user)
{
  Edits *self = user;
  gboolean busy;
  g_object_get (self->session, "busy", &busy, NULL);
  return !busy && g_list_model_get_n_items (limn_document_get_layers (self->document)) == self->n_layers;
}

static gboolean
at_once (gpointer user)
{
  return TRUE;
}

/* -- What is done -- */

static LimnLayer *
newest_layer (Edits *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, g_list_model_get_n_items (layers) - 1);
  return layer; /* the list keeps it */
}

static void
select_everything (Edits *self)
{
  limn_document_select_all (self->document);
}

static void
commit (Edits *self)
{
  limn_session_commit (self->session);
}

static void
undo (Edits *self)
{
  limn_document_undo (self->document, NULL);
}

static void
redo (Edits *self)
{
  limn_document_redo (self->document, NULL);
}

static void
edit_again (Edits *self)
{
  limn_session_edit_layer (self->session, newest_layer (self));
}

/* To another value each time; what is automatic gets one. */
static void
change_setting (Edits *self)
{
  const char *name = limn_session_get_task (self->session) == LIMN_TASK_FILL ? "fill-grow" : "sketch-freedom";
  double value;
  g_object_get (self->session, name, &value, NULL);
  g_object_set (self->session, name, value > 0 ? value * 0.9 : 8.0, NULL);
}

static void
paint_everywhere (Edits *self)
{
  limn_document_flood_paint (self->document, 9, 9, 255, (const guint8[]){ (guint8) (40 + 7 * self->n_layers), 90, 160, 255 }, 0);
}

static gboolean
is_painted (gpointer user)
{
  return !limn_document_is_working (((Edits *) user)->document);
}

static gboolean
run_now (gpointer user)
{
  Edits *self = user;
  self->run (self);
  self->run = NULL;
  return G_SOURCE_REMOVE;
}

static gboolean
has_run (gpointer user)
{
  return !((Edits *) user)->run;
}

/* run: in a turn of the main loop, as an action's handler is. */
static void
measure (Edits *self, const char *name, void (*run) (Edits *self), UiTestPredicate there)
{
  Watch *watch = watch_begin ();
  self->asked = FALSE;
  self->run = run;
  g_idle_add (run_now, self);
  ui_test_wait (has_run, self);
  ui_test_wait (there, self);
  watch_end (watch, name);
}

/* Colours to guide a fill by over the left half of the picture, within the selection. */
static void
paint_guide (Edits *self)
{
  int width = limn_document_get_width (self->document), height = limn_document_get_height (self->document);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 2000;
  memcpy (brush.rgba, (const guint8[]){ 200, 120, 40, 255 }, 4);
  for (int y = 0; y < height; y += 1500) {
    limn_document_begin_stroke (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE), &brush, FALSE, "Guide");
    for (int x = 0; x <= width / 2; x += 500)
      limn_document_extend_stroke (self->document, x, y, 1);
    limn_document_end_stroke (self->document);
  }
}

static void
add_layer (Edits *self, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEdit) edit = limn_document_make_edit (self->document, LIMN_TASK_COLORIZE, &error);
  g_assert_no_error (error);
  edit->set.seed = seed;
  g_autoptr (LimnResult) result = pretend (edit, 0, NULL, NULL, NULL, NULL, &error);
  LimnLayer *layer = limn_document_add_result (self->document, edit, result, "Colorize", NULL);
  limn_document_set_layer_opacity (self->document, layer, 0.5, 0);
}

static void
fill (double megapixels)
{
  gsize width = (gsize) (sqrt (megapixels * 1e6 * 1.5)), height = width * 2 / 3;
  g_autoptr (LimnPicture) picture = ui_test_picture (width, height, FALSE);
  Edits self;
  open_document (&self, limn_document_new (picture, NULL));
  limn_session_set_task (self.session, LIMN_TASK_FILL);
  add_layer (&self, 1);
  add_layer (&self, 2);
  rest ();
  g_print ("A fill of %d x %d pixels with two layers, ms:%s%16s\n", (int) width, (int) height, "   until shown", "longest turn");
  self.n_layers = 3;
  measure (&self, "select all", select_everything, at_once);
  measure (&self, "commit", commit, is_laid_down);
  self.n_layers = 2;
  measure (&self, "undo it", undo, is_laid_down);
  self.n_layers = 3;
  measure (&self, "redo it", redo, is_laid_down);
  measure (&self, "edit it again", edit_again, is_laid_down);
  measure (&self, "commit that", commit, is_laid_down);
  limn_document_select_all (self.document);
  paint_guide (&self);
  rest ();
  g_print ("With colours painted over half of it, and live previews:\n");
  g_object_set (self.session, "live", TRUE, NULL);
  measure (&self, "the first preview", select_everything, is_previewed);
  measure (&self, "the next one, by another setting", change_setting, is_previewed);
  self.n_layers = 4;
  measure (&self, "commit", commit, is_laid_down);
  self.n_layers = 3;
  measure (&self, "undo it", undo, is_laid_down);
  self.n_layers = 4;
  measure (&self, "redo it", redo, is_laid_down);
  measure (&self, "edit it again", edit_again, at_once);
  measure (&self, "its next preview", change_setting, is_previewed);
  measure (&self, "commit that", commit, is_laid_down);
  close_document (&self);
}

static void
sketch (double megapixels)
{
  gsize width = (gsize) (sqrt (megapixels * 1e6 * 1.5)), height = width * 2 / 3;
  g_autoptr (GError) error = NULL;
  Edits self;
  LimnDocument *document = limn_document_new_sketch (width, height, &error);
  g_assert_no_error (error);
  open_document (&self, document);
  rest ();
  g_print ("A sketch on %d x %d pixels, live:%s%16s\n", (int) width, (int) height, "                 until shown", "longest turn");
  g_object_set (self.session, "live", TRUE, NULL);
  measure (&self, "paint over all of it, and its preview", paint_everywhere, is_previewed);
  rest ();
  self.n_layers = 1;
  measure (&self, "commit", commit, is_laid_down);
  measure (&self, "edit it again", edit_again, at_once);
  measure (&self, "its next preview", change_setting, is_previewed);
  measure (&self, "commit that", commit, is_laid_down);
  measure (&self, "undo it", undo, is_laid_down);
  measure (&self, "redo it", redo, is_laid_down);
  measure (&self, "paint over it", paint_everywhere, is_painted);
  self.n_layers = 1;
  measure (&self, "paint over that", paint_everywhere, is_painted);
  measure (&self, "undo that", undo, at_once);
  measure (&self, "undo once more", undo, at_once);
  measure (&self, "redo that", redo, at_once);
  close_document (&self);
}

void
ui_edits (double megapixels)
{
  fill (megapixels);
  sketch (megapixels / 2);
}
