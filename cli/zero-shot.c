/* limn-cli zero-shot: the paper's editor on somebody's unconditional checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include "engine/limn-engine.h"

#include <string.h>

/* steps: evaluations when --steps does not say. */
static const struct {
  const char *name;
  LimnZeroShotTask task;
  int steps;
} tasks[] = {
  { "fill", LIMN_ZERO_SHOT_FILL, 40 },      { "colorize", LIMN_ZERO_SHOT_COLORIZE, 40 }, { "upscale", LIMN_ZERO_SHOT_UPSCALE, 40 },
  { "strokes", LIMN_ZERO_SHOT_STROKES, 2 }, { "denoise", LIMN_ZERO_SHOT_DENOISE, 1 },    { "interpolate", LIMN_ZERO_SHOT_INTERPOLATE, 1 },
};

static gboolean
usage (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence);
  return FALSE;
}

static gboolean
load_photo (CliRun *run, LimnEdit *edit, GError **error)
{
  const CliArguments *a = &run->arguments;

  if (edit->zero_shot_task == LIMN_ZERO_SHOT_INTERPOLATE)
    return !a->operands[1] || usage (error, "interpolate takes no photo: it goes from the picture of --seed to that of --seed-b.");
  if (!a->operands[1])
    return usage (error, "The photo is missing.");
  edit->photo = cli_load (run, a->operands[1], error);
  if (!edit->photo)
    return FALSE;
  if (edit->zero_shot_task != LIMN_ZERO_SHOT_FILL)
    return !a->mask || usage (error, "Only zero-shot fill takes a mask.");
  return (a->mask ? cli_load_mask (run, a->mask, edit->photo, &edit->mask, error) : cli_mask_of_alpha (edit->photo, &edit->mask, error)) &&
         cli_check_something_known (&edit->mask, error);
}

static gboolean
run_zero_shot (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnEdit) edit = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (tasks) && strcmp (tasks[i].name, a->operands[0]) != 0)
    i++;
  if (i == G_N_ELEMENTS (tasks)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                 "There is no zero-shot task %s: it is fill, colorize, upscale, strokes, denoise or interpolate.", a->operands[0]);
    return FALSE;
  }
  if (!a->checkpoint)
    return usage (error, "Say which network to use: --checkpoint FOLDER.");
  edit = cli_edit_new (run, LIMN_TASK_ZERO_SHOT);
  edit->zero_shot_task = (int) tasks[i].task;
  edit->checkpoint = g_strdup (a->checkpoint);
  edit->steps = a->steps > 0 ? a->steps : tasks[i].steps;
  edit->scale = a->scale > 0 ? a->scale : edit->scale;
  edit->sigma = a->sigma;
  edit->class_label = a->class_label;
  return load_photo (run, edit, error) && cli_run_edit (run, edit, error);
}

static const CliOption options[] = {
  { "checkpoint", 0, CLI_TEXT, CLI_AT (checkpoint), "FOLDER", "config.json and diffusion_pytorch_model.safetensors", NULL },
  { "steps", 0, CLI_INT, CLI_AT (steps), "N", "evaluations, 1 to 1000 (40; strokes 2; denoise, interpolate 1)", "1 to 1000" },
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "fill: white = fill, black = keep", NULL },
  { "scale", 0, CLI_INT, CLI_AT (scale), "N", "upscale: side of the squares that are averaged (8)", "2 to 256" },
  { "sigma", 0, CLI_REAL, CLI_AT (sigma), "X", "denoise: spread of the noise, of pixels from -1 to 1 (0.5)", "0 to 80" },
  { "class", 0, CLI_INT, CLI_AT (class_label), "N", "for a checkpoint with classes", "0 to 1000000" },
  { 0 },
};

const CliCommand cli_zero_shot = {
  .name = "zero-shot",
  .summary = "edits with an unconditional consistency model of your own",
  .usage = "fill|colorize|upscale|strokes|denoise|interpolate [PHOTO] --checkpoint FOLDER -o OUT [options]",
  .text = "PHOTO is brought to the checkpoint's own size, and so is the result. strokes takes a rough painting; interpolate takes no\n"
          "photo, but --seed, --seed-b and --mix.",
  .examples = "  limn-cli zero-shot fill room.png --mask hole.png --checkpoint cd_bedroom256 --steps 40 -o room-filled.png\n"
              "  limn-cli zero-shot strokes painting.png --checkpoint cd_bedroom256 -o room.png\n"
              "  limn-cli zero-shot interpolate --checkpoint cd_imagenet64 --class 7 --seed 1 --seed-b 2 --mix 0.5 -o cock.png",
  .own = options,
  .more = cli_picture_options,
  .operand = "task",
  .least_operands = 1,
  .most_operands = 2,
  .writes = TRUE,
  .run = run_zero_shot,
};
