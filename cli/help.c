/* What limn-cli says of itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#define COLUMN 20 /* where the explanations begin */

static void
print_options (const CliOption *options)
{
  for (const CliOption *option = options; option && option->name; option++) {
    g_autofree char *letter = option->letter ? g_strdup_printf ("-%c, ", option->letter) : g_strdup ("");
    g_autofree char *left = g_strdup_printf ("%s--%s%s%s", letter, option->name, option->value ? " " : "",
                                             option->value ? option->value : "");

    g_print ("  %-*s  %s\n", COLUMN, left, option->help);
  }
}

void
cli_print_help (const CliCommand *command)
{
  g_print ("limn-cli %s: %s\n\nUsage: limn-cli %s %s\n\n%s\n\nOptions:\n", command->name, command->summary, command->name, command->usage,
           command->text);
  print_options (command->own);
  print_options (command->more);
  g_print ("\nExamples:\n%s\n", command->examples);
}

void
cli_print_overview (const CliCommand *const *commands)
{
  g_print ("limn-cli: edits photos by one evaluation of a small network, on the processor, offline.\n\n"
           "Usage: limn-cli COMMAND ... -o OUT\n\nCommands:\n");
  for (guint i = 0; commands[i]; i++)
    g_print ("  %-10s  %s\n", commands[i]->name, commands[i]->summary);
  g_print ("\nlimn-cli COMMAND --help explains a command; limn-cli --version tells the version.\n"
           "Exit status: 0 done, 1 a mistake in the command line, 2 a file that can't be used, 3 out of memory or disk space,\n"
           "130 cancelled by Ctrl+C. After a failure OUT is as it was.\n\n"
           "Examples:\n"
           "  limn-cli fill beach.jpg --mask towel.png -o beach-clean.jpg\n"
           "  limn-cli colorize grandmother.jpg -o grandmother-colour.jpg\n"
           "  limn-cli upscale small.png --scale 4 -o large.png\n"
           "  limn-cli sketch --paint hill.png --materials labels.png -o picture.png\n");
}
