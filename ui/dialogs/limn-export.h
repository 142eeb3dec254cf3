/* The dialog that writes a flat picture: format, quality, and how large the file will be. The document stays what it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/limn-document.h"

G_BEGIN_DECLS

#define LIMN_TYPE_EXPORT (limn_export_get_type ())
G_DECLARE_FINAL_TYPE (LimnExport, limn_export, LIMN, EXPORT, AdwWindow)

/* settings: the application's; a reference is taken. Signal "exported" (const char *text): the file is written; text says so. */
GtkWindow *limn_export_new (GtkWindow *parent, LimnDocument *document, GSettings *settings);
/* Writes to path with the present options, emits "exported" and closes itself; a failure is told in a dialog and it stays open. The
 * ending of path decides the format; it gets that of the chosen format where it has none (and then doesn't replace a file). */
void limn_export_write (LimnExport *self, const char *path);

G_END_DECLS
