/* The strip. The slider's whole numbers lie under the middles of the thumbnails; between two it mixes them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-variations.h"

#include <glib/gi18n.h>
#include <math.h>

enum { N = 4, THUMBNAIL = 60, SPACING = 6, KNOB = 10, /* half of a slider's knob */ KEEP_AFTER = 900 };
/* Nearer than this to a thumbnail is that variation. */
#define SNAP 0.06

struct _LimnVariations {
  LimnPanel parent_instance;
  GtkRevealer *revealer;
  GtkButton *buttons[N];
  GtkPicture *pictures[N];
  GtkSpinner *spinners[N];
  GtkAdjustment *position;
  GtkWidget *guide;
  gboolean updating, pressed;
  guint keep_source;
};

G_DEFINE_FINAL_TYPE (LimnVariations, limn_variations, LIMN_TYPE_PANEL)

static gboolean
has_strip (LimnVariations *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  return session && limn_session_get_n_variations (session) == N;
}

static void
show_variations (LimnVariations *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  gboolean any = has_strip (self);
  gtk_revealer_set_reveal_child (self->revealer, any);
  gtk_widget_set_can_target (GTK_WIDGET (self), any);
  if (!any) {
    g_clear_handle_id (&self->keep_source, g_source_remove);
    return;
  }
  guint current = limn_session_get_current_variation (session);
  gtk_widget_set_visible (self->guide, (limn_session_get_kind (session)->takes & LIMN_TAKES_GUIDE) != 0);
  for (guint i = 0; i < N; i++) {
    GdkTexture *texture = limn_session_get_variation (session, i);
    gtk_picture_set_paintable (self->pictures[i], GDK_PAINTABLE (texture));
    gtk_widget_set_visible (GTK_WIDGET (self->spinners[i]), texture == NULL);
    gtk_spinner_set_spinning (self->spinners[i], texture == NULL);
    if (i == current)
      gtk_widget_add_css_class (GTK_WIDGET (self->buttons[i]), "chosen");
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self->buttons[i]), "chosen");
    gtk_accessible_update_state (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_STATE_PRESSED,
                                 i == current ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
  }
  if (self->pressed || self->keep_source || lround (gtk_adjustment_get_value (self->position)) == (long) current)
    return;
  self->updating = TRUE;
  gtk_adjustment_set_value (self->position, current);
  self->updating = FALSE;
}

/* -- Thumbnails -- */

static guint
index_of (LimnVariations *self, GtkWidget *button)
{
  for (guint i = 0; i < N; i++)
    if (GTK_WIDGET (self->buttons[i]) == button)
      return i;
  g_return_val_if_reached (0);
}

static void
peek (LimnVariations *self, guint index)
{
  if (has_strip (self) && !self->pressed && !self->keep_source)
    limn_session_peek_variation (limn_panel_get_session (LIMN_PANEL (self)), index);
}

static void
on_enter (GtkEventController *controller, double x, double y, LimnVariations *self)
{
  peek (self, index_of (self, gtk_event_controller_get_widget (controller)));
}

static void
on_focus (GtkEventController *controller, LimnVariations *self)
{
  peek (self, index_of (self, gtk_event_controller_get_widget (controller)));
}

static void
on_leave (GtkEventController *controller, LimnVariations *self)
{
  peek (self, G_MAXUINT);
}

static void
on_clicked (LimnVariations *self, GtkButton *button)
{
  guint index = index_of (self, GTK_WIDGET (button));
  if (!has_strip (self) || !limn_session_get_variation (limn_panel_get_session (LIMN_PANEL (self)), index))
    return;
  self->updating = TRUE;
  gtk_adjustment_set_value (self->position, index);
  self->updating = FALSE;
  limn_session_keep_variation (limn_panel_get_session (LIMN_PANEL (self)), index);
}

static void
on_guide (LimnVariations *self)
{
  if (has_strip (self))
    limn_session_guide_result (limn_panel_get_session (LIMN_PANEL (self)));
}

/* -- The slider -- */

static gboolean
keep (gpointer data)
{
  LimnVariations *self = data;
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  double position = gtk_adjustment_get_value (self->position), nearest = round (position);
  guint a = MIN ((guint) position, N - 2);
  self->keep_source = 0;
  if (!has_strip (self))
    return G_SOURCE_REMOVE;
  if (fabs (position - nearest) < SNAP) {
    limn_session_peek_variation (session, G_MAXUINT);
    limn_session_keep_variation (session, (guint) nearest);
  } else {
    limn_session_mix_variations (session, a, a + 1, position - a, TRUE);
  }
  return G_SOURCE_REMOVE;
}

static void
on_position (LimnVariations *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  double position = gtk_adjustment_get_value (self->position);
  guint a = MIN ((guint) position, N - 2);
  if (self->updating || !has_strip (self))
    return;
  g_clear_handle_id (&self->keep_source, g_source_remove);
  if (fabs (position - round (position)) < SNAP)
    limn_session_peek_variation (session, (guint) round (position));
  else
    limn_session_mix_variations (session, a, a + 1, position - a, FALSE);
  if (!self->pressed) /* by keys: kept once they rest */
    self->keep_source = g_timeout_add (KEEP_AFTER, keep, self);
}

/* Before the slider's own gestures, which keep the events to themselves. */
static gboolean
on_event (GtkEventController *controller, GdkEvent *event, LimnVariations *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN) {
    self->pressed = TRUE;
  } else if ((type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL) && self->pressed) {
    self->pressed = FALSE;
    g_clear_handle_id (&self->keep_source, g_source_remove);
    self->keep_source = g_timeout_add (0, keep, self); /* after the slider's last move */
  }
  return GDK_EVENT_PROPAGATE;
}

/* -- The whole -- */

static void
limn_variations_session_changed (LimnPanel *panel)
{
  show_variations (LIMN_VARIATIONS (panel));
}

static void
limn_variations_dispose (GObject *object)
{
  g_clear_handle_id (&LIMN_VARIATIONS (object)->keep_source, g_source_remove);
  G_OBJECT_CLASS (limn_variations_parent_class)->dispose (object);
}

static void
limn_variations_class_init (LimnVariationsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_variations_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_variations_session_changed;
}

static GtkWidget *
make_thumbnail (LimnVariations *self, guint i)
{
  GtkWidget *button = gtk_button_new (), *overlay = gtk_overlay_new (), *picture = gtk_picture_new (), *square = adw_clamp_new (),
            *spinner = gtk_spinner_new ();
  GtkEventController *motion = gtk_event_controller_motion_new (), *focus = gtk_event_controller_focus_new ();
  g_autofree char *label = g_strdup_printf (_("Variation %u"), i + 1);
  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_size_request (picture, THUMBNAIL, THUMBNAIL);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  adw_clamp_set_maximum_size (ADW_CLAMP (square), THUMBNAIL);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (square), THUMBNAIL);
  adw_clamp_set_child (ADW_CLAMP (square), picture);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), square);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), spinner);
  gtk_button_set_child (GTK_BUTTON (button), overlay);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "variation");
  limn_widget_describe (button, label, NULL);
  gtk_widget_set_has_tooltip (button, FALSE); /* it would lie over what is looked at */
  g_signal_connect (motion, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (focus, "enter", G_CALLBACK (on_focus), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (button, motion);
  gtk_widget_add_controller (button, focus);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (on_clicked), self);
  self->buttons[i] = GTK_BUTTON (button);
  self->pictures[i] = GTK_PICTURE (picture);
  self->spinners[i] = GTK_SPINNER (spinner);
  return button;
}

static void
limn_variations_init (LimnVariations *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING), *scale;
  GtkWidget *label = gtk_label_new (_("Mix two variations"));
  GtkEventController *legacy = gtk_event_controller_legacy_new ();
  for (guint i = 0; i < N; i++)
    gtk_box_append (GTK_BOX (row), make_thumbnail (self, i));
  self->position = gtk_adjustment_new (0, 0, N - 1, 0.1, 1, 0);
  scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->position);
  gtk_range_set_round_digits (GTK_RANGE (scale), 2);
  gtk_widget_add_css_class (scale, "mix");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  limn_widget_describe (scale, _("Between two variations"), NULL);
  gtk_widget_set_has_tooltip (scale, FALSE);
  gtk_event_controller_set_propagation_phase (legacy, GTK_PHASE_CAPTURE);
  g_signal_connect (legacy, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (scale, legacy);
  gtk_box_append (GTK_BOX (card), row);
  gtk_box_append (GTK_BOX (card), scale);
  gtk_box_append (GTK_BOX (card), label);
  self->guide = gtk_button_new_with_label (_("Not right? Paint what belongs there"));
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->guide))), TRUE);
  gtk_label_set_justify (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->guide))), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->guide))), 30);
  gtk_widget_set_margin_top (self->guide, 6);
  gtk_widget_add_css_class (self->guide, "caption");
  g_signal_connect_swapped (self->guide, "clicked", G_CALLBACK (on_guide), self);
  gtk_box_append (GTK_BOX (card), self->guide);
  gtk_widget_add_css_class (card, "floating");
  gtk_widget_add_css_class (card, "variations");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_type (self->revealer, GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (self->revealer, card);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  g_signal_connect_swapped (self->position, "value-changed", G_CALLBACK (on_position), self);
  limn_panel_watch (LIMN_PANEL (self), "variations-changed", G_CALLBACK (show_variations));
}

GtkWidget *
limn_variations_new (void)
{
  return g_object_new (LIMN_TYPE_VARIATIONS, NULL);
}
