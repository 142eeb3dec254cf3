/* The action pill: a row of the task's own settings, then roll, more and the verb. Too narrow for one row, it takes two.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-action-pill.h"

#include <glib/gi18n.h>

#include "limn-palette.h"
#include "ui/widgets/limn-wrap-box.h"

/* Milliseconds that an edit runs before its button becomes Cancel, so that quick ones don't flicker. */
#define CANCEL_AFTER 150

static const int scales[] = { 2, 3, 4, 8 };

struct _LimnActionPill {
  LimnPanel parent_instance;
  GtkStack *settings;
  LimnPanel *palettes[2];
  LimnPanel *more;
  GtkLabel *hint;
  GtkToggleButton *scales[G_N_ELEMENTS (scales)];
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

static void
show_commit (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  g_autofree char *label = NULL, *hint = NULL;
  LimnTask task;
  if (!session)
    return;
  task = limn_session_get_task (session);
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
  } else if (!hint && task == LIMN_TASK_UPSCALE && !has_lens (session))
    hint = g_strdup (_("Press on the picture to look closer"));
  gtk_label_set_text (self->hint, hint ? hint : "");
  /* the variations of what was just done lie beside it, and tell enough */
  gtk_widget_set_visible (GTK_WIDGET (self->hint), hint && task != LIMN_TASK_SKETCH && !limn_session_get_n_variations (session));
}

static void
show_task (LimnActionPill *self)
{
  static const char *const pages[] = { NULL, "colorize", "sketch", "upscale" };
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (!session)
    return;
  LimnTask task = limn_session_get_task (session);
  gtk_widget_set_visible (GTK_WIDGET (self->settings), task != LIMN_TASK_FILL);
  if (task != LIMN_TASK_FILL)
    gtk_stack_set_visible_child_name (self->settings, pages[task]);
  gtk_widget_set_visible (self->roll, task != LIMN_TASK_UPSCALE);
  show_commit (self);
}

static void
show_scale (LimnActionPill *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  int scale = 0;
  if (session)
    g_object_get (session, "scale", &scale, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    if (scales[i] == scale)
      gtk_toggle_button_set_active (self->scales[i], TRUE);
}

static void
on_scale (LimnActionPill *self, GtkToggleButton *button)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    if (session && button == self->scales[i] && gtk_toggle_button_get_active (button))
      g_object_set (session, "scale", scales[i], NULL);
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
  limn_panel_set_session (self->palettes[0], session);
  limn_panel_set_session (self->palettes[1], session);
  limn_panel_set_session (self->more, session);
  show_task (self);
  show_scale (self);
  show_busy (self);
}

static void
limn_action_pill_dispose (GObject *object)
{
  g_clear_handle_id (&LIMN_ACTION_PILL (object)->cancel_source, g_source_remove);
  G_OBJECT_CLASS (limn_action_pill_parent_class)->dispose (object);
}

static void
limn_action_pill_class_init (LimnActionPillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_action_pill_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_action_pill_session_changed;
}

/* -- Building it -- */

/* A slider between two words. */
static GtkWidget *
make_slider (LimnActionPill *self, const char *property, double max, const char *label, const char *low, const char *high)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (0, 0, max, max / 20, max / 5, 0);
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  const char *words[] = { low, high };
  gtk_widget_set_size_request (scale, 84, -1);
  gtk_widget_set_hexpand (scale, TRUE);
  limn_widget_describe (scale, label, NULL);
  for (int i = 0; i < 2; i++) {
    GtkWidget *word = gtk_label_new (words[i]);
    gtk_widget_add_css_class (word, "caption");
    gtk_widget_add_css_class (word, "dim-label");
    gtk_box_append (GTK_BOX (box), word);
    if (i == 0)
      gtk_box_append (GTK_BOX (box), scale);
  }
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 6);
  limn_panel_bind (LIMN_PANEL (self), property, adjustment, "value");
  return box;
}

static GtkWidget *
make_palette (LimnActionPill *self, int index)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  self->palettes[index] = LIMN_PANEL (limn_palette_new ());
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_min_content_width (GTK_SCROLLED_WINDOW (scroller), 120);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->palettes[index]));
  return scroller;
}

static GtkWidget *
make_views (void)
{
  static const struct {
    const char *target, *icon, *label;
  } views[] = { { "over", "limn-fill-symbolic", N_("Picture over the sketch") },
                { "beside", "limn-compare-symbolic", N_("Picture beside the sketch") },
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

static GtkWidget *
make_scales (LimnActionPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++) {
    g_autofree char *text = g_strdup_printf (_("%d×"), scales[i]);
    g_autofree char *label = g_strdup_printf (_("%d times as wide and high"), scales[i]);
    GtkWidget *button = gtk_toggle_button_new_with_label (text);
    limn_widget_describe (button, label, NULL);
    self->scales[i] = GTK_TOGGLE_BUTTON (button);
    gtk_toggle_button_set_group (self->scales[i], i ? self->scales[0] : NULL);
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_scale), self);
    gtk_box_append (GTK_BOX (box), button);
  }
  return box;
}

static void
add_page (LimnActionPill *self, const char *name, GtkWidget *first, GtkWidget *second)
{
  gtk_stack_add_named (self->settings, limn_wrap_box_new (first, second), name);
}

static GtkWidget *
make_settings (LimnActionPill *self)
{
  self->settings = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->settings, FALSE);
  gtk_stack_set_vhomogeneous (self->settings, FALSE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->settings), TRUE);
  add_page (self, "colorize", make_palette (self, 0),
            make_slider (self, "saturation", 2, _("Strength of the colors"), _("Pale"), _("Rich")));
  GtkWidget *sketch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_box_append (GTK_BOX (sketch), make_slider (self, "freedom", 1, _("Freedom"), C_("freedom", "Close"), C_("freedom", "Free")));
  gtk_box_append (GTK_BOX (sketch), make_views ());
  add_page (self, "sketch", make_palette (self, 1), sketch);
  add_page (self, "upscale", make_scales (self),
            make_slider (self, "denoise", 1, _("Clean up noise and JPEG blocks"), _("As It Is"), _("Clean")));
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
make_buttons (LimnActionPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *more = gtk_menu_button_new (), *popover = gtk_popover_new ();
  self->roll = gtk_button_new_from_icon_name ("limn-variations-symbolic");
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

  self->commit = gtk_button_new_with_label (_("Fill"));
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

  gtk_box_append (GTK_BOX (box), self->roll);
  gtk_box_append (GTK_BOX (box), more);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->verb));
  return box;
}

static void
limn_action_pill_init (LimnActionPill *self)
{
  GtkWidget *settings = make_settings (self), *buttons = make_buttons (self), *fold;
  LimnPanel *panel = LIMN_PANEL (self);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_widget_set_valign (buttons, GTK_ALIGN_CENTER);
  fold = limn_wrap_box_new (limn_wrap_box_new (settings, make_hint (self)), buttons);
  gtk_widget_add_css_class (fold, "floating");
  gtk_widget_add_css_class (fold, "action-pill");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), fold);
  limn_panel_watch (panel, "notify::task", G_CALLBACK (show_task));
  limn_panel_watch (panel, "notify::commit-label", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::commit-hint", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "variations-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::tool", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "crop-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "lens-changed", G_CALLBACK (show_commit));
  limn_panel_watch (panel, "notify::scale", G_CALLBACK (show_scale));
  limn_panel_watch (panel, "notify::busy", G_CALLBACK (show_busy));
}

GtkWidget *
limn_action_pill_new (void)
{
  return g_object_new (LIMN_TYPE_ACTION_PILL, NULL);
}
