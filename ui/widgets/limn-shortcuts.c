/* The table of shortcuts and what is made of it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-shortcuts.h"

#include <glib/gi18n.h>

#include "app/edit/limn-edit-kind.h"

/* action: detailed; NULL: a held key or a tool's key, which limn-window-actions.c and the canvas handle themselves, listed here only.
 * keys: separated by spaces; NULL: the row begins a group. */
typedef struct {
  const char *title, *action, *keys;
  gboolean plain; /* a single key */
} Shortcut;

/* The pages of the window that lists them, each from one group on. */
static const struct {
  const char *group, *name, *title;
} pages[] = {
  { "Working", "editing", N_("Editing") },
  { "Picture", "picture", N_("Picture and Mask") },
  { "View", "view", N_("View and Files") },
};

static const Shortcut table[] = {
  { N_("Working"), NULL, NULL, FALSE },
  { N_("Apply the current task"), "win.commit", "Return KP_Enter", TRUE },
  { N_("Another variation"), "win.roll", "r", TRUE },
  { N_("Cancel"), "win.cancel", "Escape", TRUE },
  { N_("Undo"), "win.undo", "<Control>z", FALSE },
  { N_("Redo"), "win.redo", "<Shift><Control>z <Control>y", FALSE },
  { N_("Live preview"), "win.live", "<Control>l", FALSE },
  { N_("Tasks"), NULL, NULL, FALSE },
  { NULL, NULL, NULL, FALSE }, /* a row for each task */
  { N_("Tools"), NULL, NULL, FALSE },
  { N_("Brush, or paint"), "win.tool-key::b", "b", TRUE },
  { N_("Eraser"), "win.tool-key::e", "e", TRUE },
  { N_("Lasso"), "win.tool-key::l", "l", TRUE },
  { N_("Rectangle"), "win.tool-key::m", "m", TRUE },
  { N_("Ellipse"), "win.tool-key::o", "o", TRUE },
  { N_("Similar area"), "win.tool-key::w", "w", TRUE },
  { N_("Select an object"), "win.tool-key::q", "q", TRUE },
  { N_("Crop and expand"), "win.tool-key::x", "x", TRUE },
  { N_("Guide colors"), "win.tool-key::g", "g", TRUE },
  { N_("Pencil, or guide lines"), "win.tool-key::p", "p", TRUE },
  { N_("Take from here"), "win.tool-key::t", "t", TRUE },
  { N_("Not from here"), "win.tool-key::n", "n", TRUE },
  { N_("Color dot"), "win.tool-key::d", "d", TRUE },
  { N_("Pick a color"), "win.tool-key::i", "i", TRUE },
  { N_("Fill an area with paint"), "win.tool-key::k", "k", TRUE },
  { N_("Materials and light"), "win.tool-key::v", "v", TRUE },
  { N_("Take a surface from the picture"), "win.tool-key::u", "u", TRUE },
  { N_("Choose a material"), "win.materials", "s", TRUE },
  { N_("Smaller brush"), "win.brush-smaller", "bracketleft", TRUE },
  { N_("Larger brush"), "win.brush-larger", "bracketright", TRUE },
  { N_("Picture"), NULL, NULL, FALSE },
  { N_("Rotate right"), "win.rotate-right", "<Control>r", FALSE },
  { N_("Rotate left"), "win.rotate-left", "<Shift><Control>r", FALSE },
  { N_("Flip horizontally"), "win.flip-horizontal", "<Control>h", FALSE },
  { N_("Flip vertically"), "win.flip-vertical", "<Shift><Control>h", FALSE },
  { N_("Crop to the selection"), "win.crop-selection", "<Shift><Control>c", FALSE },
  { N_("Canvas size"), "win.canvas-size", "<Shift><Control>x", FALSE },
  { N_("Mask"), NULL, NULL, FALSE },
  { N_("Select all"), "win.select-all", "<Control>a", FALSE },
  { N_("Select nothing"), "win.select-none", "<Shift><Control>a", FALSE },
  { N_("Invert"), "win.invert-mask", "<Control>i", FALSE },
  { N_("Grow"), "win.grow-mask", "<Shift><Control>g", FALSE },
  { N_("Shrink"), "win.shrink-mask", "<Shift><Control>k", FALSE },
  { N_("Feather"), "win.feather-mask", "<Shift><Control>f", FALSE },
  { N_("View"), NULL, NULL, FALSE },
  { N_("Show the original while held"), NULL, "c", TRUE },
  { N_("Compare with the original"), "win.compare", "<Shift>c", TRUE },
  { N_("Zoom in"), "win.zoom-in",
    "<Control>plus <Control>equal "
    "<Control>KP_Add",
    FALSE },
  { N_("Zoom out"), "win.zoom-out", "<Control>minus <Control>KP_Subtract", FALSE },
  { N_("Whole picture"), "win.zoom-fit", "<Control>0 <Control>KP_0", FALSE },
  { N_("Actual size"), "win.zoom-100", "<Control>1 <Control>KP_1", FALSE },
  { N_("Move the picture while held"), NULL, "space", TRUE },
  { N_("Results"), "win.results", "F9", FALSE },
  { N_("Fullscreen"), "win.fullscreen", "F11", FALSE },
  { N_("Files"), NULL, NULL, FALSE },
  { N_("Open a picture"), "win.open", "<Control>o", FALSE },
  { N_("Many pictures"), "app.many-pictures", "<Shift><Control>o", FALSE },
  { N_("New sketch"), "app.new-sketch", "<Control>n", FALSE },
  { N_("New window"), "app.new-window", "<Shift><Control>n", FALSE },
  { N_("Save"), "win.save", "<Control>s", FALSE },
  { N_("Save as"), "win.save-as", "<Shift><Control>s", FALSE },
  { N_("Export"), "win.export", "<Shift><Control>e", FALSE },
  { N_("Copy the picture"), "win.copy", "<Control>c", FALSE },
  { N_("Open the picture on the clipboard"), "win.paste", "<Control>v", FALSE },
  { N_("Limn"), NULL, NULL, FALSE },
  { N_("Preferences"), "app.preferences", "<Control>comma", FALSE },
  { N_("Keyboard shortcuts"), "app.shortcuts", "<Control>question F1", FALSE },
  { N_("Close the window"), "win.close", "<Control>w", FALSE },
  { N_("Quit"), "app.quit", "<Control>q", FALSE },
};

static GArray *
make_shortcuts (void)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Shortcut));

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    if (table[i].title)
      g_array_append_val (all, table[i]);
    for (LimnTask task = 0; !table[i].title && task < LIMN_N_TASKS; task++) {
      const LimnEditKind *kind = limn_task_get_kind (task);
      char *action = g_strconcat ("win.task::", kind->nick, NULL), *keys = g_strdup_printf ("%u KP_%u", task + 1, task + 1);

      g_array_append_vals (all, &(Shortcut){ kind->label, action, keys, TRUE }, 1);
    }
  }
  return all;
}

/* The table with its tasks; for as long as the program runs. */
static const Shortcut *
get_shortcuts (guint *n)
{
  static GArray *all;

  if (!all)
    all = make_shortcuts ();
  *n = all->len;
  return (const Shortcut *) (gpointer) all->data;
}

void
limn_shortcuts_add_accels (GtkApplication *application)
{
  guint n;
  const Shortcut *shortcuts = get_shortcuts (&n);

  for (guint i = 0; i < n; i++) {
    if (shortcuts[i].action && shortcuts[i].keys && !shortcuts[i].plain) {
      g_auto (GStrv) accels = g_strsplit (shortcuts[i].keys, " ", -1);

      gtk_application_set_accels_for_action (application, shortcuts[i].action, (const char *const *) accels);
    }
  }
}

void
limn_shortcuts_add_keys (GtkWidget *window)
{
  guint n;
  const Shortcut *shortcuts = get_shortcuts (&n);
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_BUBBLE);
  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) keys = NULL;
    g_autofree char *name = NULL;
    g_autoptr (GVariant) target = NULL;

    if (!shortcuts[i].action || !shortcuts[i].plain)
      continue;
    keys = g_strsplit (shortcuts[i].keys, " ", -1);
    g_action_parse_detailed_name (shortcuts[i].action, &name, &target, NULL);
    for (char **key = keys; *key; key++) {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (*key), gtk_named_action_new (name));

      gtk_shortcut_set_arguments (shortcut, target);
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  }
  gtk_widget_add_controller (window, controller);
}

char *
limn_shortcuts_get_label (const char *action)
{
  guint n;
  const Shortcut *shortcuts = get_shortcuts (&n);

  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) keys = NULL;
    GdkModifierType modifiers;
    guint keyval;

    if (!shortcuts[i].keys || g_strcmp0 (shortcuts[i].action, action) != 0)
      continue;
    keys = g_strsplit (shortcuts[i].keys, " ", -1);
    return gtk_accelerator_parse (keys[0], &keyval, &modifiers) ? gtk_accelerator_get_label (keyval, modifiers) : NULL;
  }
  return NULL;
}

/* The first one: others are for those who know them from elsewhere, and would make the column wide. */
static char *
shown_keys (const char *keys)
{
  g_auto (GStrv) all = g_strsplit (keys, " ", 2);

  return g_markup_escape_text (all[0], -1);
}

static void
append_section (GString *xml, const char *name, const char *title)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  g_string_append_printf (xml,
                          "<child><object class='GtkShortcutsSection'><property name='section-name'>%s</property>"
                          "<property name='title'>%s</property><property name='max-height'>18</property>",
                          name, escaped);
}

/* Before GTK 4.14 only a builder can put one together. */
GtkWindow *
limn_shortcuts_new_window (void)
{
  guint n;
  const Shortcut *shortcuts = get_shortcuts (&n);
  static const char end_group[] = "</object></child>", end_section[] = "</object></child>";
  g_autoptr (GString) xml = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'><property name='modal'>1</property>");
  g_autoptr (GtkBuilder) builder = NULL;

  for (guint i = 0; i < n; i++) {
    g_autofree char *title = g_markup_escape_text (_(shortcuts[i].title), -1);
    g_autofree char *keys = shortcuts[i].keys ? shown_keys (shortcuts[i].keys) : NULL;

    if (keys) {
      g_string_append_printf (xml,
                              "<child><object class='GtkShortcutsShortcut'><property name='title'>%s</property>"
                              "<property name='accelerator'>%s</property></object></child>",
                              title, keys);
      continue;
    }
    if (i > 0)
      g_string_append (xml, end_group);
    for (guint k = 0; k < G_N_ELEMENTS (pages); k++) {
      if (!g_str_equal (shortcuts[i].title, pages[k].group))
        continue;
      if (k > 0)
        g_string_append (xml, end_section);
      append_section (xml, pages[k].name, _(pages[k].title));
    }
    g_string_append_printf (xml, "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>", title);
  }
  g_string_append_printf (xml, "%s%s</object></interface>", end_group, end_section);
  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);
  return GTK_WINDOW (gtk_builder_get_object (builder, "window"));
}
