/* limn-cli info: what a weight file says of itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-engine-call.h"
#include "cli.h"

static void
print_json (const char *path, const LimnModelInfo *info)
{
  cJSON *json = cJSON_CreateObject ();
  g_autofree char *hash = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", info->hash);

  cli_json_add_text (json, "path", path);
  cJSON_AddStringToObject (json, "role", info->role);
  cJSON_AddStringToObject (json, "version", info->version);
  cJSON_AddStringToObject (json, "see", info->see);
  cJSON_AddStringToObject (json, "parametrisation", info->parametrisation);
  cJSON_AddStringToObject (json, "dtype", info->dtype);
  cJSON_AddNumberToObject (json, "parameters", (double) info->parameters);
  cJSON_AddNumberToObject (json, "tensors", (double) info->tensors);
  cJSON_AddNumberToObject (json, "file_bytes", (double) info->file_bytes);
  cJSON_AddNumberToObject (json, "size", (double) info->size);
  cJSON_AddNumberToObject (json, "space_to_depth", info->space_to_depth);
  cJSON_AddNumberToObject (json, "sigma_min", (double) info->sigma_min);
  cJSON_AddNumberToObject (json, "sigma_max", (double) info->sigma_max);
  cJSON_AddNumberToObject (json, "sigma_data", (double) info->sigma_data);
  cJSON_AddNumberToObject (json, "pictures_seen", (double) info->pictures_seen);
  cJSON_AddNumberToObject (json, "gflop", info->gflop);
  cJSON_AddNumberToObject (json, "plan_bytes", (double) info->plan_bytes);
  cJSON_AddStringToObject (json, "hash", hash);
  cli_json_print (stdout, json);
}

static void
print_text (const char *path, const LimnModelInfo *info)
{
  g_print ("%s\n", path);
  g_print ("  role             %s%s%s\n", info->role, *info->version ? ", version " : "", info->version);
  g_print ("  parameters       %.1f million in %zu tensors, %s, %.1f MB\n", (double) info->parameters / 1e6, info->tensors, info->dtype,
           (double) info->file_bytes / 1e6);
  g_print ("  picture          %zu x %zu pixels, cells of %d x %d\n", info->size, info->size, info->space_to_depth, info->space_to_depth);
  if (*info->parametrisation)
    g_print ("  consistency      %s, sigma %g to %g, of data %g\n", info->parametrisation, (double) info->sigma_min,
             (double) info->sigma_max, (double) info->sigma_data);
  if (*info->see)
    g_print ("  recogniser       %s\n", info->see);
  g_print ("  one evaluation   %.1f GFLOP, %.0f MB of working memory\n", info->gflop, (double) info->plan_bytes / 1e6);
  if (info->pictures_seen > 0)
    g_print ("  trained on       %.1f million pictures\n", (double) info->pictures_seen / 1e6);
  g_print ("  hash             %016" G_GINT64_MODIFIER "x\n", info->hash);
}

/* "base", "detail" and "see" are those of the models folder; everything else is a path. */
static char *
model_path (const CliArguments *a)
{
  const char *name = a->operands[0];
  g_autofree char *folder = NULL, *file = NULL;

  if (!g_str_equal (name, "base") && !g_str_equal (name, "detail") && !g_str_equal (name, "see"))
    return g_strdup (name);
  folder = limn_models_folder (a->models);
  file = g_strconcat (name, ".safetensors", NULL);
  return g_build_filename (folder, file, NULL);
}

static gboolean
run_info (CliRun *run, GError **error)
{
  g_autofree char *path = model_path (&run->arguments);
  LimnModelInfo info;
  LimnError problem = { "" };
  LimnStatus status = limn_model_info (path, &info, &problem);

  if (status != LIMN_OK) {
    limn_set_engine_error (error, status, &problem);
    return FALSE;
  }
  if (run->arguments.json)
    print_json (path, &info);
  else
    print_text (path, &info);
  return TRUE;
}

const CliCommand cli_info = {
  .name = "info",
  .summary = "tells what a model is",
  .usage = "MODEL [options]",
  .text = "MODEL is a .safetensors file, a checkpoint's folder, or base, detail or see: Limn's own networks.",
  .examples = "  limn-cli info base\n"
              "  limn-cli info ~/models/cd_bedroom256 --json",
  .more = cli_model_options,
  .operand = "model",
  .least_operands = 1,
  .most_operands = 1,
  .run = run_info,
};
