/* A part of what is seen becomes a surface: cut on another thread, asked about, and kept. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/document/limn-document-edits.h"
#include "app/edit/limn-surface-shelf.h"
#include "limn-window-private.h"
#include "ui/dialogs/limn-take-surface.h"

typedef struct {
  LimnSource *seen;
  LimnRect part;
} Cut;

static void
cut_free (gpointer data)
{
  Cut *cut = data;
  limn_source_unref (cut->seen);
  g_free (cut);
}

static void
run_cut (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Cut *cut = data;
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = limn_source_dup_picture (cut->seen, cancellable, &error);
  LimnPicture *surface = picture ? limn_surface_take (picture, &cut->part, cancellable, &error) : NULL;
  if (surface)
    g_task_return_pointer (task, surface, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_chosen (const LimnOwnSurface *surface, gboolean keep, gpointer user)
{
  LimnWindow *self = user;
  g_autoptr (GError) error = NULL;
  if (!self->session)
    return;
  limn_session_add_surface (self->session, surface);
  if (keep && !limn_surface_shelf_keep (surface, &error))
    g_signal_emit_by_name (self->session, "message", error->message, TRUE);
}

static void
on_cut (GObject *object, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) surface = g_task_propagate_pointer (G_TASK (result), &error);
  if (!self->session)
    return;
  if (surface)
    limn_take_surface_ask (GTK_WINDOW (self), surface, _("Surface"), on_chosen, G_OBJECT (self));
  else
    g_signal_emit_by_name (self->session, "message", error->message, TRUE);
}

void
limn_window_take_surface (LimnWindow *self, const LimnRect *part)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_cut, g_object_ref (self));
  Cut *cut = g_new0 (Cut, 1);
  cut->seen = limn_document_share_seen (self->document);
  cut->part = *part;
  g_task_set_task_data (task, cut, cut_free);
  g_task_run_in_thread (task, run_cut);
}
