/* What belongs to the tool in hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-pill.h"

#include "app/document/limn-document-mask.h"
#include <glib/gi18n.h>
#include <math.h>

/* What a selection is grown by for a shadow: of its shorter side, and at least, in pixels. */
#define SHADOW_PART 0.06
#define LEAST_SHADOW 4

/* Seconds that the card stays after it was used. */
#define STAYS 3

struct _LimnToolOptions {
  LimnPanel parent_instance;
  GtkRevealer *revealer;
  GtkWidget *size_row, *hardness_row, *tolerance_row, *contiguous_row, *mode_row, *shadow_row;
  GtkAdjustment *size; /* a logarithm: small sizes need fine steps */
  GtkLabel *size_value;
  GtkToggleButton *modes[4];
  LimnToolKind sized; /* what the size was last told of */
  gboolean hold, updating;
  guint hide_source;
};

G_DEFINE_FINAL_TYPE (LimnToolOptions, limn_tool_options, LIMN_TYPE_PANEL)

static gboolean
uses_size (LimnToolKind tool)
{
  return tool == LIMN_TOOL_BRUSH || tool == LIMN_TOOL_ERASER || tool == LIMN_TOOL_GUIDE || tool == LIMN_TOOL_GUIDE_PENCIL ||
         tool == LIMN_TOOL_PAINT || tool == LIMN_TOOL_PENCIL || tool == LIMN_TOOL_DOT || tool == LIMN_TOOL_TAKE_FROM ||
         tool == LIMN_TOOL_NOT_FROM || tool == LIMN_TOOL_MEND || tool == LIMN_TOOL_SPARE;
}

static gboolean
uses_hardness (LimnToolKind tool)
{
  return tool == LIMN_TOOL_BRUSH || tool == LIMN_TOOL_ERASER || tool == LIMN_TOOL_GUIDE || tool == LIMN_TOOL_PAINT;
}

static gboolean
is_shape (LimnToolKind tool)
{
  return tool == LIMN_TOOL_LASSO || tool == LIMN_TOOL_RECTANGLE || tool == LIMN_TOOL_ELLIPSE || tool == LIMN_TOOL_SIMILAR ||
         tool == LIMN_TOOL_OBJECT;
}

static gboolean
hide (gpointer data)
{
  LimnToolOptions *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  if (self->hold || (focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self))))
    return G_SOURCE_CONTINUE;
  self->hide_source = 0;
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  return G_SOURCE_REMOVE;
}

void
limn_tool_options_reveal (LimnToolOptions *self, gboolean hold)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  LimnToolKind tool = session ? limn_session_get_tool (session) : LIMN_TOOL_LENS;
  g_clear_handle_id (&self->hide_source, g_source_remove);
  self->hold = hold;
  gboolean any = uses_size (tool) || is_shape (tool) || tool == LIMN_TOOL_BUCKET;
  gtk_revealer_set_reveal_child (self->revealer, any);
  if (any)
    self->hide_source = g_timeout_add_seconds (STAYS, hide, self);
}

static void
show_size (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  double size;
  if (!session)
    return;
  g_object_get (session, "brush-size", &size, NULL);
  g_autofree char *text = g_strdup_printf (_("%d px"), (int) lrint (size));
  gtk_label_set_text (self->size_value, text);
  self->updating = TRUE;
  gtk_adjustment_set_value (self->size, log2 (size));
  self->updating = FALSE;
}

/* Doesn't reveal the card when the size changes only because the tool changed. */
static void
on_size_changed (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  LimnToolKind tool = limn_session_get_tool (session);
  show_size (self);
  if (tool == self->sized)
    limn_tool_options_reveal (self, self->hold);
  self->sized = tool;
}

static void
on_size_moved (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  if (session && !self->updating)
    limn_session_set_brush_size (session, round (exp2 (gtk_adjustment_get_value (self->size))));
}

static void
show_mode (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  int mode;
  if (!session)
    return;
  g_object_get (session, "mask-mode", &mode, NULL);
  gtk_toggle_button_set_active (self->modes[mode], TRUE);
}

static void
on_mode (LimnToolOptions *self, GtkToggleButton *button)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  for (int i = 0; i < 4; i++)
    if (session && button == self->modes[i] && gtk_toggle_button_get_active (button))
      g_object_set (session, "mask-mode", i, NULL);
}

static void
show_tool (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  LimnToolKind tool = session ? limn_session_get_tool (session) : LIMN_TOOL_LENS;
  gtk_widget_set_visible (self->size_row, uses_size (tool));
  gtk_widget_set_visible (self->hardness_row, uses_hardness (tool));
  gtk_widget_set_visible (self->tolerance_row, tool == LIMN_TOOL_SIMILAR || tool == LIMN_TOOL_BUCKET);
  gtk_widget_set_visible (self->contiguous_row, tool == LIMN_TOOL_SIMILAR);
  gtk_widget_set_visible (self->mode_row, is_shape (tool));
  gtk_widget_set_visible (self->shadow_row, tool == LIMN_TOOL_OBJECT);
  if (!uses_size (tool) && !is_shape (tool) && tool != LIMN_TOOL_BUCKET)
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
  show_size (self);
}

static void
limn_tool_options_session_changed (LimnPanel *panel)
{
  LimnToolOptions *self = LIMN_TOOL_OPTIONS (panel);
  LimnSession *session = limn_panel_get_session (panel);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  if (session)
    self->sized = limn_session_get_tool (session);
  show_tool (self);
  show_mode (self);
}

static void
limn_tool_options_dispose (GObject *object)
{
  g_clear_handle_id (&LIMN_TOOL_OPTIONS (object)->hide_source, g_source_remove);
  G_OBJECT_CLASS (limn_tool_options_parent_class)->dispose (object);
}

static void
limn_tool_options_class_init (LimnToolOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_tool_options_dispose;
  LIMN_PANEL_CLASS (klass)->session_changed = limn_tool_options_session_changed;
}

/* A thing's shadow is darkest beside it, and longer the larger it is. */
static void
on_shadow (LimnToolOptions *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  LimnDocument *document = session ? limn_session_get_document (session) : NULL;
  if (!document || !limn_document_get_has_mask (document))
    return;
  const LimnRect bounds = limn_raster_get_bounds (limn_document_get_plane (document, LIMN_DOCUMENT_MASK));
  limn_document_grow_mask (document, MAX (LEAST_SHADOW, ceil (SHADOW_PART * MIN (bounds.width, bounds.height))));
}

/* -- Building it -- */

static gboolean
percent_text (GBinding *binding, const GValue *from, GValue *to, gpointer user)
{
  g_value_take_string (to, g_strdup_printf (_("%d%%"), (int) lrint (g_value_get_double (from) * 100)));
  return TRUE;
}

static GtkWidget *
make_row (GtkWidget *card, const char *title, GtkWidget *control, GtkWidget *value)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (title);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (head), label);
  if (value) {
    gtk_widget_add_css_class (value, "caption");
    gtk_widget_add_css_class (value, "numeric");
    gtk_widget_add_css_class (value, "dim-label");
    gtk_box_append (GTK_BOX (head), value);
  }
  gtk_box_append (GTK_BOX (row), head);
  gtk_box_append (GTK_BOX (row), control);
  gtk_box_append (GTK_BOX (card), row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static GtkWidget *
make_scale (GtkAdjustment *adjustment, int width)
{
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment);
  gtk_widget_set_size_request (scale, width, -1);
  gtk_widget_set_focus_on_click (scale, FALSE);
  return scale;
}

static GtkWidget *
make_modes (LimnToolOptions *self)
{
  static const struct {
    const char *icon, *label;
  } modes[] = { { "limn-region-symbolic", N_("Replace the selection") },
                { "list-add-symbolic", N_("Add to the selection") },
                { "list-remove-symbolic", N_("Take away from the selection") },
                { "limn-invert-symbolic", N_("Keep only what is in both") } };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (int i = 0; i < 4; i++) {
    self->modes[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
    gtk_button_set_icon_name (GTK_BUTTON (self->modes[i]), modes[i].icon);
    limn_widget_describe (GTK_WIDGET (self->modes[i]), _(modes[i].label), NULL);
    gtk_toggle_button_set_group (self->modes[i], i ? self->modes[0] : NULL);
    g_signal_connect_swapped (self->modes[i], "toggled", G_CALLBACK (on_mode), self);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->modes[i]));
  }
  return box;
}

static void
limn_tool_options_init (LimnToolOptions *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *value = gtk_label_new (NULL), *check, *percent;
  GtkAdjustment *hardness = gtk_adjustment_new (0.8, 0, 1, 0.05, 0.1, 0), *tolerance = gtk_adjustment_new (32, 0, 255, 1, 16, 0);
  LimnPanel *panel = LIMN_PANEL (self);
  self->size = gtk_adjustment_new (5, 0, log2 (1000), 0.1, 0.5, 0);
  self->size_value = GTK_LABEL (value);
  gtk_widget_add_css_class (card, "floating");
  gtk_widget_add_css_class (card, "card-like");
  gtk_widget_add_css_class (card, "tool-options");

  self->size_row = make_row (card, _("Size"), make_scale (self->size, 150), value);
  percent = gtk_label_new (NULL);
  g_object_bind_property_full (hardness, "value", percent, "label", G_BINDING_SYNC_CREATE, percent_text, NULL, NULL, NULL);
  self->hardness_row = make_row (card, _("Hardness"), make_scale (hardness, 150), percent);
  self->tolerance_row = make_row (card, _("Tolerance"), make_scale (tolerance, 150), NULL);
  check = gtk_check_button_new_with_label (_("Connected area only"));
  gtk_widget_set_focus_on_click (check, FALSE);
  gtk_box_append (GTK_BOX (card), check);
  self->contiguous_row = check;
  self->mode_row = make_modes (self);
  gtk_box_append (GTK_BOX (card), self->mode_row);

  self->shadow_row = gtk_button_new_with_label (_("Grow for Its Shadow"));
  gtk_widget_set_focus_on_click (self->shadow_row, FALSE);
  gtk_box_append (GTK_BOX (card), self->shadow_row);

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_type (self->revealer, GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (self->revealer, card);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  g_object_bind_property (self->revealer, "reveal-child", self, "can-target", G_BINDING_SYNC_CREATE);

  g_signal_connect_swapped (self->shadow_row, "clicked", G_CALLBACK (on_shadow), self);
  g_signal_connect_swapped (self->size, "value-changed", G_CALLBACK (on_size_moved), self);
  limn_panel_bind (panel, "brush-hardness", hardness, "value");
  limn_panel_bind (panel, "contiguous", check, "active");
  limn_panel_bind (panel, "tolerance", tolerance, "value");
  limn_panel_watch (panel, "notify::tool", G_CALLBACK (show_tool));
  limn_panel_watch (panel, "notify::brush-size", G_CALLBACK (on_size_changed));
  limn_panel_watch (panel, "notify::mask-mode", G_CALLBACK (show_mode));
}

GtkWidget *
limn_tool_options_new (void)
{
  return g_object_new (LIMN_TYPE_TOOL_OPTIONS, NULL);
}
