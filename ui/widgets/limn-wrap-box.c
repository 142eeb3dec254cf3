/* Side by side or stacked. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-wrap-box.h"

enum { SPACING = 6 };

struct _LimnWrapBox {
  GtkWidget parent_instance;
  GtkWidget *children[2];
};

G_DEFINE_FINAL_TYPE (LimnWrapBox, limn_wrap_box, GTK_TYPE_WIDGET)

typedef struct {
  int width[2], minimum[2]; /* 0 for a child that isn't shown */
  int spacing;
} Widths;

static Widths
measure_widths (LimnWrapBox *self)
{
  Widths widths = { 0 };
  int shown = 0;
  for (int i = 0; i < 2; i++) {
    if (!gtk_widget_should_layout (self->children[i]))
      continue;
    gtk_widget_measure (self->children[i], GTK_ORIENTATION_HORIZONTAL, -1, &widths.minimum[i], &widths.width[i], NULL, NULL);
    shown += widths.width[i] > 0;
  }
  widths.spacing = shown == 2 ? SPACING : 0;
  return widths;
}

static int
natural_height (GtkWidget *child, int width)
{
  int height = 0;
  if (gtk_widget_should_layout (child))
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static gboolean
is_folded (const Widths *widths, int width)
{
  return width >= 0 && width < widths->width[0] + widths->spacing + widths->width[1];
}

static GtkSizeRequestMode
limn_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
limn_wrap_box_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                       int *natural_baseline)
{
  LimnWrapBox *self = LIMN_WRAP_BOX (widget);
  Widths widths = measure_widths (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MAX (widths.minimum[0], widths.minimum[1]);
    *natural = widths.width[0] + widths.spacing + widths.width[1];
  } else if (is_folded (&widths, for_size)) {
    *minimum = *natural = natural_height (self->children[0], for_size) + widths.spacing + natural_height (self->children[1], for_size);
  } else {
    *minimum = *natural = MAX (natural_height (self->children[0], widths.width[0]), natural_height (self->children[1], widths.width[1]));
  }
}

static void
allocate (GtkWidget *child, int x, int y, int width, int height)
{
  if (gtk_widget_should_layout (child))
    gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

static void
limn_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LimnWrapBox *self = LIMN_WRAP_BOX (widget);
  Widths widths = measure_widths (self);
  if (is_folded (&widths, width)) {
    int first = natural_height (self->children[0], width);
    allocate (self->children[0], 0, 0, width, first);
    allocate (self->children[1], 0, first + widths.spacing, width, MAX (0, height - first - widths.spacing));
    return;
  }
  int second = widths.width[0] > 0 ? widths.width[1] : width, first = width - second - widths.spacing;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  allocate (self->children[0], mirrored ? second + widths.spacing : 0, 0, first, height);
  allocate (self->children[1], mirrored ? 0 : first + widths.spacing, 0, second, height);
}

static void
limn_wrap_box_dispose (GObject *object)
{
  LimnWrapBox *self = LIMN_WRAP_BOX (object);
  for (int i = 0; i < 2; i++)
    g_clear_pointer (&self->children[i], gtk_widget_unparent);
  G_OBJECT_CLASS (limn_wrap_box_parent_class)->dispose (object);
}

static void
limn_wrap_box_class_init (LimnWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = limn_wrap_box_dispose;
  widget_class->get_request_mode = limn_wrap_box_get_request_mode;
  widget_class->measure = limn_wrap_box_measure;
  widget_class->size_allocate = limn_wrap_box_size_allocate;
}

static void
limn_wrap_box_init (LimnWrapBox *self)
{
}

GtkWidget *
limn_wrap_box_new (GtkWidget *first, GtkWidget *second)
{
  LimnWrapBox *self = g_object_new (LIMN_TYPE_WRAP_BOX, NULL);
  self->children[0] = first;
  self->children[1] = second;
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (second, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
