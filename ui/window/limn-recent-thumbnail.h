/* Thumbnails of files as desktops share them (freedesktop.org's Thumbnail Managing Standard). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the thumbnail of path in picture once it is there: the shared one, or one that is made and shared; nothing where GdkPixbuf can't
 * read the file. Reads on another thread. */
void limn_recent_thumbnail_show (GtkPicture *picture, const char *path);

G_END_DECLS
