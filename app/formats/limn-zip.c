/* ZIP archives, stored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-zip.h"

#include "app/base/limn-app-error.h"

#include <glib/gi18n.h>
#include <string.h>
#include <zlib.h>

enum {
  LOCAL_HEADER = 0x04034b50,
  CENTRAL_HEADER = 0x02014b50,
  END_OF_DIRECTORY = 0x06054b50,
  VERSION = 10,      /* 1.0: plain files, stored */
  DATE = 1 << 5 | 1, /* 1 January 1980: the same document is the same file */
  MAX_ENTRIES = 65535,
};

static void
put_16 (LimnByteBuffer *buffer, guint value)
{
  const guint16 number = GUINT16_TO_LE ((guint16) value);

  limn_byte_buffer_append (buffer, &number, sizeof number);
}

static void
put_32 (LimnByteBuffer *buffer, guint64 value)
{
  const guint32 number = GUINT32_TO_LE ((guint32) value);

  limn_byte_buffer_append (buffer, &number, sizeof number);
}

/* What local and central headers have in common, from "version needed" to "extra field length". */
static void
put_common (LimnByteBuffer *buffer, const char *name, guint32 crc, gsize size)
{
  put_16 (buffer, VERSION);
  put_16 (buffer, 0); /* flags */
  put_16 (buffer, 0); /* stored */
  put_16 (buffer, 0); /* time */
  put_16 (buffer, DATE);
  put_32 (buffer, crc);
  put_32 (buffer, size);
  put_32 (buffer, size);
  put_16 (buffer, (guint) strlen (name));
  put_16 (buffer, 0); /* extra field */
}

gboolean
limn_zip_add (LimnZip *self, const char *name, gconstpointer data, gsize size, GError **error)
{
  const gsize at = self->entries.size;
  const guint32 crc = (guint32) crc32_z (0, data, size);

  if (self->n_entries == MAX_ENTRIES || size > G_MAXUINT32 - at || self->directory.size > G_MAXUINT32 - at - size - 4096) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("The document is too large for an OpenRaster file (4 GB). Remove layers, or export a picture."));
    return FALSE;
  }
  put_32 (&self->entries, LOCAL_HEADER);
  put_common (&self->entries, name, crc, size);
  limn_byte_buffer_append (&self->entries, name, strlen (name));
  limn_byte_buffer_append (&self->entries, data, size);

  put_32 (&self->directory, CENTRAL_HEADER);
  put_16 (&self->directory, VERSION);
  put_common (&self->directory, name, crc, size);
  put_16 (&self->directory, 0); /* comment */
  put_16 (&self->directory, 0); /* disk */
  put_16 (&self->directory, 0); /* attributes */
  put_32 (&self->directory, 0);
  put_32 (&self->directory, at);
  limn_byte_buffer_append (&self->directory, name, strlen (name));
  self->n_entries++;
  return TRUE;
}

GBytes *
limn_zip_finish (LimnZip *self, GError **error)
{
  const gsize at = self->entries.size, size = self->directory.size;

  self->entries.failed |= self->directory.failed;
  limn_byte_buffer_append (&self->entries, self->directory.data, size);
  put_32 (&self->entries, END_OF_DIRECTORY);
  put_16 (&self->entries, 0); /* disks */
  put_16 (&self->entries, 0);
  put_16 (&self->entries, self->n_entries);
  put_16 (&self->entries, self->n_entries);
  put_32 (&self->entries, size);
  put_32 (&self->entries, at);
  put_16 (&self->entries, 0); /* comment */
  limn_byte_buffer_clear (&self->directory);
  self->n_entries = 0;
  return limn_byte_buffer_finish (&self->entries, error);
}

void
limn_zip_clear (LimnZip *self)
{
  limn_byte_buffer_clear (&self->entries);
  limn_byte_buffer_clear (&self->directory);
}
