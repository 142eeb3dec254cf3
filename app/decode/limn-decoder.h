/* A file of others that is being read: decoded in a helper process of its own, which can reach nothing else (limn-sandbox.h). The one place
 * where pictures and archives from anywhere are read. Blocking; for one thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-decode-source.h"

G_BEGIN_DECLS

typedef struct LimnDecoder LimnDecoder;

/* fd: a file or memfd, of which a copy is kept. name: for sentences. Never NULL. */
LimnDecoder *limn_decoder_new (int fd, const char *name);
/* The same with another helper program and time limit in seconds, for tests. */
LimnDecoder *limn_decoder_new_with (int fd, const char *name, const char *program, guint seconds);
void limn_decoder_free (LimnDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnDecoder, limn_decoder_free)

/* As limn_decode_source_picture and limn_decode_source_bytes. A helper that ends, takes too long or answers nonsense is an error. */
LimnPicture *
limn_decoder_picture (LimnDecoder *self, const LimnDecodeRequest *request, LimnBudget *budget, GCancellable *cancellable, GError **error);
GBytes *limn_decoder_bytes (LimnDecoder *self, const LimnDecodeRequest *request, GCancellable *cancellable, GError **error);

G_END_DECLS
