/* A panel at an edge of what it belongs to. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-flap.h"

struct _LimnFlap {
  AdwBin parent_instance;
  GtkOrientation orientation;
  GtkWidget *inner; /* libadwaita's */
};

G_DEFINE_FINAL_TYPE (LimnFlap, limn_flap, ADW_TYPE_BIN)

enum { PROP_0, PROP_ORIENTATION, PROP_CONTENT, PROP_PANEL, PROP_OPEN, N_PROPERTIES };

/* -- What libadwaita calls it -- */

#if ADW_CHECK_VERSION(1, 4, 0)

static const char *
open_name (LimnFlap *self)
{
  return self->orientation == GTK_ORIENTATION_VERTICAL ? "reveal-top-bars" : "show-sidebar";
}

static const char *
over_name (LimnFlap *self)
{
  return self->orientation == GTK_ORIENTATION_VERTICAL ? "extend-content-to-top-edge" : "collapsed";
}

/* The panel is as wide as it asks for, and opens and closes only when it is told to. */
static GtkWidget *
make_inner (LimnFlap *self)
{
  if (self->orientation == GTK_ORIENTATION_VERTICAL)
    return adw_toolbar_view_new ();
  return g_object_new (ADW_TYPE_OVERLAY_SPLIT_VIEW, "sidebar-position", GTK_PACK_END, "min-sidebar-width", 0.0, "sidebar-width-fraction",
                       0.0, "pin-sidebar", TRUE, "enable-show-gesture", FALSE, "enable-hide-gesture", FALSE, NULL);
}

static void
set_panel (LimnFlap *self, GtkWidget *panel)
{
  if (self->orientation == GTK_ORIENTATION_VERTICAL)
    adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (self->inner), panel);
  else
    adw_overlay_split_view_set_sidebar (ADW_OVERLAY_SPLIT_VIEW (self->inner), panel);
}

gboolean
limn_flap_get_over (LimnFlap *self)
{
  gboolean over;

  g_object_get (self->inner, over_name (self), &over, NULL);
  return over;
}

void
limn_flap_set_over (LimnFlap *self, gboolean over)
{
  g_object_set (self->inner, over_name (self), over, NULL);
}

#else

static const char *
open_name (LimnFlap *self)
{
  return "reveal-flap";
}

static GtkWidget *
make_inner (LimnFlap *self)
{
  const gboolean vertical = self->orientation == GTK_ORIENTATION_VERTICAL;
  GtkWidget *flap = g_object_new (ADW_TYPE_FLAP, "orientation", self->orientation, "flap-position",
                                  vertical ? GTK_PACK_START : GTK_PACK_END, "fold-policy", ADW_FLAP_FOLD_POLICY_NEVER, "modal", !vertical,
                                  "swipe-to-open", FALSE, "swipe-to-close", FALSE, NULL);

  if (vertical)
    gtk_widget_add_css_class (flap, "over-picture");
  else
    adw_flap_set_separator (ADW_FLAP (flap), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  return flap;
}

static void
set_panel (LimnFlap *self, GtkWidget *panel)
{
  adw_flap_set_flap (ADW_FLAP (self->inner), panel);
}

gboolean
limn_flap_get_over (LimnFlap *self)
{
  return adw_flap_get_folded (ADW_FLAP (self->inner));
}

void
limn_flap_set_over (LimnFlap *self, gboolean over)
{
  adw_flap_set_fold_policy (ADW_FLAP (self->inner), over ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
}

#endif

/* -- The same for all -- */

gboolean
limn_flap_get_open (LimnFlap *self)
{
  gboolean open;

  g_object_get (self->inner, open_name (self), &open, NULL);
  return open;
}

void
limn_flap_set_open (LimnFlap *self, gboolean open)
{
  g_object_set (self->inner, open_name (self), open, NULL);
}

static void
tell_open (LimnFlap *self)
{
  g_object_notify (G_OBJECT (self), "open");
}

static void
limn_flap_constructed (GObject *object)
{
  LimnFlap *self = LIMN_FLAP (object);
  g_autofree char *changed = g_strconcat ("notify::", open_name (self), NULL);

  G_OBJECT_CLASS (limn_flap_parent_class)->constructed (object);
  self->inner = make_inner (self);
  adw_bin_set_child (ADW_BIN (self), self->inner);
  g_signal_connect_swapped (self->inner, changed, G_CALLBACK (tell_open), self);
}

static void
limn_flap_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, limn_flap_get_open (LIMN_FLAP (object)));
}

static void
limn_flap_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LimnFlap *self = LIMN_FLAP (object);

  switch (id) {
  case PROP_ORIENTATION: self->orientation = g_value_get_enum (value); break;
  case PROP_CONTENT: g_object_set_property (G_OBJECT (self->inner), "content", value); break;
  case PROP_PANEL: set_panel (self, g_value_get_object (value)); break;
  default: limn_flap_set_open (self, g_value_get_boolean (value));
  }
}

static void
limn_flap_class_init (LimnFlapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags writable = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;
  GParamSpec *properties[N_PROPERTIES] = {
    [PROP_ORIENTATION] = g_param_spec_enum ("orientation", NULL, NULL, GTK_TYPE_ORIENTATION, GTK_ORIENTATION_HORIZONTAL,
                                            writable | G_PARAM_CONSTRUCT_ONLY),
    [PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, writable),
    [PROP_PANEL] = g_param_spec_object ("panel", NULL, NULL, GTK_TYPE_WIDGET, writable),
    [PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS),
  };

  object_class->constructed = limn_flap_constructed;
  object_class->get_property = limn_flap_get_property;
  object_class->set_property = limn_flap_set_property;
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
limn_flap_init (LimnFlap *self)
{
}
