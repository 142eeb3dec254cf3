/* Cancelling an edit at many points: at its allocations and at the strips of its colour conversions, which are counted, so that the
 * points are the same in every run. Whenever it comes, nothing is left of the edit, and it ends soon.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lcms2.h>
#include <stdatomic.h>
#include <string.h>

#include "app/base/limn-app-error.h"
#include "app/edit/limn-edit.h"
#include "app/picture/limn-picture-color.h"
#include "tests/app/inputs.h"

enum {
  POINTS = 16,
  AGAIN = LIMN_N_TASKS, /* beside the tasks: colorize with colours that were found before */
  MOST_AFTER = 100,     /* buffers and strips that are still begun after it: those of a step, at most a pyramid of small pictures */
};

static struct {
  atomic_int count, at; /* at: the one at which it is cancelled, 0 = none */
  GCancellable *cancellable;
} events;

static void
count_event (void)
{
  if (atomic_fetch_add (&events.count, 1) + 1 == atomic_load (&events.at))
    g_cancellable_cancel (events.cancellable);
}

void *__real_limn_alloc (size_t a, size_t b, size_t c, size_t size);
void *__wrap_limn_alloc (size_t a, size_t b, size_t c, size_t size);
typedef void TransformLines (cmsHTRANSFORM, const void *, void *, cmsUInt32Number, cmsUInt32Number, cmsUInt32Number, cmsUInt32Number,
                             cmsUInt32Number, cmsUInt32Number);
TransformLines __real_cmsDoTransformLineStride, __wrap_cmsDoTransformLineStride;

void *
__wrap_limn_alloc (size_t a, size_t b, size_t c, size_t size)
{
  count_event ();
  return __real_limn_alloc (a, b, c, size);
}

void
__wrap_cmsDoTransformLineStride (cmsHTRANSFORM transform, const void *from, void *to, cmsUInt32Number pixels, cmsUInt32Number lines,
                                 cmsUInt32Number from_line, cmsUInt32Number to_line, cmsUInt32Number from_plane, cmsUInt32Number to_plane)
{
  count_event ();
  __real_cmsDoTransformLineStride (transform, from, to, pixels, lines, from_line, to_line, from_plane, to_plane);
}

/* Waves with a little noise. */
static LimnPicture *
make_picture (gsize width, gsize height, int depth, gboolean profile)
{
  static const double wide_xy[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06 };
  LimnPicture *picture = limn_picture_new (width, height, depth, NULL);
  guint8 *data = limn_picture_get_data (picture);

  for (gsize i = 0; i < 4 * width * height; i++) {
    const gsize x = i / 4 % width, y = i / 4 / width, value = i % 4 == 3 ? 255 : (x * (1 + i % 4) + 2 * y + i * i % 11) % 256;

    if (depth == 16)
      ((guint16 *) (gpointer) data)[i] = (guint16) (value * 257);
    else
      data[i] = (guint8) value;
  }
  if (profile)
    limn_picture_apply_gamma (picture, 256.0 / 563.0, wide_xy);
  return picture;
}

static LimnPlane
make_plane (gsize width, gsize height)
{
  guint8 *data = g_malloc0 (width * height);

  for (gsize i = 0; i < width * height; i++)
    data[i] = i % width > width / 3 && i % width < width / 2 && i / width > height / 4 && i / width < height / 2 ? 255 : 0;
  return (LimnPlane){ g_bytes_new_take (data, width * height), width, height };
}

static LimnEdit *
make_edit (LimnTask task)
{
  LimnEdit *edit = limn_edit_new (task);

  edit->set.seed = 4;
  switch (task) {
  case LIMN_TASK_FILL:
    edit->from.photo = inputs_take_picture (make_picture (300, 220, 16, TRUE));
    edit->from.mask = inputs_take_plane (make_plane (300, 220));
    break;
  case LIMN_TASK_COLORIZE:
    edit->from.photo = inputs_take_picture (make_picture (420, 310, 16, TRUE));
    edit->from.paint = inputs_take_picture (make_picture (420, 310, 8, FALSE));
    break;
  case LIMN_TASK_SKETCH:
    edit->from.paint = inputs_take_picture (make_picture (200, 160, 8, TRUE));
    edit->from.lines = inputs_take_plane (make_plane (200, 160));
    limn_edit_set (edit, "width", 401);
    limn_edit_set (edit, "height", 322);
    break;
  case LIMN_TASK_UPSCALE:
    edit->from.photo = inputs_take_picture (make_picture (96, 70, 8, TRUE));
    limn_edit_set (edit, "denoise", 0.3);
    break;
  default: edit->from.photo = inputs_take_picture (make_picture (420, 310, 16, TRUE)); break;
  }
  return edit;
}

static GBytes *
copy_pixels (LimnPicture *picture)
{
  return picture ? g_bytes_new (limn_picture_get_data (picture), limn_picture_get_stride (picture) * limn_picture_get_height (picture))
                 : g_bytes_new (NULL, 0);
}

/* The result's pixels, or NULL when it was cancelled at that event. */
static GBytes *
run (const LimnEdit *edit, LimnRunFlags flags, LimnEngineHandle *engine, int at)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  events.cancellable = cancellable;
  atomic_store (&events.count, 0);
  atomic_store (&events.at, at);
  g_autoptr (LimnResult) result = limn_edit_run (edit, flags, engine, NULL, NULL, cancellable, &error);
  atomic_store (&events.at, 0);
  if (at > 0) {
    g_assert_null (result);
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
    return NULL;
  }
  g_assert_no_error (error);
  return copy_pixels (result->picture);
}

static void
test_cancel (gconstpointer data)
{
  const int threads = GPOINTER_TO_INT (data) % 10, task = GPOINTER_TO_INT (data) / 10;
  const LimnRunFlags flags = task == AGAIN ? LIMN_RUN_KEEP : 0;
  g_autoptr (LimnEdit) edit = make_edit (task == AGAIN ? LIMN_TASK_COLORIZE : (LimnTask) task);
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", threads, NULL);
  g_autoptr (LimnPicture) photo_picture = inputs_dup_picture (edit->from.photo), paint_picture = inputs_dup_picture (edit->from.paint);
  g_autoptr (GBytes) photo = copy_pixels (photo_picture);
  g_autoptr (GBytes) paint = copy_pixels (paint_picture);
  g_autoptr (GBytes) first = NULL;
  int all;

  g_assert_nonnull (engine);
  g_bytes_unref (run (edit, flags, engine, 0)); /* plans are made and kept */
  first = run (edit, flags, engine, 0);
  all = atomic_load (&events.count);
  g_assert_cmpint (all, >, POINTS);
  for (int k = 0; k < POINTS; k++) {
    const int at = 1 + k * (all - 1) / POINTS;

    g_assert_null (run (edit, flags, engine, at));
    g_test_message ("cancelled at %d of %d: %d more", at, all, atomic_load (&events.count) - at);
    g_assert_cmpint (atomic_load (&events.count) - at, <=, MOST_AFTER);
  }
  g_autoptr (GBytes) photo_after = copy_pixels (photo_picture);
  g_autoptr (GBytes) paint_after = copy_pixels (paint_picture);
  g_autoptr (GBytes) last = run (edit, flags, engine, 0);
  g_assert_true (g_bytes_equal (photo, photo_after));
  g_assert_true (g_bytes_equal (paint, paint_after));
  g_assert_true (g_bytes_equal (first, last));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int task = 0; task <= AGAIN; task++)
    for (int threads = 1; threads <= 2; threads++) {
      const char *name = task == AGAIN ? "colorize-again" : limn_task_get_kind ((LimnTask) task)->nick;
      g_autofree char *path = g_strdup_printf ("/cancel/%s/%d", name, threads);
      g_test_add_data_func (path, GINT_TO_POINTER (10 * task + threads), test_cancel);
    }
  return g_test_run ();
}
