/* The field and the bar are two instances of one widget, which differ in what they draw and in what a place means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-color-area.h"

#include <glib/gi18n.h>

#define RADIUS 6.0f /* of the corners */
#define KNOB 7.0f

#define LIMN_TYPE_COLOR_PLANE (limn_color_plane_get_type ())
G_DECLARE_FINAL_TYPE (LimnColorPlane, limn_color_plane, LIMN, COLOR_PLANE, GtkWidget)

struct _LimnColorPlane {
  GtkWidget parent_instance;
  LimnColorArea *area;
  gboolean bar; /* of hues */
};
G_DEFINE_FINAL_TYPE (LimnColorPlane, limn_color_plane, GTK_TYPE_WIDGET)

struct _LimnColorArea {
  GtkBox parent_instance;
  LimnColorPlane *field, *bar;
  GtkEditable *figures;
  float hue, saturation, value;
  GdkRGBA color;
  gboolean updating;
};
G_DEFINE_FINAL_TYPE (LimnColorArea, limn_color_area, GTK_TYPE_BOX)

enum { PROP_COLOR = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
show_figures (LimnColorArea *self)
{
  g_autofree char *text = g_strdup_printf ("#%02x%02x%02x", (int) (self->color.red * 255 + 0.5f), (int) (self->color.green * 255 + 0.5f),
                                           (int) (self->color.blue * 255 + 0.5f));
  if (!self->updating) { /* not while they are typed */
    self->updating = TRUE;
    gtk_editable_set_text (self->figures, text);
    self->updating = FALSE;
  }
  gtk_widget_remove_css_class (GTK_WIDGET (self->figures), "error");
  gtk_widget_queue_draw (GTK_WIDGET (self->field));
  gtk_widget_queue_draw (GTK_WIDGET (self->bar));
}

/* Hue and saturation are kept where gray and black have none, so that the knobs stay. */
static void
set_hsv (LimnColorArea *self, float hue, float saturation, float value)
{
  self->hue = CLAMP (hue, 0, 1);
  self->saturation = CLAMP (saturation, 0, 1);
  self->value = CLAMP (value, 0, 1);
  gtk_hsv_to_rgb (self->hue, self->saturation, self->value, &self->color.red, &self->color.green, &self->color.blue);
  self->color.alpha = 1;
  show_figures (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOR]);
}

static void
set_color (LimnColorArea *self, const GdkRGBA *color)
{
  float hue, saturation, value;
  if (gdk_rgba_equal (color, &self->color))
    return;
  gtk_rgb_to_hsv (color->red, color->green, color->blue, &hue, &saturation, &value);
  if (saturation > 0)
    self->hue = hue;
  if (value > 0)
    self->saturation = saturation;
  self->value = value;
  self->color = *color;
  show_figures (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOR]);
}

/* -- Field and bar -- */

static void
append_knob (GtkSnapshot *snapshot, float x, float y, const GdkRGBA *color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - KNOB, y - KNOB, 2 * KNOB, 2 * KNOB);
  const GdkRGBA white = { 1, 1, 1, 1 }, shade = { 0, 0, 0, 0.35f };
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect (&round, &bounds, KNOB);
  gtk_snapshot_append_outset_shadow (snapshot, &round, &shade, 0, 1, 0, 3);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, color, &bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &round, (float[4]){ 2, 2, 2, 2 }, (GdkRGBA[4]){ white, white, white, white });
}

static void
append_field (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float hue)
{
  const float width = bounds->size.width, height = bounds->size.height;
  const graphene_point_t left = { 0, 0 }, right = { width, 0 }, bottom = { 0, height };
  GskColorStop across[] = { { 0, { 1, 1, 1, 1 } }, { 1, { 0, 0, 0, 1 } } };
  const GskColorStop down[] = { { 0, { 0, 0, 0, 0 } }, { 1, { 0, 0, 0, 1 } } };
  gtk_hsv_to_rgb (hue, 1, 1, &across[1].color.red, &across[1].color.green, &across[1].color.blue);
  gtk_snapshot_append_linear_gradient (snapshot, bounds, &left, &right, across, 2);
  gtk_snapshot_append_linear_gradient (snapshot, bounds, &left, &bottom, down, 2);
}

static void
append_hues (GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  const graphene_point_t left = { 0, 0 }, right = { bounds->size.width, 0 };
  GskColorStop stops[7];
  for (int i = 0; i < 7; i++) {
    stops[i] = (GskColorStop){ (float) i / 6, { 0, 0, 0, 1 } };
    gtk_hsv_to_rgb ((float) (i % 6) / 6, 1, 1, &stops[i].color.red, &stops[i].color.green, &stops[i].color.blue);
  }
  gtk_snapshot_append_linear_gradient (snapshot, bounds, &left, &right, stops, 7);
}

static void
limn_color_plane_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnColorPlane *self = LIMN_COLOR_PLANE (widget);
  LimnColorArea *area = self->area;
  const float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect (&round, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  if (self->bar)
    append_hues (snapshot, &bounds);
  else
    append_field (snapshot, &bounds, area->hue);
  gtk_snapshot_pop (snapshot);
  if (self->bar) {
    GdkRGBA pure = { 0, 0, 0, 1 };
    gtk_hsv_to_rgb (area->hue, 1, 1, &pure.red, &pure.green, &pure.blue);
    append_knob (snapshot, CLAMP (area->hue * width, KNOB, width - KNOB), height / 2, &pure);
  } else {
    append_knob (snapshot, CLAMP (area->saturation * width, KNOB, width - KNOB), CLAMP ((1 - area->value) * height, KNOB, height - KNOB),
                 &area->color);
  }
}

static void
point_at (LimnColorPlane *self, double x, double y)
{
  LimnColorArea *area = self->area;
  float u = (float) (x / MAX (1, gtk_widget_get_width (GTK_WIDGET (self))));
  float v = (float) (y / MAX (1, gtk_widget_get_height (GTK_WIDGET (self))));
  if (self->bar)
    set_hsv (area, u, area->saturation, area->value);
  else
    set_hsv (area, area->hue, u, 1 - v);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, LimnColorPlane *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  point_at (self, x, y);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, LimnColorPlane *self)
{
  double x, y;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  point_at (self, x + dx, y + dy);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint code, GdkModifierType modifiers, LimnColorPlane *self)
{
  LimnColorArea *area = self->area;
  float step = modifiers & GDK_SHIFT_MASK ? 0.1f : 0.02f, dx = 0, dy = 0;
  if (keyval == GDK_KEY_Left)
    dx = -step;
  else if (keyval == GDK_KEY_Right)
    dx = step;
  else if (keyval == GDK_KEY_Up && !self->bar)
    dy = step;
  else if (keyval == GDK_KEY_Down && !self->bar)
    dy = -step;
  else
    return FALSE;
  if (self->bar)
    set_hsv (area, area->hue + dx, area->saturation, area->value);
  else
    set_hsv (area, area->hue, area->saturation + dx, area->value + dy);
  return TRUE;
}

static void
limn_color_plane_class_init (LimnColorPlaneClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = limn_color_plane_snapshot;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "colorplane");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_color_plane_init (LimnColorPlane *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_VISIBLE);
}

/* -- The whole -- */

static void
on_figures (LimnColorArea *self)
{
  GdkRGBA color;
  if (self->updating)
    return;
  if (gdk_rgba_parse (&color, gtk_editable_get_text (self->figures))) {
    color.alpha = 1;
    self->updating = TRUE;
    set_color (self, &color);
    self->updating = FALSE;
  } else {
    gtk_widget_add_css_class (GTK_WIDGET (self->figures), "error");
  }
}

static LimnColorPlane *
add_plane (LimnColorArea *self, gboolean bar, int height, const char *label)
{
  LimnColorPlane *plane = g_object_new (LIMN_TYPE_COLOR_PLANE, NULL);
  plane->area = self;
  plane->bar = bar;
  gtk_widget_set_size_request (GTK_WIDGET (plane), 200, height);
  gtk_accessible_update_property (GTK_ACCESSIBLE (plane), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (plane));
  return plane;
}

static void
limn_color_area_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COLOR)
    g_value_set_boxed (value, &LIMN_COLOR_AREA (object)->color);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
limn_color_area_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id != PROP_COLOR)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (g_value_get_boxed (value))
    set_color (LIMN_COLOR_AREA (object), g_value_get_boxed (value));
}

static void
limn_color_area_class_init (LimnColorAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = limn_color_area_get_property;
  object_class->set_property = limn_color_area_set_property;
  properties[PROP_COLOR] = g_param_spec_boxed ("color", NULL, NULL, GDK_TYPE_RGBA,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_color_area_init (LimnColorArea *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->field = add_plane (self, FALSE, 140, _("Saturation and brightness: arrow keys change them"));
  self->bar = add_plane (self, TRUE, 16, _("Hue: arrow keys change it"));
  self->figures = GTK_EDITABLE (gtk_entry_new ());
  gtk_editable_set_max_width_chars (self->figures, 9);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->figures), _("Red, green and blue in figures"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->figures), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Red, green and blue in figures"), -1);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->figures));
  g_signal_connect_swapped (self->figures, "changed", G_CALLBACK (on_figures), self);
  self->color = (GdkRGBA){ 0, 0, 0, 1 };
}

GtkWidget *
limn_color_area_new (void)
{
  return g_object_new (LIMN_TYPE_COLOR_AREA, NULL);
}
