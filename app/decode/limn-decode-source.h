/* What can be asked of an opened file of others: its picture, or if it is an archive its entries. This is what runs in the helper process.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/base/limn-budget.h"
#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* What is asked for. */
typedef struct {
  const char *entry; /* of the archive; NULL: the file itself */
  gboolean partial;  /* of a damaged picture, as much as there is (limn_picture_get_loss) */
  gboolean optional; /* no error where there is no such entry */
  gsize max;         /* bytes of an entry */
} LimnDecodeRequest;

typedef struct LimnDecodeSource LimnDecodeSource;

/* fd: a file, or a memfd, which stays open and the caller's. name: for sentences. */
LimnDecodeSource *limn_decode_source_new (int fd, const char *name);
void limn_decode_source_free (LimnDecodeSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnDecodeSource, limn_decode_source_free)

/* A picture, upright. An entry must be a PNG. budget: counted down by what the picture takes; NULL: as any single file's. */
LimnPicture *limn_decode_source_picture (LimnDecodeSource *self, const LimnDecodeRequest *request, LimnBudget *budget,
                                         GCancellable *cancellable, GError **error);
/* The bytes of an entry. NULL without error where it is optional and missing. */
GBytes *limn_decode_source_bytes (LimnDecodeSource *self, const LimnDecodeRequest *request, GCancellable *cancellable, GError **error);

G_END_DECLS
