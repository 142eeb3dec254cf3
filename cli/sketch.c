/* limn-cli sketch.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static gboolean
run_sketch (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnEdit) edit = cli_edit_new (run, LIMN_TASK_SKETCH);
  gsize width, height, side = (gsize) a->size;

  if (!a->paint && !a->lines) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "Give the sketch: --paint, --lines or both.");
    return FALSE;
  }
  edit->freedom = a->freedom;
  if (a->paint && !(edit->paint = cli_load (run, a->paint, error)))
    return FALSE;
  if (a->lines && !cli_load_lines (run, a->lines, &edit->lines, error))
    return FALSE;
  width = edit->paint ? limn_picture_get_width (edit->paint) : edit->lines.width;
  height = edit->paint ? limn_picture_get_height (edit->paint) : edit->lines.height;
  edit->width = width >= height ? side : MAX (1, (side * width + height / 2) / height);
  edit->height = height >= width ? side : MAX (1, (side * height + width / 2) / width);
  return cli_run_edit (run, edit, error);
}

static const CliOption options[] = {
  { "paint", 0, CLI_TEXT, CLI_AT (paint), "RGBA", "rough colours; where it is transparent nothing is painted", NULL },
  { "lines", 0, CLI_TEXT, CLI_AT (lines), "PNG", "dark lines on white or on nothing, of the paint's size", NULL },
  { "freedom", 0, CLI_REAL, CLI_AT (freedom), "X", "0 = stay at the paint, 1 = only be guided by it (0.5)", "0 to 1" },
  { "size", 0, CLI_INT, CLI_AT (size), "N", "pixels of the picture's longer side, 64 to 4096 (512)", "64 to 4096" },
  CLI_STEPS,
  { 0 },
};

const CliCommand cli_sketch = {
  .name = "sketch",
  .summary = "renders rough paint and lines as a picture",
  .usage = "[--paint RGBA] [--lines PNG] -o OUT [options]",
  .text = "Landscapes, sky, water and plants come out best: that is what the network has seen most of.",
  .examples = "  limn-cli sketch --paint hill.png -o hill-rendered.png\n"
              "  limn-cli sketch --paint hill.png --lines pencil.png --freedom 0.7 --size 1024 -o picture.jpg",
  .own = options,
  .more = cli_picture_options,
  .writes = TRUE,
  .run = run_sketch,
};
