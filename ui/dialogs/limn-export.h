/* The dialog that writes a flat picture: format, quality, and how large the file will be. The document stays what it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/limn-window.h"

G_BEGIN_DECLS

#define LIMN_TYPE_EXPORT (limn_export_get_type ())
G_DECLARE_FINAL_TYPE (LimnExport, limn_export, LIMN, EXPORT, AdwWindow)

GtkWindow *limn_export_new (LimnWindow *parent, LimnDocument *document);
/* Writes to path with the present options, closes itself and tells the window; a failure is told in a dialog and it stays open. The
 * ending of path decides the format; it gets that of the chosen format where it has none (and then doesn't replace a file). */
void limn_export_write (LimnExport *self, const char *path);

G_END_DECLS
