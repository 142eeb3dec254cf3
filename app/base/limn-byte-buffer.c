/* A growing block of bytes that fails instead of aborting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-byte-buffer.h"

#include "limn-app-error.h"

#include <glib/gi18n.h>
#include <string.h>

void
limn_byte_buffer_append (LimnByteBuffer *self, gconstpointer data, gsize size)
{
  if (self->failed)
    return;
  if (size > self->capacity - self->size) {
    gsize capacity = self->size + MAX (size, self->size / 2 + 65536);
    guint8 *grown = g_try_realloc (self->data, capacity);

    if (!grown) {
      self->failed = TRUE;
      return;
    }
    self->data = grown;
    self->capacity = capacity;
  }
  if (size > 0)
    memcpy (self->data + self->size, data, size);
  self->size += size;
}

void
limn_byte_buffer_clear (LimnByteBuffer *self)
{
  g_clear_pointer (&self->data, g_free);
  self->size = self->capacity = 0;
}

GBytes *
limn_byte_buffer_finish (LimnByteBuffer *self, GError **error)
{
  if (self->failed) {
    limn_byte_buffer_clear (self);
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("There is not enough memory to write the picture. Close other programs and try again."));
    return NULL;
  }
  self->capacity = 0;
  return g_bytes_new_take (g_steal_pointer (&self->data), self->size);
}
