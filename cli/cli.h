/* limn-cli: the edits from a terminal, on the same app/ code as the window. What its files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "app/picture/limn-picture-file.h"

#include <cjson/cJSON.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Exit statuses. */
typedef enum { CLI_DONE = 0, CLI_USAGE = 1, CLI_UNUSABLE = 2, CLI_RESOURCES = 3, CLI_CANCELLED = 130 } CliStatus;

/* Everything that a command line can say; strings are borrowed from argv, NULL where nothing was said. Commands read what their
 * options fill. */
typedef struct {
  const char **operands; /* room for all arguments and two more, at first NULL */
  guint n_operands;
  const char *out, *format, *name, *masks, *part, *crop, *resize, *mask, *paint, *materials, *sun, *lines, *from, *not_from, *spare,
    *mask_out, *loop, *inside, *outside, *models, *checkpoint, *net;
  guint64 seed, seed_b;
  double mix, sigma;
  double values[LIMN_MAX_PARAMETERS]; /* of the command's edit */
  GPtrArray *surfaces;                /* of texts: an option that may stand there several times */
  int steps, threads, scale, size, quality, count, class_label, jobs;
  gboolean json, quiet, progress, help, recursive, replace, watch, all;
} CliArguments;

typedef enum {
  CLI_TEXT, /* const char * */
  CLI_LIST, /* GPtrArray *, to which the text is added */
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
  char model_hash[64];       /* of the engine that a layer is made with, for a document */
} CliRun;

struct CliCommand {
  const char *name, *summary;
  const char *usage;           /* after "limn-cli NAME " */
  const char *text;            /* paragraphs of the help */
  const char *examples;        /* lines, each a command line or a comment */
  const CliOption *own, *more; /* ended by a NULL name; more: a shared table, or NULL */
  const char *operand;         /* what the operands are called, for sentences */
  guint least_operands, most_operands;
  gboolean writes;         /* a picture: needs -o OUT */
  gboolean makes_layers;   /* OUT may be a document */
  const char *missing_out; /* what is said where -o isn't; NULL: it may be missing */
  const char *cancelled;   /* what is said after Ctrl+C; NULL: that nothing was written */
  LimnTask task;           /* of an edit's command */
  gboolean (*run) (CliRun *run, GError **error);
};

extern const CliCommand cli_select, cli_batch, cli_replay, cli_convert, cli_zero_shot, cli_materials, cli_info, cli_bench;
CliCommand cli_edit_command (LimnTask task);
/* limn-cli batch of one edit, with that edit's own options. */
CliCommand cli_batch_command (LimnTask task);
/* The options of an edit's own numbers, added to a table of them. */
void cli_add_parameters (GArray *options, const LimnEditKind *kind);
void cli_add_options (GArray *options, const CliOption *table);
/* Takes settings from arguments into edit. */
void cli_take_settings (const CliArguments *arguments, LimnEdit *edit);

/* The surfaces of --surface, which edit may take. */
gboolean cli_load_surfaces (CliRun *run, LimnEdit *edit, GError **error);

/* Options of every command that makes a picture, and of those that only look at models. */
extern const CliOption cli_picture_options[], cli_model_options[];

#define CLI_MISSING_OUT "Say where the picture should be written: -o OUT."
#define CLI_MANY G_MAXUINT /* operands, as many as one likes */
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

/* ---------------------------------------------------------------- output.c: from an edit to a file and a report */

/* Whether OUT can be written, asked before any work is done. */
gboolean cli_check_out (CliRun *run, GError **error);

/* Whether what edit makes of photo (NULL: there is none) fits into the formats of OUT and of --mask-out, asked before it is made. */
gboolean cli_check_size (CliRun *run, const LimnEdit *edit, LimnPicture *photo, GError **error);

/* Writes what is mended to --mask-out, where that is asked for: white on black. */
gboolean cli_save_mask (CliRun *run, const LimnPlane *mask, GError **error);

/* Saves what came of photo (NULL: a picture of its own) and reports. edit: its recipe, for a document; or NULL. */
gboolean cli_finish (CliRun *run, const LimnEdit *edit, const LimnResult *result, LimnPicture *photo, GError **error);

/* Writes picture to OUT, which may be - for standard output. */
gboolean cli_save_picture (CliRun *run, LimnPicture *picture, GError **error);
/* Says on standard error where the photo is the first of several pictures in its file. */
void cli_tell_pages (const CliRun *run, LimnPicture *photo);
/* Where reports go: standard output, unless the picture does. */
FILE *cli_report_stream (const CliRun *run);

/* ---------------------------------------------------------------- document.c */

/* Whether path is to be an OpenRaster document. */
gboolean cli_is_document (const char *path);
/* The result as a layer over photo, or over the document that photo is of, with edit as its recipe, in OUT. */
gboolean cli_save_document (CliRun *run, const LimnEdit *edit, const LimnResult *result, LimnPicture *photo, GError **error);

/* ---------------------------------------------------------------- json.c */

/* Adds text, which may be a file's name, of any bytes: what is no UTF-8 in it becomes U+FFFD. */
void cli_json_add_text (cJSON *object, const char *key, const char *text);
/* Adds what was found to be damaged, as "found". */
void cli_json_add_found (cJSON *object, const LimnDamageFound *found);
/* Prints a line and takes json. */
void cli_json_print (FILE *stream, cJSON *json);
void cli_json_print_error (CliStatus status, const char *message);

/* ---------------------------------------------------------------- progress.c */

/* A bar on standard error while an edit takes long, where that is a terminal; or, for other programs, a line for each percent, as "42 %". */
typedef struct {
  gboolean visible, lines;
  int percent; /* of the last line */
  gint64 start, shown;
} CliProgress;
void cli_progress_init (CliProgress *self, const CliArguments *arguments);
void cli_progress_update (double fraction, gpointer self); /* a LimnProgress */
void cli_progress_clear (CliProgress *self);

G_END_DECLS
