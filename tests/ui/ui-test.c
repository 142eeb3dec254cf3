/* Tests of the window: application, windows, waiting, finding, screenshots. SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <string.h>

#include "ui-test.h"

#include <glib/gstdio.h>

#include "app/picture/limn-picture-file.h"
#include "ui-test-input.h"

#define TIMEOUT_SECONDS 60
#define PENDING_SECONDS 5

static LimnApplication *application;
static char *folder;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_remove (child);
  }
  g_rmdir (path);
}

/* In place of GLib's function, which it calls: a task's own thread may be the last to let go of it, and so of its source, and an object of
 * the window must not end on another thread. */
void
g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  static void (*run) (GTask * task, GTaskThreadFunc func);
  GObject *source = g_task_get_source_object (task);

  if (!run)
    *(void **) &run = dlsym (RTLD_NEXT, "g_task_run_in_thread");
  if (source && (GTK_IS_WIDGET (source) || GDK_IS_CONTENT_PROVIDER (source) || LIMN_IS_SESSION (source) || LIMN_IS_DOCUMENT (source)))
    g_error ("A task that runs on another thread has a %s as its source.", G_OBJECT_TYPE_NAME (source));
  run (task, func);
}

/* Warnings are fatal, but for the one that GTK 4.18 has of libadwaita's own message dialogs and toasts. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && g_str_has_prefix (fields[i].value, "Trying to measure GtkLabel"))
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user);
}

static void
prepare (int *argc, char ***argv)
{
  static const char *const variables[] = { "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME" };
  GError *error = NULL;

  g_test_init (argc, argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  folder = g_dir_make_tmp ("limn-ui-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++) {
    g_autofree char *path = g_build_filename (folder, variables[i], NULL);

    g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
    g_setenv (variables[i], path, TRUE);
  }
}

void
ui_test_init (int *argc, char ***argv)
{
  GError *error = NULL;

  prepare (argc, argv);
  application = limn_application_new ();
  /* As a service it makes no window by itself. */
  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_IS_SERVICE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  ui_test_input_open ();
}

void
ui_test_init_outside (int *argc, char ***argv)
{
  prepare (argc, argv);
  gtk_init ();
  ui_test_input_open ();
}

GSubprocess *
ui_test_start_program (const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  GError *error = NULL;
  GSubprocess *process;

  g_strv_builder_add_many (builder, g_getenv ("LIMN_PROGRAM"), NULL);
  g_strv_builder_addv (builder, (const char **) arguments);
  words = g_strv_builder_end (builder);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_unsetenv (launcher, "GTK_A11Y");
  g_subprocess_launcher_unsetenv (launcher, "NO_AT_BRIDGE");
  /* Signals end it, so nothing would look for leaks, and keeping track of them is slow. */
  g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  return process;
}

static gboolean
has_window (gpointer user)
{
  /* Another process wakes nothing here. */
  g_usleep (20000);
  g_main_context_wakeup (NULL);
  return ui_test_focus_process (GPOINTER_TO_INT (user));
}

void
ui_test_wait_for_program (GSubprocess *process)
{
  const char *identifier = g_subprocess_get_identifier (process);

  g_assert_nonnull (identifier); /* it runs */
  ui_test_wait (has_window, GINT_TO_POINTER ((int) g_ascii_strtoll (identifier, NULL, 10)));
}

static gboolean
quit (gpointer user)
{
  g_application_quit (G_APPLICATION (application));
  return G_SOURCE_REMOVE;
}

int
ui_test_run (void)
{
  int status = g_test_run ();

  ui_test_input_close ();
  if (application) {
    g_idle_add (quit, NULL);
    g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
    g_clear_object (&application);
  }
  remove_folder (folder);
  g_clear_pointer (&folder, g_free);
  return status;
}

LimnApplication *
ui_test_application (void)
{
  return application;
}

const char *
ui_test_folder (void)
{
  return folder;
}

LimnPicture *
ui_test_picture (gsize width, gsize height, gboolean gray)
{
  GError *error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, 8, &error);

  g_assert_no_error (error);
  for (gsize y = 0; y < height; y++) {
    guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);

    for (gsize x = 0; x < width; x++) {
      const guint8 texture = (guint8) ((x * 7 + y * 13 + (x * y) % 11) % 16);

      row[4 * x] = (guint8) (40 + x * 180 / width) + texture;
      row[4 * x + 1] = gray ? row[4 * x] : (guint8) (60 + y * 160 / height) + texture;
      row[4 * x + 2] = gray ? row[4 * x] : (guint8) (120 + texture);
      row[4 * x + 3] = 255;
    }
  }
  limn_picture_set_has_alpha (picture, FALSE);
  return picture;
}

char *
ui_test_save_picture (const char *name, gsize width, gsize height, gboolean gray)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (width, height, gray);
  char *path = g_build_filename (folder, name, NULL);
  LimnSaveOptions options;
  LimnFormat format;
  GError *error = NULL;

  limn_format_from_path (path, &format, &error);
  g_assert_no_error (error);
  limn_save_options_init (&options, picture, format);
  limn_picture_save (picture, path, &options, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static gboolean
timed_out (gpointer user)
{
  gboolean *late = user;

  *late = TRUE;
  return G_SOURCE_REMOVE;
}

void
ui_test_wait (UiTestPredicate predicate, gpointer user)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (TIMEOUT_SECONDS, timed_out, &late);

  while (!predicate (user) && !late)
    g_main_context_iteration (NULL, TRUE);
  if (late)
    g_error ("%s: what the test waits for didn’t happen within %d seconds.", g_test_get_path (), TIMEOUT_SECONDS);
  g_source_remove (timer);
}

static gboolean
is_finished (gpointer document)
{
  return !limn_document_is_working (document);
}

void
ui_test_finish (LimnDocument *document)
{
  ui_test_wait (is_finished, document);
}

typedef struct {
  GtkWindow *window; /* NULL once it is gone: what came may have closed it */
  GdkFrameClock *clock;
  guint n;
} Frames;

static void
count_frame (GdkFrameClock *clock, Frames *frames)
{
  frames->n++;
}

static gboolean
two_frames (gpointer user)
{
  Frames *frames = user;

  if (!frames->window || !gtk_widget_get_mapped (GTK_WIDGET (frames->window)) || frames->n >= 2)
    return TRUE;
  gdk_frame_clock_request_phase (frames->clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  return FALSE;
}

/* A frame that was asked for after everything came: the one that runs now may have begun before. */
static void
wait_frames (GtkWindow *window)
{
  Frames frames = { window, gtk_widget_get_frame_clock (GTK_WIDGET (window)), 0 };
  gulong handler;

  if (!frames.clock)
    return;
  g_object_ref (frames.clock);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &frames.window);
  handler = g_signal_connect (frames.clock, "after-paint", G_CALLBACK (count_frame), &frames);
  ui_test_wait (two_frames, &frames);
  if (g_signal_handler_is_connected (frames.clock, handler)) /* the window may have gone, and its clock with it */
    g_signal_handler_disconnect (frames.clock, handler);
  g_clear_weak_pointer (&frames.window);
  g_object_unref (frames.clock);
}

/* What is waiting, but not without end: something may move on its own, and its next frame be due as soon as one is drawn. */
static void
run_pending (void)
{
  const gint64 end = g_get_monotonic_time () + PENDING_SECONDS * G_USEC_PER_SEC;

  while (g_main_context_pending (NULL) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

void
ui_test_settle (void)
{
  GtkWindow *window;

  ui_test_input_sync ();
  run_pending ();
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  if (window)
    wait_frames (window);
  run_pending ();
}

static gboolean
is_mapped (gpointer user)
{
  return gtk_widget_get_mapped (user);
}

static gboolean
is_active (gpointer user)
{
  return gtk_window_is_active (user);
}

void
ui_test_focus (GtkWindow *window)
{
  ui_test_wait (is_mapped, window);
  wait_frames (window);
  ui_test_input_focus (window);
  ui_test_wait (is_active, window);
  ui_test_settle ();
}

LimnWindow *
ui_test_window (LimnDocument *document, int width, int height)
{
  LimnWindow *window = limn_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  if (document)
    limn_window_set_document (window, document);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_focus (GTK_WINDOW (window));
  return window;
}

LimnWindow *
ui_test_open (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  limn_window_open (window, file);
  ui_test_wait (ui_test_has_session, window);
  ui_test_settle ();
  return window;
}

void
ui_test_close (LimnWindow *window)
{
  limn_window_set_document (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_settle ();
}

gboolean
ui_test_has_session (gpointer window)
{
  return limn_window_get_session (window) != NULL;
}

LimnDocument *
ui_test_get_document (LimnWindow *window)
{
  return limn_session_get_document (limn_window_get_session (window));
}

GtkWindow *
ui_test_find_dialog (LimnWindow *window)
{
  g_autoptr (GList) all = gtk_window_list_toplevels ();

  for (GList *each = all; each; each = each->next) {
    if (gtk_window_get_transient_for (each->data) == GTK_WINDOW (window) && gtk_widget_get_visible (each->data))
      return each->data;
  }
  return NULL;
}

static gboolean
has_dialog (gpointer window)
{
  return ui_test_find_dialog (window) != NULL;
}

gboolean
ui_test_has_no_dialog (gpointer window)
{
  return !has_dialog (window);
}

GtkWindow *
ui_test_await_dialog (LimnWindow *window)
{
  GtkWindow *dialog;

  ui_test_wait (has_dialog, window);
  dialog = ui_test_find_dialog (window);
  ui_test_focus (dialog);
  return dialog;
}

typedef gboolean (*Match) (GtkWidget *widget, gconstpointer user);

static GtkWidget *
find (GtkWidget *root, Match match, gconstpointer user)
{
  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return NULL;
  if (match (root, user))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, match, user);

    if (found)
      return found;
  }
  return NULL;
}

static gboolean
match_type (GtkWidget *widget, gconstpointer user)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) user);
}

GtkWidget *
ui_test_find_type (GtkWidget *root, GType type)
{
  return find (root, match_type, &type);
}

typedef struct {
  const char *name, *target;
} Action;

static gboolean
match_action (GtkWidget *widget, gconstpointer user)
{
  const Action *action = user;
  GVariant *target;

  if (!GTK_IS_ACTIONABLE (widget) || g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action->name) != 0)
    return FALSE;
  if (!action->target)
    return TRUE;
  target = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget));
  return target && g_variant_is_of_type (target, G_VARIANT_TYPE_STRING) &&
         g_str_equal (g_variant_get_string (target, NULL), action->target);
}

GtkWidget *
ui_test_find_action (GtkWidget *root, const char *action_name, const char *target)
{
  const Action action = { action_name, target };

  return find (root, match_action, &action);
}

static gboolean
match_label (GtkWidget *widget, gconstpointer user)
{
  if (GTK_IS_LABEL (widget))
    return g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), user);
  const char *tip = gtk_widget_get_tooltip_text (widget);
  gsize length = strlen (user);
  return tip && strncmp (tip, user, length) == 0 && (tip[length] == '\0' || g_str_has_prefix (tip + length, " (")); /* a key */
}

GtkWidget *
ui_test_find_label (GtkWidget *root, const char *label)
{
  return find (root, match_label, label);
}

typedef struct {
  GtkWidget *widget;
  GskRenderNode *node;
} Shot;

/* A widget that has not been drawn yet has none. */
static gboolean
has_node (gpointer user)
{
  Shot *shot = user;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (shot->widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  shot->node = gtk_snapshot_free_to_node (snapshot);
  return shot->node != NULL;
}

void
ui_test_screenshot (GtkWidget *widget, const char *name)
{
  const char *target = g_getenv ("LIMN_SCREENSHOTS");
  Shot shot = { widget, NULL };
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *file = NULL, *path = NULL;

  if (!target)
    return;
  ui_test_settle ();
  ui_test_wait (has_node, &shot);
  node = shot.node;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  file = g_strconcat (name, ".png", NULL);
  path = g_build_filename (target, file, NULL);
  g_assert_cmpint (g_mkdir_with_parents (target, 0755), ==, 0);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static GtkWidget *
find_anywhere (const char *label)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *each = windows; each; each = each->next) {
    GtkWidget *found = gtk_widget_get_mapped (each->data) ? ui_test_find_label (each->data, label) : NULL;

    if (found)
      return found;
  }
  return NULL;
}

static gboolean
is_found (gpointer label)
{
  return find_anywhere (label) != NULL;
}

void
ui_test_answer (const char *label)
{
  GtkWidget *found;

  ui_test_wait (is_found, (gpointer) label);
  found = find_anywhere (label);
  ui_test_focus (GTK_WINDOW (gtk_widget_get_root (found)));
  ui_test_click_middle (found);
}

GtkWindow *
ui_test_find_chooser (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *each = windows; each; each = each->next)
    if (GTK_IS_FILE_CHOOSER (each->data) && gtk_widget_get_mapped (each->data))
      return each->data;
  return NULL;
}

static gboolean
has_chooser (gpointer user)
{
  return ui_test_find_chooser () != NULL;
}

GtkWindow *
ui_test_await_chooser (void)
{
  ui_test_wait (has_chooser, NULL);
  ui_test_focus (ui_test_find_chooser ());
  return ui_test_find_chooser ();
}
