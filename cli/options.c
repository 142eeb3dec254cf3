/* Reading the command line: full names only, every mistake told in a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <string.h>

const CliOption cli_model_options[] = {
  { "models", 0, CLI_TEXT, CLI_AT (models), "FOLDER", "folder of base, see and detail.safetensors", CLI_NO_RANGE },
  { "json", 0, CLI_FLAG, CLI_AT (json), NULL, "report as JSON", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

const CliOption cli_picture_options[] = {
  { "output", 'o', CLI_TEXT, CLI_AT (out), "OUT", "the picture to write: .png, .jpg, ..., or .ora with layers; - is standard output",
    CLI_NO_RANGE },
  { "format", 0, CLI_TEXT, CLI_AT (format), "ENDING", "png, jpg, webp, tif, avif or jxl, for standard output (png)", CLI_NO_RANGE },
  { "quality", 0, CLI_INT, CLI_AT (quality), "N", "of what is written with loss, 1 to 100 (as the photo's, or 92)", LIMN_RANGE (1, 100) },
  { "seed", 0, CLI_SEED, CLI_AT (seed), "N", "same seed, same picture (0)", CLI_NO_RANGE },
  { "seed-b", 0, CLI_SEED, CLI_AT (seed_b), "N", "a second seed to mix with (1)", CLI_NO_RANGE },
  { "mix", 0, CLI_REAL, CLI_AT (mix), "X", "0 = the picture of --seed, 1 = that of --seed-b, between = between (0)", LIMN_RANGE_MIX },
  { "threads", 0, CLI_INT, CLI_AT (threads), "N", "threads that compute (one a processor core)", LIMN_RANGE (1, 64) },
  { "models", 0, CLI_TEXT, CLI_AT (models), "FOLDER", "folder of base, see and detail.safetensors", CLI_NO_RANGE },
  { "json", 0, CLI_FLAG, CLI_AT (json), NULL, "report as JSON", CLI_NO_RANGE },
  { "quiet", 'q', CLI_FLAG, CLI_AT (quiet), NULL, "no report and no progress", CLI_NO_RANGE },
  { "progress", 0, CLI_FLAG, CLI_AT (progress), NULL, "lines as \"42 %\" on standard error, for other programs", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

static gboolean
matches (const CliOption *option, const char *name, gsize length)
{
  if (length == 1)
    return option->letter == name[0];
  return strlen (option->name) == length && memcmp (option->name, name, length) == 0;
}

const CliOption *
cli_option_find (const CliCommand *command, const char *name, gsize length)
{
  for (const CliOption *option = command->own; option && option->name; option++)
    if (matches (option, name, length))
      return option;
  for (const CliOption *option = command->more; option && option->name; option++)
    if (matches (option, name, length))
      return option;
  return NULL;
}

/* Letters to insert, drop or change from a to b; both are short. */
static guint
distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = (guint) j;
  for (gsize i = 0; a[i]; i++) {
    guint diagonal = row[0];

    row[0] = (guint) i + 1;
    for (gsize j = 0; j < n; j++) {
      guint changed = diagonal + (a[i] != b[j]);

      diagonal = row[j + 1];
      row[j + 1] = MIN (changed, MIN (row[j], diagonal) + 1);
    }
  }
  return row[n];
}

const char *
cli_similar (const char *name, const char *const *candidates)
{
  const char *best = NULL;
  guint least = strlen (name) < 4 ? 2 : 3; /* as many mistakes are too many */

  for (gsize i = 0; candidates[i]; i++) {
    guint d = *name && g_str_has_prefix (candidates[i], name) ? 0 : distance (name, candidates[i]);

    if (d < least) {
      least = d;
      best = candidates[i];
    }
  }
  return best;
}

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  g_clear_error (error);
  if (error)
    *error = g_error_new_valist (LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, format, values);
  va_end (values);
  return FALSE;
}

static gboolean
fail_unknown (const CliCommand *command, const char *argument, gsize length, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *name = g_strndup (argument, length);
  const char *plain = name + strspn (name, "-"), *similar;

  for (const CliOption *option = command->own; option && option->name; option++)
    g_ptr_array_add (names, (gpointer) option->name);
  for (const CliOption *option = command->more; option && option->name; option++)
    g_ptr_array_add (names, (gpointer) option->name);
  g_ptr_array_add (names, NULL);
  similar = cli_similar (plain, (const char *const *) names->pdata);
  if (similar)
    return fail (error, "There is no option %s. Did you mean --%s?", name, similar);
  return fail (error, "There is no option %s.", name);
}

/* The number that the text says, or the word "auto" where the option takes it. */
static gboolean
read_number (const CliOption *option, const char *text, double *value)
{
  char *end;

  if (option->range.automatic && g_str_equal (text, "auto")) {
    *value = LIMN_PARAMETER_AUTOMATIC;
    return TRUE;
  }
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == 0 && !g_ascii_isspace (*text) && *value >= option->range.min &&
         limn_range_contains (&option->range, *value);
}

static gboolean
set_number (const CliOption *option, const char *text, CliArguments *arguments, GError **error)
{
  const gboolean whole = option->kind != CLI_REAL;
  gpointer at = (char *) arguments + option->offset;
  g_autofree char *range = limn_range_to_string (&option->range);
  double value;

  if (!read_number (option, text, &value) || (whole && value != floor (value)))
    return fail (error, "--%s must be %s%s, not %s.", option->name,
                 option->range.choices ? ""
                 : whole               ? "a whole number from "
                                       : "a number from ",
                 range, text);
  if (option->kind == CLI_INT)
    *(int *) at = (int) value;
  else
    *(double *) at = value;
  return TRUE;
}

static gboolean
set_value (const CliOption *option, const char *text, CliArguments *arguments, GError **error)
{
  gpointer at = (char *) arguments + option->offset;

  if (*text == 0)
    return fail (error, "--%s needs a value: %s.", option->name, option->value);
  switch (option->kind) {
  case CLI_TEXT: *(const char **) at = text; return TRUE;
  case CLI_LIST: g_ptr_array_add (*(GPtrArray **) at, (gpointer) text); return TRUE;
  case CLI_SEED:
    return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, at, NULL) ||
           fail (error, "--%s must be a whole number from 0 to %" G_GUINT64_FORMAT ", not %s.", option->name, G_MAXUINT64, text);
  default: return set_number (option, text, arguments, error);
  }
}

static void
set_flag (const CliOption *option, CliArguments *arguments)
{
  gpointer at = (char *) arguments + option->offset;

  if (option->kind == CLI_FLAG)
    *(gboolean *) at = TRUE;
  else
    *(double *) at = option->kind == CLI_ON;
}

/* One option at argv[*i], its value perhaps the next one; *i is moved to the last that was used. */
static gboolean
parse_option (const CliCommand *command, int argc, char **argv, int *i, CliArguments *arguments, GError **error)
{
  const char *argument = argv[*i], *name = argument + (argument[1] == '-' ? 2 : 1), *equals = strchr (name, '=');
  gsize length = equals ? (gsize) (equals - name) : strlen (name);
  gboolean is_short = argument[1] != '-';
  const CliOption *option = is_short == (length == 1) ? cli_option_find (command, name, length) : NULL;

  if (!option)
    return fail_unknown (command, argument, (gsize) (name - argument) + length, error);
  if (!option->value) {
    if (equals)
      return fail (error, "--%s takes no value.", option->name);
    set_flag (option, arguments);
    return TRUE;
  }
  if (equals)
    return set_value (option, equals + 1, arguments, error);
  if (*i + 1 >= argc || g_str_has_prefix (argv[*i + 1], "--"))
    return fail (error, "--%s needs a value: %s.", option->name, option->value);
  *i += 1;
  return set_value (option, argv[*i], arguments, error);
}

gboolean
cli_parse (const CliCommand *command, int argc, char **argv, int first, CliArguments *arguments, GError **error)
{
  gboolean only_operands = FALSE;

  for (int i = first; i < argc; i++) {
    if (!only_operands && strcmp (argv[i], "--") == 0) {
      only_operands = TRUE;
    } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != 0) {
      if (!parse_option (command, argc, argv, &i, arguments, error))
        return FALSE;
      if (arguments->help)
        return TRUE;
    } else if (arguments->n_operands == command->most_operands) {
      if (command->most_operands == 0)
        return fail (error, "%s is one argument too many: this command takes only options.", argv[i]);
      return fail (error, "%s is one argument too many: one %s at a time.", argv[i], command->operand);
    } else {
      arguments->operands[arguments->n_operands++] = argv[i];
    }
  }
  if (arguments->n_operands < command->least_operands)
    return fail (error, "The %s is missing.", command->operand);
  if (command->missing_out && !arguments->out)
    return fail (error, "%s", command->missing_out);
  return TRUE;
}
