/* A window: the start page, or one document under its canvas with everything that floats above it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-application.h"
#include "ui/canvas/limn-canvas.h"

G_BEGIN_DECLS

#define LIMN_TYPE_WINDOW (limn_window_get_type ())
G_DECLARE_FINAL_TYPE (LimnWindow, limn_window, LIMN, WINDOW, AdwApplicationWindow)

LimnWindow *limn_window_new (LimnApplication *application);
/* NULL: the start page. A document that isn't saved must have been dealt with before. */
void limn_window_set_document (LimnWindow *self, LimnDocument *document);
LimnSession *limn_window_get_session (LimnWindow *self); /* borrowed; NULL on the start page */
LimnCanvas *limn_window_get_canvas (LimnWindow *self);   /* borrowed */
/* Loads file without blocking and shows it here, or in a window of its own where this one has a document already. */
void limn_window_open (LimnWindow *self, GFile *file);
/* Asks for the shape of a new sketch, and shows it as limn_window_open does. */
void limn_window_ask_sketch (LimnWindow *self);
/* A toast; undo: with a button that undoes the newest step. */
void limn_window_message (LimnWindow *self, const char *text, gboolean undo);

G_END_DECLS
