/* limn-decode: the helper process. It gets a file (descriptor 4) and requests over a socket (3), decodes, and hands pixels and bytes back in
 * sealed memfds. Before it reads a byte of the file it locks itself in. Started by limn-helper-process.c:
 * limn-decode BYTES SECONDS DOMAIN FOLDER; limits, and where the translations are that its sentences need.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/base/limn-block.h"
#include "app/base/limn-mapping.h"
#include "app/picture/codecs/limn-codec.h"
#include "limn-decode-message.h"
#include "limn-sandbox.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

enum { SOCKET = 3, INPUT = 4 };

typedef struct {
  const char *name;
  gboolean picture;
  LimnDecodeRequest what;
  LimnBudget budget;
} Request;

/* What goes back. */
typedef struct {
  GError *error;
  gboolean missing;
  int fds[2];
  guint n_fds;
  gsize body, header; /* bytes */
} Answer;

/* The picture's pixels, which it gives up, as a sealed memfd. -1 where memory ends. */
static int
take_pixels (LimnPicture **picture, gsize size)
{
  const int fd = limn_mapping_steal_fd (limn_picture_get_data (*picture));

  if (fd < 0)
    return limn_memfd_new (limn_picture_get_data (*picture), size);
  g_clear_object (picture); /* a memfd that is mapped can't be sealed */
  if (limn_memfd_seal (fd))
    return fd;
  close (fd);
  return -1;
}

static void
add_descriptor (Answer *answer, int fd)
{
  if (fd >= 0)
    answer->fds[answer->n_fds++] = fd;
  else if (!answer->error)
    g_set_error_literal (&answer->error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("There is not enough memory. Close other programs and try again."));
}

static void
answer_picture (LimnDecodeSource *source, Request *request, Answer *answer)
{
  g_autoptr (LimnPicture) picture = limn_decode_source_picture (source, &request->what, &request->budget, NULL, &answer->error);
  g_autoptr (GBytes) header = NULL;
  gsize size;

  if (!picture)
    return;
  header = limn_picture_to_header (picture);
  size = limn_picture_get_stride (picture) * limn_picture_get_height (picture);
  if (!limn_block_is_zero (limn_picture_get_data (picture), size)) { /* what is empty needs no memory */
    answer->body = size;
    add_descriptor (answer, take_pixels (&picture, size));
  }
  answer->header = g_bytes_get_size (header);
  add_descriptor (answer, limn_memfd_new (g_bytes_get_data (header, NULL), answer->header));
}

static void
answer_bytes (LimnDecodeSource *source, Request *request, Answer *answer)
{
  g_autoptr (GBytes) bytes = limn_decode_source_bytes (source, &request->what, NULL, &answer->error);

  answer->missing = !bytes && !answer->error;
  if (!bytes)
    return;
  answer->body = g_bytes_get_size (bytes);
  add_descriptor (answer, limn_memfd_new (g_bytes_get_data (bytes, NULL), answer->body));
}

static gboolean
answer_request (LimnDecodeSource *source, Request *request, LimnSandboxLacks lacks)
{
  const guint64 taken = request->budget.taken;
  Answer answer = { .fds = { -1, -1 } };
  gboolean sent;

  if (request->picture)
    answer_picture (source, request, &answer);
  else
    answer_bytes (source, request, &answer);
  sent = limn_message_send (SOCKET,
                            g_variant_new (LIMN_REPLY_TYPE,
                                           answer.error     ? answer.error->code
                                           : answer.missing ? LIMN_REPLY_MISSING
                                                            : LIMN_REPLY_DONE,
                                           answer.error ? answer.error->message : "", (guint64) answer.body, (guint64) answer.header,
                                           request->budget.taken - MIN (taken, request->budget.taken), (guint32) lacks),
                            answer.fds, answer.error ? 0 : answer.n_fds);
  for (guint i = 0; i < answer.n_fds; i++)
    close (answer.fds[i]);
  g_clear_error (&answer.error);
  return sent;
}

/* Until the program hangs up. */
static void
serve (LimnSandboxLacks lacks)
{
  LimnDecodeSource *source = NULL;

  for (;;) {
    int fds[2];
    g_autoptr (GVariant) message = limn_message_receive (SOCKET, LIMN_REQUEST_TYPE, fds);
    Request request = { 0 };
    guint64 max;

    if (!message)
      break;
    g_variant_get (message, "(&s&sbbbtttt)", &request.name, &request.what.entry, &request.picture, &request.what.partial,
                   &request.what.optional, &max, &request.budget.allowed, &request.budget.room, &request.budget.taken);
    request.what.max = max;
    if (request.what.entry[0] == 0)
      request.what.entry = NULL;
    if (!source)
      source = limn_decode_source_new (INPUT, request.name);
    if (!answer_request (source, &request, lacks))
      break;
  }
  if (source)
    limn_decode_source_free (source);
}

/* The catalogue is a file, and read when the first sentence is asked for. */
static void
load_translations (const char *domain, const char *folder)
{
  if (*domain == 0)
    return;
  setlocale (LC_ALL, "");
  bindtextdomain (domain, folder);
  bind_textdomain_codeset (domain, "UTF-8");
  textdomain (domain);
  (void) _("Cancelled.");
}

int
main (int argc, char **argv)
{
  LimnSandboxLacks lacks;

  if (argc != 5)
    return 1;
  load_translations (argv[3], argv[4]);
  closefrom (INPUT + 1);
  limn_codec_prepare ();
  lacks = limn_sandbox_enter (g_ascii_strtoull (argv[1], NULL, 10), (guint) g_ascii_strtoull (argv[2], NULL, 10));
  limn_mapping_make_shareable ();
  serve (lacks);
  return 0;
}
