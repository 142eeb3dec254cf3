/* Large blocks of memory as private mappings of their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-mapping.h"

#include "limn-block.h"

#include <gio/gio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Mappings change in pieces: while one changes, no other thread gets memory. A multiple of any page's size. */
#define PIECE ((gsize) 1 << 24)
#define LARGE ((gsize) 1 << 24)

typedef struct {
  gpointer data;
  gsize size;
} Mapping;

/* Of a process that hands its mappings on, and has few of them at a time. */
static struct {
  gboolean wanted;
  struct Shareable {
    gpointer data;
    gsize size;
    int fd;
    GThread *ahead;
  } mappings[8];
} shareable;

/* The kernel clears the pages of a memfd one by one as they are written to, which takes a third of the time of decoding a photo: another
 * processor does it meanwhile. */
static gpointer
run_ahead (gpointer user)
{
  const struct Shareable *self = user;

  for (gsize at = 0; at < self->size; at += PIECE)
    madvise ((guint8 *) self->data + at, MIN (PIECE, self->size - at), MADV_POPULATE_WRITE);
  return NULL;
}

void
limn_mapping_make_shareable (void)
{
  shareable.wanted = TRUE;
}

static gpointer
new_shareable (gsize size)
{
  for (guint i = 0; i < G_N_ELEMENTS (shareable.mappings); i++)
    if (!shareable.mappings[i].data) {
      const int fd = memfd_create ("limn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
      gpointer data = fd >= 0 && ftruncate (fd, (off_t) size) == 0 ? mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                                                                   : MAP_FAILED;

      if (data != MAP_FAILED) {
        shareable.mappings[i] = (struct Shareable){ data, size, fd, NULL };
        if (size >= LARGE)
          shareable.mappings[i].ahead = g_thread_try_new ("limn-ahead", run_ahead, &shareable.mappings[i], NULL);
        return data;
      }
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  return NULL;
}

int
limn_mapping_steal_fd (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (shareable.mappings); i++)
    if (shareable.mappings[i].data == data && data) {
      const int fd = shareable.mappings[i].fd;

      shareable.mappings[i].fd = -1;
      return fd;
    }
  return -1;
}

static void
free_shareable (gpointer data, gsize size)
{
  for (guint i = 0; i < G_N_ELEMENTS (shareable.mappings); i++)
    if (shareable.mappings[i].data == data) {
      g_clear_pointer (&shareable.mappings[i].ahead, g_thread_join);
      if (shareable.mappings[i].fd >= 0)
        close (shareable.mappings[i].fd);
      shareable.mappings[i].data = NULL;
    }
  munmap (data, size);
}

gpointer
limn_mapping_new (gsize size)
{
  gpointer data;

  if (shareable.wanted)
    return new_shareable (size);
  data = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return data == MAP_FAILED ? NULL : data;
}

static void
run_unmap (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Mapping *mapping = data;

  for (gsize at = 0; at < mapping->size; at += PIECE)
    munmap ((guint8 *) mapping->data + at, MIN (PIECE, mapping->size - at));
}

void
limn_mapping_free (gpointer data, gsize size)
{
  g_autoptr (GTask) task = NULL;

  if (shareable.wanted) {
    free_shareable (data, size);
    return;
  }
  if (size < LARGE || !g_main_context_is_owner (g_main_context_default ())) {
    munmap (data, size);
    return;
  }
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, g_memdup2 (&(Mapping){ data, size }, sizeof (Mapping)), g_free);
  g_task_run_in_thread (task, run_unmap);
}

/* Blocks that are all zero stay holes. */
static gboolean
write_to_file (const guint8 *data, gsize size, int fd)
{
  enum { BLOCK = 1 << 16 };

  for (gsize at = 0; at < size; at += BLOCK) {
    gsize n = MIN (BLOCK, size - at);

    if (!limn_block_is_zero (data + at, n) && limn_block_write (fd, data + at, n, (goffset) at) != 0)
      return FALSE;
  }
  return TEMP_FAILURE_RETRY (ftruncate (fd, (off_t) size)) == 0;
}

gboolean
limn_mapping_page_out (gpointer data, gsize size, int fd)
{
  guint8 *bytes = data;

  if (!write_to_file (bytes, size, fd))
    return FALSE;
  /* The kernel replaces each piece at once: whoever reads meanwhile sees the same bytes before and after. */
  for (gsize at = 0; at < size; at += PIECE)
    if (mmap (bytes + at, MIN (PIECE, size - at), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd, (off_t) at) ==
        MAP_FAILED)
      return FALSE;
  return TRUE;
}

static void
free_mapping (gpointer data)
{
  Mapping *mapping = data;

  limn_mapping_free (mapping->data, mapping->size);
  g_free (mapping);
}

GBytes *
limn_bytes_new_zero (gsize size, guint8 **data)
{
  Mapping mapping = { .size = size };

  if (size < LIMN_MAPPING_MIN) {
    *data = g_try_malloc0 (size);
    return *data ? g_bytes_new_take (*data, size) : NULL;
  }
  mapping.data = limn_mapping_new (size);
  if (!mapping.data)
    return NULL;
  *data = mapping.data;
  return g_bytes_new_with_free_func (mapping.data, size, free_mapping, g_memdup2 (&mapping, sizeof mapping));
}
