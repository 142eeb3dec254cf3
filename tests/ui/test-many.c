/* Many pictures: chosen, started, paused, stopped, gone on with, watched; what it looks like. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app/batch/limn-batch-item.h"
#include "ui-test-drag.h"
#include "ui/many/limn-many-row.h"
#include "ui/many/limn-many-settings.h"
#include "ui/many/limn-many.h"

/* GTK's own dialogs for files leak in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

/* -- What is shown -- */

static LimnMany *
find_many (void)
{
  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (ui_test_application ())); each; each = each->next)
    if (LIMN_IS_MANY (each->data))
      return each->data;
  return NULL;
}

static gboolean
has_many (gpointer user)
{
  return ui_test_wait_a_little () && find_many () != NULL;
}

static gboolean
has_no_many (gpointer user)
{
  return find_many () == NULL;
}

static LimnMany *
await_many (void)
{
  ui_test_wait (has_many, NULL);
  ui_test_focus (GTK_WINDOW (find_many ()));
  return find_many ();
}

static LimnMany *
open_many (const char *path)
{
  LimnMany *many = limn_many_new (GTK_APPLICATION (ui_test_application ()), limn_application_get_settings (ui_test_application ()));
  g_autoptr (GFile) file = path ? g_file_new_for_path (path) : NULL;

  gtk_window_present (GTK_WINDOW (many));
  ui_test_focus (GTK_WINDOW (many));
  if (file)
    limn_many_add (many, file);
  return many;
}

/* A window's list; what failed comes first. */
static GListModel *
list_of (LimnMany *many)
{
  GtkWidget *list = ui_test_find_type (GTK_WIDGET (many), GTK_TYPE_LIST_VIEW);

  return list ? G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))) : NULL;
}

static guint
count (LimnMany *many, LimnBatchState state)
{
  GListModel *list = list_of (many);
  guint n = 0;

  for (guint i = 0; list && i < g_list_model_get_n_items (list); i++) {
    g_autoptr (LimnBatchItem) item = g_list_model_get_item (list, i);

    n += limn_batch_item_get_state (item) == state;
  }
  return n;
}

typedef struct {
  LimnMany *many;
  guint n;
  const char *text;
} Wanted;

static gboolean
has_items (gpointer user)
{
  const Wanted *wanted = user;
  GListModel *list = list_of (wanted->many);

  return list && g_list_model_get_n_items (list) == wanted->n;
}

static void
await_items (LimnMany *many, guint n)
{
  ui_test_wait (has_items, &(Wanted){ many, n, NULL });
  ui_test_settle ();
}

static gboolean
has_done (gpointer user)
{
  const Wanted *wanted = user;

  return count (wanted->many, LIMN_BATCH_DONE) >= wanted->n;
}

static gboolean
has_text (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && gtk_widget_get_mapped (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    if (has_text (child, text))
      return TRUE;
  return FALSE;
}

static gboolean
is_told (gpointer user)
{
  const Wanted *wanted = user;

  return has_text (GTK_WIDGET (wanted->many), wanted->text);
}

static void
await_text (LimnMany *many, const char *text)
{
  ui_test_wait (is_told, &(Wanted){ many, 0, text });
  ui_test_settle ();
}

static gboolean
can_be_clicked (gpointer user)
{
  const Wanted *wanted = user;
  GtkWidget *found = ui_test_find_label (GTK_WIDGET (wanted->many), wanted->text);

  return found && gtk_widget_is_sensitive (found);
}

static void
click (LimnMany *many, const char *label)
{
  ui_test_wait (can_be_clicked, &(Wanted){ many, 0, label });
  ui_test_settle ();
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (many), label));
}

static GtkButton *
find_go (LimnMany *many)
{
  return GTK_BUTTON (ui_test_find_action (GTK_WIDGET (many), "win.go", NULL));
}

static gboolean
can_go (gpointer user)
{
  const Wanted *wanted = user;
  GtkButton *button = find_go (wanted->many);
  const char *label = button ? gtk_button_get_label (button) : "";

  return g_str_equal (label + (*label == '_'), wanted->text) && gtk_widget_is_sensitive (GTK_WIDGET (button));
}

/* The button that starts, pauses and goes on, once it says so. */
static void
go (LimnMany *many, const char *label)
{
  ui_test_wait (can_go, &(Wanted){ many, 0, label });
  ui_test_settle ();
  ui_test_click_middle (GTK_WIDGET (find_go (many)));
}

static void
shoot (LimnMany *many, const char *name)
{
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (many), name);
}

static void
close_many (LimnMany *many)
{
  gtk_window_destroy (GTK_WINDOW (many));
  ui_test_wait (has_no_many, NULL);
}

/* -- Pictures -- */

/* A folder of n gray pictures p00.png ... */
static char *
make_folder (const char *name, guint n, gsize width, gsize height)
{
  char *folder = g_build_filename (ui_test_folder (), name, NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < n; i++) {
    g_autofree char *file = g_strdup_printf ("%s/p%02u.png", name, i);
    g_free (ui_test_save_picture (file, width + i, height, TRUE));
  }
  return folder;
}

static guint
count_lines (const char *folder, const char *word)
{
  g_autofree char *path = g_build_filename (folder, ".limn-batch", "log-1.jsonl", NULL), *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *found = strstr (text, word); found; found = strstr (found + 1, word))
    n++;
  return n;
}

/* -- The tests -- */

static gboolean
has_no_chooser (gpointer user)
{
  return !ui_test_find_chooser ();
}

static void
type_into_chooser (const char *path)
{
  ui_test_await_chooser ();
  ui_test_key ("<Control>l");
  ui_test_key ("<Control>a");
  ui_test_type (path);
  ui_test_key ("Return");
  ui_test_wait (has_no_chooser, NULL);
}

/* From the start page; a picture by its key, then a folder by the menu. */
static void
test_choose (void)
{
  g_autofree char *picture = ui_test_save_picture ("Single.png", 120, 90, TRUE), *folder = make_folder ("Chosen", 3, 120, 90);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  LimnMany *many;

  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (window), "Many Pictures…"));
  many = await_many ();
  shoot (many, "many-empty");
  ui_test_key ("<Control>o");
  type_into_chooser (picture);
  ui_test_focus (GTK_WINDOW (many));
  await_items (many, 1);
  await_text (many, "1 picture");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (many), "Add Pictures"));
  ui_test_answer ("Add a Folder…");
  type_into_chooser (folder);
  ui_test_focus (GTK_WINDOW (many));
  await_items (many, 4);
  await_text (many, "4 pictures");
  shoot (many, "many-chosen");
  close_many (many);
  ui_test_close (window);
}

/* One of five is no picture: told at the top, the others are done; tried again and mended, it is done too. */
static void
test_work (void)
{
  g_autofree char *folder = make_folder ("Album", 4, 400, 300), *broken = g_build_filename (folder, "q-broken.png", NULL);
  g_autofree char *results = g_build_filename (folder, "Colorize", NULL), *result = g_build_filename (results, "p02.png", NULL);
  g_autofree char *good = NULL;
  g_autoptr (LimnBatchItem) first = NULL;
  LimnMany *many;

  g_assert_true (g_file_set_contents (broken, "\x89PNG\r\n\x1a\n, and no more", -1, NULL));
  many = open_many (folder);
  await_items (many, 5);
  shoot (many, "many-ready");
  go (many, "Colorize");
  await_text (many, "4 pictures are done · 1 failed");
  first = g_list_model_get_item (list_of (many), 0);
  g_assert_cmpstr (limn_batch_item_get_path (first), ==, broken);
  g_assert_nonnull (limn_batch_item_get_error (first));
  g_assert_true (has_text (GTK_WIDGET (many), limn_batch_item_get_error (first)->message));
  g_assert_true (g_file_test (result, G_FILE_TEST_EXISTS));
  ui_test_wait_a_little ();
  shoot (many, "many-failed");
  good = ui_test_save_picture ("Album/q-broken.png", 300, 200, TRUE);
  go (many, "Try Again");
  await_text (many, "5 pictures are done");
  g_assert_cmpuint (count_lines (results, "\"recipe\""), ==, 5); /* none was done twice */
  g_assert_null (find_go (many));
  shoot (many, "many-done");
  close_many (many);

  many = open_many (folder); /* as the command line's would, the same work knows what is done */
  await_items (many, 5);
  go (many, "Colorize");
  await_text (many, "5 pictures are done");
  g_assert_cmpuint (count (many, LIMN_BATCH_SKIPPED), ==, 5);
  close_many (many);
}

static gboolean
rests (gpointer user)
{
  return count (user, LIMN_BATCH_RUNNING) == 0;
}

static void
test_pause_cancel_resume (void)
{
  enum { N = 24 };
  g_autofree char *folder = make_folder ("Roll", N, 500, 400), *results = g_build_filename (folder, "Colorize", NULL);
  LimnMany *many = open_many (folder);
  guint done;

  await_items (many, N);
  go (many, "Colorize");
  ui_test_wait (has_done, &(Wanted){ many, 1, NULL });
  shoot (many, "many-working");
  go (many, "Pause");
  ui_test_wait (rests, many);
  done = count (many, LIMN_BATCH_DONE);
  await_text (many, "Paused after");
  shoot (many, "many-paused");
  g_usleep (300000);
  ui_test_settle ();
  g_assert_cmpuint (count (many, LIMN_BATCH_DONE), ==, done);
  go (many, "Resume");
  ui_test_wait (has_done, &(Wanted){ many, done + 1, NULL });
  ui_test_key ("Escape");
  await_text (many, "Stopped after");
  done = count (many, LIMN_BATCH_DONE);
  g_assert_cmpuint (count (many, LIMN_BATCH_RUNNING), ==, 0);
  g_assert_cmpuint (count (many, LIMN_BATCH_WAITING), ==, N - done);
  g_assert_cmpuint (done, <, N);
  shoot (many, "many-stopped");
  go (many, "Resume");
  await_text (many, "24 pictures are done");
  g_assert_cmpuint (count (many, LIMN_BATCH_DONE), ==, N);
  g_assert_cmpuint (count_lines (results, "\"recipe\""), ==, N);
  close_many (many);
}

/* A mask beside each photo is no photo; a pattern that names all alike is told at once, and nothing can be started. */
static void
test_options (void)
{
  g_autofree char *folder = make_folder ("Masked", 1, 200, 160);
  g_free (ui_test_save_picture ("Masked/p00.mask.png", 200, 160, TRUE));
  LimnMany *many = open_many (folder);
  GtkWidget *edit;

  await_items (many, 2);
  edit = ui_test_find_type (GTK_WIDGET (many), ADW_TYPE_COMBO_ROW);
  gtk_widget_grab_focus (edit);
  ui_test_key ("space");
  ui_test_key ("Up"); /* from Colorize to Fill */
  ui_test_key ("Return");
  await_items (many, 1);
  g_assert_cmpstr (gtk_button_get_label (find_go (many)), ==, "Fill");
  shoot (many, "many-fill");
  gtk_widget_grab_focus (ui_test_find_type (GTK_WIDGET (many), ADW_TYPE_ENTRY_ROW));
  ui_test_key ("<Control>a");
  ui_test_type ("same");
  await_text (many, "{name} must be in it");
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (find_go (many))));
  shoot (many, "many-problem");
  close_many (many);
}

/* A saved recipe, and a folder of one's own for the results. */
static void
test_recipe (void)
{
  g_autofree char *folder = make_folder ("Replayed", 2, 200, 160), *recipe = g_build_filename (ui_test_folder (), "pale.json", NULL);
  g_autofree char *results = g_build_filename (ui_test_folder (), "Own", NULL);
  g_autofree char *result = g_build_filename (results, "p01.png", NULL);
  LimnManySettings *settings;
  LimnMany *many;

  g_assert_true (g_file_set_contents (recipe, "{\"task\": \"colorize\", \"saturation\": 0.4}", -1, NULL));
  g_assert_cmpint (g_mkdir (results, 0700), ==, 0);
  many = open_many (folder);
  await_items (many, 2);
  settings = LIMN_MANY_SETTINGS (ui_test_find_type (GTK_WIDGET (many), LIMN_TYPE_MANY_SETTINGS));
  gtk_widget_grab_focus (ui_test_find_type (GTK_WIDGET (many), ADW_TYPE_COMBO_ROW));
  ui_test_key ("space");
  for (guint i = 0; i < 6; i++) /* the last */
    ui_test_key ("Down");
  ui_test_key ("Return");
  await_text (many, "Choose a recipe");
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (find_go (many))));
  limn_many_settings_set_recipe (settings, recipe);
  await_text (many, "2 pictures");
  limn_many_settings_choose (settings, results);
  await_text (many, results);
  shoot (many, "many-recipe");
  go (many, "Start");
  await_text (many, "2 pictures are done");
  g_assert_true (g_file_test (result, G_FILE_TEST_EXISTS));
  close_many (many);
}

static void
test_watch (void)
{
  g_autofree char *folder = make_folder ("Inbox", 1, 200, 160), *outside = ui_test_save_picture ("later.png", 220, 150, TRUE);
  g_autofree char *inside = g_build_filename (folder, "later.png", NULL);
  LimnMany *many = open_many (folder);

  await_items (many, 1);
  click (many, "Watch");
  go (many, "Colorize");
  await_text (many, "Waiting for new pictures");
  g_assert_cmpint (g_rename (outside, inside), ==, 0);
  ui_test_wait (has_done, &(Wanted){ many, 2, NULL });
  await_text (many, "Waiting for new pictures");
  shoot (many, "many-watching");
  click (many, "Watch"); /* no more */
  await_text (many, "2 pictures are done");
  close_many (many);
}

/* Closing asks while it works; what was asked for then is kept. */
static void
test_close (void)
{
  g_autofree char *folder = make_folder ("Closed", 24, 500, 400);
  LimnMany *many = open_many (folder);

  await_items (many, 24);
  go (many, "Colorize");
  ui_test_wait (has_done, &(Wanted){ many, 1, NULL });
  ui_test_key ("<Control>w");
  ui_test_answer ("Keep Working");
  ui_test_focus (GTK_WINDOW (many));
  g_assert_true (find_many () == many);
  ui_test_key ("<Control>w");
  ui_test_answer ("Stop and Close");
  ui_test_wait (has_no_many, NULL);
}

/* A folder that is dropped on a window with the start page. */
static void
test_drop (void)
{
  g_autofree char *folder = make_folder ("Dropped", 2, 120, 90);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  ui_test_drop (window, folder, has_many, NULL);
  await_items (await_many (), 2);
  g_assert_null (limn_window_get_session (window));
  close_many (find_many ());
  ui_test_close (window);
}

static guint
count_rows (GtkWidget *root)
{
  guint n = LIMN_IS_MANY_ROW (root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    n += count_rows (child);
  return n;
}

/* Of thousands only those near what is seen have widgets. */
static void
test_thousands (void)
{
  enum { N = 5000 };
  g_autofree char *folder = make_folder ("Thousands", 1, 120, 90), *first = g_build_filename (folder, "p00.png", NULL);
  LimnMany *many;

  for (guint i = 1; i < N; i++) {
    g_autofree char *path = g_strdup_printf ("%s/p%04u.png", folder, i);

    g_assert_cmpint (link (first, path), ==, 0);
  }
  many = open_many (folder);
  await_items (many, N);
  g_assert_cmpuint (count_rows (GTK_WIDGET (many)), <, 400);
  gtk_widget_grab_focus (ui_test_find_type (GTK_WIDGET (many), LIMN_TYPE_MANY_ROW));
  gtk_widget_grab_focus (ui_test_find_type (GTK_WIDGET (many), GTK_TYPE_LIST_VIEW));
  ui_test_key ("End");
  await_text (many, "p4999.png");
  g_assert_cmpuint (count_rows (GTK_WIDGET (many)), <, 400);
  close_many (many);
}

/* -- What it looks like -- */

static void
look (const char *name, gboolean narrow)
{
  g_autofree char *shot = g_strconcat ("many-", name, NULL), *folder = make_folder (name, 9, 300, 200);
  LimnMany *many = limn_many_new (GTK_APPLICATION (ui_test_application ()), limn_application_get_settings (ui_test_application ()));
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autofree char *broken = g_build_filename (folder, "a.png", NULL);

  g_assert_true (g_file_set_contents (broken, "\x89PNG\r\n\x1a\n, and no more", -1, NULL));
  if (narrow)
    gtk_window_set_default_size (GTK_WINDOW (many), 360, 640);
  gtk_window_present (GTK_WINDOW (many));
  ui_test_focus (GTK_WINDOW (many));
  limn_many_add (many, file);
  await_items (many, 10);
  if (narrow)
    click (many, "Edit and Results");
  if (narrow) {
    g_autofree char *settings = g_strconcat (shot, "-settings", NULL);

    shoot (many, settings);
    click (many, "Edit and Results");
  }
  go (many, "Colorize");
  ui_test_wait (has_done, &(Wanted){ many, 3, NULL });
  shoot (many, shot);
  if (narrow)
    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (many)), <=, 360);
  await_text (many, "9 pictures are done");
  close_many (many);
}

static void
test_narrow (void)
{
  look ("narrow", TRUE);
}

static void
test_dark (void)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  look ("dark", FALSE);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

static void
test_right_to_left (void)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  look ("rtl", FALSE);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc, char **argv)
{
  ui_test_init_drops (&argc, &argv);
  g_test_add_func ("/many/choose", test_choose);
  g_test_add_func ("/many/work", test_work);
  g_test_add_func ("/many/pause-cancel-resume", test_pause_cancel_resume);
  g_test_add_func ("/many/options", test_options);
  g_test_add_func ("/many/recipe", test_recipe);
  g_test_add_func ("/many/watch", test_watch);
  g_test_add_func ("/many/close", test_close);
  g_test_add_func ("/many/drop", test_drop);
  g_test_add_func ("/many/thousands", test_thousands);
  g_test_add_func ("/many/narrow", test_narrow);
  g_test_add_func ("/many/dark", test_dark);
  g_test_add_func ("/many/right-to-left", test_right_to_left);
  return ui_test_run ();
}
