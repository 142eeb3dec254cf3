/* limn-cli upscale.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static gboolean
run_upscale (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnEdit) edit = cli_edit_new (run, LIMN_TASK_UPSCALE);

  edit->scale = a->scale > 0 ? a->scale : edit->scale;
  edit->denoise = a->denoise;
  edit->faithful = !a->no_faithful && a->denoise == 0;
  edit->photo = cli_load (run, a->operands[0], error);
  return edit->photo && cli_run_edit (run, edit, error);
}

static const CliOption options[] = {
  { "scale", 0, CLI_INT, CLI_AT (scale), "N", "2, 3, 4 or 8 times as wide and high (4)", "2, 3, 4 or 8" },
  { "denoise", 0, CLI_REAL, CLI_AT (denoise), "X", "removes noise and JPEG blocks: 0 = none, 1 = most (0)", "0 to 1" },
  { "no-faithful", 0, CLI_FLAG, CLI_AT (no_faithful), NULL, "do not hold the averages to the photo's pixels", NULL },
  CLI_STEPS,
  { 0 },
};

const CliCommand cli_upscale = {
  .name = "upscale",
  .summary = "makes a small picture large and sharp",
  .usage = "PHOTO --scale 2|3|4|8 -o OUT [options]",
  .text = "Averaged back down, the result is the photo again, within rounding (not with --denoise, which is to change it).",
  .examples = "  limn-cli upscale small.png --scale 4 -o large.png\n"
              "  limn-cli upscale old-web-photo.jpg --scale 2 --denoise 0.4 -o clean.jpg",
  .own = options,
  CLI_PHOTO_TO_PICTURE,
  .run = run_upscale,
};
