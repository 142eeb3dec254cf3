/* The table of edits, and limn-cli's arguments for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "edits.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SEED                                                                                                                    \
  {                                                                                                                             \
    "seed", OPTION_SEED, G_MAXINT32, 0, N_("Variation"), N_("Each number gives another result, and the same number the same") \
  }

const Edit edits[] = {
  { .procedure = "plug-in-limn-fill",
    .command = "fill",
    .label = N_("_Fill Selection..."),
    .title = N_("Fill Selection"),
    .blurb = N_("Replace what is selected by what fits its surroundings"),
    .fills = TRUE,
    .options = { SEED } },
  { .procedure = "plug-in-limn-colorize",
    .command = "colorize",
    .label = N_("_Colorize..."),
    .title = N_("Colorize"),
    .blurb = N_("Give a gray photo colors"),
    .colors = TRUE,
    .options = { { "saturation", OPTION_STRENGTH, 2, 1, N_("Strength of the colors"), N_("0 is gray, 1 as the network says") }, SEED } },
  { .procedure = "plug-in-limn-upscale",
    .command = "upscale",
    .label = N_("_Upscale..."),
    .title = N_("Upscale"),
    .blurb = N_("Make a small image large and sharp, with all of its layers"),
    .enlarges = TRUE,
    .options = { { "scale", OPTION_SCALE, 8, 4, N_("How many times as wide and high"), NULL },
                 { "denoise", OPTION_STRENGTH_OR_AUTOMATIC, 1, AUTOMATIC, N_("Clean up noise and JPEG blocks"),
                   N_("Strength of the removal of noise and JPEG blocks") },
                 SEED } },
  { .procedure = "plug-in-limn-restore",
    .command = "restore",
    .label = N_("_Restore..."),
    .title = N_("Restore"),
    .blurb = N_("Mend scratches, dust and creases of an old photo, and even its fading and grain"),
    .options = { { "scratches", OPTION_STRENGTH, 1, 0.5, N_("Scratches"), N_("How much of what may be damage is mended") },
                 { "fading", OPTION_STRENGTH, 1, 0.8, N_("Fading"), N_("How far black, white and color cast are corrected") },
                 { "grain", OPTION_STRENGTH, 1, 0.4, N_("Grain"), N_("How much of the grain is taken away") },
                 SEED } },
};
const guint n_edits = G_N_ELEMENTS (edits);

const Edit *
edit_find (const char *procedure)
{
  for (guint i = 0; i < n_edits; i++)
    if (g_str_equal (edits[i].procedure, procedure))
      return &edits[i];
  return NULL;
}

guint
edit_count_options (const Edit *edit)
{
  guint n = 0;

  while (edit->options[n].name)
    n++;
  return n;
}

void
edit_set_defaults (const Edit *edit, double *values)
{
  for (guint i = 0; edit->options[i].name; i++)
    values[i] = edit->options[i].initial;
}

static gboolean
is_possible (const Option *option, double value)
{
  switch (option->kind) {
  case OPTION_SEED: return value >= 0 && value <= option->most && value == floor (value);
  case OPTION_SCALE: return value == 2 || value == 3 || value == 4 || value == 8;
  case OPTION_STRENGTH_OR_AUTOMATIC: return value == AUTOMATIC || (value >= 0 && value <= option->most);
  default: return value >= 0 && value <= option->most;
  }
}

gboolean
edit_check_values (const Edit *edit, const double *values, GError **error)
{
  for (guint i = 0; edit->options[i].name; i++)
    if (!is_possible (&edit->options[i], values[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("%g is no value for %s."), values[i], edit->options[i].name);
      return FALSE;
    }
  return TRUE;
}

char **
edit_make_arguments (const Edit *edit, const double *values)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **arguments, number[G_ASCII_DTOSTR_BUF_SIZE];

  g_strv_builder_add_many (builder, edit->command, "-", "-o", "-", "--quiet", "--progress", NULL);
  if (edit->fills) /* exactly what is selected */
    g_strv_builder_add_many (builder, "--grow", "0", "--feather", "0", NULL);
  for (guint i = 0; edit->options[i].name; i++) {
    g_autofree char *name = g_strconcat ("--", edit->options[i].name, NULL);

    g_strv_builder_add (builder, name);
    g_strv_builder_add (builder, values[i] == AUTOMATIC ? "auto" : g_ascii_formatd (number, sizeof number, "%.10g", values[i]));
  }
  arguments = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return arguments;
}
