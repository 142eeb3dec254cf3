/* limn-cli batch and replay: an edit over many pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "app/batch/limn-batch-names.h"
#include "app/batch/limn-batch.h"
#include "app/formats/limn-input.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

static const CliOption options[] = {
  { "out", 'o', CLI_TEXT, CLI_AT (out), "FOLDER", "where the pictures are written; it remembers what is done", CLI_NO_RANGE },
  { "name", 0, CLI_TEXT, CLI_AT (name), "PATTERN", "their names, of {name}, {ext} and {edit} (" LIMN_BATCH_NAME ")", CLI_NO_RANGE },
  { "format", 0, CLI_TEXT, CLI_AT (format), "ENDING", "png, jpg, webp, tif, avif or jxl (as each photo, or png)", CLI_NO_RANGE },
  { "quality", 0, CLI_INT, CLI_AT (quality), "N", "of what is written with loss, 1 to 100 (as the photo's, or 92)", LIMN_RANGE (1, 100) },
  { "masks", 0, CLI_TEXT, CLI_AT (masks), "PATTERN", "masks beside the photos, as {name}.mask.png: white = edit", CLI_NO_RANGE },
  { "recursive", 'r', CLI_FLAG, CLI_AT (recursive), NULL, "folders in folders too", CLI_NO_RANGE },
  { "replace", 0, CLI_FLAG, CLI_AT (replace), NULL, "replace files that no batch has made", CLI_NO_RANGE },
  { "watch", 0, CLI_FLAG, CLI_AT (watch), NULL, "go on with each picture that comes into the folders, until Ctrl+C", CLI_NO_RANGE },
  { "part", 0, CLI_TEXT, CLI_AT (part), "K/N", "only each N-th picture, from the K-th on: one of N programs on one folder", CLI_NO_RANGE },
  { "jobs", 0, CLI_INT, CLI_AT (jobs), "N", "pictures at once (one a processor core)", LIMN_RANGE (1, 256) },
  { "seed", 0, CLI_SEED, CLI_AT (seed), "N", "same seed, same pictures (0)", CLI_NO_RANGE },
  { "models", 0, CLI_TEXT, CLI_AT (models), "FOLDER", "folder of base, see and detail.safetensors", CLI_NO_RANGE },
  { "json", 0, CLI_FLAG, CLI_AT (json), NULL, "report as JSON, a line a picture and one for all", CLI_NO_RANGE },
  { "quiet", 'q', CLI_FLAG, CLI_AT (quiet), NULL, "no report and no progress; failures are told", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

/* -- Telling -- */

typedef struct {
  CliRun *run;
  LimnBatch *batch;
  GMainLoop *loop;
  GError *first; /* of the pictures that failed */
  gboolean visible, shown;
} Watcher;

static const char *
name_of (LimnBatchState state)
{
  return state == LIMN_BATCH_DONE ? "done" : state == LIMN_BATCH_SKIPPED ? "skipped" : "failed";
}

static void
report_item (LimnBatchItem *item)
{
  const GError *error = limn_batch_item_get_error (item);
  cJSON *json = cJSON_CreateObject ();

  cli_json_add_text (json, "photo", limn_batch_item_get_path (item));
  cli_json_add_text (json, "out", limn_batch_item_get_out (item));
  cJSON_AddStringToObject (json, "state", name_of (limn_batch_item_get_state (item)));
  cJSON_AddNumberToObject (json, "seconds", (double) (gint64) (limn_batch_item_get_seconds (item) * 1000) / 1000);
  if (error)
    cli_json_add_text (json, "error", error->message);
  if (limn_batch_item_get_found (item))
    cli_json_add_found (json, limn_batch_item_get_found (item));
  cli_json_print (stdout, json);
  fflush (stdout); /* who reads a pipe is told of each picture as it is done */
}

static void
report_all (const LimnBatchCount *count)
{
  cJSON *json = cJSON_CreateObject ();

  cJSON_AddNumberToObject (json, "done", count->done);
  cJSON_AddNumberToObject (json, "skipped", count->skipped);
  cJSON_AddNumberToObject (json, "failed", count->failed);
  cJSON_AddNumberToObject (json, "seconds", (double) (gint64) (count->seconds * 1000) / 1000);
  cli_json_print (stdout, json);
}

static void
clear_line (Watcher *self)
{
  if (self->shown)
    fprintf (stderr, "\r\033[K");
  self->shown = FALSE;
}

static gboolean
show_progress (gpointer data)
{
  Watcher *self = data;
  const LimnBatchCount count = limn_batch_count (self->batch);
  const guint over = count.done + count.skipped + count.failed;

  clear_line (self);
  fprintf (stderr, "%u of %u", over, over + count.running + count.waiting);
  if (count.failed > 0)
    fprintf (stderr, ", %u failed", count.failed);
  if (count.done > 0 && count.seconds > 0)
    fprintf (stderr, ", %.1f a second", count.done / count.seconds);
  if (count.left >= 0)
    fprintf (stderr, ", %.0f min %02.0f s left", (double) (int) (count.left / 60), count.left - 60 * (int) (count.left / 60));
  fflush (stderr);
  self->shown = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
item_done (LimnBatch *batch, LimnBatchItem *item, Watcher *self)
{
  const GError *error = limn_batch_item_get_error (item);

  (void) batch;
  if (self->run->arguments.json)
    report_item (item);
  if (!error)
    return;
  clear_line (self);
  g_printerr ("limn-cli: %s: %s\n", limn_batch_item_get_path (item), error->message);
  if (!self->first)
    self->first = g_error_copy (error);
}

static void
finished (LimnBatch *batch, Watcher *self)
{
  (void) batch;
  if (!self->run->arguments.watch || g_cancellable_is_cancelled (self->run->cancellable) || limn_batch_get_error (batch))
    g_main_loop_quit (self->loop);
}

static gboolean
cancelled (GCancellable *cancellable, gpointer batch)
{
  (void) cancellable;
  limn_batch_cancel (batch);
  return G_SOURCE_REMOVE;
}

/* -- Running -- */

static gboolean
read_part (const char *text, LimnBatchOptions *batch, GError **error)
{
  char rest;

  if (!text || (sscanf (text, "%d/%d%c", &batch->part, &batch->parts, &rest) == 2 && batch->part >= 1 && batch->part <= batch->parts))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--part must be as 1/4, the first of four, not %s.", text);
  return FALSE;
}

static gboolean
read_format (const char *format, const char **ending, GError **error)
{
  g_autofree char *path = format ? g_strconcat ("a.", format, NULL) : NULL;
  LimnFormat unused;

  *ending = format;
  if (!format || limn_format_from_path (path, &unused, NULL))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--format must be the ending of a picture, as png, jpg or webp, not %s.",
               format);
  return FALSE;
}

static gboolean
add_operands (CliRun *run, LimnBatch *batch, guint first, GError **error)
{
  const CliArguments *a = &run->arguments;

  for (guint i = first; i < a->n_operands; i++)
    if ((a->watch && !limn_batch_watch (batch, a->operands[i], error)) || !limn_batch_add (batch, a->operands[i], error))
      return FALSE;
  return TRUE;
}

/* Runs it to its end, telling what comes. */
static gboolean
loop (Watcher *self, GError **error)
{
  g_autoptr (GSource) source = g_cancellable_source_new (self->run->cancellable);
  guint timer = self->visible ? g_timeout_add (200, show_progress, self) : 0;

  g_source_set_callback (source, G_SOURCE_FUNC (cancelled), self->batch, NULL);
  g_source_attach (source, NULL);
  g_signal_connect (self->batch, "item-done", G_CALLBACK (item_done), self);
  g_signal_connect (self->batch, "finished", G_CALLBACK (finished), self);
  gboolean started = limn_batch_start (self->batch, error);
  if (started && (limn_batch_count (self->batch).waiting > 0 || self->run->arguments.watch))
    g_main_loop_run (self->loop);
  g_source_destroy (source);
  if (timer)
    g_source_remove (timer);
  clear_line (self);
  return started;
}

static gboolean
tell_end (Watcher *self, GError **error)
{
  const CliArguments *a = &self->run->arguments;
  const LimnBatchCount count = limn_batch_count (self->batch);

  if (a->json)
    report_all (&count);
  else if (!a->quiet)
    g_print ("%s: %u done, %u done before, %u failed in %.1f s\n", a->out, count.done, count.skipped, count.failed, count.seconds);
  if (limn_batch_get_error (self->batch)) {
    g_propagate_error (error, g_error_copy (limn_batch_get_error (self->batch)));
    return FALSE;
  }
  if (!a->watch && limn_set_error_if_cancelled (self->run->cancellable, error))
    return FALSE;
  if (count.failed > 0)
    g_set_error (error, self->first->domain, self->first->code, "%u of %u pictures failed.", count.failed,
                 count.done + count.skipped + count.failed);
  return count.failed == 0;
}

/* What one picture needs, the next one needs too: freed memory is kept, not given back to the system, which would have to clear it again. */
static void
keep_memory (void)
{
  mallopt (M_MMAP_THRESHOLD, 32 << 20); /* the most that there can be */
  mallopt (M_TRIM_THRESHOLD, G_MAXINT);
}

/* first: the operand from which on they are pictures. */
static gboolean
run_over (CliRun *run, GPtrArray *edits, guint first, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnBatchOptions of = { .edits = edits,
                          .folder = a->out,
                          .name = a->name,
                          .masks = a->masks,
                          .quality = a->quality,
                          .replace = a->replace,
                          .recursive = a->recursive,
                          .jobs = a->jobs,
                          .models = a->models };
  g_autoptr (LimnBatch) batch = NULL;
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  Watcher self = { .run = run, .loop = main_loop, .visible = !a->quiet && !a->json && g_log_writer_supports_color (STDERR_FILENO) };

  if (!read_part (a->part, &of, error) || !read_format (a->format, &of.ending, error) || !(batch = limn_batch_new (&of, error)) ||
      !add_operands (run, batch, first, error))
    return FALSE;
  self.batch = batch;
  keep_memory ();
  gboolean done = loop (&self, error) && tell_end (&self, error);
  g_clear_error (&self.first);
  return done;
}

static void
free_edit (gpointer edit)
{
  limn_edit_free (edit);
}

static gboolean
run_batch (CliRun *run, GError **error)
{
  g_autoptr (GPtrArray) edits = g_ptr_array_new_with_free_func (free_edit);
  LimnEdit *edit = limn_edit_new (run->command->task);

  cli_take_settings (&run->arguments, edit);
  g_ptr_array_add (edits, edit);
  return run_over (run, edits, 0, error);
}

static gboolean
run_replay (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (GPtrArray) edits = NULL;

  if (a->n_operands < 2) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "Say over which pictures: RECIPE FILE ...");
    return FALSE;
  }
  edits = limn_input_load_edits (a->operands[0], !a->all, run->cancellable, error);
  return edits && run_over (run, edits, 1, error);
}

/* -- The commands -- */

#define MISSING_OUT "Say where the pictures should be written: -o FOLDER."
#define CANCELLED "cancelled; the same command goes on where it was."

static const CliOption all_layers[] = {
  { "all", 0, CLI_FLAG, CLI_AT (all), NULL, "the edits of all layers that are seen, not of the uppermost alone", CLI_NO_RANGE },
  { 0 },
};

CliCommand
cli_batch_command (LimnTask task)
{
  const LimnEditKind *kind = limn_task_get_kind (task);
  GArray *own = g_array_new (TRUE, TRUE, sizeof (CliOption)); /* for as long as the program runs, as its texts */
  CliCommand command = cli_batch;

  cli_add_parameters (own, kind);
  command.name = g_strconcat ("batch ", kind->nick, NULL);
  command.usage = "FILE|FOLDER ... -o FOLDER [options]";
  command.own = (const CliOption *) (gpointer) g_array_free (own, FALSE);
  command.more = options;
  command.task = task;
  command.run = run_batch;
  return command;
}

const CliCommand cli_batch = {
  .name = "batch",
  .summary = "does an edit to many pictures",
  .usage = "EDIT FILE|FOLDER ... -o FOLDER [options]",
  .text =
    "EDIT is one that takes a photo; limn-cli batch EDIT --help lists its options too. Pictures of a folder are taken by their endings.\n"
    "The networks are read once. A picture that fails is told and doesn't stop the others; the exit status is then that of its\n"
    "mistake. What is done is kept in FOLDER/.limn-batch: the same command again does only what is missing, has changed, or is asked\n"
    "for otherwise. Several programs may fill one folder, each with its own pictures (--part).\n"
    "fill takes a mask beside each photo (--masks), or fills what is transparent.",
  .examples = "  limn-cli batch colorize album/ -o album-colour\n"
              "  limn-cli batch upscale *.jpg --scale 2 --format webp -o large\n"
              "  limn-cli batch fill scans/ --masks '{name}.mask.png' -o clean --json\n"
              "  limn-cli batch colorize inbox/ --watch -o done",
  .own = options,
  .operand = "edit",
  .least_operands = 1,
  .most_operands = CLI_MANY,
  .missing_out = MISSING_OUT,
  .cancelled = CANCELLED,
};

const CliCommand cli_replay = {
  .name = "replay",
  .summary = "does again, to other pictures, what was done in a document",
  .usage = "RECIPE FILE|FOLDER ... -o FOLDER [options]",
  .text = "RECIPE is a document (.ora) whose layers tell how they were made, or a text as {\"task\": \"colorize\", \"saturation\": 1.2}.\n"
          "Masks, paint and dots of a document are scaled to each picture, unless --masks says where others are. All else is as for\n"
          "limn-cli batch.",
  .examples = "  limn-cli replay portrait.ora roll/*.jpg -o roll-colour\n"
              "  limn-cli replay dust.ora scans/ --all -o clean",
  .own = all_layers,
  .more = options,
  .operand = "recipe",
  .least_operands = 1,
  .most_operands = CLI_MANY,
  .missing_out = MISSING_OUT,
  .cancelled = CANCELLED,
  .run = run_replay,
};
