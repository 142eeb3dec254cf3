/* limn-cli fill.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static gboolean
run_fill (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnEdit) edit = cli_edit_new (run, LIMN_TASK_FILL);

  edit->grow = a->grow;
  edit->feather = a->feather;
  edit->photo = cli_load (run, a->operands[0], error);
  if (!edit->photo)
    return FALSE;
  if (!(a->mask ? cli_load_mask (run, a->mask, edit->photo, &edit->mask, error) : cli_mask_of_alpha (edit->photo, &edit->mask, error)) ||
      !cli_check_something_known (&edit->mask, error))
    return FALSE;
  if (a->paint && !(edit->paint = cli_load (run, a->paint, error)))
    return FALSE;
  if (a->lines && !cli_load_lines (run, a->lines, &edit->lines, error))
    return FALSE;
  return cli_run_edit (run, edit, error);
}

static const CliOption options[] = {
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "picture of the photo's size: white = fill, black = keep", NULL },
  { "grow", 0, CLI_REAL, CLI_AT (grow), "PX", "pixels that the mask is grown by (4)", "0 to 1000" },
  { "feather", 0, CLI_REAL, CLI_AT (feather), "PX", "width of the soft edge added around it (4)", "0 to 1000" },
  { "paint", 0, CLI_TEXT, CLI_AT (paint), "RGBA", "rough colours that the fill should follow, of the photo's size", NULL },
  { "lines", 0, CLI_TEXT, CLI_AT (lines), "PNG", "dark lines that the fill should follow, of the photo's size", NULL },
  CLI_STEPS,
  { 0 },
};

const CliCommand cli_fill = {
  .name = "fill",
  .summary = "removes or replaces what a mask covers",
  .usage = "PHOTO --mask MASK -o OUT [options]",
  .text = "What is white in MASK is replaced by what fits its surroundings. Without --mask, the transparent pixels of PHOTO are the\n"
          "hole. Outside the mask (grown and feathered) a PNG's pixels stay as they were, bit for bit.",
  .examples = "  limn-cli fill beach.jpg --mask towel.png -o beach-clean.png\n"
              "  limn-cli fill torn.png -o whole.png                        # a transparent hole\n"
              "  limn-cli fill wall.jpg --mask hole.png --paint door.png --seed 7 -o door.jpg",
  .own = options,
  CLI_PHOTO_TO_PICTURE,
  .run = run_fill,
};
