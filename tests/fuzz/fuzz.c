/* Files in memory for targets that read by path. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int
fuzz_file (const guint8 *data, gsize size)
{
  const int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  if (fd < 0 || write (fd, data, size) != (gssize) size || lseek (fd, 0, SEEK_SET) != 0)
    abort ();
  return fd;
}

char *
fuzz_path (int fd)
{
  return g_strdup_printf ("/proc/self/fd/%d", fd);
}
