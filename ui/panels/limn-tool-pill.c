/* The pill of tools. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-pill.h"

#include <glib/gi18n.h>

#include "limn-palette.h"
#include "ui/widgets/limn-click-through-box.h"

/* Tools that a small window has room for in one column. */
#define MOST_IN_COLUMN 8

struct _LimnToolPill {
  LimnPanel parent_instance;
  GtkGrid *tools;
  gboolean small;
  GtkToggleButton *buttons[LIMN_N_TOOLS];
  GtkWidget *separator, *color;
  LimnToolOptions *options;
};

G_DEFINE_FINAL_TYPE (LimnToolPill, limn_tool_pill, LIMN_TYPE_PANEL)

static gboolean
uses_color (const LimnEditKind *kind, LimnToolKind tool)
{
  return kind->takes & (LIMN_TAKES_DOTS | LIMN_TAKES_DRAWING) || tool == LIMN_TOOL_GUIDE || tool == LIMN_TOOL_PICKER;
}

/* The card stands beside its tool, as far as the pill's length allows. */
static void
place_options (LimnToolPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  GtkWidget *options = GTK_WIDGET (self->options), *row = gtk_widget_get_parent (options);
  graphene_rect_t bounds;
  int height;
  if (!session || !gtk_widget_compute_bounds (GTK_WIDGET (self->buttons[limn_session_get_tool (session)]), row, &bounds))
    return;
  gtk_widget_measure (options, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  height -= gtk_widget_get_margin_top (options);
  int middle = (int) (bounds.origin.y + bounds.size.height / 2), room = gtk_widget_get_height (row) - height;
  gtk_widget_set_margin_top (options, CLAMP (middle - height / 2, 0, MAX (room, 0)));
}

static guint
count_tools (LimnSession *session, const LimnToolKind *tools)
{
  guint n = 0;
  for (; *tools != LIMN_N_TOOLS; tools++)
    n += limn_session_has_tool (session, *tools);
  return n;
}

/* Moves the button to its place of the grid, and behind the ones before it for the Tab key. */
static void
place_tools (LimnToolPill *self, LimnSession *session, const LimnToolKind *tools)
{
  int columns = self->small && count_tools (session, tools) > MOST_IN_COLUMN ? 2 : 1, at = 0;
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self->tools));
  GtkWidget *before = NULL;
  for (; *tools != LIMN_N_TOOLS; tools++) {
    GtkWidget *button = GTK_WIDGET (self->buttons[*tools]);
    GtkGridLayoutChild *place = GTK_GRID_LAYOUT_CHILD (gtk_layout_manager_get_layout_child (layout, button));
    gtk_widget_set_visible (button, limn_session_has_tool (session, *tools));
    gtk_widget_insert_after (button, GTK_WIDGET (self->tools), before);
    before = button;
    if (!gtk_widget_get_visible (button))
      continue;
    gtk_grid_layout_child_set_column (place, at % columns);
    gtk_grid_layout_child_set_row (place, at++ / columns);
  }
}

static void
show_tool (LimnToolPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (!session)
    return;
  const LimnEditKind *kind = limn_session_get_kind (session);
  LimnToolKind tool = limn_session_get_tool (session);
  const LimnToolKind *tools = kind->tools;
  for (guint i = 0; i < LIMN_N_TOOLS; i++) {
    gboolean any = FALSE;
    for (const LimnToolKind *each = tools; *each != LIMN_N_TOOLS; each++)
      any |= *each == i;
    if (!any) /* the others keep their places */
      gtk_widget_set_visible (GTK_WIDGET (self->buttons[i]), FALSE);
  }
  place_tools (self, session, tools);
  gtk_toggle_button_set_active (self->buttons[tool], TRUE);
  /* In the middle of the edge it keeps its length, so that no tool moves away under the pointer. */
  gboolean uses = uses_color (kind, tool);
  gboolean shown = uses || (kind->takes & LIMN_TAKES_GUIDE && gtk_widget_get_valign (GTK_WIDGET (self)) == GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->color, shown);
  gtk_widget_set_sensitive (self->color, uses);
  gtk_widget_set_visible (self->separator, shown);
  place_options (self);
}

static void
on_toggled (LimnToolPill *self, GtkToggleButton *button)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  LimnToolKind kind = (LimnToolKind) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "tool"));
  if (session && gtk_toggle_button_get_active (button))
    limn_session_set_tool (session, kind);
}

static void
on_clicked (LimnToolPill *self)
{
  place_options (self);
  limn_tool_options_reveal (self->options, FALSE);
}

static void
on_enter (LimnToolPill *self)
{
  place_options (self);
  limn_tool_options_reveal (self->options, TRUE);
}

static void
on_leave (LimnToolPill *self)
{
  limn_tool_options_reveal (self->options, FALSE);
}

static void
limn_tool_pill_session_changed (LimnPanel *panel)
{
  LimnToolPill *self = LIMN_TOOL_PILL (panel);
  limn_panel_set_session (LIMN_PANEL (self->options), limn_panel_get_session (panel));
  show_tool (self);
}

static void
limn_tool_pill_class_init (LimnToolPillClass *klass)
{
  LIMN_PANEL_CLASS (klass)->session_changed = limn_tool_pill_session_changed;
}

static void
add_button (LimnToolPill *self, LimnToolKind kind)
{
  const char *nick = limn_tool_kind_get_nick (kind);
  g_autofree char *icon = g_strdup_printf ("limn-%s-symbolic", nick);
  g_autofree char *action = g_strdup_printf ("win.tool-key::%c", limn_tool_kind_get_key (kind));
  GtkWidget *button = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (button), icon);
  gtk_widget_add_css_class (button, "flat");
  limn_widget_describe (button, limn_tool_kind_get_label (kind), action);
  g_object_set_data (G_OBJECT (button), "tool", GINT_TO_POINTER (kind));
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), kind ? self->buttons[0] : NULL);
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_toggled), self);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (on_clicked), self);
  self->buttons[kind] = GTK_TOGGLE_BUTTON (button);
  gtk_grid_attach (self->tools, button, 0, (int) kind, 1, 1);
}

static void
limn_tool_pill_init (LimnToolPill *self)
{
  GtkWidget *row = limn_click_through_box_new (GTK_ORIENTATION_HORIZONTAL), *pill = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  self->tools = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->tools, 2);
  gtk_grid_set_column_spacing (self->tools, 2);
  gtk_widget_add_css_class (GTK_WIDGET (self->tools), "tools");
  for (LimnToolKind kind = 0; kind < LIMN_N_TOOLS; kind++)
    add_button (self, kind);
  self->separator = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
  self->color = limn_color_button_new (LIMN_PANEL (self));
  gtk_widget_set_halign (self->color, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (pill), GTK_WIDGET (self->tools));
  gtk_box_append (GTK_BOX (pill), self->separator);
  gtk_box_append (GTK_BOX (pill), self->color);

  /* a low window scrolls the tools */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), pill);
  gtk_widget_add_css_class (scroller, "floating");
  gtk_widget_add_css_class (scroller, "tool-pill");
  gtk_widget_set_valign (scroller, GTK_ALIGN_CENTER);
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);

  self->options = LIMN_TOOL_OPTIONS (limn_tool_options_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->options), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), scroller);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->options));
  adw_bin_set_child (ADW_BIN (self), row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tools), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tools"), -1);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (row, motion);
  g_signal_connect (self, "notify::valign", G_CALLBACK (show_tool), NULL);
  limn_panel_watch (LIMN_PANEL (self), "notify::tool", G_CALLBACK (show_tool));
  limn_panel_watch (LIMN_PANEL (self), "notify::task", G_CALLBACK (show_tool));
}

void
limn_tool_pill_set_small (LimnToolPill *self, gboolean small)
{
  g_return_if_fail (LIMN_IS_TOOL_PILL (self));
  if (self->small == small)
    return;
  self->small = small;
  show_tool (self);
}

GtkWidget *
limn_tool_pill_new (void)
{
  return g_object_new (LIMN_TYPE_TOOL_PILL, NULL);
}
