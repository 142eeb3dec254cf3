/* Whole jobs with the shipped networks, by pointer and keys: fill, colorize, sketch, upscale, and what nobody would do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "app/picture/limn-picture-file.h"
#include "session/limn-session-private.h"
#include "ui-test.h"
#include "ui/panels/limn-palette.h"
#include "ui/widgets/limn-swatch.h"

typedef struct {
  LimnWindow *window;
  LimnSession *session;
  LimnDocument *document;
  GtkWidget *canvas;
  char *path;
} Flow;

static void
use_window (Flow *self)
{
  self->session = limn_window_get_session (self->window);
  self->document = limn_session_get_document (self->session);
  self->canvas = GTK_WIDGET (limn_window_get_canvas (self->window));
  ui_test_settle ();
}

static void
open_file (Flow *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  self->window = ui_test_window (NULL, 1200, 780);
  limn_window_open (self->window, file);
  ui_test_wait (ui_test_has_session, self->window);
  use_window (self);
}

/* With a photo of the samples, so that the pictures of the states are worth looking at. */
static void
begin_sample (Flow *self, const char *name)
{
  g_autofree char *sample = g_build_filename (g_getenv ("LIMN_MODELS"), "..", "samples", name, NULL);
  g_autoptr (GFile) from = g_file_new_for_path (sample), to = NULL;
  GError *error = NULL;

  self->path = g_build_filename (ui_test_folder (), name, NULL);
  to = g_file_new_for_path (self->path);
  g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  open_file (self);
}

static void
end (Flow *self)
{
  ui_test_close (self->window);
  g_free (self->path);
}

static gboolean
is_idle (gpointer user)
{
  Flow *self = user;
  gboolean busy, previewing;

  g_object_get (self->session, "busy", &busy, "previewing", &previewing, NULL);
  return !busy && !previewing;
}

static gboolean
is_busy (gpointer user)
{
  gboolean busy;

  g_object_get (((Flow *) user)->session, "busy", &busy, NULL);
  return busy;
}

static guint
n_layers (Flow *self)
{
  return g_list_model_get_n_items (limn_document_get_layers (self->document));
}

static gboolean
has_layer (gpointer user)
{
  return n_layers (user) > 0;
}

static gboolean
has_preview (gpointer user)
{
  return limn_document_get_has_preview (((Flow *) user)->document);
}

/* A drag from and to points of the document. */
static void
draw (Flow *self, double x0, double y0, double x1, double y1)
{
  double wx0, wy0, wx1, wy1;

  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x0, y0, &wx0, &wy0);
  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x1, y1, &wx1, &wy1);
  ui_test_drag (self->canvas, wx0, wy0, wx1, wy1, 8);
}

static void
click (Flow *self, double x, double y)
{
  double wx, wy;

  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x, y, &wx, &wy);
  ui_test_click (self->canvas, wx, wy);
}

static LimnPicture *
flatten (Flow *self)
{
  GError *error = NULL;
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (self->document);
  LimnPicture *picture = limn_snapshot_flatten (snapshot, G_MAXUINT, &error);

  g_assert_no_error (error);
  return picture;
}

/* How many pixels of rect (or outside it) differ. */
static gsize
count_changes (LimnPicture *a, LimnPicture *b, LimnRect rect, gboolean outside)
{
  const int width = (int) limn_picture_get_width (a), height = (int) limn_picture_get_height (a);
  gsize count = 0;

  g_assert_cmpint (width, ==, limn_picture_get_width (b));
  g_assert_cmpint (height, ==, limn_picture_get_height (b));
  for (int y = 0; y < height; y++) {
    const guint8 *row_a = limn_picture_get_data (a) + (gsize) y * limn_picture_get_stride (a);
    const guint8 *row_b = limn_picture_get_data (b) + (gsize) y * limn_picture_get_stride (b);

    for (int x = 0; x < width; x++) {
      const gboolean in = x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;

      if (in != outside && memcmp (row_a + 4 * x, row_b + 4 * x, 4) != 0)
        count++;
    }
  }
  return count;
}

static gboolean
is_saved (gpointer user)
{
  return !limn_document_get_modified (((Flow *) user)->document);
}

/* Open, paint a mask, Enter; the result stays inside the mask; undo, redo, save, open again. */
static void
test_fill (void)
{
  Flow self = { 0 }, again = { 0 };
  g_autoptr (LimnPicture) photo = NULL, filled = NULL, undone = NULL, redone = NULL, reopened = NULL;
  LimnRect mask;

  begin_sample (&self, "moss.jpg");
  photo = flatten (&self);
  g_assert_cmpint (limn_session_get_task (self.session), ==, LIMN_TASK_FILL);
  limn_session_set_brush_size (self.session, 90);
  draw (&self, 820, 370, 850, 440);
  g_assert_true (limn_document_get_has_mask (self.document));
  mask = limn_raster_get_bounds (limn_document_get_plane (self.document, LIMN_DOCUMENT_MASK));
  ui_test_screenshot (GTK_WIDGET (self.window), "fill-mask");
  ui_test_wait (has_preview, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "fill-preview");
  ui_test_key ("Return");
  ui_test_wait (has_layer, &self);
  ui_test_wait (is_idle, &self);
  filled = flatten (&self);
  /* Grown and feathered by the settings' four pixels each. */
  mask = (LimnRect){ mask.x - 16, mask.y - 16, mask.width + 32, mask.height + 32 };
  g_assert_cmpuint (count_changes (photo, filled, mask, TRUE), ==, 0);
  g_assert_cmpuint (count_changes (photo, filled, mask, FALSE), >, 1000);
  ui_test_screenshot (GTK_WIDGET (self.window), "fill-done");
  ui_test_key ("<Shift>c");
  ui_test_screenshot (GTK_WIDGET (self.window), "fill-compare");
  ui_test_key ("<Shift>c");
  ui_test_key ("<Control>z");
  undone = flatten (&self);
  g_assert_cmpuint (count_changes (photo, undone, mask, FALSE), ==, 0);
  ui_test_key ("<Shift><Control>z");
  redone = flatten (&self);
  g_assert_cmpuint (count_changes (filled, redone, mask, FALSE), ==, 0);

  /* As PNG, which keeps every pixel: the document says it belongs to one, as Save As would. */
  {
    g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (self.document);
    g_autofree char *path = g_build_filename (ui_test_folder (), "moss.png", NULL);

    limn_document_set_saved (self.document, snapshot, path);
    again.path = g_steal_pointer (&path);
  }
  g_object_set (self.session, "live", FALSE, NULL); /* a selection alone isn't seen in the picture */
  limn_document_select_all (self.document);
  ui_test_key ("<Control>s");
  ui_test_answer ("Replace");
  ui_test_wait (is_saved, &self);
  end (&self);
  open_file (&again);
  g_object_set (again.session, "live", TRUE, NULL);
  reopened = flatten (&again);
  g_assert_cmpuint (count_changes (filled, reopened, mask, FALSE), ==, 0);
  g_assert_cmpuint (count_changes (filled, reopened, mask, TRUE), ==, 0);
  end (&again);
}

static void
read_palette (Flow *self, GdkRGBA colors[10])
{
  GtkWidget *palette = ui_test_find_type (GTK_WIDGET (self->window), LIMN_TYPE_PALETTE);
  GtkWidget *swatch = gtk_widget_get_first_child (gtk_widget_get_first_child (palette));

  for (int i = 0; i < 10 && swatch; i++, swatch = gtk_widget_get_next_sibling (swatch))
    colors[i] = *limn_swatch_get_color (LIMN_SWATCH (swatch));
}

/* A gray photo is colored at once; a dot changes what is around it. */
static void
test_colorize (void)
{
  Flow self = { 0 };
  g_autoptr (LimnPicture) photo = NULL, colored = NULL, dotted = NULL;
  const LimnRect around = { 40, 40, 120, 120 };
  GdkRGBA red = { 0.85f, 0.2f, 0.15f, 1 }, palette[10] = { { 0 } }, later[10] = { { 0 } };

  begin_sample (&self, "pavilion.jpg");
  photo = flatten (&self);
  g_assert_cmpint (limn_session_get_task (self.session), ==, LIMN_TASK_COLORIZE);
  ui_test_wait (has_preview, &self);
  ui_test_wait (is_idle, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "colorize-preview");
  ui_test_key ("Return");
  ui_test_wait (has_layer, &self);
  ui_test_wait (is_idle, &self);
  colored = flatten (&self);
  g_assert_cmpuint (count_changes (photo, colored, around, FALSE), >, 1000);
  read_palette (&self, palette);
  ui_test_key ("d");
  limn_session_set_color (self.session, &red);
  click (&self, 100, 100);
  g_assert_cmpuint (limn_document_get_n_dots (self.document), ==, 1);
  ui_test_wait (has_preview, &self);
  ui_test_wait (is_idle, &self);
  ui_test_move (GTK_WIDGET (self.window), 300, 20);
  ui_test_screenshot (GTK_WIDGET (self.window), "colorize-dots");
  ui_test_key ("w"); /* a click selects an area that a color is to stay in */
  g_assert_cmpint (limn_session_get_tool (self.session), ==, LIMN_TOOL_SIMILAR);
  ui_test_key ("d");
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (self.window), "A color runs over? Select its area"));
  read_palette (&self, later); /* the colors stay where the hand finds them */
  g_assert_cmpmem (palette, sizeof palette, later, sizeof later);
  ui_test_key ("Return");
  ui_test_wait (is_idle, &self);
  dotted = flatten (&self);
  g_assert_cmpuint (count_changes (colored, dotted, around, FALSE), >, 1000);
  end (&self);
}

static void
count_previews (LimnDocument *document, int x, int y, int width, int height, LimnChange what, guint *count)
{
  if (what & LIMN_CHANGE_IMAGE && limn_document_get_has_preview (document))
    ++*count;
}

/* Previews come while strokes are drawn, and the last one is what an edit of the final state makes. */
static void
test_sketch (void)
{
  Flow self = { 0 };
  GError *error = NULL;
  g_autoptr (LimnDocument) document = limn_document_new_sketch (512, 512, &error);
  g_autoptr (LimnEngineHandle) engine = NULL;
  g_autoptr (LimnEdit) edit = NULL;
  g_autoptr (LimnResult) result = NULL;
  g_autofree guint8 *shown = g_malloc (512 * 512 * 4);
  const LimnRect all = { 0, 0, 512, 512 };
  static const GdkRGBA colors[] = { { 0.45f, 0.65f, 0.95f, 1 }, { 0.3f, 0.5f, 0.25f, 1 }, { 0.55f, 0.4f, 0.25f, 1 } };
  guint previews = 0, changed = 0;

  self.window = ui_test_window (document, 1200, 780);
  use_window (&self);
  g_assert_cmpint (limn_session_get_task (self.session), ==, LIMN_TASK_SKETCH);
  g_assert_cmpint (limn_session_get_sketch_view (self.session), ==, LIMN_SKETCH_VIEW_BESIDE); /* there is room */
  ui_test_screenshot (GTK_WIDGET (self.window), "sketch-begin");
  ui_test_click_middle (ui_test_find_action (GTK_WIDGET (self.window), "win.sketch-view", "over"));
  g_assert_cmpint (limn_session_get_sketch_view (self.session), ==, LIMN_SKETCH_VIEW_OVER);
  g_signal_connect (document, "changed", G_CALLBACK (count_previews), &previews);
  g_object_set (self.session, "sketch-view", LIMN_SKETCH_VIEW_OVER, NULL); /* nothing of the picture lies under a panel */
  limn_session_set_tool (self.session, LIMN_TOOL_PAINT);
  limn_session_set_brush_size (self.session, 120);
  for (int i = 0; i < 3; i++) {
    limn_session_set_color (self.session, &colors[i]);
    for (int row = 0; row < 2; row++)
      draw (&self, 40, 70 + i * 160 + row * 70, 470, 80 + i * 160 + row * 70);
    ui_test_wait (has_preview, &self);
  }
  ui_test_wait (is_idle, &self);
  g_assert_cmpuint (previews, >=, 2); /* one before the second stroke, and another after the last */
  ui_test_screenshot (GTK_WIDGET (self.window), "sketch");
  limn_document_render (document, LIMN_SNAPSHOT_RESULT, 0, &all, shown, 512 * 4);

  engine = limn_engine_handle_new (NULL, 2, &error);
  g_assert_no_error (error);
  edit = limn_session_make_edit (self.session, &error);
  g_assert_no_error (error);
  result = limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_picture_get_width (result->picture), ==, 512);
  for (gsize i = 0; i < 512 * 512; i++)
    changed += memcmp (shown + 4 * i, limn_picture_get_data (result->picture) + 4 * i, 3) != 0;
  g_assert_cmpuint (changed, ==, 0);
  g_signal_handlers_disconnect_by_func (document, count_previews, &previews);
  end (&self);
}

static gboolean
is_gone (gpointer user)
{
  return !((Flow *) user)->window;
}

static void
answer_close (Flow *self, const char *label)
{
  gtk_window_close (GTK_WINDOW (self->window));
  GtkWindow *dialog = ui_test_await_dialog (self->window);
  ui_test_screenshot (GTK_WIDGET (dialog), "close-busy");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), label));
}

/* Esc in the middle leaves the picture as it was. */
static void
test_upscale (void)
{
  Flow self = { 0 };
  g_autoptr (LimnPicture) before = NULL, after = NULL;

  begin_sample (&self, "moss.jpg");
  before = flatten (&self);
  ui_test_key ("4");
  ui_test_screenshot (GTK_WIDGET (self.window), "upscale");
  ui_test_key ("Return");
  ui_test_wait (is_busy, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "upscale-busy");
  ui_test_key ("Escape");
  ui_test_wait (is_idle, &self);
  after = flatten (&self);
  g_assert_cmpuint (count_changes (before, after, (LimnRect){ 0, 0, 1 << 20, 1 << 20 }, FALSE), ==, 0);
  g_assert_false (limn_document_get_modified (self.document));

  /* undo takes back what was asked for last, and no more */
  limn_document_select_all (self.document);
  ui_test_key ("Return");
  ui_test_wait (is_busy, &self);
  ui_test_key ("<Control>z");
  ui_test_wait (is_idle, &self);
  g_assert_true (limn_document_get_has_mask (self.document));
  ui_test_key ("<Control>z");
  g_assert_false (limn_document_get_modified (self.document));

  /* what takes minutes isn't lost by a window that is closed by mistake */
  ui_test_key ("Return");
  ui_test_wait (is_busy, &self);
  answer_close (&self, "Keep Working");
  ui_test_wait (ui_test_has_no_dialog, self.window);
  g_assert_true (is_busy (&self));
  g_object_add_weak_pointer (G_OBJECT (self.window), (gpointer *) &self.window);
  answer_close (&self, "Stop and Close");
  ui_test_wait (is_gone, &self);
  g_free (self.path);
}

/* What keys opened: where nothing manages windows, one that is dragged by its header goes astray, and GTK with it. */
static void
close_others (Flow *self)
{
  GList *windows;

  ui_test_settle ();
  windows = gtk_window_list_toplevels ();
  for (GList *each = windows; each; each = each->next)
    g_object_ref (each->data);
  for (GList *each = windows; each; each = each->next) {
    if (each->data != self->window && gtk_widget_get_mapped (each->data))
      gtk_window_close (each->data);
  }
  g_list_free_full (windows, g_object_unref);
  ui_test_settle ();
}

/* Whatever is pressed, clicked and dragged: no warning (they are fatal here), no crash, and everything can still be let go of. */
static void
test_random (void)
{
  static const guint keys[] = {
    GDK_KEY_Return, GDK_KEY_Escape, GDK_KEY_1, GDK_KEY_2,   GDK_KEY_3,     GDK_KEY_4,    GDK_KEY_b,           GDK_KEY_e,
    GDK_KEY_l,      GDK_KEY_m,      GDK_KEY_w, GDK_KEY_x,   GDK_KEY_g,     GDK_KEY_p,    GDK_KEY_d,           GDK_KEY_i,
    GDK_KEY_k,      GDK_KEY_r,      GDK_KEY_c, GDK_KEY_Tab, GDK_KEY_space, GDK_KEY_Left, GDK_KEY_bracketleft, GDK_KEY_bracketright,
    GDK_KEY_F9,     GDK_KEY_Delete,
  };
  static const char *const accels[] = {
    "<Control>z",     "<Shift><Control>z", "<Control>a", "<Shift><Control>a", "<Control>i", "<Control>plus",
    "<Control>minus", "<Control>0",        "<Control>1", "<Shift>c",          "<Control>l",
  };
  Flow self = { 0 };
  int width, height;

  begin_sample (&self, "pavilion.jpg");
  width = gtk_widget_get_width (self.canvas);
  height = gtk_widget_get_height (self.canvas);
  for (int i = 0; i < 300; i++) {
    /* The border is the header's too. */
    const double x = g_test_rand_double_range (0, width), y = g_test_rand_double_range (1, height);
    const guint key = keys[g_test_rand_int_range (0, G_N_ELEMENTS (keys))];

    switch (g_test_rand_int_range (0, 6)) {
    case 0:
      ui_test_send_key (key, TRUE);
      ui_test_send_key (key, FALSE);
      break;
    case 1: ui_test_key (accels[g_test_rand_int_range (0, G_N_ELEMENTS (accels))]); break;
    case 2:
      ui_test_send_motion (self.canvas, x, y);
      ui_test_send_button (1, TRUE);
      ui_test_send_button (1, FALSE);
      break;
    case 3: ui_test_send_motion (self.canvas, x, y); break;
    case 4: ui_test_scroll (self.canvas, x, y, g_test_rand_int_range (-2, 3)); break;
    default:
      close_others (&self);
      ui_test_drag (self.canvas, x, y, g_test_rand_double_range (0, width), g_test_rand_double_range (0, height), 3);
    }
    if (i % 10 == 0)
      ui_test_settle ();
  }
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self.window), "random");
  for (int i = 0; i < 4; i++)
    limn_session_cancel (self.session);
  ui_test_wait (is_idle, &self);
  end (&self);
}

static guint8
label_at (Flow *self, int x, int y)
{
  guint8 label;

  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MATERIALS), &(LimnRect){ x, y, 1, 1 }, &label, 1);
  return label;
}

/* A material by its name, as a person finds it. */
static void
choose_material (const char *letters)
{
  ui_test_key ("s");
  ui_test_type (letters);
  ui_test_key ("Return");
}

static void
move_to (Flow *self, double x, double y)
{
  double wx, wy;

  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x, y, &wx, &wy);
  ui_test_move (self->canvas, wx, wy);
}

static gboolean
asks_no_more (gpointer user)
{
  return !ui_test_find_type (((Flow *) user)->canvas, GTK_TYPE_POPOVER);
}

/* Sky, mountains and a meadow are painted; what was only a color is guessed, and told right by a click; horizon and sun are moved. */
static void
test_materials (void)
{
  Flow self = { 0 };
  GError *error = NULL;
  g_autoptr (LimnDocument) document = limn_document_new_sketch (768, 512, &error);
  guint8 label;
  gboolean guessed;
  double x, y;

  self.window = ui_test_window (document, 1200, 780);
  use_window (&self);
  limn_session_set_tool (self.session, LIMN_TOOL_BUCKET);
  choose_material ("clear");
  click (&self, 384, 100);
  ui_test_finish (document);
  ui_test_key ("b");
  limn_session_set_brush_size (self.session, 120);
  ui_test_wait (is_idle, &self); /* the card of its size goes */
  choose_material ("mead");
  for (int row = 0; row < 3; row++)
    draw (&self, 0, 340 + 70 * row, 768, 350 + 70 * row);
  choose_material ("mount");
  draw (&self, 200, 300, 330, 200);
  draw (&self, 330, 200, 460, 300);
  limn_session_choose_material (self.session, LIMN_MATERIAL_GUESS);
  limn_session_set_color (self.session, &(GdkRGBA){ 0.25f, 0.45f, 0.8f, 1 });
  draw (&self, 500, 430, 700, 430);
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 384, 20)), ==, "Clear sky");
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 100, 480)), ==, "Meadow");
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 330, 220)), ==, "Mountain");
  g_assert_cmpint (label_at (&self, 600, 430), ==, LIMN_MATERIAL_GUESS);
  ui_test_wait (has_preview, &self);
  ui_test_wait (is_idle, &self);

  move_to (&self, 330, 220); /* the brush rests on it */
  g_usleep (800 * 1000);
  ui_test_settle ();
  g_autofree char *mountain = limn_session_name_material_at (self.session, 330, 220);
  g_assert_cmpstr (mountain, ==, "Mountain");
  ui_test_screenshot (GTK_WIDGET (self.window), "materials-rest");
  ui_test_key ("v");
  move_to (&self, 600, 430);
  ui_test_screenshot (GTK_WIDGET (self.window), "materials-told");
  g_assert_true (limn_session_get_material_at (self.session, 600, 430, &label, &guessed));
  g_assert_true (guessed);
  click (&self, 600, 430);
  ui_test_screenshot (ui_test_find_type (self.canvas, GTK_TYPE_POPOVER), "materials-asked");
  ui_test_type ("road");
  ui_test_key ("Return");
  ui_test_wait (asks_no_more, &self);
  ui_test_finish (document);
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 600, 430)), ==, "Road");
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 100, 480)), ==, "Meadow");
  ui_test_key ("b"); /* what was told stays with the color, and the first press paints */
  draw (&self, 300, 460, 360, 460);
  g_assert_cmpstr (limn_material_get_name (label_at (&self, 330, 460)), ==, "Road");
  ui_test_wait (is_idle, &self);

  ui_test_key ("v");
  LimnScenery scenery = limn_session_get_scenery (self.session);
  g_assert_cmpfloat (scenery.horizon, >, 0);
  x = 0.04 * 768;
  y = scenery.horizon * 512;
  draw (&self, x, y, x, y - 60);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->horizon, scenery.horizon - 60.0 / 512, 0.02);
  ui_test_wait (is_idle, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "materials-horizon");
  draw (&self, CLAMP (scenery.sun_x, 0.03, 0.97) * 768, CLAMP (scenery.sun_y, 0.03, 0.97) * 512, 600, 60);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->sun_x, 600.0 / 768, 0.02);
  ui_test_wait (is_idle, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "materials-sun");
  ui_test_key ("<Control>z");
  ui_test_key ("<Control>z");
  g_assert_cmpfloat (limn_document_get_scenery (document)->horizon, ==, LIMN_SCENERY_AUTOMATIC);
  end (&self);
}

static gboolean
asks_for_surface (gpointer user)
{
  return ui_test_find_dialog (((Flow *) user)->window) != NULL;
}

static gboolean
paints_with_own (gpointer user)
{
  int material;

  g_object_get (((Flow *) user)->session, "material", &material, NULL);
  return material == LIMN_OWN_FIRST;
}

/* A part of the picture becomes a surface, which is painted with, found by its name, and there for another sketch. */
static void
test_take_surface (void)
{
  Flow self = { 0 };
  g_autoptr (LimnDocument) document = limn_document_new_sketch (512, 384, NULL), other = limn_document_new_sketch (512, 384, NULL);

  self.window = ui_test_window (document, 1100, 760);
  use_window (&self);
  limn_session_set_tool (self.session, LIMN_TOOL_BUCKET);
  choose_material ("brick");
  click (&self, 256, 200);
  ui_test_finish (document);
  ui_test_wait (has_preview, &self);
  ui_test_wait (is_idle, &self);
  ui_test_key ("u");
  draw (&self, 60, 60, 260, 200);
  ui_test_wait (asks_for_surface, &self);
  ui_test_screenshot (GTK_WIDGET (ui_test_find_dialog (self.window)), "surface-asked");
  ui_test_type ("house");
  ui_test_key ("Return");
  ui_test_wait (paints_with_own, &self);
  g_assert_cmpuint (limn_surface_list_get_count (limn_document_get_surfaces (document)), ==, 1);
  draw (&self, 100, 300, 400, 300);
  g_assert_cmpuint (label_at (&self, 250, 300), ==, LIMN_OWN_FIRST);
  g_autofree char *told = limn_session_name_material_at (self.session, 250, 300);
  g_assert_cmpstr (told, ==, "house");
  ui_test_wait (is_idle, &self);
  ui_test_screenshot (GTK_WIDGET (self.window), "surface-painted");
  ui_test_key ("<Control>z");
  ui_test_key ("<Control>z");
  g_assert_cmpuint (limn_surface_list_get_count (limn_document_get_surfaces (document)), ==, 0);
  end (&self);

  self.window = ui_test_window (other, 1100, 760);
  use_window (&self);
  limn_session_set_tool (self.session, LIMN_TOOL_BUCKET);
  ui_test_key ("s");
  ui_test_type ("house");
  ui_test_screenshot (ui_test_find_type (GTK_WIDGET (self.window), GTK_TYPE_POPOVER), "surface-found");
  ui_test_key ("Return");
  ui_test_wait (paints_with_own, &self);
  click (&self, 256, 200);
  ui_test_finish (other);
  g_assert_cmpuint (label_at (&self, 256, 200), ==, LIMN_OWN_FIRST);
  g_assert_cmpstr (limn_surface_list_get (limn_document_get_surfaces (other), 0)->name, ==, "house");
  end (&self);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/flows/fill", test_fill);
  g_test_add_func ("/flows/colorize", test_colorize);
  g_test_add_func ("/flows/sketch", test_sketch);
  g_test_add_func ("/flows/materials", test_materials);
  g_test_add_func ("/flows/take-surface", test_take_surface);
  g_test_add_func ("/flows/upscale", test_upscale);
  g_test_add_func ("/flows/random", test_random);
  return ui_test_run ();
}
