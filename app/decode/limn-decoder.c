/* A file of others that is being read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-decoder.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "limn-decode-message.h"
#include "limn-helper-process.h"
#include "limn-sandbox.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <sys/stat.h>
#include <unistd.h>

/* A profile, a gray one, EXIF and texts. */
#define MAX_HEADER (4 * (guint64) LIMN_METADATA_BYTES)
/* Address space of a helper beside what the file takes: its code, libraries and stacks. */
#define BASE_SPACE (G_GUINT64_CONSTANT (512) << 20)
/* At most: the largest picture of 16 bits, the same turned upright, and coefficients. */
#define MOST_PIXELS (G_GUINT64_CONSTANT (4800) * 1000 * 1000)

struct LimnDecoder {
  int fd;
  char *name, *program;
  guint seconds;
#if LIMN_SANDBOX
  gboolean started;
  LimnHelper helper;
#else
  LimnDecodeSource *source;
#endif
};

LimnDecoder *
limn_decoder_new_with (int fd, const char *name, const char *program, guint seconds)
{
  LimnDecoder *self = g_new0 (LimnDecoder, 1);

  self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  self->name = g_strdup (name);
  self->program = g_strdup (program);
  self->seconds = seconds;
#if !LIMN_SANDBOX
  self->source = limn_decode_source_new (self->fd, name);
#endif
  return self;
}

LimnDecoder *
limn_decoder_new (int fd, const char *name)
{
  return limn_decoder_new_with (fd, name, NULL, LIMN_HELPER_SECONDS);
}

void
limn_decoder_free (LimnDecoder *self)
{
#if LIMN_SANDBOX
  if (self->started)
    limn_helper_stop (&self->helper);
#else
  limn_decode_source_free (self->source);
#endif
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->name);
  g_free (self->program);
  g_free (self);
}

#if LIMN_SANDBOX

/* Told once: what an old kernel can't protect from. */
static void
tell_lacks (guint lacks)
{
  static gint told;

  if (lacks == 0 || !g_atomic_int_compare_and_exchange (&told, FALSE, TRUE))
    return;
  if (lacks & LIMN_LACKS_SECCOMP)
    g_warning ("The kernel has no seccomp: files are decoded in a process of their own, but with fewer locks.");
  else
    g_info ("The kernel has no landlock: access to files is kept from decoders by seccomp alone.");
}

static gboolean
start (LimnDecoder *self, GError **error)
{
  struct stat file;
  guint64 size;

  if (self->started)
    return TRUE;
  size = fstat (self->fd, &file) == 0 && file.st_size > 0 ? (guint64) file.st_size : 0;
  self->started = limn_helper_start (&self->helper, self->program, self->fd,
                                     BASE_SPACE + 2 * size + MIN (3 * MAX (LIMN_BUDGET_BYTES, size * LIMN_BUDGET_RATIO), MOST_PIXELS),
                                     self->name, error);
  return self->started;
}

/* What came back, in a form that can be trusted. */
typedef struct {
  int code;
  guint64 body, header, taken; /* bytes */
  int fds[2];
} Reply;

static void
reply_clear (Reply *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->fds); i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
}

/* FALSE and error for an error of the helper's. reply is to be cleared in any case. */
static gboolean
ask (LimnDecoder *self, const LimnDecodeRequest *request, gboolean picture, const LimnBudget *budget, Reply *reply,
     GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) answer = NULL;
  const char *sentence;
  guint32 lacks;

  *reply = (Reply){ .fds = { -1, -1 } };
  if (limn_set_error_if_cancelled (cancellable, error) || !start (self, error))
    return FALSE;
  answer = limn_helper_ask (&self->helper,
                            g_variant_new (LIMN_REQUEST_TYPE, self->name, request->entry ? request->entry : "", picture, request->partial,
                                           request->optional, (guint64) request->max, budget->allowed, budget->room, budget->taken),
                            LIMN_REPLY_TYPE, reply->fds, self->seconds, self->name, cancellable, error);
  if (!answer)
    return FALSE;
  g_variant_get (answer, "(i&stttu)", &reply->code, &sentence, &reply->body, &reply->header, &reply->taken, &lacks);
  tell_lacks (lacks);
  if (reply->code == LIMN_REPLY_DONE || reply->code == LIMN_REPLY_MISSING)
    return TRUE;
  g_set_error_literal (error, LIMN_APP_ERROR, reply->code == LIMN_APP_ERROR_RESOURCES ? LIMN_APP_ERROR_RESOURCES : LIMN_APP_ERROR_INPUT,
                       sentence);
  return FALSE;
}

/* The whole of a memfd that the helper made. */
static GBytes *
read_memfd (LimnDecoder *self, int fd, guint64 size, guint64 max, GError **error)
{
  guint8 *data = NULL;

  if (size > 0 && size <= max && limn_memfd_check (fd, size)) {
    data = g_try_malloc (size);
    if (data && limn_block_read (fd, data, size, 0) == 0)
      return g_bytes_new_take (data, size);
  }
  g_free (data);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be opened: what was read of it makes no sense."), self->name);
  return NULL;
}

LimnPicture *
limn_decoder_picture (LimnDecoder *self, const LimnDecodeRequest *request, LimnBudget *budget, GCancellable *cancellable, GError **error)
{
  const LimnBudget any = { G_MAXUINT64, G_MAXUINT64, 0 };
  g_autoptr (GBytes) header = NULL;
  LimnPicture *picture = NULL;
  Reply reply;

  if (ask (self, request, TRUE, budget ? budget : &any, &reply, cancellable, error))
    header = read_memfd (self, reply.fds[reply.body > 0 ? 1 : 0], reply.header, MAX_HEADER, error);
  if (header && (!budget || limn_budget_take (budget, self->name, reply.taken, error)))
    picture = limn_picture_from_header (header, reply.fds[0], reply.body, self->name, error);
  reply_clear (&reply);
  return picture;
}

GBytes *
limn_decoder_bytes (LimnDecoder *self, const LimnDecodeRequest *request, GCancellable *cancellable, GError **error)
{
  const LimnBudget any = { G_MAXUINT64, G_MAXUINT64, 0 };
  GBytes *bytes = NULL;
  Reply reply;

  if (ask (self, request, FALSE, &any, &reply, cancellable, error) && reply.code == LIMN_REPLY_DONE)
    bytes = read_memfd (self, reply.fds[0], reply.body, request->max, error);
  reply_clear (&reply);
  return bytes;
}

#else /* in this process: for systems without seccomp */

LimnPicture *
limn_decoder_picture (LimnDecoder *self, const LimnDecodeRequest *request, LimnBudget *budget, GCancellable *cancellable, GError **error)
{
  return limn_decode_source_picture (self->source, request, budget, cancellable, error);
}

GBytes *
limn_decoder_bytes (LimnDecoder *self, const LimnDecodeRequest *request, GCancellable *cancellable, GError **error)
{
  return limn_decode_source_bytes (self->source, request, cancellable, error);
}

#endif
