/* Panels and their session. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-panel.h"

#include "ui/widgets/limn-click-through-box.h"
#include "ui/widgets/limn-shortcuts.h"

typedef struct {
  LimnSession *session;
  GSignalGroup *session_signals;
  GBindingGroup *bindings;
} LimnPanelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LimnPanel, limn_panel, ADW_TYPE_BIN)

enum { PROP_SESSION = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
limn_panel_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, limn_panel_get_session (LIMN_PANEL (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
limn_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    limn_panel_set_session (LIMN_PANEL (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
limn_panel_dispose (GObject *object)
{
  LimnPanelPrivate *priv = limn_panel_get_instance_private (LIMN_PANEL (object));
  g_clear_object (&priv->session_signals);
  g_clear_object (&priv->bindings);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (limn_panel_parent_class)->dispose (object);
}

static void
limn_panel_class_init (LimnPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = limn_panel_get_property;
  object_class->set_property = limn_panel_set_property;
  object_class->dispose = limn_panel_dispose;
  GTK_WIDGET_CLASS (klass)->contains = limn_click_through_box_contains;
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LIMN_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
limn_panel_init (LimnPanel *self)
{
  LimnPanelPrivate *priv = limn_panel_get_instance_private (self);
  priv->session_signals = g_signal_group_new (LIMN_TYPE_SESSION);
  priv->bindings = g_binding_group_new ();
}

LimnSession *
limn_panel_get_session (LimnPanel *self)
{
  return ((LimnPanelPrivate *) limn_panel_get_instance_private (self))->session;
}

LimnDocument *
limn_panel_get_document (LimnPanel *self)
{
  LimnSession *session = limn_panel_get_session (self);
  return session ? limn_session_get_document (session) : NULL;
}

void
limn_panel_set_session (LimnPanel *self, LimnSession *session)
{
  LimnPanelPrivate *priv = limn_panel_get_instance_private (self);
  g_return_if_fail (LIMN_IS_PANEL (self));
  if (!priv->bindings || !g_set_object (&priv->session, session)) /* none any more while a window is taken apart */
    return;
  g_signal_group_set_target (priv->session_signals, session);
  g_binding_group_set_source (priv->bindings, session);
  if (LIMN_PANEL_GET_CLASS (self)->session_changed)
    LIMN_PANEL_GET_CLASS (self)->session_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

void
limn_panel_bind (LimnPanel *self, const char *property, gpointer target, const char *target_property)
{
  LimnPanelPrivate *priv = limn_panel_get_instance_private (self);
  g_binding_group_bind (priv->bindings, property, target, target_property, G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

void
limn_panel_watch (LimnPanel *self, const char *session_signal, GCallback handler)
{
  LimnPanelPrivate *priv = limn_panel_get_instance_private (self);
  g_signal_group_connect_swapped (priv->session_signals, session_signal, handler, self);
}

void
limn_widget_describe (GtkWidget *widget, const char *label, const char *action)
{
  g_autofree char *key = action ? limn_shortcuts_get_label (action) : NULL;
  g_autofree char *tip = key ? g_strdup_printf ("%s (%s)", label, key) : g_strdup (label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (widget, tip);
  gtk_widget_set_focus_on_click (widget, FALSE); /* a click leaves the keyboard with the canvas: Enter still does the task */
}

static gboolean
focus_canvas (gpointer data)
{
  g_autoptr (GtkWidget) button = data;
  GtkWidget *overlay = gtk_widget_get_ancestor (button, GTK_TYPE_OVERLAY);
  if (overlay && gtk_widget_get_mapped (overlay))
    gtk_widget_grab_focus (gtk_overlay_get_child (GTK_OVERLAY (overlay)));
  return G_SOURCE_REMOVE;
}

/* Before the popover takes the focus. */
static void
on_popup (GtkMenuButton *button, gpointer user)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (button));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  gboolean by_key = focus && (focus == GTK_WIDGET (button) || gtk_widget_is_ancestor (focus, GTK_WIDGET (button)));
  g_object_set_data (G_OBJECT (button), "limn-by-key", GINT_TO_POINTER (by_key));
}

static void
on_popover_closed (GtkMenuButton *button)
{
  if (!g_object_get_data (G_OBJECT (button), "limn-by-key"))
    g_idle_add (focus_canvas, g_object_ref (button));
}

void
limn_menu_button_return_focus (GtkMenuButton *button)
{
  GtkPopover *popover = gtk_menu_button_get_popover (button);
  gtk_menu_button_set_create_popup_func (button, on_popup, NULL, NULL);
  g_signal_connect_object (popover, "closed", G_CALLBACK (on_popover_closed), button, G_CONNECT_SWAPPED);
}

void
limn_menu_button_hide_tooltip (GtkMenuButton *button)
{
  g_object_bind_property (gtk_menu_button_get_popover (button), "visible", button, "has-tooltip", G_BINDING_INVERT_BOOLEAN);
}

void
limn_menu_button_ensure_menu (GtkMenuButton *button, GMenuModel *(*make) (void) )
{
  if (gtk_menu_button_get_popover (button))
    return;
  g_autoptr (GMenuModel) menu = make ();
  gtk_menu_button_set_menu_model (button, menu);
  limn_menu_button_hide_tooltip (button);
}
