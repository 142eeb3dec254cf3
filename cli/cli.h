/* limn-cli: the edits from a terminal, on the same app/ code as the window. What its files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "app/picture/limn-picture-file.h"

#include <cjson/cJSON.h>

G_BEGIN_DECLS

/* Exit statuses. */
typedef enum { CLI_DONE = 0, CLI_USAGE = 1, CLI_UNUSABLE = 2, CLI_RESOURCES = 3, CLI_CANCELLED = 130 } CliStatus;

/* Everything that a command line can say; strings are borrowed from argv, NULL where nothing was said. Commands read what their
 * options fill. */
typedef struct {
  const char *operands[2];
  guint n_operands;
  const char *out, *mask, *paint, *materials, *lines, *from, *not_from, *models, *checkpoint, *net;
  guint64 seed, seed_b;
  double mix, sigma;
  double values[LIMN_MAX_PARAMETERS]; /* of the command's edit */
  int steps, threads, scale, size, quality, count, class_label;
  gboolean json, quiet, help;
} CliArguments;

typedef enum {
  CLI_TEXT, /* const char * */
  CLI_INT,  /* int */
  CLI_REAL,
  CLI_WHOLE, /* double: any number, a whole one */
  CLI_SEED,  /* guint64 */
  CLI_FLAG,  /* gboolean */
  CLI_ON,
  CLI_OFF, /* double: becomes 1, 0; these and flags take no value */
} CliKind;

/* One option. offset: its place in CliArguments, of the kind's type. range: what a number can be. */
typedef struct {
  const char *name; /* without the dashes */
  char letter;      /* a short name, or 0 */
  CliKind kind;
  gsize offset;
  const char *value; /* what the value is called in the help; NULL for a flag */
  const char *help;
  LimnRange range;
} CliOption;

#define CLI_NO_RANGE LIMN_RANGE (0, 0)

typedef struct CliCommand CliCommand;

/* One run of the program. */
typedef struct {
  const CliCommand *command;
  CliArguments arguments;
  GCancellable *cancellable; /* cancelled by Ctrl+C */
  gint64 start, loaded;      /* monotonic time, microseconds: the program, and the engine */
} CliRun;

struct CliCommand {
  const char *name, *summary;
  const char *usage;           /* after "limn-cli NAME " */
  const char *text;            /* paragraphs of the help */
  const char *examples;        /* lines, each a command line or a comment */
  const CliOption *own, *more; /* ended by a NULL name; more: a shared table, or NULL */
  const char *operand;         /* what the operands are called, for sentences */
  guint least_operands, most_operands;
  gboolean writes; /* needs -o OUT */
  LimnTask task;   /* of an edit's command */
  gboolean (*run) (CliRun *run, GError **error);
};

extern const CliCommand cli_zero_shot, cli_materials, cli_info, cli_bench;
CliCommand cli_edit_command (LimnTask task);

/* Options of every command that makes a picture, and of those that only look at models. */
extern const CliOption cli_picture_options[], cli_model_options[];

#define CLI_AT(member) offsetof (CliArguments, member)

/* ---------------------------------------------------------------- options.c, help.c */

/* Reads argv[first..] into arguments by command's options. A LIMN_APP_ERROR_USAGE says what is wrong in a sentence. With --help the
 * rest is not checked. */
gboolean cli_parse (const CliCommand *command, int argc, char **argv, int first, CliArguments *arguments, GError **error);

/* The option of command called name (or with the letter name when it is one character long), or NULL. */
const CliOption *cli_option_find (const CliCommand *command, const char *name, gsize length);

/* A name of candidates (NULL-ended) that was probably meant, or NULL. */
const char *cli_similar (const char *name, const char *const *candidates);

void cli_print_help (const CliCommand *command);
void cli_print_overview (const CliCommand *const *commands);

/* ---------------------------------------------------------------- inputs.c: pictures as edits want them */

LimnPicture *cli_load (CliRun *run, const char *path, GError **error);

/* White = 255; black and transparent = 0. It must have photo's size and something white. */
gboolean cli_load_mask (CliRun *run, const char *path, LimnPicture *photo, LimnPlane *mask, GError **error);

/* What is transparent in photo, also partly, as a mask; an error where nothing or everything is. */
gboolean cli_mask_of_alpha (LimnPicture *photo, LimnPlane *mask, GError **error);

/* An error when mask leaves nothing of the photo. */
gboolean cli_check_something_known (const LimnPlane *mask, GError **error);

/* Line art: dark = 255; white and transparent = 0. */
gboolean cli_load_lines (CliRun *run, const char *path, LimnPlane *lines, GError **error);

/* Where a fill copies from (white in the picture at path from) and where not (white in that at not_from); one of them may be NULL. As
 * LimnEditInputs has them. */
gboolean cli_load_sources (CliRun *run, const char *from, const char *not_from, LimnPicture *photo, LimnPlane *sources, GError **error);

/* Labels of materials, gray values as limn-cli materials lists them; of paint's size. */
gboolean cli_load_materials (CliRun *run, const char *path, LimnPicture *paint, LimnPlane *materials, GError **error);

/* ---------------------------------------------------------------- output.c: from an edit to a file and a report */

/* Whether OUT can be written, asked before any work is done. */
gboolean cli_check_out (CliRun *run, GError **error);

/* Saves what came of photo (NULL: a picture of its own) and reports. */
gboolean cli_finish (CliRun *run, const LimnResult *result, LimnPicture *photo, GError **error);

/* ---------------------------------------------------------------- json.c */

/* Adds text, which may be a file's name, of any bytes: what is no UTF-8 in it becomes U+FFFD. */
void cli_json_add_text (cJSON *object, const char *key, const char *text);
/* Prints a line and takes json. */
void cli_json_print (cJSON *json);
void cli_json_print_error (CliStatus status, const char *message);

/* ---------------------------------------------------------------- progress.c */

/* A bar on standard error while an edit takes long, where that is a terminal. */
typedef struct {
  gboolean visible;
  gint64 start, shown;
} CliProgress;
void cli_progress_init (CliProgress *self, gboolean wanted);
void cli_progress_update (double fraction, gpointer self); /* a LimnProgress */
void cli_progress_clear (CliProgress *self);

G_END_DECLS
