/* The program as a screen reader meets it: everything that can be used has a name, and works by it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <atspi/atspi.h>
#include <string.h>

#include <glib/gstdio.h>

#include "ui-test.h"

typedef AtspiAccessible Accessible;
typedef AtspiAction Action;
typedef AtspiStateSet States;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Accessible, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Action, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (States, g_object_unref)

static gboolean has_bus;

static gboolean
can_test (void)
{
  if (!has_bus)
    g_test_skip ("no accessibility bus can be had here: at-spi2-core is missing, or its bus doesn't start");
  return has_bus;
}

static Accessible *
find_application (int pid)
{
  g_autoptr (Accessible) desktop = atspi_get_desktop (0);
  const int n = atspi_accessible_get_child_count (desktop, NULL);

  for (int i = 0; i < n; i++) {
    g_autoptr (Accessible) application = atspi_accessible_get_child_at_index (desktop, i, NULL);

    if (application && (int) atspi_accessible_get_process_id (application, NULL) == pid)
      return g_steal_pointer (&application);
  }
  return NULL;
}

static gboolean
has_state (Accessible *accessible, AtspiStateType state)
{
  g_autoptr (States) states = atspi_accessible_get_state_set (accessible);

  return states && atspi_state_set_contains (states, state);
}

/* Calls visit for accessible and all below it until one returns TRUE; that one, transfer full, or NULL. */
typedef gboolean (*Visit) (Accessible *accessible, const char *path, gpointer user);

static Accessible *
walk (Accessible *accessible, const char *above, Visit visit, gpointer user)
{
  g_autofree char *name = NULL, *role = NULL, *path = NULL;
  int n;

  name = atspi_accessible_get_name (accessible, NULL);
  role = atspi_accessible_get_role_name (accessible, NULL);
  path = g_strdup_printf ("%s/%s “%s”", above, role, name ? name : "");
  if (visit (accessible, path, user))
    return g_object_ref (accessible);
  n = atspi_accessible_get_child_count (accessible, NULL);
  for (int i = 0; i < n; i++) {
    g_autoptr (Accessible) child = atspi_accessible_get_child_at_index (accessible, i, NULL);
    Accessible *found = child ? walk (child, path, visit, user) : NULL;

    if (found)
      return found;
  }
  return NULL;
}

/* What the toolkit says for a thing without a name is its type, or the text with the mark of a key. */
static gboolean
is_name (const char *name)
{
  static const char *const prefixes[] = { "Gtk", "Adw", "Limn" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
    if (g_str_has_prefix (name, prefixes[i]) && g_ascii_isupper (name[strlen (prefixes[i])]))
      return FALSE;
  }
  return *name && !strchr (name, '_');
}

static gboolean
note_nameless (Accessible *accessible, const char *path, gpointer user)
{
  g_autofree char *name = atspi_accessible_get_name (accessible, NULL);
  g_autoptr (Action) action = atspi_accessible_get_action_iface (accessible);
  const AtspiRole role = atspi_accessible_get_role (accessible, NULL);
  const gboolean usable = has_state (accessible, ATSPI_STATE_FOCUSABLE) || (action && atspi_action_get_n_actions (action, NULL) > 0);

  const char *combo = strstr (path, "/combo box “");

  /* A label is its text; what is around a list scrolls, and the list has the name. The button that closes a toast is the library's, and so
   * is the list that a row with a choice opens. */
  if (!usable || !has_state (accessible, ATSPI_STATE_VISIBLE) || role == ATSPI_ROLE_SCROLL_PANE || role == ATSPI_ROLE_LABEL ||
      strstr (path, "“AdwToastWidget”/push button") || (combo && strstr (combo, "/list “")))
    return FALSE;
  if (!name || !is_name (name))
    g_ptr_array_add (user, g_strdup (path));
  return FALSE;
}

static void
check_names (Accessible *application)
{
  g_autoptr (GPtrArray) nameless = g_ptr_array_new_with_free_func (g_free);

  atspi_accessible_clear_cache (application);
  walk (application, "", note_nameless, nameless);
  for (guint i = 0; i < nameless->len; i++)
    g_test_message ("without a name: %s", (char *) nameless->pdata[i]);
  g_assert_cmpuint (nameless->len, ==, 0);
}

/* -- The program, and what it is waited for -- */

typedef struct {
  GSubprocess *process;
  Accessible *application;
  const char *name; /* that is looked for */
  AtspiRole role;
  gboolean released; /* not one that stays pressed, and is */
  Accessible *found; /* the last one that is seen */
} Test;

/* Since GTK 4.10 a button that stays pressed has a role of its own. */
static gboolean
has_role (Accessible *accessible, AtspiRole role)
{
  const AtspiRole own = atspi_accessible_get_role (accessible, NULL);
  return own == role || (role == ATSPI_ROLE_PUSH_BUTTON && own == ATSPI_ROLE_TOGGLE_BUTTON);
}

static gboolean
note_match (Accessible *accessible, const char *path, gpointer user)
{
  Test *test = user;
  g_autofree char *name = atspi_accessible_get_name (accessible, NULL);

  if (g_strcmp0 (name, test->name) == 0 && has_role (accessible, test->role) &&
      !(test->released && has_state (accessible, ATSPI_STATE_PRESSED)) && has_state (accessible, ATSPI_STATE_VISIBLE) &&
      has_state (accessible, ATSPI_STATE_SENSITIVE))
    g_set_object (&test->found, accessible);
  return FALSE;
}

static gboolean
is_found (gpointer user)
{
  Test *test = user;

  /* Another process wakes nothing here. */
  g_usleep (50000);
  g_main_context_wakeup (NULL);
  g_clear_object (&test->found);
  atspi_accessible_clear_cache (test->application);
  walk (test->application, "", note_match, test);
  return test->found != NULL;
}

/* The last of that name and role in the order of the tree; borrowed until the next call. */
static Accessible *
find (Test *test, AtspiRole role, const char *name)
{
  test->role = role;
  test->name = name;
  ui_test_wait (is_found, test);
  return test->found;
}

static gboolean
is_there (gpointer user)
{
  Test *test = user;

  g_usleep (50000);
  g_main_context_wakeup (NULL);
  test->application = find_application ((int) g_ascii_strtoll (g_subprocess_get_identifier (test->process), NULL, 10));
  if (test->application)
    atspi_accessible_set_cache_mask (test->application, ATSPI_CACHE_NONE);
  return test->application != NULL;
}

static void
start (Test *test, const char *argument)
{
  test->process = ui_test_start_program ((const char *const[]){ argument, NULL });
  ui_test_wait_for_program (test->process);
  ui_test_wait (is_there, test);
}

static void
end (Test *test)
{
  GError *error = NULL;

  g_subprocess_force_exit (test->process);
  g_subprocess_wait (test->process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&test->found);
  g_clear_object (&test->application);
  g_clear_object (&test->process);
}

static void
key (guint keyval)
{
  ui_test_send_key (keyval, TRUE);
  ui_test_send_key (keyval, FALSE);
}

/* -- Tests -- */

static void
test_start_page (void)
{
  Test test = { 0 };

  if (!can_test ())
    return;
  start (&test, NULL);
  find (&test, ATSPI_ROLE_PUSH_BUTTON, "Open Picture…");
  check_names (test.application);
  end (&test);
}

static void
test_names (void)
{
  g_autofree char *path = ui_test_save_picture ("photo.png", 320, 240, FALSE);
  static const struct {
    guint keyval;
    const char *control; /* that tells the task */
  } tasks[] = { { GDK_KEY_4, "Lens" }, { GDK_KEY_3, "Pencil" }, { GDK_KEY_2, "Color Dot" }, { GDK_KEY_1, "Lasso" } };
  Test test = { 0 };

  if (!can_test ())
    return;
  start (&test, path);
  find (&test, ATSPI_ROLE_IMAGE, "photo.png, 320 by 240 pixels, shown at 200%");
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++) {
    key (tasks[i].keyval);
    find (&test, ATSPI_ROLE_PUSH_BUTTON, tasks[i].control);
    check_names (test.application);
  }
  end (&test);
}

/* The window for many pictures, which a folder opens. */
static void
test_many (void)
{
  g_autofree char *folder = g_build_filename (ui_test_folder (), "album", NULL), *photo = NULL;
  Test test = { 0 };

  if (!can_test ())
    return;
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  photo = ui_test_save_picture ("album/photo.png", 320, 240, TRUE);
  start (&test, folder);
  find (&test, ATSPI_ROLE_PUSH_BUTTON, "Colorize");
  find (&test, ATSPI_ROLE_LIST_ITEM, "photo.png, Waiting");
  check_names (test.application);
  end (&test);
}

static void
test_fill (void)
{
  g_autofree char *path = ui_test_save_picture ("photo.png", 320, 240, FALSE);
  Test test = { 0 };
  Accessible *button;
  g_autoptr (Action) action = NULL;
  GError *error = NULL;

  if (!can_test ())
    return;
  start (&test, path);
  find (&test, ATSPI_ROLE_IMAGE, "photo.png, 320 by 240 pixels, shown at 200%");
  key (GDK_KEY_1);
  find (&test, ATSPI_ROLE_PUSH_BUTTON, "Brush");
  /* a mask by the keyboard alone: the cursor comes, the brush goes down, moves, and is lifted */
  key (GDK_KEY_b);
  key (GDK_KEY_Right);
  key (GDK_KEY_space);
  for (guint i = 0; i < 5; i++)
    key (GDK_KEY_Right);
  key (GDK_KEY_space);
  test.released = TRUE; /* the task has that name too, and is pressed */
  button = find (&test, ATSPI_ROLE_PUSH_BUTTON, "Fill");
  test.released = FALSE;
  action = atspi_accessible_get_action_iface (button);
  g_assert_nonnull (action);
  g_assert_true (atspi_action_do_action (action, 0, &error));
  g_assert_no_error (error);
  find (&test, ATSPI_ROLE_LIST_ITEM, "Fill");
  check_names (test.application);
  end (&test);
}

int
main (int argc, char **argv)
{
  int status;

  ui_test_init_outside (&argc, &argv);
  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the library warns while the program is still on its way to the bus */
  has_bus = atspi_init () <= 1;
  g_test_add_func ("/accessibility/start-page", test_start_page);
  g_test_add_func ("/accessibility/names", test_names);
  g_test_add_func ("/accessibility/many", test_many);
  g_test_add_func ("/accessibility/fill", test_fill);
  status = ui_test_run ();
  if (has_bus)
    atspi_exit ();
  return status;
}
