/* Three layouts by width. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-adaptive.h"

#include <string.h>

struct _LimnAdaptive {
  GtkWidget parent;
  GtkWidget *child;
  LimnLayout layout;
  int least[LIMN_LAYOUT_WIDE + 1]; /* what the child asked for in a layout that there wasn't room for; 0: there was */
};

static void buildable_init (GtkBuildableIface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (LimnAdaptive, limn_adaptive, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

enum { PROP_CHILD = 1, PROP_LAYOUT, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
set_child (LimnAdaptive *self, GtkWidget *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
limn_adaptive_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                       int *natural_baseline)
{
  LimnAdaptive *self = LIMN_ADAPTIVE (widget);
  int least = 0;

  if (!self->child)
    return;
  if (for_size >= 0) {
    gtk_widget_measure (self->child, orientation == GTK_ORIENTATION_HORIZONTAL ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, -1,
                        &least, NULL, NULL, NULL);
    for_size = MAX (for_size, least);
  }
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  /* Another layout needs less; which one it will be is known only when the size is given. */
  *minimum = 0;
}

static void
set_layout (LimnAdaptive *self, LimnLayout layout)
{
  if (layout == self->layout)
    return;
  self->layout = layout;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAYOUT]);
}

/* The widest one that suits the width and that the child has room in, with the words of this language in letters of this size. Returns
 * what the child asks for in it. */
static int
choose_layout (LimnAdaptive *self, int width)
{
  LimnLayout layout = width < LIMN_LAYOUT_MEDIUM_WIDTH ? LIMN_LAYOUT_NARROW
                      : width < LIMN_LAYOUT_WIDE_WIDTH ? LIMN_LAYOUT_MEDIUM
                                                       : LIMN_LAYOUT_WIDE;
  int least;

  while (layout > LIMN_LAYOUT_NARROW && width < self->least[layout])
    layout--;
  for (;;) {
    set_layout (self, layout);
    gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    if (layout == LIMN_LAYOUT_NARROW || least <= width)
      return least;
    self->least[layout--] = least;
  }
}

static void
limn_adaptive_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LimnAdaptive *self = LIMN_ADAPTIVE (widget);
  int least_width, least_height;

  if (!self->child)
    return;
  least_width = choose_layout (self, width);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, MAX (width, least_width), &least_height, NULL, NULL, NULL);
  gtk_widget_allocate (self->child, MAX (width, least_width), MAX (height, least_height), -1, NULL);
}

/* Letters of another size. */
static void
limn_adaptive_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (limn_adaptive_parent_class)->system_setting_changed (widget, setting);
  memset (LIMN_ADAPTIVE (widget)->least, 0, sizeof LIMN_ADAPTIVE (widget)->least);
}

static void
limn_adaptive_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LimnAdaptive *self = LIMN_ADAPTIVE (object);

  if (id == PROP_CHILD)
    g_value_set_object (value, self->child);
  else
    g_value_set_int (value, self->layout);
}

static void
limn_adaptive_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  set_child (LIMN_ADAPTIVE (object), g_value_get_object (value));
}

static void
limn_adaptive_dispose (GObject *object)
{
  set_child (LIMN_ADAPTIVE (object), NULL);
  G_OBJECT_CLASS (limn_adaptive_parent_class)->dispose (object);
}

static void
limn_adaptive_class_init (LimnAdaptiveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = limn_adaptive_dispose;
  object_class->get_property = limn_adaptive_get_property;
  object_class->set_property = limn_adaptive_set_property;
  widget_class->measure = limn_adaptive_measure;
  widget_class->size_allocate = limn_adaptive_size_allocate;
  widget_class->system_setting_changed = limn_adaptive_system_setting_changed;
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LAYOUT] = g_param_spec_int ("layout", NULL, NULL, LIMN_LAYOUT_NARROW, LIMN_LAYOUT_WIDE, LIMN_LAYOUT_WIDE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_adaptive_init (LimnAdaptive *self)
{
  self->layout = LIMN_LAYOUT_WIDE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  set_child (LIMN_ADAPTIVE (buildable), GTK_WIDGET (child));
}

static void
buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = add_child;
}

LimnLayout
limn_adaptive_get_layout (LimnAdaptive *self)
{
  g_return_val_if_fail (LIMN_IS_ADAPTIVE (self), LIMN_LAYOUT_WIDE);
  return self->layout;
}
