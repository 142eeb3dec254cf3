/* What floats over the canvas: a widget that watches a session. Panels override session_changed, bind settings through the binding
 * group and listen through the signal groups, all of which follow the session.
 *
 * Property "session" (LimnSession or NULL, rw).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/limn-session.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PANEL (limn_panel_get_type ())
G_DECLARE_DERIVABLE_TYPE (LimnPanel, limn_panel, LIMN, PANEL, AdwBin)

struct _LimnPanelClass {
  AdwBinClass parent_class;
  void (*session_changed) (LimnPanel *self); /* after the groups have the new one; also for NULL */
};

LimnSession *limn_panel_get_session (LimnPanel *self);   /* borrowed, NULL without one */
LimnDocument *limn_panel_get_document (LimnPanel *self); /* borrowed, NULL without one */
void limn_panel_set_session (LimnPanel *self, LimnSession *session);

/* Both ways, as long as there is a session. */
void limn_panel_bind (LimnPanel *self, const char *property, gpointer target, const char *target_property);
/* handler (panel), swapped: the panel comes first and then nothing. */
void limn_panel_watch (LimnPanel *self, const char *session_signal, GCallback handler);

/* For a control of a panel, which doesn't take the focus when it is clicked: accessible label, and a tooltip with the key of the action (detailed, "win.tool-key::b"; NULL = none). */
void limn_widget_describe (GtkWidget *widget, const char *label, const char *action);
/* After a menu that was opened with the pointer the keyboard goes back to the canvas, and not to the button. */
void limn_menu_button_return_focus (GtkMenuButton *button);
/* For a GtkMenuButtonCreatePopupFunc: its menu, when it is opened for the first time; make returns a new model. Where there are many
 * buttons, their menus take most of the time. */
void limn_menu_button_ensure_menu (GtkMenuButton *button, GMenuModel *(*make) (void) );
/* Its tooltip would lie over its own menu. */
void limn_menu_button_hide_tooltip (GtkMenuButton *button);

G_END_DECLS
