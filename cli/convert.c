/* limn-cli convert: another format, a part, a smaller size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "app/formats/limn-input.h"
#include "app/picture/limn-picture-scale.h"

#include <stdio.h>
#include <string.h>

static gboolean
usage (GError **error, const char *sentence, const char *text)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence, text);
  return FALSE;
}

/* "640x480+10+20", in pixels from the upper left corner. */
static LimnPicture *
crop (LimnPicture *picture, const char *text, GError **error)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  const gsize pixel = 4 * (gsize) limn_picture_get_depth (picture) / 8;
  g_autoptr (LimnPicture) part = NULL;
  unsigned w, h, x, y;
  char rest;

  if (sscanf (text, "%ux%u+%u+%u%c", &w, &h, &x, &y, &rest) != 4 || w == 0 || h == 0) {
    usage (error, "--crop must be as 640x480+10+20, width x height + left + top, not %s.", text);
    return NULL;
  }
  if (x >= width || y >= height || w > width - x || h > height - y) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "The part %s reaches out of the picture, which is %zu x %zu pixels.", text,
                 width, height);
    return NULL;
  }
  part = limn_picture_new (w, h, limn_picture_get_depth (picture), error);
  if (!part)
    return NULL;
  for (gsize row = 0; row < h; row++)
    memcpy (limn_picture_get_data (part) + row * limn_picture_get_stride (part),
            limn_picture_get_data (picture) + (y + row) * limn_picture_get_stride (picture) + x * pixel, w * pixel);
  limn_picture_copy_metadata (part, picture);
  limn_picture_set_has_alpha (part, limn_picture_get_has_alpha (picture));
  return g_steal_pointer (&part);
}

/* "1600x1200": the largest size of the picture's shape in it; "1600x" or "x1200": as wide, as high. */
static LimnPicture *
resize (CliRun *run, LimnPicture *picture, const char *text, GError **error)
{
  const double width = (double) limn_picture_get_width (picture), height = (double) limn_picture_get_height (picture);
  const char *cross = strchr (text, 'x');
  double w = cross && cross != text ? g_ascii_strtod (text, NULL) : 0, h = cross && cross[1] ? g_ascii_strtod (cross + 1, NULL) : 0, scale;

  if (!cross || strspn (text, "0123456789x") != strlen (text) || strchr (cross + 1, 'x') || (w < 1 && h < 1)) {
    usage (error, "--resize must be as 1600x1200, 1600x or x1200, not %s.", text);
    return NULL;
  }
  scale = MIN (w > 0 ? w / width : G_MAXDOUBLE, h > 0 ? h / height : G_MAXDOUBLE);
  if (scale > 1) {
    usage (error, "--resize %s would enlarge the picture: limn-cli upscale does that.", text);
    return NULL;
  }
  return limn_picture_scale_down (picture, MAX (1, (gsize) (width * scale + 0.5)), MAX (1, (gsize) (height * scale + 0.5)),
                                  run->cancellable, error);
}

static void
replace (LimnPicture **picture, LimnPicture *other)
{
  g_object_unref (*picture);
  *picture = other;
}

static gboolean
run_convert (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnPicture) picture = limn_input_load (a->operands[0], run->cancellable, error);

  if (picture)
    cli_tell_pages (run, picture);
  if (picture && a->crop)
    replace (&picture, crop (picture, a->crop, error));
  if (picture && a->resize)
    replace (&picture, resize (run, picture, a->resize, error));
  if (!picture || !cli_save_picture (run, picture, error))
    return FALSE;
  if (!a->quiet)
    fprintf (cli_report_stream (run), "%s: %zu x %zu pixels\n", a->out, limn_picture_get_width (picture),
             limn_picture_get_height (picture));
  return TRUE;
}

static const CliOption options[] = {
  { "crop", 0, CLI_TEXT, CLI_AT (crop), "WxH+X+Y", "the part of this width and height from X, Y on", CLI_NO_RANGE },
  { "resize", 0, CLI_TEXT, CLI_AT (resize), "WxH", "smaller, to fit into this; Wx or xH: by one side", CLI_NO_RANGE },
  { "output", 'o', CLI_TEXT, CLI_AT (out), "OUT", "the picture to write: .png, .jpg, .webp, .tif, ...; - is standard output",
    CLI_NO_RANGE },
  { "format", 0, CLI_TEXT, CLI_AT (format), "ENDING", "png, jpg, webp, tif, avif or jxl, for standard output (png)", CLI_NO_RANGE },
  { "quality", 0, CLI_INT, CLI_AT (quality), "N", "of what is written with loss, 1 to 100 (as the photo's, or 92)", LIMN_RANGE (1, 100) },
  { "quiet", 'q', CLI_FLAG, CLI_AT (quiet), NULL, "no report", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

const CliCommand cli_convert = {
  .name = "convert",
  .summary = "writes a picture or document in another format, cropped or smaller",
  .usage = "PICTURE -o OUT [options]",
  .text = "Of a document (.ora) the layers that are seen become one. The part is cut out first, then made smaller. Profile, bit depth and\n"
          "metadata stay where the format can carry them.",
  .examples = "  limn-cli convert portrait.ora -o portrait.jpg\n"
              "  limn-cli convert scan.png --crop 1200x800+100+60 --resize 600x -o part.webp",
  .own = options,
  .operand = "picture",
  .least_operands = 1,
  .most_operands = 1,
  .writes = TRUE,
  .missing_out = CLI_MISSING_OUT,
  .run = run_convert,
};
