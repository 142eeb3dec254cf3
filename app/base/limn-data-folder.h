/* Where the files are that belong to the program. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder resources/name of the source that the program was built in, where it holds file, or else that of the installation; the environment's
 * variable comes before both. Free with g_free. */
char *limn_data_folder (const char *variable, const char *name, const char *file);

G_END_DECLS
