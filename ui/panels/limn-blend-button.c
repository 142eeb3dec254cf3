/* The menu of blend modes, in groups: what darkens, what lightens, what does both, ... SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-blend-button.h"

#include <glib/gi18n.h>

#include "limn-panel.h"

static const struct {
  const char *name;
  gboolean begins; /* a group */
} modes[] = {
  [LIMN_BLEND_NORMAL] = { NC_("blending", "Normal"), TRUE },
  [LIMN_BLEND_DARKEN] = { NC_("blending", "Darken"), TRUE },
  [LIMN_BLEND_MULTIPLY] = { NC_("blending", "Multiply"), FALSE },
  [LIMN_BLEND_COLOR_BURN] = { NC_("blending", "Color Burn"), FALSE },
  [LIMN_BLEND_LIGHTEN] = { NC_("blending", "Lighten"), TRUE },
  [LIMN_BLEND_SCREEN] = { NC_("blending", "Screen"), FALSE },
  [LIMN_BLEND_COLOR_DODGE] = { NC_("blending", "Color Dodge"), FALSE },
  [LIMN_BLEND_ADD] = { NC_("blending", "Add"), FALSE },
  [LIMN_BLEND_OVERLAY] = { NC_("blending", "Overlay"), TRUE },
  [LIMN_BLEND_SOFT_LIGHT] = { NC_("blending", "Soft Light"), FALSE },
  [LIMN_BLEND_HARD_LIGHT] = { NC_("blending", "Hard Light"), FALSE },
  [LIMN_BLEND_DIFFERENCE] = { NC_("blending", "Difference"), FALSE },
  [LIMN_BLEND_HUE] = { NC_("blending", "Hue"), TRUE },
  [LIMN_BLEND_SATURATION] = { NC_("blending", "Saturation"), FALSE },
  [LIMN_BLEND_COLOR] = { NC_("blending", "Color"), FALSE },
  [LIMN_BLEND_LUMINOSITY] = { NC_("blending", "Luminosity"), FALSE },
  [LIMN_BLEND_ATOP] = { NC_("blending", "Clipping Mask"), TRUE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (modes) == LIMN_N_BLENDS);

static const char *
get_name (LimnBlend blend)
{
  return g_dpgettext2 (NULL, "blending", modes[blend].name);
}

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new (), *group = NULL;
  for (LimnBlend i = LIMN_BLEND_NORMAL; i < LIMN_N_BLENDS; i++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (get_name (i), NULL);
    if (modes[i].begins) {
      g_clear_object (&group);
      group = g_menu_new ();
      g_menu_append_section (menu, NULL, G_MENU_MODEL (group));
    }
    g_menu_item_set_action_and_target (item, "look.blend", "s", limn_blend_get_op (i));
    g_menu_append_item (group, item);
  }
  g_object_unref (group);
  return G_MENU_MODEL (menu);
}

static void
on_popup (GtkMenuButton *self, gpointer user)
{
  limn_menu_button_ensure_menu (self, make_menu);
}

GtkWidget *
limn_blend_button_new (void)
{
  GtkWidget *self = gtk_menu_button_new ();
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self), on_popup, NULL, NULL);
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (self), TRUE);
  gtk_widget_add_css_class (self, "blend");
  limn_widget_describe (self, _("Blending"), NULL);
  return self;
}

void
limn_blend_button_show (GtkWidget *self, LimnBlend blend)
{
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self), get_name (blend));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, get_name (blend), -1);
}
