/* Thumbnails of files as desktops share them (freedesktop.org's Thumbnail Managing Standard). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A square of side pixels that is empty until limn_file_thumbnail_show; screen readers pass it over. */
GtkWidget *limn_file_thumbnail_new (int side);
/* Shows the thumbnail of path (NULL: nothing) once it is there: the shared one, or one that is made and shared. Reads on another thread, the
 * newest wishes first; what isn't wanted any more isn't read. */
void limn_file_thumbnail_show (GtkWidget *thumbnail, const char *path);

G_END_DECLS
