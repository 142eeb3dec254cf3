/* A growing block of bytes for files of any size: running out of memory is an error, where GByteArray would abort.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Begin with { 0 }; end with limn_byte_buffer_clear or _finish. */
typedef struct {
  guint8 *data;
  gsize size, capacity;
  gboolean failed; /* out of memory: everything after is ignored */
} LimnByteBuffer;

void limn_byte_buffer_append (LimnByteBuffer *self, gconstpointer data, gsize size);
void limn_byte_buffer_clear (LimnByteBuffer *self);
/* Hands the bytes over and clears self; NULL and LIMN_APP_ERROR_RESOURCES when memory ran out. */
GBytes *limn_byte_buffer_finish (LimnByteBuffer *self, GError **error);

G_END_DECLS
