/* Made-up photos and edits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "made-up.h"
#include "tests/app/inputs.h"

#include <math.h>
#include <string.h>

enum { HOLE = 512, SCALE = 4, PATTERN = 1024 };

static guint32
hash (guint32 x)
{
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15) * 0x846ca68bu;
  return x ^ x >> 16;
}

/* Noise of one scale, [0, 1), smooth between its points. */
static double
noise (guint x, guint y, guint step, guint32 seed)
{
  const guint i = x / step, j = y / step;
  const double u = (double) (x % step) / step, v = (double) (y % step) / step;
  double corners[4];

  for (guint k = 0; k < 4; k++)
    corners[k] = hash ((i + (k & 1)) * 7919u + (j + k / 2) * 104729u + seed) / 4294967296.0;
  return (corners[0] * (1 - u) + corners[1] * u) * (1 - v) + (corners[2] * (1 - u) + corners[3] * u) * v;
}

/* Clouds of every size down to two pixels, in colour: neither flat nor mere noise. */
static LimnPicture *
make_photo (gsize width, gsize height, int depth)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, depth, &error);
  g_autofree guint8 *pattern = g_malloc (PATTERN * PATTERN * 4);

  if (!picture)
    g_error ("%s", error->message);
  for (guint y = 0; y < PATTERN; y++)
    for (guint x = 0; x < PATTERN; x++)
      for (guint c = 0; c < 4; c++) {
        double value = 0, weight = 0.5;
        for (guint step = 256; step >= 2; step /= 4, weight /= 2)
          value += weight * noise (x, y, step, step + 31 * c);
        pattern[(y * PATTERN + x) * 4 + c] = c == 3 ? 255 : (guint8) (255 * MIN (value, 1));
      }
  for (gsize y = 0; y < height; y++) {
    guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    const guint8 *from = pattern + y % PATTERN * PATTERN * 4;

    for (gsize i = 0; i < 4 * width; i++)
      if (depth == 16)
        ((guint16 *) (gpointer) row)[i] = (guint16) (from[i % (4 * PATTERN)] * 257u);
      else
        row[i] = from[i % (4 * PATTERN)];
  }
  return picture;
}

static LimnPlane
make_plane (gsize width, gsize height, gsize x, gsize y, gsize columns, gsize rows)
{
  guint8 *data = g_malloc0 (width * height);

  for (gsize v = y; v < y + rows; v++)
    memset (data + v * width + x, 255, columns);
  return (LimnPlane){ g_bytes_new_take (data, width * height), width, height };
}

LimnEdit *
bench_make_edit (const char *name, double megapixels, int depth)
{
  const double area = megapixels * 1e6;
  gsize height = (gsize) round (sqrt (area * 3 / 4)), width = (gsize) round (area / (double) height);
  LimnEdit *edit;
  LimnTask task;

  if (!limn_task_from_nick (name, &task))
    return NULL;
  edit = limn_edit_new (task);
  edit->set.seed = 1;
  if (edit->task == LIMN_TASK_SKETCH) {
    limn_edit_set (edit, "width", width);
    limn_edit_set (edit, "height", height);
    edit->from.paint = inputs_take_picture (make_photo (BENCH_SKETCH, BENCH_SKETCH, 8));
    return edit;
  }
  if (edit->task == LIMN_TASK_UPSCALE) {
    limn_edit_set (edit, "scale", SCALE);
    width = (width + SCALE - 1) / SCALE;
    height = (height + SCALE - 1) / SCALE;
  }
  edit->from.photo = inputs_take_picture (make_photo (width, height, depth));
  if (edit->task == LIMN_TASK_FILL) {
    const gsize columns = MIN (HOLE, width / 2), rows = MIN (HOLE, height / 2);
    edit->from.mask = inputs_take_plane (make_plane (width, height, (width - columns) / 2, (height - rows) / 2, columns, rows));
  }
  return edit;
}

void
bench_set_hole (LimnEdit *edit, gsize width, gsize height, gboolean painted)
{
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo);
  const gsize whole_width = limn_picture_get_width (photo), whole_height = limn_picture_get_height (photo);
  const gsize columns = MIN (width, whole_width), rows = MIN (height, whole_height);
  const gsize x = (whole_width - columns) / 2, y = (whole_height - rows) / 2;

  limn_source_unref (edit->from.mask);
  edit->from.mask = inputs_take_plane (make_plane (whole_width, whole_height, x, y, columns, rows));
  if (!painted)
    return;
  LimnPicture *paint = make_photo (whole_width, whole_height, 8);
  for (gsize v = 0; v < whole_height; v++) {
    guint8 *row = limn_picture_get_data (paint) + v * limn_picture_get_stride (paint);
    for (gsize u = 0; u < whole_width; u++)
      if (u < x + columns / 4 || u >= x + 3 * columns / 4)
        memset (row + 4 * u, 0, 4);
      else
        for (gsize c = 0; c < 3; c++)
          row[4 * u + c] = 255 - row[4 * u + c];
  }
  edit->from.paint = inputs_take_picture (paint);
}

double
bench_peak_mb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || !(line = strstr (status, "VmHWM:")))
    return 0;
  return g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024;
}
