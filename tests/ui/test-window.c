/* The window: its layouts and states, keys and commands, opening, saving, exporting, closing. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/formats/limn-ora.h"
#include "app/formats/limn-zip.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"
#include "ui/dialogs/limn-export.h"
#include "ui/panels/limn-action-pill.h"
#include "ui/panels/limn-tool-pill.h"
#include "ui/panels/limn-variations.h"
#include "ui/window/limn-recent-list.h"

static LimnWindow *
open_window (const char *path, int width, int height)
{
  LimnWindow *window = ui_test_window (NULL, width, height);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  limn_window_open (window, file);
  ui_test_wait (ui_test_has_session, window);
  ui_test_settle ();
  return window;
}

static void
click_label (GtkWindow *dialog, const char *label)
{
  GtkWidget *found = ui_test_find_label (GTK_WIDGET (dialog), label);

  g_assert_nonnull (found);
  ui_test_click_middle (found);
}

static gboolean
is_unmodified (gpointer user)
{
  return !limn_document_get_modified (user);
}

/* -- What it looks like -- */

static graphene_rect_t
bounds_of (GtkWidget *widget, LimnWindow *window)
{
  graphene_rect_t bounds;

  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (window), &bounds));
  return bounds;
}

static gboolean
has_paintable (gpointer picture)
{
  return gtk_picture_get_paintable (picture) != NULL;
}

/* What is shown is shared with other programs, for this state of the file. */
static void
check_thumbnail (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL), *sum = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);
  g_autofree char *name = g_strconcat (sum, ".png", NULL);
  g_autofree char *place = g_build_filename (g_get_user_cache_dir (), "thumbnails", "normal", name, NULL);
  g_autoptr (GdkPixbuf) thumbnail = gdk_pixbuf_new_from_file (place, NULL);

  g_assert_nonnull (thumbnail);
  g_assert_cmpstr (gdk_pixbuf_get_option (thumbnail, "tEXt::Thumb::URI"), ==, uri);
  g_assert_nonnull (gdk_pixbuf_get_option (thumbnail, "tEXt::Thumb::MTime"));
}

static void
test_start (void)
{
  static const struct {
    const char *name;
    int width, height;
  } sizes[] = { { "start-1280", 1280, 800 }, { "start-900", 900, 600 }, { "start-720", 740, 600 }, { "start-360", 360, 640 } };
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autofree char *path = ui_test_save_picture ("recent.png", 8, 8, FALSE);

  limn_recent_add (path);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    LimnWindow *window = ui_test_window (NULL, sizes[i].width, sizes[i].height);
    GtkWidget *first = ui_test_find_label (GTK_WIDGET (window), "Fill"), *last = ui_test_find_label (GTK_WIDGET (window), "Restore");

    /* the cards are in one row, or two and two; what was opened stands under their edge */
    const gboolean row = sizes[i].width > 400;
    GtkWidget *beside = ui_test_find_label (GTK_WIDGET (window), "Colorize");
    g_assert_cmpfloat_with_epsilon (bounds_of (first, window).origin.y, bounds_of (beside, window).origin.y, 2);
    g_assert_cmpfloat (bounds_of (beside, window).origin.x, >, bounds_of (first, window).origin.x + 100);
    g_assert_true (row == (fabsf (bounds_of (first, window).origin.y - bounds_of (last, window).origin.y) <= 2));
    GtkWidget *opened = gtk_widget_get_ancestor (ui_test_find_label (GTK_WIDGET (window), "recent.png"), GTK_TYPE_BUTTON);
    GtkWidget *recent = ui_test_find_type (opened, GTK_TYPE_PICTURE);

    ui_test_wait (has_paintable, recent);
    GtkWidget *card = gtk_widget_get_ancestor (first, GTK_TYPE_FLOW_BOX_CHILD);
    g_assert_cmpfloat_with_epsilon (bounds_of (recent, window).origin.x, bounds_of (card, window).origin.x, 1);

    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, sizes[i].width);
    ui_test_screenshot (GTK_WIDGET (window), sizes[i].name);
    if (i == 1) {
      adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
      ui_test_screenshot (GTK_WIDGET (window), "start-900-dark");
      adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
    }
    ui_test_close (window);
  }
  check_thumbnail (path);
}

/* All tools can be clicked without scrolling: what is seen of the pill contains them. */
static void
check_tools (LimnWindow *window)
{
  const LimnToolKind *tools = limn_session_get_kind (limn_window_get_session (window))->tools;
  GtkWidget *pill = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_TOOL_PILL),
            *scroller = ui_test_find_type (pill, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t seen = bounds_of (scroller, window), tool;

  for (; *tools != LIMN_N_TOOLS; tools++) {
    tool = bounds_of (ui_test_find_label (pill, limn_tool_kind_get_label (*tools)), window);
    g_assert_true (graphene_rect_contains_rect (&seen, &tool));
  }
}

static void
test_layouts (void)
{
  g_autofree char *path = ui_test_save_picture ("Village by the Lake.jpg", 1500, 1000, FALSE);
  static const struct {
    const char *name;
    int width, height;
    gboolean dark, rtl;
  } states[] = {
    { "document-1280", 1280, 800, FALSE, FALSE },    { "document-1280-dark", 1280, 800, TRUE, FALSE },
    { "document-1280-rtl", 1280, 800, FALSE, TRUE }, { "document-900", 900, 600, FALSE, FALSE },
    { "document-360", 360, 640, FALSE, FALSE },      { "document-360-dark", 360, 640, TRUE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    LimnWindow *window;

    gtk_widget_set_default_direction (states[i].rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        states[i].dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_DEFAULT);
    window = open_window (path, states[i].width, states[i].height);
    /* Whatever the width, the window isn't wider than it was asked to be, and the task can be chosen. */
    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, states[i].width);
    g_assert_nonnull (ui_test_find_action (GTK_WIDGET (window), "win.task", "colorize"));
    check_tools (window);
    ui_test_screenshot (GTK_WIDGET (window), states[i].name);
    ui_test_close (window);
  }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

static gboolean
is_state (gpointer user)
{
  return GTK_IS_LABEL (user) && strstr (gtk_label_get_text (user), "Edited");
}

/* Whatever the width, that there is unsaved work is read whole, and a size only where it is whole. */
static void
test_edited (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (1280, 1024, FALSE);

  for (int width = 880; width <= 1280; width += 80) {
    g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
    LimnWindow *window;

    limn_document_select_all (document);
    g_assert_true (limn_document_get_modified (document));
    window = ui_test_window (document, width, 500);
    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, width);
    GtkWidget *squeezer = ui_test_find_type (GTK_WIDGET (window), ADW_TYPE_SQUEEZER);
    GtkWidget *label = squeezer ? adw_squeezer_get_visible_child (ADW_SQUEEZER (squeezer)) : NULL;
    g_assert_true (is_state (label));
    g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
    graphene_rect_t words = bounds_of (label, window);
    GtkWidget *tasks = ui_test_find_action (GTK_WIDGET (window), "win.task", "fill");
    g_assert_cmpfloat (words.origin.x + words.size.width, <=, bounds_of (tasks, window).origin.x);
    ui_test_close (window);
  }
}

static GtkWidget *
find_cut_label (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    return widget;
  for (GtkWidget *each = gtk_widget_get_first_child (widget); each && !found; each = gtk_widget_get_next_sibling (each))
    found = gtk_widget_get_mapped (each) ? find_cut_label (each) : NULL;
  return found;
}

/* Whatever the width and the size of letters, the header is there up to its last button, and the tasks are read whole. */
static void
test_large_letters (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (1280, 1024, FALSE);
  GtkSettings *settings = gtk_settings_get_default ();

  for (int dpi = 96; dpi <= 192; dpi += 48) {
    g_object_set (settings, "gtk-xft-dpi", dpi * 1024, NULL);
    for (int width = 720; width <= 1280; width += 140) {
      g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
      LimnWindow *window = ui_test_window (document, width, 500);
      GtkWidget *header = ui_test_find_type (GTK_WIDGET (window), ADW_TYPE_HEADER_BAR);
      GtkWidget *tasks = gtk_widget_get_parent (ui_test_find_action (GTK_WIDGET (window), "win.task", "fill"));
      graphene_rect_t bounds = bounds_of (header, window);

      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, width);
      g_assert_null (find_cut_label (tasks));
      ui_test_close (window);
    }
  }
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
}

static gboolean
has_layer (gpointer user)
{
  return g_list_model_get_n_items (limn_document_get_layers (user)) > 0;
}

#define GRAY "This picture is gray: Enter gives it color."

static gboolean
is_toast (gpointer user)
{
  return ui_test_find_type (user, ADW_TYPE_TOAST_OVERLAY) && ui_test_find_label (user, GRAY);
}

static gboolean
is_no_toast (gpointer user)
{
  return !is_toast (user);
}

/* What Enter does is said for the task that the picture opened in, and not any longer. */
static void
test_offer (void)
{
  g_autofree char *path = ui_test_save_picture ("Offered.png", 500, 400, TRUE);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  limn_window_open (window, file);
  ui_test_wait (is_toast, window);
  ui_test_key ("1");
  ui_test_wait (is_no_toast, window);
  ui_test_close (window);
}

static gboolean
is_folded_away (gpointer user)
{
  return !ui_test_find_label (user, "No Results Yet");
}

/* In a narrow window the results lie over the picture, until Esc. */
static void
test_results_sheet (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (600, 400, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = ui_test_window (document, 360, 640);

  limn_document_select_all (document);
  ui_test_key ("F9");
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (window), "results-360");
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (window), "No Results Yet"));
  ui_test_key ("Escape");
  ui_test_wait (is_folded_away, window);
  g_assert_true (limn_document_get_has_mask (document));
  ui_test_close (window);
}

static gboolean
is_newest (gpointer user)
{
  return ui_test_find_label (user, "Now 4 × 4 pixels") && !ui_test_find_label (user, "It was pressed often.");
}

/* A repeated message doesn't delay the next one, which is in one line where there is room. */
static void
test_messages (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (1600, 1400, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = ui_test_window (document, 1100, 640);

  for (int i = 0; i < 30; i++)
    limn_window_message (window, "It was pressed often.", FALSE);
  limn_window_message (window, "Now 4 × 4 pixels", TRUE);
  ui_test_wait (is_newest, window);
  ui_test_settle ();
  GtkWidget *words = ui_test_find_label (GTK_WIDGET (window), "Now 4 × 4 pixels");
  g_assert_cmpint (pango_layout_get_line_count (gtk_label_get_layout (GTK_LABEL (words))), ==, 1);
  ui_test_close (window);
}

/* Whether the message is above the variations, which come a little after the layer. It is said again where that took so long that
 * it is gone. */
static gboolean
is_above_variations (gpointer user)
{
  GtkWidget *words = ui_test_find_label (user, GRAY), *variations = ui_test_find_type (user, LIMN_TYPE_VARIATIONS);

  if (!gtk_widget_get_mapped (variations))
    return FALSE;
  if (!words) {
    limn_window_message (user, GRAY, FALSE);
    return FALSE;
  }
  const graphene_rect_t message = bounds_of (words, user);
  return message.origin.y + message.size.height < bounds_of (variations, user).origin.y + 12;
}

/* In a narrow window a message is read whole, above the pill of several rows and the variations. */
static void
test_message (void)
{
  g_autofree char *path = ui_test_save_picture ("message.png", 600, 400, TRUE);
  LimnWindow *window = open_window (path, 360, 640);

  ui_test_wait (is_toast, window);
  ui_test_settle ();
  GtkWidget *words = ui_test_find_label (GTK_WIDGET (window), GRAY);
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (words))));
  graphene_rect_t message = bounds_of (words, window),
                  pill = bounds_of (ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_ACTION_PILL), window);
  g_assert_cmpfloat (message.origin.y + message.size.height, <, pill.origin.y);
  ui_test_screenshot (GTK_WIDGET (window), "message-360");
  ui_test_key ("Return");
  ui_test_wait (has_layer, ui_test_get_document (window));
  ui_test_wait (is_above_variations, window);
  ui_test_close (window);
}

/* -- Commands -- */

static void
test_keys (void)
{
  g_autofree char *path = ui_test_save_picture ("keys.png", 1200, 900, FALSE);
  LimnWindow *window = open_window (path, 1000, 700);
  LimnSession *session = limn_window_get_session (window);
  LimnDocument *document = ui_test_get_document (window);
  gboolean flag;

  g_assert_cmpint (limn_session_get_task (session), ==, LIMN_TASK_FILL);
  ui_test_key ("2");
  g_assert_cmpint (limn_session_get_task (session), ==, LIMN_TASK_COLORIZE);
  ui_test_key ("1");
  ui_test_key ("l");
  g_assert_cmpint (limn_session_get_tool (session), ==, LIMN_TOOL_LASSO);
  ui_test_key ("b");
  g_assert_cmpint (limn_session_get_tool (session), ==, LIMN_TOOL_BRUSH);
  ui_test_key ("<Control>a");
  g_assert_true (limn_document_get_has_mask (document));
  ui_test_key ("<Control>z");
  g_assert_false (limn_document_get_has_mask (document));
  ui_test_key ("<Shift><Control>z");
  g_assert_true (limn_document_get_has_mask (document));
  ui_test_key ("<Shift><Control>a");
  g_assert_false (limn_document_get_has_mask (document));
  ui_test_key_down (GDK_KEY_c);
  g_object_get (session, "show-original", &flag, NULL);
  g_assert_true (flag);
  ui_test_key_up (GDK_KEY_c);
  g_object_get (session, "show-original", &flag, NULL);
  g_assert_false (flag);
  ui_test_key ("<Control>1");
  g_assert_cmpfloat (limn_canvas_get_zoom (limn_window_get_canvas (window)), ==, 1);
  ui_test_settle ();
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (window), "100%")); /* in the corner */
  ui_test_key ("<Control>minus");
  g_assert_cmpfloat (limn_canvas_get_zoom (limn_window_get_canvas (window)), <, 1);
  ui_test_click_middle (ui_test_find_action (GTK_WIDGET (window), "win.zoom-in", NULL));
  g_assert_cmpfloat (limn_canvas_get_zoom (limn_window_get_canvas (window)), ==, 1);
  g_action_group_activate_action (G_ACTION_GROUP (window), "zoom-to", g_variant_new_double (2));
  ui_test_settle ();
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (window), "200%"));
  ui_test_close (window);
}

/* -- Files -- */

static void
test_bad_file (void)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), "letter.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  g_assert_true (g_file_set_contents (path, "Dear all", -1, NULL));
  limn_window_open (window, file);
  ui_test_await_dialog (window);
  ui_test_screenshot (GTK_WIDGET (ui_test_find_dialog (window)), "open-error");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_null (limn_window_get_session (window));
  ui_test_close (window);
}

/* A photo of which nothing is left leaves no empty window beside the one that it was opened from. */
static void
test_cut_file (void)
{
  g_autofree char *path = ui_test_save_picture ("cut.jpg", 600, 500, FALSE), *bytes = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (LimnPicture) picture = ui_test_picture (300, 200, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = ui_test_window (document, 900, 600);
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) MIN (size, 64), NULL));
  limn_window_open (window, file);
  ui_test_await_dialog (window);
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (GTK_APPLICATION (ui_test_application ()))), ==, 1);
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_true (ui_test_get_document (window) == document);
  ui_test_close (window);
}

/* A document that is damaged opens in part: told, unsaved, and never written over. */
static void
test_damaged_document (void)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), "damaged.ora", NULL), *bytes = NULL;
  g_autoptr (LimnPicture) photo = limn_picture_new (600, 500, 8, NULL);
  g_autoptr (LimnSnapshot) snapshot = limn_snapshot_new (photo);
  LimnWindow *window;
  char *recipe = NULL;
  gsize length;

  g_assert_true (limn_ora_save (snapshot, path, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i < length && !recipe; i++)
    if (length - i > 16 && memcmp (bytes + i, "limn/recipe.json", 16) == 0)
      recipe = bytes + i;
  g_assert_nonnull (recipe);
  recipe[16 + 8] ^= 0x55; /* in the entry's data, right after its name */
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  window = open_window (path, 900, 600);
  ui_test_screenshot (GTK_WIDGET (ui_test_await_dialog (window)), "open-damaged");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_null (limn_document_get_path (ui_test_get_document (window)));
  g_assert_true (limn_document_get_modified (ui_test_get_document (window)));
  g_assert_cmpstr (limn_document_get_title (ui_test_get_document (window)), ==, "damaged.ora");
  ui_test_close (window);
}

/* Writes another program's document: a photo under this stack of "a.png". */
static char *
save_foreign (const char *name, const char *stack)
{
  g_autofree char *xml = g_strdup_printf ("<image w='600' h='500'><stack>%s<layer src='a.png'/></stack></image>", stack);
  char *path = g_build_filename (ui_test_folder (), name, NULL);
  g_autoptr (LimnPicture) photo = ui_test_picture (600, 500, FALSE);
  g_autoptr (GBytes) png = limn_picture_encode (photo, &(LimnSaveOptions){ .format = LIMN_FORMAT_PNG }, NULL), zipped = NULL;
  LimnZip zip = { 0 };

  g_assert_true (limn_zip_add (&zip, "mimetype", "image/openraster", strlen ("image/openraster"), NULL));
  g_assert_true (limn_zip_add (&zip, "stack.xml", xml, strlen (xml), NULL));
  g_assert_true (limn_zip_add (&zip, "a.png", g_bytes_get_data (png, NULL), g_bytes_get_size (png), NULL));
  zipped = limn_zip_finish (&zip, NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (zipped, NULL), (gssize) g_bytes_get_size (zipped), NULL));
  return path;
}

static gboolean
says_merged (gpointer window)
{
  return ui_test_find_label (window, "1 group of layers became one layer") != NULL;
}

/* What Limn shows otherwise than another program does is told. */
static void
test_foreign_document (void)
{
  g_autofree char *unknown = save_foreign ("unknown.ora", "<layer src='a.png' x='50' composite-op='krita:xyz'/>");
  g_autofree char *merged = save_foreign ("merged.ora",
                                          "<stack opacity='0.5'><layer src='a.png' x='9'/><layer src='a.png' x='99'/></stack>");
  LimnWindow *window = open_window (unknown, 900, 600);

  ui_test_screenshot (GTK_WIDGET (ui_test_await_dialog (window)), "open-unknown");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (ui_test_get_document (window))), ==, 1);
  ui_test_close (window);
  window = open_window (merged, 900, 600);
  ui_test_wait (says_merged, window);
  ui_test_screenshot (GTK_WIDGET (window), "open-merged");
  ui_test_close (window);
}

/* The first Save of a photo asks; Replace writes the photo's own format, later saves ask no more. */
static void
test_save_photo (void)
{
  g_autofree char *path = ui_test_save_picture ("photo.png", 600, 500, FALSE);
  LimnWindow *window = open_window (path, 900, 600);
  LimnDocument *document = ui_test_get_document (window);
  GtkWindow *dialog;

  limn_document_select_all (document);
  g_assert_true (limn_document_get_modified (document));
  ui_test_key ("<Control>s");
  dialog = ui_test_await_dialog (window);
  ui_test_screenshot (GTK_WIDGET (dialog), "save-replace");
  click_label (dialog, "Replace");
  ui_test_wait (is_unmodified, document);
  limn_document_select_none (document);
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>s");
  ui_test_wait (is_unmodified, document);
  g_assert_null (ui_test_find_dialog (window));
  ui_test_close (window);
}

static void
test_save_document (void)
{
  g_autofree char *photo = ui_test_save_picture ("base.png", 600, 500, FALSE);
  g_autofree char *path = g_build_filename (ui_test_folder (), "work.ora", NULL);
  LimnWindow *window = open_window (photo, 900, 600);
  LimnDocument *document = ui_test_get_document (window);
  g_autoptr (LimnSnapshot) snapshot = NULL, loaded = NULL;
  GError *error = NULL;

  limn_document_select_rectangle (document, 10, 10, 100, 50, LIMN_MASK_REPLACE);
  snapshot = limn_document_dup_snapshot (document);
  limn_ora_save (snapshot, path, NULL, &error);
  g_assert_no_error (error);
  limn_document_set_saved (document, snapshot, path);
  g_object_set (limn_window_get_session (window), "live", FALSE, NULL); /* or the selection would be filled first */
  limn_document_select_all (document);
  ui_test_key ("<Control>s");
  ui_test_wait (is_unmodified, document);
  g_assert_null (ui_test_find_dialog (window));
  loaded = limn_ora_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_raster_get_bounds (loaded->planes[LIMN_DOCUMENT_MASK]).width, ==, 600);
  g_object_set (limn_window_get_session (window), "live", TRUE, NULL);
  ui_test_close (window);
}

/* The keys of a selection, faster than it follows. */
static void
test_selection_keys (void)
{
  g_autofree char *photo = ui_test_save_picture ("keys.png", 600, 500, FALSE);
  LimnWindow *window = open_window (photo, 900, 600);
  LimnDocument *document = ui_test_get_document (window);
  LimnRaster *mask = limn_document_get_plane (document, LIMN_DOCUMENT_MASK);
  LimnRect one, three;

  limn_document_select_rectangle (document, 200, 200, 100, 50, LIMN_MASK_REPLACE);
  ui_test_key ("<Shift><Control>g");
  ui_test_finish (document);
  one = limn_raster_get_bounds (mask);
  g_assert_cmpint (one.width, >, 100);
  ui_test_key ("<Shift><Control>g");
  ui_test_key ("<Shift><Control>g");
  ui_test_key ("<Shift><Control>g");
  ui_test_key ("<Shift><Control>k");
  ui_test_finish (document);
  three = limn_raster_get_bounds (mask);
  g_assert_cmpint (three.width - one.width, >=, one.width - 100); /* two more in all, but for the edge's softness */
  ui_test_key ("<Control>i");
  ui_test_key ("<Shift><Control>a");
  ui_test_settle ();
  g_assert_false (limn_document_get_has_mask (document));
  g_assert_false (limn_document_is_working (document));
  ui_test_close (window);
}

/* A folder that can't be written to: the document stays unsaved, and says why. */
static void
test_save_fails (void)
{
  g_autofree char *photo = ui_test_save_picture ("lost.png", 600, 500, FALSE);
  g_autofree char *path = g_build_filename (ui_test_folder (), "gone", "lost.ora", NULL);
  LimnWindow *window;
  LimnDocument *document;
  g_autoptr (LimnSnapshot) snapshot = NULL;

  window = open_window (photo, 900, 600);
  document = ui_test_get_document (window);
  snapshot = limn_document_dup_snapshot (document);
  limn_document_set_saved (document, snapshot, path);
  limn_document_select_all (document);
  ui_test_key ("<Control>s");
  ui_test_screenshot (GTK_WIDGET (ui_test_await_dialog (window)), "save-error");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_true (limn_document_get_modified (document));
  ui_test_close (window);
}

static gboolean
knows_size (gpointer user)
{
  return ui_test_find_label (user, "…") == NULL;
}

static void
test_export (void)
{
  g_autofree char *path = ui_test_save_picture ("export.png", 1000, 800, FALSE);
  g_autofree char *target = g_build_filename (ui_test_folder (), "out.webp", NULL);
  LimnWindow *window = open_window (path, 900, 600);
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_autoptr (LimnPicture) written = NULL;
  GtkWindow *dialog;
  GError *error = NULL;

  g_settings_set_string (settings, "last-export-format", "webp");
  ui_test_key ("<Shift><Control>e");
  dialog = ui_test_await_dialog (window);
  ui_test_wait (knows_size, dialog);
  ui_test_screenshot (GTK_WIDGET (dialog), "export");
  limn_export_write (LIMN_EXPORT (dialog), target);
  ui_test_wait (ui_test_has_no_dialog, window);
  written = limn_picture_load (target, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_picture_get_width (written), ==, 1000);
  g_assert_false (limn_document_get_modified (ui_test_get_document (window)));
  ui_test_close (window);
}

static GtkSpinButton *
spin_of (GtkWindow *dialog, const char *title)
{
  GtkWidget *label = ui_test_find_label (GTK_WIDGET (dialog), title), *row;

  g_assert_nonnull (label);
  row = ADW_IS_ACTION_ROW (label) ? label : gtk_widget_get_ancestor (label, ADW_TYPE_ACTION_ROW);
  return GTK_SPIN_BUTTON (ui_test_find_type (row, GTK_TYPE_SPIN_BUTTON));
}

/* Fewer pixels, by either number; the document stays what it is. */
static void
test_export_smaller (void)
{
  g_autofree char *path = ui_test_save_picture ("large.png", 1000, 800, FALSE);
  g_autofree char *target = g_build_filename (ui_test_folder (), "smaller.png", NULL);
  LimnWindow *window = open_window (path, 900, 600);
  g_autoptr (LimnPicture) written = NULL;
  GtkWindow *dialog;
  GError *error = NULL;

  ui_test_key ("<Shift><Control>e");
  dialog = ui_test_await_dialog (window);
  gtk_spin_button_set_value (spin_of (dialog, "Scale"), 50);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (spin_of (dialog, "Longest Side")), ==, 500);
  gtk_spin_button_set_value (spin_of (dialog, "Longest Side"), 250);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (spin_of (dialog, "Scale")), ==, 25);
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (dialog), "\u2066250 × 200\u2069"));
  ui_test_wait (knows_size, dialog);
  ui_test_screenshot (GTK_WIDGET (dialog), "export-smaller");
  limn_export_write (LIMN_EXPORT (dialog), target);
  ui_test_wait (ui_test_has_no_dialog, window);
  written = limn_picture_load (target, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_picture_get_width (written), ==, 250);
  g_assert_cmpint (limn_picture_get_height (written), ==, 200);
  g_assert_cmpint (limn_document_get_width (ui_test_get_document (window)), ==, 1000);
  ui_test_close (window);
}

/* A document that is larger than a format allows: the dialog says so until it is made smaller, and doesn't write. */
static void
test_export_too_large (void)
{
  g_autofree char *path = ui_test_save_picture ("wide.png", 16400, 8, FALSE);
  LimnWindow *window = open_window (path, 900, 600);
  GtkWindow *dialog;
  GtkWidget *button;

  g_settings_set_string (limn_application_get_settings (ui_test_application ()), "last-export-format", "webp");
  ui_test_key ("<Shift><Control>e");
  dialog = ui_test_await_dialog (window);
  button = gtk_widget_get_ancestor (ui_test_find_label (GTK_WIDGET (dialog), "Export…"), GTK_TYPE_BUTTON);
  ui_test_screenshot (GTK_WIDGET (dialog), "export-too-large");
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (dialog), "too large for this format"));
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_spin_button_set_value (spin_of (dialog, "Longest Side"), 16383);
  g_assert_null (ui_test_find_label (GTK_WIDGET (dialog), "too large for this format"));
  g_assert_true (gtk_widget_get_sensitive (button));
  gtk_window_close (dialog);
  ui_test_wait (ui_test_has_no_dialog, window);
  ui_test_close (window);
}

static char *
export_as (LimnWindow *window, const char *format, const char *name)
{
  char *target = g_build_filename (ui_test_folder (), name, NULL);

  g_settings_set_string (limn_application_get_settings (ui_test_application ()), "last-export-format", format);
  ui_test_key ("<Shift><Control>e");
  limn_export_write (LIMN_EXPORT (ui_test_await_dialog (window)), target);
  return target;
}

static void
assert_starts (const char *path, const char *bytes, gsize n)
{
  g_autofree char *contents = NULL;
  gsize length;
  GError *error = NULL;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (contents, MIN (length, n), bytes, n);
}

/* The ending of the name says what is in the file. */
static void
test_export_ending (void)
{
  g_autofree char *path = ui_test_save_picture ("ending.png", 200, 100, FALSE), *png = NULL, *jpeg = NULL, *bare = NULL, *named = NULL;
  LimnWindow *window = open_window (path, 900, 600);
  GtkWindow *dialog;

  png = export_as (window, "jpeg", "other.png");
  ui_test_wait (ui_test_has_no_dialog, window);
  assert_starts (png, "\x89PNG", 4);
  ui_test_focus (GTK_WINDOW (window));
  jpeg = export_as (window, "png", "other.JPEG");
  ui_test_wait (ui_test_has_no_dialog, window);
  assert_starts (jpeg, "\xff\xd8\xff", 3);
  ui_test_focus (GTK_WINDOW (window));
  bare = export_as (window, "jpeg", "other.v2");
  named = g_strconcat (bare, ".jpg", NULL);
  ui_test_wait (ui_test_has_no_dialog, window);
  assert_starts (named, "\xff\xd8\xff", 3);
  g_assert_false (g_file_test (bare, G_FILE_TEST_EXISTS));

  /* a name that the dialog didn't ask about isn't replaced */
  g_assert_true (g_file_set_contents (named, "mine", 4, NULL));
  ui_test_focus (GTK_WINDOW (window));
  g_free (export_as (window, "jpeg", "other.v2"));
  dialog = ui_test_await_dialog (window);
  ui_test_settle ();
  assert_starts (named, "mine", 4);
  gtk_window_destroy (dialog);
  ui_test_wait (ui_test_has_no_dialog, window);
  ui_test_close (window);
}

/* -- Other windows -- */

static void
test_dialogs (void)
{
  static const struct {
    const char *action, *name;
  } dialogs[] = { { "new-sketch", "new-sketch" }, { "preferences", "preferences" }, { "shortcuts", "shortcuts" }, { "about", "about" } };
  LimnWindow *window = ui_test_window (NULL, 1000, 700);

  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++) {
    GtkWindow *dialog;

    g_action_group_activate_action (G_ACTION_GROUP (ui_test_application ()), dialogs[i].action, NULL);
    dialog = ui_test_await_dialog (window);
    ui_test_screenshot (GTK_WIDGET (dialog), dialogs[i].name);
    gtk_window_close (dialog);
    ui_test_wait (ui_test_has_no_dialog, window);
    ui_test_focus (GTK_WINDOW (window));
  }
  ui_test_close (window);
}

static gboolean
has_document (gpointer window)
{
  return limn_window_get_session (window) != NULL;
}

/* Enter on a shape is enough. */
static void
test_new_sketch (void)
{
  LimnWindow *window = ui_test_window (NULL, 1000, 700);

  g_action_group_activate_action (G_ACTION_GROUP (ui_test_application ()), "new-sketch", NULL);
  GtkWindow *dialog = ui_test_await_dialog (window);
  GtkWidget *landscape = gtk_widget_get_next_sibling (ui_test_find_type (GTK_WIDGET (dialog), GTK_TYPE_TOGGLE_BUTTON));
  g_assert_true (gtk_widget_grab_focus (landscape));
  ui_test_key ("Return");
  ui_test_wait (has_document, window);
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_cmpint (limn_document_get_width (limn_session_get_document (limn_window_get_session (window))), ==, 768);
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/window/start", test_start);
  g_test_add_func ("/window/edited", test_edited);
  g_test_add_func ("/window/large-letters", test_large_letters);
  g_test_add_func ("/window/offer", test_offer);
  g_test_add_func ("/window/results-sheet", test_results_sheet);
  g_test_add_func ("/window/messages", test_messages);
  g_test_add_func ("/window/message", test_message);
  g_test_add_func ("/window/layouts", test_layouts);
  g_test_add_func ("/window/keys", test_keys);
  g_test_add_func ("/window/bad-file", test_bad_file);
  g_test_add_func ("/window/cut-file", test_cut_file);
  g_test_add_func ("/window/damaged-document", test_damaged_document);
  g_test_add_func ("/window/foreign-document", test_foreign_document);
  g_test_add_func ("/window/save-photo", test_save_photo);
  g_test_add_func ("/window/save-document", test_save_document);
  g_test_add_func ("/window/selection-keys", test_selection_keys);
  g_test_add_func ("/window/save-fails", test_save_fails);
  g_test_add_func ("/window/export", test_export);
  g_test_add_func ("/window/export-smaller", test_export_smaller);
  g_test_add_func ("/window/export-too-large", test_export_too_large);
  g_test_add_func ("/window/export-ending", test_export_ending);
  g_test_add_func ("/window/dialogs", test_dialogs);
  g_test_add_func ("/window/new-sketch", test_new_sketch);
  return ui_test_run ();
}
