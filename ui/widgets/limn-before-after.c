/* Before and after, side by side in one place. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-before-after.h"

#define RATIO 0.75f /* height for width */
#define LEAST 120   /* width */

struct _LimnBeforeAfter {
  GtkWidget parent;
  char *paths[2];
  GdkTexture *textures[2];
  double position; /* 0 to 1 */
  AdwAnimation *animation;
};

G_DEFINE_FINAL_TYPE (LimnBeforeAfter, limn_before_after, GTK_TYPE_WIDGET)

enum { PROP_BEFORE = 1, PROP_AFTER, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
set_position (double value, gpointer user)
{
  LimnBeforeAfter *self = user;

  self->position = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Right to left, before is on the right. */
static gboolean
is_mirrored (LimnBeforeAfter *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
go_to (LimnBeforeAfter *self, double position)
{
  if (!adw_get_enable_animations (GTK_WIDGET (self)))
    return;
  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->animation), self->position);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->animation), position);
  adw_animation_play (self->animation);
}

static void
moved (GtkEventControllerMotion *controller, double x, double y, LimnBeforeAfter *self)
{
  const double where = CLAMP (x / MAX (1, gtk_widget_get_width (GTK_WIDGET (self))), 0.04, 0.96);

  go_to (self, is_mirrored (self) ? 1 - where : where);
}

static void
left (GtkEventControllerMotion *controller, LimnBeforeAfter *self)
{
  go_to (self, 0.5);
}

static GtkSizeRequestMode
limn_before_after_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
limn_before_after_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = LEAST;
    *natural = 2 * LEAST;
  } else { /* a least height that grew with the width would be no least one */
    *minimum = (int) (LEAST * RATIO);
    *natural = (int) ((float) MAX (LEAST, for_size) * RATIO);
  }
}

static void
append (LimnBeforeAfter *self, GtkSnapshot *snapshot, int which, float x0, float x1)
{
  const float width = (float) gtk_widget_get_width (GTK_WIDGET (self)), height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  GdkTexture *texture = self->textures[which];
  float scale, w, h;

  if (!texture || x1 <= x0)
    return;
  scale = MAX (width / (float) gdk_texture_get_width (texture), height / (float) gdk_texture_get_height (texture));
  w = (float) gdk_texture_get_width (texture) * scale;
  h = (float) gdk_texture_get_height (texture) * scale;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (x0, 0, x1 - x0, height));
  gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT ((width - w) / 2, (height - h) / 2, w, h));
  gtk_snapshot_pop (snapshot);
}

static void
limn_before_after_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnBeforeAfter *self = LIMN_BEFORE_AFTER (widget);
  const float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  const gboolean mirrored = is_mirrored (self);
  const float x = width * (float) (mirrored ? 1 - self->position : self->position);
  const GdkRGBA white = { 1, 1, 1, 0.95f }, shade = { 0, 0, 0, 0.25f };

  append (self, snapshot, mirrored ? 1 : 0, 0, x);
  append (self, snapshot, mirrored ? 0 : 1, x, width);
  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (x - 2, 0, 4, height));
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (x - 1, 0, 2, height));
}

static void
limn_before_after_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, LIMN_BEFORE_AFTER (object)->paths[id - PROP_BEFORE]);
}

static void
limn_before_after_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LIMN_BEFORE_AFTER (object)->paths[id - PROP_BEFORE] = g_value_dup_string (value);
}

/* Decoded when first shown, so that a window that opens with a document does without. */
static void
limn_before_after_realize (GtkWidget *widget)
{
  LimnBeforeAfter *self = LIMN_BEFORE_AFTER (widget);

  GTK_WIDGET_CLASS (limn_before_after_parent_class)->realize (widget);
  for (int i = 0; i < 2; i++) {
    if (self->paths[i] && !self->textures[i])
      self->textures[i] = gdk_texture_new_from_resource (self->paths[i]);
  }
}

static void
limn_before_after_dispose (GObject *object)
{
  LimnBeforeAfter *self = LIMN_BEFORE_AFTER (object);

  g_clear_object (&self->animation);
  for (int i = 0; i < 2; i++) {
    g_clear_object (&self->textures[i]);
    g_clear_pointer (&self->paths[i], g_free);
  }
  G_OBJECT_CLASS (limn_before_after_parent_class)->dispose (object);
}

static void
limn_before_after_class_init (LimnBeforeAfterClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = limn_before_after_dispose;
  object_class->get_property = limn_before_after_get_property;
  object_class->set_property = limn_before_after_set_property;
  widget_class->realize = limn_before_after_realize;
  widget_class->get_request_mode = limn_before_after_get_request_mode;
  widget_class->measure = limn_before_after_measure;
  widget_class->snapshot = limn_before_after_snapshot;
  properties[PROP_BEFORE] = g_param_spec_string ("before", NULL, NULL, NULL, flags);
  properties[PROP_AFTER] = g_param_spec_string ("after", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "beforeafter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_before_after_init (LimnBeforeAfter *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  AdwAnimationTarget *target = adw_callback_animation_target_new (set_position, self, NULL);

  self->position = 0.5;
  self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0.5, 0.5, 180, target);
  g_signal_connect (motion, "motion", G_CALLBACK (moved), self);
  g_signal_connect (motion, "leave", G_CALLBACK (left), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
