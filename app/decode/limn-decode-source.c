/* What can be asked of an opened file of others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-decode-source.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "app/picture/codecs/limn-codec.h"
#include "app/picture/limn-picture-file.h"
#include "limn-zip-reader.h"

#include <glib/gi18n.h>

struct LimnDecodeSource {
  int fd;
  char *name;
  LimnZipReader *zip; /* once an entry was asked for */
};

LimnDecodeSource *
limn_decode_source_new (int fd, const char *name)
{
  LimnDecodeSource *self = g_new0 (LimnDecodeSource, 1);

  self->fd = fd;
  self->name = g_strdup (name);
  return self;
}

void
limn_decode_source_free (LimnDecodeSource *self)
{
  g_clear_pointer (&self->zip, limn_zip_reader_free);
  g_free (self->name);
  g_free (self);
}

static LimnZipReader *
get_zip (LimnDecodeSource *self, GError **error)
{
  if (!self->zip)
    self->zip = limn_zip_reader_new (self->fd, self->name, error);
  return self->zip;
}

/* Nothing is unpacked that the budget hasn't room for. */
static LimnPicture *
decode_entry (LimnDecodeSource *self, const LimnDecodeRequest *request, LimnBudget *budget, GCancellable *cancellable, GError **error)
{
  LimnZipReader *zip = get_zip (self, error);
  guint8 file[LIMN_PNG_HEAD];
  LimnPngHead head = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  if (!zip)
    return NULL;
  if (!limn_zip_reader_has (zip, request->entry)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: there is no %s in it."), self->name, request->entry);
    return NULL;
  }
  if (!limn_png_peek (file, limn_zip_reader_peek (zip, request->entry, file, sizeof file), &head)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s is damaged: %s in it isn't a PNG."), self->name, request->entry);
    return NULL;
  }
  if (!limn_picture_check_size (self->name, head.width, head.height, error) ||
      (budget && !limn_budget_take (budget, self->name, head.bytes, error)))
    return NULL;
  bytes = limn_zip_reader_read (zip, request->entry, head.most_bytes, cancellable, error);
  return bytes ? limn_picture_decode (bytes, self->name, request->partial, cancellable, error) : NULL;
}

LimnPicture *
limn_decode_source_picture (LimnDecodeSource *self, const LimnDecodeRequest *request, LimnBudget *budget, GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (request->entry)
    return decode_entry (self, request, budget, cancellable, error);
  bytes = limn_file_read_descriptor (self->fd, self->name, cancellable, error);
  return bytes ? limn_picture_decode (bytes, self->name, request->partial, cancellable, error) : NULL;
}

GBytes *
limn_decode_source_bytes (LimnDecodeSource *self, const LimnDecodeRequest *request, GCancellable *cancellable, GError **error)
{
  LimnZipReader *zip = get_zip (self, error);

  if (!zip || (request->optional && !limn_zip_reader_has (zip, request->entry)))
    return NULL;
  return limn_zip_reader_read (zip, request->entry, request->max, cancellable, error);
}
