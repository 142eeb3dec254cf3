/* limn-cli bench: how fast the networks are here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-engine-call.h"
#include "cli.h"

#include <stdlib.h>

typedef struct {
  LimnModelInfo info;
  double best, median; /* milliseconds */
} Measured;

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static gboolean
measure (const CliArguments *a, const char *name, Measured *out, GError **error)
{
  g_autofree char *folder = limn_models_folder (a->models), *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  gsize count = (gsize) a->count;
  g_autofree double *times = g_new0 (double, count);
  LimnError problem = { "" };
  LimnStatus status = limn_model_info (path, &out->info, &problem);

  if (status == LIMN_OK)
    status = limn_bench (path, a->threads, count, times, &problem);
  if (status != LIMN_OK) {
    limn_set_engine_error (error, status, &problem);
    return FALSE;
  }
  qsort (times, count, sizeof *times, compare);
  out->best = times[0];
  out->median = times[count / 2];
  return TRUE;
}

static void
print_json (const char *name, const Measured *m, int count)
{
  cJSON *json = cJSON_CreateObject ();

  cJSON_AddStringToObject (json, "net", name);
  cJSON_AddNumberToObject (json, "evaluations", count);
  cJSON_AddNumberToObject (json, "best_ms", m->best);
  cJSON_AddNumberToObject (json, "median_ms", m->median);
  cJSON_AddNumberToObject (json, "gflop", m->info.gflop);
  cJSON_AddNumberToObject (json, "plan_bytes", (double) m->info.plan_bytes);
  cli_json_print (stdout, json);
}

static gboolean
run_bench (CliRun *run, GError **error)
{
  static const char *const names[] = { "base", "see", "detail", NULL };
  const CliArguments *a = &run->arguments;
  gboolean told = FALSE; /* whether base is told what the recogniser sees */

  if (a->net && !g_strv_contains (names, a->net)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--net must be base, see or detail, not %s.", a->net);
    return FALSE;
  }
  for (guint i = 0; names[i]; i++) {
    Measured m;

    if (a->net ? !g_str_equal (a->net, names[i]) : g_str_equal (names[i], "see") && !told)
      continue;
    if (!measure (a, names[i], &m, error))
      return FALSE;
    told = told || *m.info.see;
    if (a->json)
      print_json (names[i], &m, a->count);
    else
      g_print ("%-6s  %zu x %zu pixels: best %.0f ms, median %.0f ms of %d; %.1f GFLOP, %.0f a second\n", names[i], m.info.size,
               m.info.size, m.best, m.median, a->count, m.info.gflop, m.info.gflop / m.best * 1000);
  }
  return TRUE;
}

static const CliOption options[] = {
  { "net", 0, CLI_TEXT, CLI_AT (net), "NAME", "base, see or detail (all)", CLI_NO_RANGE },
  { "threads", 0, CLI_INT, CLI_AT (threads), "N", "threads that compute (one a processor core)", LIMN_RANGE (1, 64) },
  { "count", 0, CLI_INT, CLI_AT (count), "N", "evaluations to time (5)", LIMN_RANGE (1, 1000) },
  { 0 },
};

const CliCommand cli_bench = {
  .name = "bench",
  .summary = "times one evaluation of the networks on this machine",
  .usage = "[--net base|see|detail] [options]",
  .text = "After one evaluation to warm up, each of --count evaluations is timed.",
  .examples = "  limn-cli bench\n"
              "  limn-cli bench --net detail --threads 1 --count 20 --json",
  .own = options,
  .more = cli_model_options,
  .run = run_bench,
};
