/* limn-cli: finds the command, runs it, and says how it ended.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { N_COMMANDS = LIMN_N_TASKS + 8 };

static CliCommand edits[LIMN_N_TASKS];
static const CliCommand *commands[N_COMMANDS + 1] = {
  [LIMN_N_TASKS] = &cli_select,      [LIMN_N_TASKS + 1] = &cli_batch,     [LIMN_N_TASKS + 2] = &cli_replay,
  [LIMN_N_TASKS + 3] = &cli_convert, [LIMN_N_TASKS + 4] = &cli_zero_shot, [LIMN_N_TASKS + 5] = &cli_materials,
  [LIMN_N_TASKS + 6] = &cli_info,    [LIMN_N_TASKS + 7] = &cli_bench,
};

static void
make_commands (void)
{
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    edits[task] = cli_edit_command (task);
    commands[task] = &edits[task];
  }
}

/* ---------------------------------------------------------------- Ctrl+C */

typedef struct {
  sigset_t signals;
  GCancellable *cancellable;
} Watch;

static void *
wait_for_signals (void *data)
{
  Watch *watch = data;
  int number;

  if (sigwait (&watch->signals, &number) == 0)
    g_cancellable_cancel (watch->cancellable);
  if (sigwait (&watch->signals, &number) == 0) /* whoever insists, perhaps because a file never comes, need not wait */
    _exit (CLI_CANCELLED);
  return NULL;
}

/* From here on SIGINT, SIGTERM and SIGHUP cancel, in this thread and those started later. What the parent had ignored (nohup) stays
 * ignored. watch must live as long as the program. */
static void
cancel_on_signals (Watch *watch, GCancellable *cancellable)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  pthread_t thread;

  watch->cancellable = cancellable;
  sigemptyset (&watch->signals);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    struct sigaction action;

    if (sigaction (numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset (&watch->signals, numbers[i]);
  }
  pthread_sigmask (SIG_BLOCK, &watch->signals, NULL);
  if (pthread_create (&thread, NULL, wait_for_signals, watch) == 0)
    pthread_detach (thread);
  else
    pthread_sigmask (SIG_UNBLOCK, &watch->signals, NULL);
}

/* ---------------------------------------------------------------- ending */

static CliStatus
status_of (const GError *error)
{
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE))
    return CLI_USAGE;
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES))
    return CLI_RESOURCES;
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED))
    return CLI_CANCELLED;
  return CLI_UNUSABLE;
}

/* json: says it as JSON on standard output too. */
static CliStatus
end (const CliCommand *command, gboolean json, const GError *error)
{
  CliStatus status = status_of (error);
  const char *cancelled = command->cancelled ? command->cancelled : "cancelled; nothing was written.";
  const char *message = status == CLI_CANCELLED ? cancelled : error->message;

  g_printerr ("limn-cli: %s\n", message);
  if (json)
    cli_json_print_error (status, message);
  if (status == CLI_USAGE)
    g_printerr ("limn-cli %s --help tells how it is used.\n", command->name);
  return status;
}

static CliStatus
unknown_command (const char *name)
{
  const char *names[G_N_ELEMENTS (commands)] = { NULL }, *similar;

  for (guint i = 0; commands[i]; i++)
    names[i] = commands[i]->name;
  similar = cli_similar (name, names);
  g_printerr ("limn-cli: There is no command %s.", name);
  if (similar)
    g_printerr (" Did you mean %s?", similar);
  g_printerr ("\nlimn-cli --help lists the commands.\n");
  return CLI_USAGE;
}

/* first: where its arguments begin. */
static CliStatus
run_command (const CliCommand *command, int argc, char **argv, int first)
{
  g_autoptr (LimnEdit) defaults = limn_edit_new (command->task);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  CliRun run = { .command = command, .cancellable = cancellable, .start = g_get_monotonic_time () };
  CliArguments *a = &run.arguments;
  static Watch watch;
  g_autoptr (GPtrArray) surfaces = g_ptr_array_new ();
  g_autofree const char **operands = g_new0 (const char *, argc + 2); /* what isn't there is NULL */

  a->operands = operands;
  a->surfaces = surfaces;
  memcpy (a->values, defaults->set.values, sizeof a->values);
  a->seed_b = 1;
  a->size = 512;
  a->sigma = 0.5;
  a->class_label = -1;
  a->count = 5;
  if (!cli_parse (command, argc, argv, first, a, &error))
    return end (command, g_strv_contains ((const char *const *) argv, "--json"), error); /* it may stand after what is wrong */
  if (a->help) {
    cli_print_help (command);
    return CLI_DONE;
  }
  cancel_on_signals (&watch, cancellable);
  if ((command->writes && !cli_check_out (&run, &error)) || !command->run (&run, &error))
    return end (command, a->json, error);
  return CLI_DONE;
}

/* batch's options are also those of the edit that it is of. */
static CliStatus
run_batch (int argc, char **argv)
{
  const char *nicks[LIMN_N_TASKS + 1] = { NULL }, *similar;
  static CliCommand command;
  LimnTask task;

  if (argc < 3 || g_str_equal (argv[2], "--help") || g_str_equal (argv[2], "-h"))
    return run_command (&cli_batch, argc, argv, 2);
  if (limn_task_from_nick (argv[2], &task)) {
    command = cli_batch_command (task);
    return run_command (&command, argc, argv, 3);
  }
  for (task = 0; task < LIMN_N_TASKS; task++)
    nicks[task] = limn_task_get_kind (task)->nick;
  similar = cli_similar (argv[2], nicks);
  g_printerr ("limn-cli: There is no edit %s.", argv[2]);
  if (similar)
    g_printerr (" Did you mean %s?", similar);
  g_printerr ("\nlimn-cli batch --help tells how it is used.\n");
  return CLI_USAGE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "");
  make_commands ();
  if (argc < 2) {
    cli_print_overview (commands);
    return CLI_USAGE;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help")) {
    cli_print_overview (commands);
    return CLI_DONE;
  }
  if (g_str_equal (argv[1], "--version")) {
    g_print ("limn-cli %s\n", LIMN_VERSION);
    return CLI_DONE;
  }
  for (guint i = 0; commands[i]; i++)
    if (strcmp (argv[1], commands[i]->name) == 0)
      return (int) (commands[i] == &cli_batch ? run_batch (argc, argv) : run_command (commands[i], argc, argv, 2));
  return (int) unknown_command (argv[1]);
}
