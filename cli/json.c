/* JSON on standard output: what --json prints, also of what failed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

/* File names may be any bytes; JSON is UTF-8. */
void
cli_json_add_text (cJSON *object, const char *key, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  cJSON_AddStringToObject (object, key, valid);
}

void
cli_json_print (FILE *stream, cJSON *json)
{
  char *text = cJSON_PrintUnformatted (json);

  if (text)
    fprintf (stream, "%s\n", text);
  cJSON_free (text);
  cJSON_Delete (json);
}

void
cli_json_print_error (CliStatus status, const char *message)
{
  cJSON *json = cJSON_CreateObject (), *error = cJSON_AddObjectToObject (json, "error");

  cJSON_AddNumberToObject (error, "status", status);
  cli_json_add_text (error, "message", message);
  cli_json_print (stdout, json);
}

void
cli_json_add_found (cJSON *json, const LimnDamageFound *found)
{
  cJSON *item = cJSON_AddObjectToObject (json, "found");

  cJSON_AddNumberToObject (item, "spots", (double) found->spots);
  cJSON_AddNumberToObject (item, "damaged", found->damaged);
  cJSON_AddNumberToObject (item, "grain", found->grain);
  cJSON_AddNumberToObject (item, "black", found->black);
  cJSON_AddNumberToObject (item, "white", found->white);
}
