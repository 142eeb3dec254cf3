/* limn-cli zero-shot: the paper's editor on somebody's unconditional checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-engine-call.h"
#include "app/formats/limn-input.h"
#include "app/picture/limn-picture-color.h"
#include "cli.h"

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

/* The photo in sRGB (NULL for interpolate) and, for fill, its mask. */
static gboolean
load_inputs (CliRun *run, LimnZeroShotTask task, LimnPicture **photo, LimnPlane *mask, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnPicture) loaded = NULL;

  if (task == LIMN_ZERO_SHOT_INTERPOLATE)
    return !a->operands[1] || usage (error, "interpolate takes no photo: it goes from the picture of --seed to that of --seed-b.");
  if (!a->operands[1])
    return usage (error, "The photo is missing.");
  loaded = limn_input_load (a->operands[1], run->cancellable, error);
  *photo = loaded ? limn_picture_to_srgb (loaded, error) : NULL;
  if (!*photo)
    return FALSE;
  if (task != LIMN_ZERO_SHOT_FILL)
    return !a->mask || usage (error, "Only zero-shot fill takes a mask.");
  return (a->mask ? limn_input_load_mask (a->mask, loaded, mask, run->cancellable, error)
                  : limn_input_mask_of_alpha (loaded, mask, error)) &&
         limn_input_check_something_known (mask, error);
}

static LimnResult *
call_engine (CliRun *run, const LimnZeroShotOptions *options, LimnPicture *photo, const LimnPlane *mask, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnRect all = photo ? limn_picture_get_rect (photo) : (LimnRect){ 0 };
  LimnPixels pixels = photo ? limn_pixels_of (photo, &all) : (LimnPixels){ 0 };
  LimnMask hole = mask->bytes ? limn_mask_of (mask, &all) : (LimnMask){ 0 };
  LimnEngineCall call;
  CliProgress progress;
  LimnStatus status;

  run->loaded = g_get_monotonic_time ();
  cli_progress_init (&progress, a);
  limn_engine_call_begin (&call, cli_progress_update, &progress, run->cancellable);
  status = limn_zero_shot (a->checkpoint, a->threads, photo ? &pixels : NULL, mask->bytes ? &hole : NULL, options, &call.control,
                           &call.overlay, &call.stats, &call.error);
  cli_progress_clear (&progress);
  return limn_engine_call_end (&call, status, error) ? limn_engine_call_take_result (&call, NULL, FALSE, TRUE, error) : NULL;
}

static gboolean
run_zero_shot (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  LimnZeroShotOptions options = { .sampling = { .seed = a->seed, .seed_b = a->seed_b, .mix = (float) a->mix },
                                  .scale = a->scale > 0 ? a->scale : 8,
                                  .class_label = a->class_label,
                                  .sigma = (float) a->sigma };
  g_autoptr (LimnPicture) photo = NULL;
  g_autoptr (LimnResult) result = NULL;
  LimnPlane mask = { 0 };
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
  options.task = tasks[i].task;
  options.steps = options.sampling.steps = a->steps > 0 ? a->steps : tasks[i].steps;
  if (load_inputs (run, options.task, &photo, &mask, error))
    result = call_engine (run, &options, photo, &mask, error);
  g_clear_pointer (&mask.bytes, g_bytes_unref);
  return result && cli_finish (run, NULL, result, photo, error);
}

static const CliOption options[] = {
  { "checkpoint", 0, CLI_TEXT, CLI_AT (checkpoint), "FOLDER", "config.json and diffusion_pytorch_model.safetensors", CLI_NO_RANGE },
  { "steps", 0, CLI_INT, CLI_AT (steps), "N", "evaluations, 1 to 1000 (40; strokes 2; denoise, interpolate 1)", LIMN_RANGE (1, 1000) },
  { "mask", 'm', CLI_TEXT, CLI_AT (mask), "MASK", "fill: white = fill, black = keep", CLI_NO_RANGE },
  { "scale", 0, CLI_INT, CLI_AT (scale), "N", "upscale: side of the squares that are averaged (8)", LIMN_RANGE (2, 256) },
  { "sigma", 0, CLI_REAL, CLI_AT (sigma), "X", "denoise: spread of the noise, of pixels from -1 to 1 (0.5)", LIMN_RANGE (0, 80) },
  { "class", 0, CLI_INT, CLI_AT (class_label), "N", "for a checkpoint with classes", LIMN_RANGE (0, 1000000) },
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
  .missing_out = CLI_MISSING_OUT,
  .run = run_zero_shot,
};
