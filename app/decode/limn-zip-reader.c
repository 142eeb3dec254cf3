/* Reading ZIP archives.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-zip-reader.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/base/limn-byte-buffer.h"

#include <glib/gi18n.h>
#include <minizip/unzip.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 1 << 16 };

/* The file as minizip reads it, some bytes at a time. */
typedef struct {
  int fd;
  guint64 size, at;
  guint64 block_at; /* of the file: where block begins */
  gsize block_size;
  guint8 block[BLOCK];
} Source;

struct LimnZipReader {
  Source source;
  char *name;
  unzFile zip;
  GHashTable *places; /* entry -> unz64_file_pos */
};

/* -- What minizip asks of a file -- */

static voidpf
source_open (voidpf source, const void *name, int mode)
{
  return source;
}

/* As many bytes as lie in the block at source->at; the block is read where there are none. */
static gsize
in_block (Source *source)
{
  if (source->at < source->block_at || source->at >= source->block_at + source->block_size) {
    const gsize size = (gsize) MIN (BLOCK, source->size - source->at);

    source->block_at = source->at;
    source->block_size = limn_block_read (source->fd, source->block, size, (goffset) source->at) == 0 ? size : 0;
  }
  return source->block_size - MIN (source->block_size, source->at - source->block_at);
}

static uLong
source_read (voidpf opaque, voidpf stream, void *out, uLong size)
{
  Source *source = opaque;
  uLong done = 0;

  while (done < size && source->at < source->size) {
    const gsize n = MIN (in_block (source), size - done);

    if (n == 0)
      break;
    memcpy ((guint8 *) out + done, source->block + (source->at - source->block_at), n);
    source->at += n;
    done += n;
  }
  return done;
}

static uLong
source_write (voidpf opaque, voidpf stream, const void *data, uLong size)
{
  return 0;
}

static ZPOS64_T
source_tell (voidpf opaque, voidpf stream)
{
  return ((Source *) opaque)->at;
}

static long
source_seek (voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
  Source *source = opaque;
  const guint64 from = origin == ZLIB_FILEFUNC_SEEK_CUR ? source->at : origin == ZLIB_FILEFUNC_SEEK_END ? source->size : 0;

  if (offset > source->size - MIN (from, source->size))
    return -1;
  source->at = from + offset;
  return 0;
}

static int
source_close (voidpf opaque, voidpf stream)
{
  return 0;
}

static int
source_error (voidpf opaque, voidpf stream)
{
  return 0;
}

/* -- The directory -- */

static gboolean
set_damaged (LimnZipReader *self, GError **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: its list of contents can't be read."), self->name);
  return FALSE;
}

static gboolean
add_place (LimnZipReader *self)
{
  char name[1024];
  unz_file_info64 info;
  unz64_file_pos place;

  if (unzGetCurrentFileInfo64 (self->zip, &info, name, sizeof name - 1, NULL, 0, NULL, 0) != UNZ_OK ||
      unzGetFilePos64 (self->zip, &place) != UNZ_OK)
    return FALSE;
  name[MIN (info.size_filename, sizeof name - 1)] = 0;
  if (!g_hash_table_contains (self->places, name))
    g_hash_table_insert (self->places, g_strdup (name), g_memdup2 (&place, sizeof place));
  return TRUE;
}

static gboolean
read_directory (LimnZipReader *self, GError **error)
{
  unz_global_info64 all;
  int status;

  if (unzGetGlobalInfo64 (self->zip, &all) != UNZ_OK)
    return set_damaged (self, error);
  if (all.number_entry > LIMN_ZIP_MAX_ENTRIES) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s has more than %d entries, which is the limit."), self->name,
                 LIMN_ZIP_MAX_ENTRIES);
    return FALSE;
  }
  for (status = all.number_entry > 0 ? unzGoToFirstFile (self->zip) : UNZ_END_OF_LIST_OF_FILE; status == UNZ_OK;
       status = unzGoToNextFile (self->zip))
    if (!add_place (self))
      return set_damaged (self, error);
  return status == UNZ_END_OF_LIST_OF_FILE || set_damaged (self, error);
}

LimnZipReader *
limn_zip_reader_new (int fd, const char *name, GError **error)
{
  g_autoptr (LimnZipReader) self = g_new0 (LimnZipReader, 1);
  zlib_filefunc64_def functions = { source_open, source_read,  source_write, source_tell,
                                    source_seek, source_close, source_error, &self->source };
  struct stat file;

  self->name = g_strdup (name);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->source.fd = fd;
  self->source.size = fstat (fd, &file) == 0 && file.st_size > 0 ? (guint64) file.st_size : 0;
  self->zip = unzOpen2_64 (NULL, &functions);
  if (!self->zip) {
    set_damaged (self, error);
    return NULL;
  }
  return read_directory (self, error) ? g_steal_pointer (&self) : NULL;
}

void
limn_zip_reader_free (LimnZipReader *self)
{
  if (self->zip)
    unzClose (self->zip);
  g_hash_table_unref (self->places);
  g_free (self->name);
  g_free (self);
}

/* -- Entries -- */

gboolean
limn_zip_reader_has (LimnZipReader *self, const char *entry)
{
  return g_hash_table_contains (self->places, entry);
}

static GBytes *
read_open_entry (LimnZipReader *self, const char *entry, gsize max, GCancellable *cancellable, GError **error)
{
  LimnByteBuffer buffer = { 0 };
  g_autofree guint8 *block = g_malloc (BLOCK);
  int got;

  while ((got = unzReadCurrentFile (self->zip, block, BLOCK)) > 0) {
    limn_byte_buffer_append (&buffer, block, (gsize) got);
    if (buffer.size > max || limn_set_error_if_cancelled (cancellable, error)) {
      if (buffer.size > max)
        g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be opened: %s in it is larger than the limit of %d MB."),
                     self->name, entry, (int) (max / 1000000));
      limn_byte_buffer_clear (&buffer);
      return NULL;
    }
  }
  if (got == 0 && (buffer.size > 0 || buffer.failed))
    return limn_byte_buffer_finish (&buffer, error);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               got < 0 ? _("%s is damaged: %s in it can't be read.") : _("%s is damaged: %s in it is empty."), self->name, entry);
  limn_byte_buffer_clear (&buffer);
  return NULL;
}

static gboolean
open_entry (LimnZipReader *self, const char *entry)
{
  const unz64_file_pos *place = g_hash_table_lookup (self->places, entry);

  return place && unzGoToFilePos64 (self->zip, place) == UNZ_OK && unzOpenCurrentFile (self->zip) == UNZ_OK;
}

gsize
limn_zip_reader_peek (LimnZipReader *self, const char *entry, guint8 *out, gsize wanted)
{
  int got;

  if (!open_entry (self, entry))
    return 0;
  got = unzReadCurrentFile (self->zip, out, (unsigned) wanted);
  unzCloseCurrentFile (self->zip);
  return (gsize) MAX (got, 0);
}

GBytes *
limn_zip_reader_read (LimnZipReader *self, const char *entry, gsize max, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!limn_zip_reader_has (self, entry)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: there is no %s in it."), self->name, entry);
    return NULL;
  }
  if (!open_entry (self, entry)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: %s in it can't be read."), self->name, entry);
    return NULL;
  }
  bytes = read_open_entry (self, entry, max, cancellable, error);
  if (unzCloseCurrentFile (self->zip) != UNZ_OK && bytes) { /* its check sum */
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: %s in it can't be read."), self->name, entry);
    return NULL;
  }
  return g_steal_pointer (&bytes);
}
