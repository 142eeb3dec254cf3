/* The action pill: a row of the task's own settings, then roll, more and the verb. Too narrow for one row, it takes two. A sketch's
 * materials have a row above.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-action-pill.h"

#include <glib/gi18n.h>

#include "app/document/limn-document-strokes.h"
#include "limn-material-row.h"
#include "limn-palette.h"
#include "ui/widgets/limn-wrap-box.h"

/* Milliseconds that an edit runs before its button becomes Cancel, so that quick ones don't flicker. */
#define CANCEL_AFTER 150

struct _LimnActionPill {
  LimnPanel parent_instance;
  GtkStack *settings;
  LimnPanel *palettes[LIMN_N_TASKS]; /* NULL where no colour is used */
  LimnPanel *materials;
  LimnPanel *more;
  GtkLabel *hint;
  GPtrArray *choices;   /* of GtkToggleButton: one for each number, with "key" and "number" */
  GPtrArray *automatic; /* of GtkToggleButton: "Auto" beside a slider, with its "key" and "adjustment" */
  gboolean showing;     /* the session's values are being shown, not set */
  GtkWidget *next;      /* buttons of what one goes on to */
  GtkStack *verb;
  GtkWidget *roll, *commit, *cancel;
  guint cancel_source;
};

G_DEFINE_FINAL_TYPE (LimnActionPill, limn_action_pill, LIMN_TYPE_PANEL)

/* -- What is shown -- */

static gboolean
has_lens (LimnSession *session)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  return limn_session_get_lens (session, &x, &y, &radius, &texture, &region);
}

/* A fill's colours are there while one paints what should guide it. */
static gboolean
is_guiding (LimnSession *session)
{
  LimnToolKind tool = limn_session_get_tool (session);
  return limn_session_get_kind (session)->takes & LIMN_TAKES_GUIDE && (tool == LIMN_TOOL_GUIDE || tool == LIMN_TOOL_PICKER);
}

/* What to do next, where it isn't said why the edit can't be done; NULL = nothing. */
static const char *
find_hint (LimnSession *session)
{
  const LimnEditKind *kind = limn_session_get_kind (session);
  LimnDocument *document = limn_session_get_document (session);
  if (kind->enlarges)
    return has_lens (session) ? _("Hold C to see it as it was") : _("Press on the picture to look closer");
  if (kind->takes & LIMN_TAKES_DOTS && limn_document_get_n_dots (document) == 0)
    return _("Choose a color and click what should have it");
  if (kind->takes & LIMN_TAKES_DOTS && !limn_document_get_has_mask (document))
    return _("A color runs over? Select its area");
  if (is_guiding (session) && limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_GUIDE)))
    return _("Paint roughly what belongs there");
  return NULL;
}

/* What one goes on to once the edit is done. */
static void
show_next (LimnActionPill *self, LimnSession *session)
{
  const LimnEditKind *kind = limn_session_get_kind (session);
  gboolean done = kind->next[0] && limn_session_is_done (session);
  for (GtkWidget *button = gtk_widget_get_first_child (self->next); button; button = gtk_widget_get_next_sibling (button))
    gtk_widget_set_visible (button, g_object_get_data (G_OBJECT (button), "kind") == kind);
  gtk_widget_set_visible (self->next, done);
}

static void
show_commit (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  g_autofree char *label = NULL, *hint = NULL;
  if (!session)
    return;
  g_object_get (session, "commit-label", &label, "commit-hint", &hint, NULL);
  gtk_button_set_label (GTK_BUTTON (self->commit), label);
  limn_widget_describe (self->commit, label, "win.commit");
  if (hint)
    gtk_widget_set_tooltip_text (self->commit, hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->commit), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, hint ? hint : "", -1);
  if (hint) /* it may be pressed, and then says what is missing */
    gtk_widget_remove_css_class (self->commit, "suggested-action");
  else
    gtk_widget_add_css_class (self->commit, "suggested-action");
  if (limn_session_get_tool (session) == LIMN_TOOL_CROP) {
    g_free (hint);
    hint = limn_session_get_crop (session, NULL) ? NULL : g_strdup (_("Drag an edge or a corner"));
  } else if (!hint) {
    hint = g_strdup (find_hint (session));
  }
  gtk_label_set_text (self->hint, hint ? hint : "");
  show_next (self, session);
  /* the variations of what was just done lie beside it, and tell enough */
  gtk_widget_set_visible (GTK_WIDGET (self->hint), hint && !limn_session_get_n_variations (session));
}

static void
show_task (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (!session)
    return;
  const LimnEditKind *kind = limn_session_get_kind (session);
  GtkWidget *page = kind->takes & LIMN_TAKES_GUIDE && !is_guiding (session) ? NULL
                                                                            : gtk_stack_get_child_by_name (self->settings, kind->nick);
  gtk_widget_set_visible (GTK_WIDGET (self->settings), page != NULL);
  if (page)
    gtk_stack_set_visible_child (self->settings, page);
  gtk_widget_set_visible (GTK_WIDGET (self->materials), limn_session_has_materials (session));
  gtk_widget_set_visible (self->roll, !kind->enlarges && !kind->single);
  show_commit (self);
}

static void
show_choices (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  for (guint i = 0; session && i < self->choices->len; i++) {
    GObject *button = self->choices->pdata[i];
    int number;
    g_object_get (session, g_object_get_data (button, "key"), &number, NULL);
    if (number == GPOINTER_TO_INT (g_object_get_data (button, "number")))
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  }
}

static void
on_choice (LimnActionPill *self, GtkToggleButton *button)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  const char *key = g_object_get_data (G_OBJECT (button), "key");
  if (session && gtk_toggle_button_get_active (button))
    g_object_set (session, key, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "number")), NULL);
}

/* A number that may be automatic: then "Auto" is pressed, and the slider lies at its least. */
static void
show_automatic (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  self->showing = TRUE;
  for (guint i = 0; session && i < self->automatic->len; i++) {
    GObject *toggle = self->automatic->pdata[i];
    double value;
    g_object_get (session, g_object_get_data (toggle, "key"), &value, NULL);
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), value == LIMN_PARAMETER_AUTOMATIC);
    gtk_adjustment_set_value (g_object_get_data (toggle, "adjustment"), value); /* no less than its own least */
  }
  self->showing = FALSE;
}

static void
set_automatic (LimnActionPill *self, GObject *toggle, gboolean automatic)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  GtkAdjustment *adjustment = g_object_get_data (toggle, "adjustment");
  if (session && !self->showing)
    g_object_set (session, g_object_get_data (toggle, "key"), automatic ? LIMN_PARAMETER_AUTOMATIC : gtk_adjustment_get_value (adjustment),
                  NULL);
}

static void
on_automatic (LimnActionPill *self, GtkToggleButton *toggle)
{
  set_automatic (self, G_OBJECT (toggle), gtk_toggle_button_get_active (toggle));
}

static void
on_slid (LimnActionPill *self, GtkAdjustment *adjustment)
{
  set_automatic (self, g_object_get_data (G_OBJECT (adjustment), "toggle"), FALSE);
}

static gboolean
offer_cancel (gpointer data)
{
  LimnActionPill *self = data;
  self->cancel_source = 0;
  gtk_stack_set_visible_child (self->verb, self->cancel);
  return G_SOURCE_REMOVE;
}

static void
show_busy (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  gboolean busy = FALSE;
  if (session)
    g_object_get (session, "busy", &busy, NULL);
  g_clear_handle_id (&self->cancel_source, g_source_remove);
  if (busy) {
    self->cancel_source = g_timeout_add (CANCEL_AFTER, offer_cancel, self);
    return;
  }
  gboolean focus = gtk_widget_has_focus (self->cancel);
  gtk_stack_set_visible_child (self->verb, self->commit);
  if (focus)
    gtk_widget_grab_focus (self->commit);
}

static void
limn_action_pill_session_changed (LimnPanel *panel)
{
  LimnActionPill *self = LIMN_ACTION_PILL (panel);
  LimnSession *session = limn_panel_get_session (panel);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    if (self->palettes[task])
      limn_panel_set_session (self->palettes[task], session);
  limn_panel_set_session (self->materials, session);
  limn_panel_set_session (self->more, session);
  show_task (self);
  show_choices (self);
  show_automatic (self);
  show_busy (self);
}

static void
limn_action_pill_dispose (GObject *object)
{
  LimnActionPill *self = LIMN_ACTION_PILL (object);
  g_clear_handle_id (&self->cancel_source, g_source_remove);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->automatic, g_ptr_array_unref);
  G_OBJECT_CLASS (limn_action_pill_parent_class)->dispose (object);
}

static void
limn_action_pill_class_init (LimnActionPillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_action_pill_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_action_pill_session_changed;
}

/* -- Building it -- */

/* "Auto", pressed while the slider's number is judged from the picture. */
static GtkWidget *
make_automatic (LimnActionPill *self, const char *key, const LimnParameter *parameter, GtkAdjustment *adjustment)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label (_("Auto"));
  g_autofree char *notify = g_strconcat ("notify::", key, NULL);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_end (toggle, 6);
  limn_widget_describe (toggle, _(parameter->label), NULL);
  gtk_widget_set_tooltip_text (toggle, _("As much as the picture asks for"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("As much as the picture asks for"), -1);
  g_object_set_data_full (G_OBJECT (toggle), "key", g_strdup (key), g_free);
  g_object_set_data (G_OBJECT (toggle), "adjustment", adjustment);
  g_object_set_data (G_OBJECT (adjustment), "toggle", toggle);
  g_ptr_array_add (self->automatic, toggle);
  g_signal_connect_swapped (toggle, "toggled", G_CALLBACK (on_automatic), self);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_slid), self);
  limn_panel_watch (LIMN_PANEL (self), notify, G_CALLBACK (show_automatic));
  return toggle;
}

/* A slider between two words, after "Auto" where its number may be that. */
static GtkWidget *
make_slider (LimnActionPill *self, const char *key, const LimnParameter *parameter)
{
  const LimnRange *range = &parameter->range;
  double span = range->max - range->min;
  GtkAdjustment *adjustment = gtk_adjustment_new (range->min, range->min, range->max, span / 20, span / 5, 0);
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_size_request (scale, 84, -1);
  gtk_widget_set_hexpand (scale, TRUE);
  limn_widget_describe (scale, _(parameter->label), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(parameter->help), -1);
  for (int i = 0; i < 2; i++) {
    GtkWidget *word = gtk_label_new (g_dpgettext2 (NULL, parameter->name, parameter->slider[i]));
    gtk_widget_add_css_class (word, "caption");
    gtk_widget_add_css_class (word, "dim-label");
    gtk_box_append (GTK_BOX (box), word);
    if (i == 0)
      gtk_box_append (GTK_BOX (box), scale);
  }
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 6);
  if (range->automatic)
    gtk_box_prepend (GTK_BOX (box), make_automatic (self, key, parameter, adjustment));
  else
    limn_panel_bind (LIMN_PANEL (self), key, adjustment, "value");
  return box;
}

static GtkWidget *
make_palette (LimnActionPill *self, LimnTask task)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  self->palettes[task] = LIMN_PANEL (limn_palette_new ());
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_min_content_width (GTK_SCROLLED_WINDOW (scroller), 120);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->palettes[task]));
  return scroller;
}

static GtkWidget *
make_views (void)
{
  static const struct {
    const char *target, *icon, *label;
  } views[] = { { "over", "limn-over-symbolic", N_("Picture over the sketch") },
                { "beside", "limn-beside-symbolic", N_("Picture beside the sketch") },
                { "sketch", "limn-pencil-symbolic", N_("Sketch only") } };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("View"), -1);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++) {
    GtkWidget *button = gtk_toggle_button_new ();
    gtk_button_set_icon_name (GTK_BUTTON (button), views[i].icon);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.sketch-view");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", views[i].target);
    limn_widget_describe (button, _(views[i].label), NULL);
    gtk_box_append (GTK_BOX (box), button);
  }
  return box;
}

/* A button for each number that the parameter may be. */
static GtkWidget *
make_choices (LimnActionPill *self, const char *key, const LimnParameter *parameter)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;
  g_autofree char *notify = g_strconcat ("notify::", key, NULL);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (const double *choice = parameter->range.choices; *choice != 0; choice++) {
    int number = (int) *choice;
    g_autofree char *text = limn_parameter_format (parameter->short_label, number);
    g_autofree char *label = limn_parameter_format (parameter->label, number);
    GtkWidget *button = gtk_toggle_button_new_with_label (text);
    limn_widget_describe (button, label, NULL);
    g_object_set_data_full (G_OBJECT (button), "key", g_strdup (key), g_free);
    g_object_set_data (G_OBJECT (button), "number", GINT_TO_POINTER (number));
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
    first = first ? first : button;
    g_ptr_array_add (self->choices, button);
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_choice), self);
    gtk_box_append (GTK_BOX (box), button);
  }
  limn_panel_watch (LIMN_PANEL (self), notify, G_CALLBACK (show_choices));
  return box;
}

/* The settings that an edit has here: its colours, sliders and choices, and for a drawing how it is shown. Where they are too broad for
 * one row, the first stands above the others. */
static void
add_page (LimnActionPill *self, LimnTask task)
{
  const LimnEditKind *kind = limn_task_get_kind (task);
  g_autoptr (GPtrArray) widgets = g_ptr_array_new ();
  if (kind->takes & (LIMN_TAKES_DOTS | LIMN_TAKES_DRAWING | LIMN_TAKES_GUIDE))
    g_ptr_array_add (widgets, make_palette (self, task));
  for (const LimnParameter *parameter = kind->parameters; parameter->label; parameter++) {
    g_autofree char *key = limn_edit_kind_dup_key (kind, parameter);
    if (parameter->slider[0])
      g_ptr_array_add (widgets, make_slider (self, key, parameter));
    else if (parameter->range.choices)
      g_ptr_array_add (widgets, make_choices (self, key, parameter));
  }
  if (kind->takes & LIMN_TAKES_DRAWING)
    g_ptr_array_add (widgets, make_views ());
  if (widgets->len == 0)
    return;
  GtkWidget *page = widgets->pdata[0];
  if (widgets->len > 1) {
    GtkWidget *others = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
    for (guint i = 1; i < widgets->len; i++)
      gtk_box_append (GTK_BOX (others), widgets->pdata[i]);
    page = limn_wrap_box_new (page, others);
  }
  gtk_stack_add_named (self->settings, page, kind->nick);
}

static GtkWidget *
make_settings (LimnActionPill *self)
{
  self->settings = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->settings, FALSE);
  gtk_stack_set_vhomogeneous (self->settings, FALSE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->settings), TRUE);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    add_page (self, task);
  return GTK_WIDGET (self->settings);
}

static GtkWidget *
make_hint (LimnActionPill *self)
{
  self->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->hint, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->hint, 0); /* in a row of its own */
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "pill-hint");
  gtk_widget_set_hexpand (GTK_WIDGET (self->hint), TRUE);
  return GTK_WIDGET (self->hint);
}

static GtkWidget *
make_next (LimnActionPill *self)
{
  self->next = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    for (guint i = 0; i < G_N_ELEMENTS (kind->next) && kind->next[i]; i += 2) {
      GtkWidget *button = gtk_button_new_with_label (_(kind->next[i + 1]));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.task");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", kind->next[i]);
      g_object_set_data (G_OBJECT (button), "kind", (gpointer) kind);
      gtk_box_append (GTK_BOX (self->next), button);
    }
  }
  return self->next;
}

static GtkWidget *
make_buttons (LimnActionPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *more = gtk_menu_button_new (), *popover = gtk_popover_new ();
  self->roll = gtk_button_new_from_icon_name ("limn-roll-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->roll), "win.roll");
  gtk_widget_add_css_class (self->roll, "flat");
  gtk_widget_add_css_class (self->roll, "circular");
  limn_widget_describe (self->roll, _("Another Variation"), "win.roll");

  self->more = LIMN_PANEL (limn_action_settings_new ());
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->more));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (more), popover);
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (more), GTK_ARROW_UP);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (more), "view-more-horizontal-symbolic");
  gtk_widget_add_css_class (more, "flat");
  gtk_widget_add_css_class (more, "circular");
  limn_widget_describe (more, _("More Settings"), NULL);
  limn_menu_button_return_focus (GTK_MENU_BUTTON (more));
  limn_menu_button_hide_tooltip (GTK_MENU_BUTTON (more));

  self->commit = gtk_button_new_with_label (_(limn_task_get_kind (0)->verb));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->commit), "win.commit");
  gtk_widget_add_css_class (self->commit, "suggested-action");
  gtk_widget_add_css_class (self->commit, "verb");
  self->cancel = gtk_button_new_with_label (_("Cancel"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel), "win.cancel");
  gtk_widget_add_css_class (self->cancel, "verb");
  limn_widget_describe (self->cancel, _("Cancel"), "win.cancel");
  self->verb = GTK_STACK (gtk_stack_new ()); /* of one width for both, so that nothing moves */
  gtk_stack_add_child (self->verb, self->commit);
  gtk_stack_add_child (self->verb, self->cancel);

  gtk_box_append (GTK_BOX (box), make_next (self));
  gtk_box_append (GTK_BOX (box), self->roll);
  gtk_box_append (GTK_BOX (box), more);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->verb));
  return box;
}

static void
limn_action_pill_init (LimnActionPill *self)
{
  self->choices = g_ptr_array_new ();
  self->automatic = g_ptr_array_new ();
  GtkWidget *settings = make_settings (self), *buttons = make_buttons (self);
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  LimnPanel *panel = LIMN_PANEL (self);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_widget_set_valign (buttons, GTK_ALIGN_CENTER);
  self->materials = LIMN_PANEL (limn_material_row_new ());
  gtk_box_append (GTK_BOX (rows), GTK_WIDGET (self->materials));
  gtk_box_append (GTK_BOX (rows), limn_wrap_box_new (limn_wrap_box_new (settings, make_hint (self)), buttons));
  gtk_widget_add_css_class (rows, "floating");
  gtk_widget_add_css_class (rows, "action-pill");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), rows);
  limn_panel_watch (panel, "notify::task", G_CALLBACK (show_task));
  limn_panel_watch (panel, "notify::commit-label", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::commit-hint", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "variations-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::tool", G_CALLBACK (show_task));
  limn_panel_watch (panel, "crop-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "lens-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::previewing", G_CALLBACK (show_commit)); /* something was placed or painted */
  limn_panel_watch (panel, "notify::busy", G_CALLBACK (show_busy));
}

void
limn_action_pill_open_materials (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (session && limn_session_has_materials (session))
    limn_material_row_open (LIMN_MATERIAL_ROW (self->materials));
}

GtkWidget *
limn_action_pill_new (void)
{
  return g_object_new (LIMN_TYPE_ACTION_PILL, NULL);
}
