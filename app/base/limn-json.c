/* JSON by cJSON, where running out of memory is an error of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-json.h"

#include "limn-app-error.h"

#include <errno.h>
#include <glib/gi18n.h>

static void
set_no_memory (GError **error)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                       _("There is not enough memory. Close other programs and try again."));
}

cJSON *
limn_json_read (const char *text, gsize length, GError **error)
{
  cJSON *root;

  errno = 0; /* cJSON doesn't tell why it fails; malloc does */
  root = cJSON_ParseWithLength (text, length);
  if (root == NULL && errno == ENOMEM)
    set_no_memory (error);
  return root;
}

gboolean
limn_json_added (gconstpointer item, gboolean *failed)
{
  if (item == NULL)
    *failed = TRUE;
  return item != NULL;
}

char *
limn_json_print (const cJSON *root, gboolean readable, gboolean failed, GError **error)
{
  char *printed = NULL, *text;

  if (!failed)
    printed = readable ? cJSON_Print (root) : cJSON_PrintUnformatted (root);
  if (printed == NULL)
    set_no_memory (error);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}
