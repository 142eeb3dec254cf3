/* limn-cli select: the outline of a thing as a mask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/edit/limn-outline.h"
#include "app/formats/limn-input.h"
#include "cli.h"

#include <string.h>

/* Hints for a photo, and the rectangle around them. */
typedef struct {
  guint8 *hints; /* width * height; owned */
  gsize width, height;
  LimnRect told;
} Hints;

/* Sets hint where the picture in path (NULL: none) is white. */
static gboolean
add_hints (CliRun *run, const char *path, LimnPicture *photo, LimnOutlineHint hint, Hints *self, GError **error)
{
  LimnPlane mask = { 0 };
  const guint8 *data;

  if (!path)
    return TRUE;
  if (!limn_input_load_mask (path, photo, &mask, run->cancellable, error)) {
    g_clear_pointer (&mask.bytes, g_bytes_unref);
    return FALSE;
  }
  data = g_bytes_get_data (mask.bytes, NULL);
  for (gsize i = 0; i < self->width * self->height; i++)
    if (data[i] >= 128) {
      const LimnRect pixel = { (int) (i % self->width), (int) (i / self->width), 1, 1 };
      self->hints[i] = (guint8) hint;
      self->told = limn_rect_union (&self->told, &pixel);
    }
  g_bytes_unref (mask.bytes);
  return TRUE;
}

/* Copies a part of a plane of bytes out of it, or into it. */
static void
copy_part (guint8 *plane, gsize width, const LimnRect *part, guint8 *bytes, gboolean into)
{
  for (int y = 0; y < part->height; y++) {
    guint8 *row = plane + (gsize) (part->y + y) * width + part->x, *other = bytes + (gsize) y * (gsize) part->width;
    memcpy (into ? row : other, into ? other : row, (gsize) part->width);
  }
}

/* Replaces hints by the mask. */
static gboolean
find_outline (CliRun *run, LimnPicture *photo, Hints *self, GError **error)
{
  const LimnRect all = { 0, 0, (int) self->width, (int) self->height };
  const LimnRect part = limn_outline_get_area (&self->told, run->arguments.loop != NULL, &all);
  const gsize size = (gsize) part.width * (gsize) part.height;
  g_autofree guint8 *hints = g_malloc (size), *mask = g_malloc (size);

  copy_part (self->hints, self->width, &part, hints, FALSE);
  if (!limn_outline_find (photo, &part, hints, mask, run->cancellable, error))
    return FALSE;
  memset (self->hints, 0, self->width * self->height);
  copy_part (self->hints, self->width, &part, mask, TRUE);
  return TRUE;
}

static LimnPicture *
picture_of_mask (const Hints *self, GError **error)
{
  LimnPicture *picture = limn_picture_new (self->width, self->height, 8, error);

  for (gsize y = 0; picture && y < self->height; y++) {
    guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    for (gsize x = 0; x < self->width; x++) {
      memset (row + 4 * x, self->hints[y * self->width + x], 3);
      row[4 * x + 3] = 255;
    }
  }
  if (picture)
    limn_picture_get_source (picture)->gray = TRUE;
  return picture;
}

static gboolean
run_select (CliRun *run, GError **error)
{
  const CliArguments *a = &run->arguments;
  g_autoptr (LimnPicture) photo = NULL;
  Hints self = { 0 };
  LimnResult result = { .whole = TRUE };
  gboolean done;

  if (!a->loop && !a->inside) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                         "Say what to select: give a --loop around it, or a stroke --inside it.");
    return FALSE;
  }
  photo = limn_input_load (a->operands[0], run->cancellable, error);
  if (!photo)
    return FALSE;
  run->loaded = g_get_monotonic_time ();
  self.width = limn_picture_get_width (photo);
  self.height = limn_picture_get_height (photo);
  self.hints = g_malloc0 (self.width * self.height);
  done = add_hints (run, a->loop, photo, LIMN_OUTLINE_MAYBE, &self, error) &&
         add_hints (run, a->outside, photo, LIMN_OUTLINE_OUTSIDE, &self, error) &&
         add_hints (run, a->inside, photo, LIMN_OUTLINE_INSIDE, &self, error) && find_outline (run, photo, &self, error);
  result.picture = done ? picture_of_mask (&self, error) : NULL;
  done = result.picture && cli_finish (run, NULL, &result, photo, error);
  g_clear_object (&result.picture);
  g_free (self.hints);
  return done;
}

static const CliOption options[] = {
  { "loop", 0, CLI_TEXT, CLI_AT (loop), "MASK", "picture of the photo's size: white = roughly here, nothing of it elsewhere",
    CLI_NO_RANGE },
  { "inside", 0, CLI_TEXT, CLI_AT (inside), "MASK", "white = surely a part of it", CLI_NO_RANGE },
  { "outside", 0, CLI_TEXT, CLI_AT (outside), "MASK", "white = surely no part of it", CLI_NO_RANGE },
  { "output", 'o', CLI_TEXT, CLI_AT (out), "OUT", "the mask to write: white = selected", CLI_NO_RANGE },
  { "json", 0, CLI_FLAG, CLI_AT (json), NULL, "report as JSON", CLI_NO_RANGE },
  { "quiet", 'q', CLI_FLAG, CLI_AT (quiet), NULL, "say nothing but errors", CLI_NO_RANGE },
  { "help", 'h', CLI_FLAG, CLI_AT (help), NULL, "this text", CLI_NO_RANGE },
  { 0 },
};

const CliCommand cli_select = {
  .name = "select",
  .summary = "finds the outline of a thing that is told roughly",
  .usage = "PHOTO [--loop MASK] [--inside MASK] [--outside MASK] -o OUT",
  .text =
    "The thing lies in a rough --loop around it, or has a stroke --inside it; strokes --outside put right what was taken for a part of\n"
    "it. OUT is a mask for the edits.",
  .examples = "  limn-cli select beach.jpg --loop around-towel.png -o towel.png\n"
              "  limn-cli fill beach.jpg --mask towel.png -o beach-clean.png",
  .own = options,
  .operand = "PHOTO",
  .least_operands = 1,
  .most_operands = 1,
  .writes = TRUE,
  .run = run_select,
};
