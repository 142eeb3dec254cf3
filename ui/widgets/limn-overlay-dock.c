/* A child in the middle and one beside it or over it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-overlay-dock.h"

#include "limn-click-through-box.h"

/* Under the child in the middle; the other brings its own. */
#define FOOT 12

struct _LimnOverlayDock {
  GtkWidget parent_instance;
  int covered;
};

G_DEFINE_FINAL_TYPE (LimnOverlayDock, limn_overlay_dock, GTK_TYPE_WIDGET)

enum { PROP_COVERED = 1 };

static int
natural_width (GtkWidget *child, int available)
{
  int minimum, natural;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return available < 0 ? natural : MAX (minimum, MIN (natural, available));
}

static int
natural_height (GtkWidget *child, int width)
{
  int height;
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

typedef struct {
  int width[2], height[2];
  gboolean beside;
} Sizes;

static Sizes
measure_children (LimnOverlayDock *self, int width)
{
  GtkWidget *children[] = { gtk_widget_get_first_child (GTK_WIDGET (self)), gtk_widget_get_last_child (GTK_WIDGET (self)) };
  Sizes sizes;
  for (int i = 0; i < 2; i++) {
    sizes.width[i] = natural_width (children[i], width);
    sizes.height[i] = natural_height (children[i], sizes.width[i]);
  }
  sizes.beside = width < 0 || (width - sizes.width[1]) / 2 >= sizes.width[0];
  return sizes;
}

static GtkSizeRequestMode
limn_overlay_dock_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
limn_overlay_dock_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = *natural = 0;
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
      int child_minimum, child_natural;
      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural = MAX (*natural, child_natural);
    }
    return;
  }
  Sizes sizes = measure_children (LIMN_OVERLAY_DOCK (widget), for_size);
  int middle = sizes.height[1] + FOOT;
  *minimum = *natural = sizes.beside ? MAX (sizes.height[0], middle) : sizes.height[0] + middle;
}

static void
set_covered (LimnOverlayDock *self, int covered)
{
  if (self->covered == covered)
    return;
  self->covered = covered;
  g_object_notify (G_OBJECT (self), "covered");
}

static void
limn_overlay_dock_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  Sizes sizes = measure_children (LIMN_OVERLAY_DOCK (widget), width);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = (width - sizes.width[1]) / 2, y = height - FOOT - sizes.height[1];
  GtkAllocation middle = { x, y, sizes.width[1], sizes.height[1] };
  GtkAllocation other = { (width - sizes.width[0]) / 2, y - sizes.height[0], sizes.width[0], sizes.height[0] };
  if (sizes.beside) {
    other.x = mirrored ? x - sizes.width[0] : x + sizes.width[1];
    other.y = height - sizes.height[0];
  }
  gtk_widget_size_allocate (gtk_widget_get_first_child (widget), &other, -1);
  gtk_widget_size_allocate (gtk_widget_get_last_child (widget), &middle, -1);
  int least = sizes.height[1] + 2 * FOOT; /* as much above the middle one as under it */
  set_covered (LIMN_OVERLAY_DOCK (widget), sizes.beside ? least : MAX (least, height - other.y));
}

static void
limn_overlay_dock_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, LIMN_OVERLAY_DOCK (object)->covered);
}

static void
limn_overlay_dock_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (limn_overlay_dock_parent_class)->dispose (object);
}

static void
limn_overlay_dock_class_init (LimnOverlayDockClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = limn_overlay_dock_dispose;
  G_OBJECT_CLASS (klass)->get_property = limn_overlay_dock_get_property;
  g_object_class_install_property (
    G_OBJECT_CLASS (klass), PROP_COVERED,
    g_param_spec_int ("covered", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  widget_class->get_request_mode = limn_overlay_dock_get_request_mode;
  widget_class->measure = limn_overlay_dock_measure;
  widget_class->size_allocate = limn_overlay_dock_size_allocate;
  widget_class->contains = limn_click_through_box_contains;
}

static void
limn_overlay_dock_init (LimnOverlayDock *self)
{
}

GtkWidget *
limn_overlay_dock_new (GtkWidget *first, GtkWidget *last)
{
  LimnOverlayDock *self = g_object_new (LIMN_TYPE_OVERLAY_DOCK, NULL);
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (last, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
