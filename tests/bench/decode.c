/* What the helper process costs: a picture file decoded in this process and by limn-decode, in turns; medians of the time on the clock and
 * of the processors' time, which a busy machine disturbs less.
 * limn-bench-decode FILE [COUNT]
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-file.h"
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* So that pixels that are shared with another process are paid for, too. */
static gsize
read_all (LimnPicture *picture)
{
  const guint8 *data = limn_picture_get_data (picture);
  const gsize size = limn_picture_get_stride (picture) * limn_picture_get_height (picture);
  gsize sum = 0;

  for (gsize i = 0; i < size; i += 4096)
    sum += data[i];
  return sum;
}

static LimnPicture *
decode_here (const char *path, GError **error)
{
  const int fd = limn_file_open (path, error);
  g_autoptr (GBytes) bytes = fd >= 0 ? limn_file_read_descriptor (fd, path, NULL, error) : NULL;

  if (fd >= 0)
    close (fd);
  return bytes ? limn_picture_decode (bytes, path, FALSE, NULL, error) : NULL;
}

typedef struct {
  double clock, processor; /* milliseconds */
} Time;

/* Of this process and those that have ended. */
static Time
now (void)
{
  Time time = { (double) g_get_monotonic_time () / 1000, 0 };

  for (int children = 0; children < 2; children++) {
    struct rusage use;

    getrusage (children ? RUSAGE_CHILDREN : RUSAGE_SELF, &use);
    time.processor += (double) (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
                      (double) (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
  }
  return time;
}

static Time
measure (const char *path, gboolean helper)
{
  const Time start = now ();
  Time end;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) picture = helper ? limn_picture_load (path, NULL, &error) : decode_here (path, &error);

  if (!picture) {
    fprintf (stderr, "%s\n", error->message);
    exit (1);
  }
  read_all (picture);
  end = now ();
  return (Time){ end.clock - start.clock, end.processor - start.processor };
}

static int
compare (const void *a, const void *b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static double
median (const Time *times, int count, gboolean processor)
{
  g_autofree double *sorted = g_new (double, (gsize) count);

  for (int i = 0; i < count; i++)
    sorted[i] = processor ? times[i].processor : times[i].clock;
  qsort (sorted, (gsize) count, sizeof *sorted, compare);
  return sorted[count / 2];
}

int
main (int argc, char **argv)
{
  const int count = argc > 2 ? MAX (atoi (argv[2]), 1) : 21;
  g_autofree Time *here = g_new (Time, (gsize) count), *helper = g_new (Time, (gsize) count);

  if (argc < 2) {
    fprintf (stderr, "limn-bench-decode FILE [COUNT]\n");
    return 1;
  }
  for (int i = 0; i < count; i++) {
    here[i] = measure (argv[1], FALSE);
    helper[i] = measure (argv[1], TRUE);
  }
  printf ("in this process %.1f ms (processors %.1f), by the helper %.1f ms (%.1f): medians of %d, in turns\n", median (here, count, FALSE),
          median (here, count, TRUE), median (helper, count, FALSE), median (helper, count, TRUE), count);
  return 0;
}
