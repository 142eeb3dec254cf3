/* limn-cli colorize.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static gboolean
run_colorize (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnEdit) edit = cli_edit_new (run, LIMN_TASK_COLORIZE);

  edit->saturation = a->saturation;
  edit->photo = cli_load (run, a->operands[0], error);
  if (!edit->photo || (a->mask && !cli_load_mask (run, a->mask, edit->photo, &edit->mask, error)))
    return FALSE;
  if (a->hints && !(edit->paint = cli_load (run, a->hints, error)))
    return FALSE;
  return cli_run_edit (run, edit, error);
}

static const CliOption options[] = {
  { "hints", 0, CLI_TEXT, CLI_AT (hints), "RGBA", "dots of colour on a transparent ground, of the photo's size", NULL },
  { "saturation", 0, CLI_REAL, CLI_AT (saturation), "S", "0 = gray, 1 = as the network says, up to 2 (1)", "0 to 2" },
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "picture of the photo's size: white = colorize, black = keep", NULL },
  CLI_STEPS,
  { 0 },
};

const CliCommand cli_colorize = {
  .name = "colorize",
  .summary = "gives a gray photo colours, or a coloured one new colours",
  .usage = "PHOTO -o OUT [options]",
  .text = "How light each pixel is stays exactly as it was (where a colour that light exists); only its colour is new.",
  .examples = "  limn-cli colorize grandmother.jpg -o grandmother-colour.jpg\n"
              "  limn-cli colorize house.png --hints red-roof.png --saturation 1.2 -o house-colour.png",
  .own = options,
  CLI_PHOTO_TO_PICTURE,
  .run = run_colorize,
};
