/* What the parts of the window share; for limn-window*.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-window.h"

G_BEGIN_DECLS

struct _LimnWindow {
  AdwApplicationWindow parent;

  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  GtkOverlay *overlay;

  LimnDocument *document;
  GCancellable *loading; /* of the file that is being read, or NULL */
};

void limn_window_open_dialog (LimnWindow *self);

/* A dialog with what happened and what to do about it. */
void limn_window_error (LimnWindow *self, const char *heading, const char *body);

G_END_DECLS
