/* The window as an object: its parts, its document, its title. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "limn-window-private.h"

G_DEFINE_FINAL_TYPE (LimnWindow, limn_window, ADW_TYPE_APPLICATION_WINDOW)

static void
update_title (LimnWindow *self)
{
  g_autofree char *subtitle = NULL;

  if (!self->document) {
    adw_window_title_set_title (self->title, _ ("Limn"));
    adw_window_title_set_subtitle (self->title, "");
    gtk_window_set_title (GTK_WINDOW (self), _ ("Limn"));
    return;
  }
  subtitle = g_strdup_printf ("%d × %d", limn_document_get_width (self->document), limn_document_get_height (self->document));
  adw_window_title_set_title (self->title, limn_document_get_title (self->document));
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), limn_document_get_title (self->document));
}

void
limn_window_set_document (LimnWindow *self, LimnDocument *document)
{
  g_return_if_fail (LIMN_IS_WINDOW (self));
  g_return_if_fail (!document || LIMN_IS_DOCUMENT (document));

  if (self->document)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document)
    g_signal_connect_swapped (document, "notify", G_CALLBACK (update_title), self);
  update_title (self);
}

void
limn_window_message (LimnWindow *self, const char *text, gboolean undo)
{
  AdwToast *toast;

  g_return_if_fail (LIMN_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  toast = adw_toast_new (text);
  if (undo) {
    adw_toast_set_button_label (toast, _ ("Undo"));
    adw_toast_set_action_name (toast, "win.undo");
  }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
limn_window_error (LimnWindow *self, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  limn_window_open_dialog (LIMN_WINDOW (widget));
}

static void
limn_window_dispose (GObject *object)
{
  LimnWindow *self = LIMN_WINDOW (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->document)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (limn_window_parent_class)->dispose (object);
}

static void
limn_window_class_init (LimnWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, overlay);
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_action);
}

static void
limn_window_init (LimnWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LimnWindow *
limn_window_new (LimnApplication *application)
{
  GSettings *settings = limn_application_get_settings (application);
  LimnWindow *self = g_object_new (LIMN_TYPE_WINDOW, "application", application,
                                   "default-width", g_settings_get_int (settings, "window-width"),
                                   "default-height", g_settings_get_int (settings, "window-height"), NULL);

  return self;
}
