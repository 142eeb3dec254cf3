/* JSON by cJSON, where running out of memory is an error of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/* Parses length bytes of text. NULL where it is no JSON, and NULL with LIMN_APP_ERROR_RESOURCES where memory ends. cJSON_Delete it. */
cJSON *limn_json_read (const char *text, gsize length, GError **error);

/* Whether what was to be added to a tree is there; notes in *failed when it isn't, which is for want of memory alone. */
gboolean limn_json_added (gconstpointer item, gboolean *failed);
/* The tree as text, on one line or as people read it, to be freed with g_free. NULL and LIMN_APP_ERROR_RESOURCES where memory ends, or has
 * ended (failed) while the tree was made. */
char *limn_json_print (const cJSON *root, gboolean readable, gboolean failed, GError **error);

G_END_DECLS
