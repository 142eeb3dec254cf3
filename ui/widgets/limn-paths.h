/* Where what belongs to the program lies: beside it in its build folder, or installed. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The compiled settings schema's folder of the build that this program belongs to; NULL when it is installed. Free with g_free. */
char *limn_path_build_schemas (void);
/* The folder of the catalogues (bindtextdomain). Free with g_free. */
char *limn_path_catalogues (void);
/* A file of the samples. Free with g_free. */
char *limn_path_sample (const char *name);

G_END_DECLS
