/* limn-cli materials: what a sketch can be painted with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-material.h"
#include "cli.h"

#include <stdlib.h>

static char *
colour_of (const LimnMaterialInfo *material)
{
  return g_strdup_printf ("#%02x%02x%02x", material->rgb[0], material->rgb[1], material->rgb[2]);
}

static void
print_json (void)
{
  cJSON *list = cJSON_CreateArray ();

  for (guint i = 0; i < limn_material_get_count (); i++) {
    const LimnMaterialInfo material = limn_material_get (i);
    g_autofree char *colour = colour_of (&material);
    cJSON *item = cJSON_CreateObject ();

    cJSON_AddNumberToObject (item, "label", material.label);
    cJSON_AddStringToObject (item, "id", material.id);
    cJSON_AddStringToObject (item, "group", limn_material_group_get_name (material.group));
    cJSON_AddStringToObject (item, "colour", colour);
    cJSON_AddItemToArray (list, item);
  }
  cli_json_print (stdout, list);
}

static gboolean
run_materials (CliRun *run, GError **error)
{
  if (run->arguments.json) {
    print_json ();
    return TRUE;
  }
  g_print ("%5s  %-10s  %-8s  %s\n", "label", "material", "colour", "group");
  for (guint i = 0; i < limn_material_get_count (); i++) {
    const LimnMaterialInfo material = limn_material_get (i);
    g_autofree char *colour = colour_of (&material);

    g_print ("%5d  %-10s  %-8s  %s\n", material.label, material.id, colour, limn_material_group_get_name (material.group));
  }
  return TRUE;
}

static const CliOption options[] = {
  { "json", 0, CLI_FLAG, CLI_AT (json), NULL, "report as JSON", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

const CliCommand cli_materials = {
  .name = "materials",
  .summary = "lists what a sketch can be painted with",
  .usage = "[options]",
  .text =
    "LABELS of limn-cli sketch is a gray picture: each gray value is a label of this list, 0 leaves a place to the guess, and 255 keeps\n"
    "it plain. The colour is what a material is typically painted with; the paint's own colour holds.",
  .examples = "  limn-cli materials\n"
              "  limn-cli materials --json",
  .own = options,
  .run = run_materials,
};
