/* Blocks of bytes of a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-block.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

gboolean
limn_block_is_zero (const guint8 *block, gsize size)
{
  return size == 0 || (block[0] == 0 && memcmp (block, block + 1, size - 1) == 0);
}

int
limn_block_write (int fd, gconstpointer block, gsize size, goffset offset)
{
  for (gsize done = 0; done < size;) {
    gssize n = pwrite (fd, (const guint8 *) block + done, size - done, offset + (goffset) done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : EIO;
    done += (gsize) n;
  }
  return 0;
}

int
limn_block_read (int fd, gpointer block, gsize size, goffset offset)
{
  for (gsize done = 0; done < size;) {
    gssize n = pread (fd, (guint8 *) block + done, size - done, offset + (goffset) done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : ENODATA;
    done += (gsize) n;
  }
  return 0;
}
